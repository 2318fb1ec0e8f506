"""What can be chosen on the page of modes: posts of the duty list, people, open cases."""

from collections.abc import Iterable

from callbacks.asking import has_request, seat_asked
from callbacks.desk import Desk
from city.accounts import Account
from city.roles import ALONE, SYSTEM, Right
from layouts.pages.mode import Offered
from layouts.panels.mode_parts import Choices
from layouts.words import Words


def offered_now(desk: Desk, words: Words) -> Offered:
    """For the seat that asks; Dash also asks once itself, for nobody."""
    seat = seat_asked(desk) if has_request() else SYSTEM
    leads = seat.may(Right.LEAD_GROUPS) or seat.may(Right.SWITCH_MODE)
    posts = [(one.post, words.pick(one.zh, one.en)) for one in desk.profile.mode.duty]
    people = people_of(desk, desk.store.accounts.all(), words) if leads else []
    cases = [(one.id, f"{one.id} {one.title}") for one in desk.open_cases(seat)] if leads else []
    return Offered(posts, people, cases, seat.may(Right.SWITCH_MODE), seat.may(Right.LEAD_GROUPS))


def people_of(desk: Desk, accounts: Iterable[Account], words: Words) -> Choices:
    """Whoever may work in a group, with the department."""
    return [(one.account, f"{one.name} · {where(desk, one, words)} · {one.account}")
            for one in accounts if not one.is_disabled and not set(one.roles) & ALONE]  # fmt: skip


def where(desk: Desk, account: Account, words: Words) -> str:
    """The department of an account; the centre where it has none."""
    return desk.department(account.department, words) if account.department else "—"

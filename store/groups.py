"""Command groups: who is in which, until when; every change of theirs is on record under them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from city.audit import Record
from city.groups import (
    WHAT,
    Group,
    GroupPost,
    Invited,
    NewGroup,
    ended,
    formed,
    joined,
    knows,
    left,
    lent,
    loan,
    must_lead,
    prolonged,
    with_case,
)
from city.refusal import Malformed, NotFound
from city.roles import Actor, Loan, Seat
from store import accounts, keys
from store.audit import AuditStore
from store.books import Page, spelled
from store.case_packing import known as known_case
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching

GROUP, EXPIRE = "group", "expire"
LETTERS = "ZB"  # 专班
Asked = tuple[str, GroupPost]  # an account, and as what it joins
Change = Callable[[Page, Group], Group]
_group = msgspec.json.Decoder(Group).decode
_loans = msgspec.json.Decoder(dict[str, Loan]).decode


class GroupStore:
    """The room of groups."""

    def __init__(
        self, client: Client, ledger: Ledger, audit: AuditStore, day_of: Callable[[Actor], str]
    ) -> None:
        self._redis = client
        self._ledger = ledger
        self._audit = audit
        self._day_of = day_of

    def get(self, group_id: str) -> Group:
        """A group; NotFound where there is none."""
        with reaching():
            packed = self._redis.hget(keys.GROUPS, group_id)
        return known(packed, group_id)

    def all(self, seat: Seat, at_ms: int) -> list[Group]:
        """Those a seat may read of, living ones first, then the newest."""
        mine = [one for one in self.every() if knows(seat, one)]
        return sorted(mine, key=lambda one: (one.is_over(at_ms), -one.made_ms))

    def every(self) -> list[Group]:
        """All of them, in no order."""
        with reaching():
            return [_group(one) for one in self._redis.hgetall(keys.GROUPS).values()]

    def seated(self, seat: Seat, at_ms: int) -> Seat:
        """A seat with what groups lend it at that time."""
        with reaching():
            packed = self._redis.hget(keys.LOANS, seat.account)
        return lent(seat, _loans(packed).values(), at_ms) if packed else seat

    def log(self, group_id: str, most: int = 200) -> list[Record]:
        """What was done to the group and by its members in its name, the newest first."""
        return self._audit.of(f"{GROUP}/{group_id}", most)

    def form(self, asked: NewGroup, members: Sequence[Asked], actor: Actor) -> Group:
        """A new group; durable when it returns."""

        def act(page: Page) -> Group:
            invited = [Invited(invitee(page, account), post) for account, post in members]
            for case_id in asked.cases:
                known_case(page.get(keys.CASES, case_id), case_id)
            group = formed(self._next_id(page, actor), asked, invited, actor)
            page.subject = f"{GROUP}/{group.id}"
            page.detail |= {"name": group.name, "until_ms": group.until_ms,
                            "members": {account: str(post) for account, post in members},
                            "cases": list(group.cases)}  # fmt: skip
            keep(page, group)
            return group

        return self._ledger.write(act, actor.draft("group.form", GROUP))

    def add(self, group_id: str, asked: Asked, hours: float | None, actor: Actor) -> Group:
        """One more member."""

        def change(page: Page, group: Group) -> Group:
            account, post = asked
            page.detail |= {"account": account, "post": str(post), "hours": hours}
            return joined(group, Invited(invitee(page, account), post), hours, actor)

        return self._change(group_id, "add", change, actor)

    def remove(self, group_id: str, account: str, actor: Actor) -> Group:
        """Somebody goes."""

        def change(page: Page, group: Group) -> Group:
            page.detail["account"] = account
            return left(group, account, actor)

        return self._change(group_id, "remove", change, actor)

    def prolong(self, group_id: str, hours: float, actor: Actor) -> Group:
        """It lasts so many hours from now."""

        def change(page: Page, group: Group) -> Group:
            page.detail["hours"] = hours
            return prolonged(group, hours, actor)

        return self._change(group_id, "prolong", change, actor)

    def attach(self, group_id: str, case_id: str, actor: Actor) -> Group:
        """It works on one more case."""

        def change(page: Page, group: Group) -> Group:
            known_case(page.get(keys.CASES, case_id), case_id)
            page.detail["case"] = case_id
            return with_case(group, case_id, actor)

        return self._change(group_id, "attach", change, actor)

    def note(self, group_id: str, text: str, actor: Actor) -> Group:
        """A line in its log."""

        def change(page: Page, group: Group) -> Group:
            if not text.strip():
                raise Malformed("missing", what=("内容", "text"))
            if all(one.account != actor.seat.account for one in group.present(actor.at_ms)):
                must_lead(group, actor)
            page.detail["text"] = text.strip()[:2000]
            return group

        return self._change(group_id, "note", change, actor)

    def end(self, group_id: str, reason: str, actor: Actor) -> Group:
        """It is over before its time; all that it lent is gone at once."""
        return self._change(
            group_id, "end", lambda _page, group: ended(group, actor), actor, reason
        )

    def _change(
        self, group_id: str, deed: str, change: Change, actor: Actor, reason: str = ""
    ) -> Group:
        def act(page: Page) -> Group:
            group = change(page, known(page.get(keys.GROUPS, group_id), group_id))
            keep(page, group)
            return group

        draft = actor.draft(f"{GROUP}.{deed}", f"{GROUP}/{group_id}", reason=reason)
        return self._ledger.write(act, draft)

    def _next_id(self, page: Page, actor: Actor) -> str:
        day = self._day_of(actor)
        count = int(page.get(keys.GROUP_NUMBERS, day) or 0) + 1
        page.put(keys.GROUP_NUMBERS, day, b"%d" % count)
        return f"{LETTERS}{day}-{count:02d}"


def known(packed: bytes | None, group_id: str) -> Group:
    """A group as it was kept; NotFound where there was none."""
    if packed is None:
        raise NotFound("not_found", name=group_id, what=WHAT)
    return _group(packed)


def invitee(page: Page, account: str) -> Seat:
    """The seat of an account that is to join."""
    return accounts.get(page, account).seat


def keep(page: Page, group: Group) -> None:
    """Writes a group, what it lends to whom, and when that is over."""
    page.put(keys.GROUPS, group.id, encode(group))
    for account in {one.account for one in group.members}:
        lend(page, group, account)
    if group.ended_ms:
        page.undue(spelled(GROUP, group.id, EXPIRE))
    else:
        page.due(spelled(GROUP, group.id, EXPIRE), group.until_ms)
    page.changed(GROUP, group.id)


def lend(page: Page, group: Group, account: str) -> None:
    """What an account has of a group now; nothing once either is over."""
    packed = page.get(keys.LOANS, account)
    loans = _loans(packed) if packed else {}
    loans.pop(group.id, None)
    if not group.ended_ms:
        for one in group.members:
            if one.account == account and not one.left_ms:
                loans[group.id] = loan(group, one)
    if loans:
        page.put(keys.LOANS, account, encode(loans))
    else:
        page.drop(keys.LOANS, account)


def expire(page: Page, group_id: str, now_ms: int) -> None:
    """The time of a group is over; silent where it was prolonged or ended meanwhile."""
    packed = page.get(keys.GROUPS, group_id)
    group = _group(packed) if packed else None
    if group is None or group.ended_ms or now_ms < group.until_ms:
        page.is_silent = True
        return
    keep(page, replace(group, ended_ms=now_ms))

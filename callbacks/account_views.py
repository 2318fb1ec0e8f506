"""Accounts and tokens in words, as their page shows them."""

from collections.abc import Mapping

from callbacks.desk import Desk
from city.accounts import Account, Token, is_open
from city.roles import ROLE_NAMES, Role
from layouts.panels.accounts import AccountView, Places, TokenView
from layouts.words import Words
from store.properties import moment

Locked = Mapping[str, int]


def account_view(desk: Desk, one: Account, locked: Locked, words: Words, own: str) -> AccountView:
    """An account in words; `own` is who looks."""
    until = locked.get(one.account)
    return AccountView(
        account=one.account,
        name=one.name,
        roles=tuple(map(str, one.roles)),
        areas=one.areas,
        department=one.department,
        until=one.until,
        posts=posts_of(one.roles, words),
        scope=scope_of(desk, one.areas, one.department, words),
        state=state_of(desk, one, until is not None),
        locked_until=moment(until) if until else None,
        has_totp=bool(one.totp),
        needs_totp=not desk.rules.totp_roles.isdisjoint(one.roles),
        login_at=moment(one.login_ms) if one.login_ms else None,
        login_address=one.login_address,
        made_at=moment(one.made_ms) if one.made_ms else None,
        is_own=one.account == own,
    )


def state_of(desk: Desk, one: Account, is_locked: bool) -> str:
    """How an account stands, the gravest first."""
    if one.is_disabled:
        return "disabled"
    if not is_open(one, desk.rules, desk.today()):
        return "over"
    if is_locked:
        return "locked"
    if one.is_demo:
        return "demo"
    return "first" if one.must_change else "open"


def token_view(desk: Desk, one: Token, words: Words) -> TokenView:
    """A token in words."""
    holds = "valid" if one.holds(desk.now_ms()) else "over"
    return TokenView(
        id=one.id,
        name=one.name,
        post=posts_of((one.role,), words),
        scope=scope_of(desk, one.areas, one.department, words),
        made_by=one.made_by,
        made_at=moment(one.made_ms),
        until=moment(one.until_ms),
        state="revoked" if one.revoked_ms else holds,
    )


def posts_of(roles: tuple[Role, ...], words: Words) -> str:
    """The names of some posts."""
    return words.pick("、", ", ").join(words.pick(*ROLE_NAMES[role]) for role in roles)


def scope_of(desk: Desk, areas: tuple[str, ...], department: str, words: Words) -> str:
    """The part of the city, and the department."""
    named = [desk.area(code, words) or code for code in areas] or [words("accounts.whole_city")]
    unit = [desk.department(department, words)] if department else []
    return " · ".join([words.pick("、", ", ").join(named), *unit])


def places_of(desk: Desk, words: Words) -> Places:
    """Districts and departments to choose from."""
    profile = desk.profile
    return Places(
        areas=[(one.code, words.pick(one.zh, one.en)) for one in profile.areas],
        departments=[(one.code, words.pick(one.zh, one.en)) for one in profile.departments],
    )

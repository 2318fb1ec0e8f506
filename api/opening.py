"""What a city needs before anybody can log in: its demo seats, or its first administrator."""

from dataclasses import replace
from datetime import datetime

from city.accounts import Account, SeatRules
from city.demo_seats import demo_accounts
from city.profile import Profile
from city.refusal import Conflict
from city.roles import SYSTEM, Actor, Role
from store import secrets
from store.store import Store

ADMIN = "admin"


def prepare(store: Store, profile: Profile, rules: SeatRules, at: datetime) -> str:
    """Makes what is missing, once; the one-time password of an administrator made just now."""
    actor = Actor(SYSTEM, "", at)
    if rules.is_demo:
        make_demo_seats(store, profile, actor)
        return ""
    if any(not one.is_demo for one in store.accounts.all()):
        return ""
    return make_administrator(store, actor)


def make_demo_seats(store: Store, profile: Profile, actor: Actor) -> None:
    """Those that are not there yet."""
    known = {one.account for one in store.accounts.all()}
    wanted = demo_accounts(profile.areas, profile.departments)
    missing = [one for one in wanted if one.account not in known]
    if missing:
        store.accounts.add_all([replace(one, made_ms=actor.at_ms) for one in missing], actor)


def make_administrator(store: Store, actor: Actor) -> str:
    """The security administrator, who makes all others; his password must be changed at once."""
    password = secrets.new_password()
    account = Account(ADMIN, "安全管理员", (Role.SECADMIN,), password=secrets.kept(password),
                      password_ms=actor.at_ms, must_change=True, made_ms=actor.at_ms)  # fmt: skip
    try:
        store.accounts.add(account, actor)
    except Conflict:  # another process of ours made it
        return ""
    return password

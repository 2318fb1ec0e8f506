"""Seats for tests: a session for a client, a token for a machine, straight from the store."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from starlette.testclient import TestClient

from api.seating import COOKIE, Seating
from city.accounts import Account
from city.roles import SYSTEM, Actor, Role, Seat
from store.store import Store
from store.tokens import Scope

_numbers = count(1)


def actor(at: datetime | None = None, seat: Seat = SYSTEM) -> Actor:
    return Actor(seat, "127.0.0.1", at or datetime.now(UTC))


def new_account(
    store: Store,
    role: Role | str | Iterable[Role],
    areas: Iterable[str] = (),
    department: str = "",
    at: datetime | None = None,
    **more: object,
) -> Account:
    """A fresh account that owes nothing, without a password unless `password` is hashed."""
    roles = (Role(role),) if isinstance(role, str) else tuple(role)
    name = f"{roles[0]}-{next(_numbers)}".replace("_", "-")
    now_ms = actor(at).at_ms
    account = Account(name, f"张{name}", roles, tuple(areas), department, password_ms=now_ms)
    return store.accounts.add(replace(account, **more), actor(at))  # type: ignore[arg-type]


def session(store: Store, role: Role | str, areas: Iterable[str] = (), department: str = "") -> str:
    """The value of the cookie of a fresh account."""
    account = new_account(store, role, areas, department)
    return store.sessions.enter(account, actor())


def log_in(
    client: TestClient, role: Role | str, areas: Iterable[str] = (), department: str = ""
) -> str:
    """Gives a client the session of a fresh account; the name of the account."""
    seating: Seating = client.app.state.seating  # type: ignore[attr-defined]
    account = new_account(seating.store, role, areas, department, seating.clock())
    secret = seating.store.sessions.enter(account, actor(seating.clock()))
    client.cookies.set(COOKIE, secret)
    return account.account


def token(
    store: Store,
    role: Role | str,
    areas: Iterable[str] = (),
    department: str = "",
    at: datetime | None = None,
) -> str:
    """What a machine sends behind `Authorization: Bearer`."""
    scope = Scope(f"machine-{next(_numbers)}", Role(role), tuple(areas), department)
    return store.tokens.create(scope, timedelta(days=1), actor(at))

"""Who asks: the one place where a connection becomes a seat.

People show the cookie `city_session`, machines `Authorization: Bearer TOKEN`. A session that owes
a new password or a second factor is no seat yet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from fastapi import Request
from starlette.requests import HTTPConnection

from city.accounts import Account, Duty, SeatRules, Session, duty, is_alive, is_open
from city.refusal import Unauthenticated
from city.roles import Actor, Right, Seat
from store.store import Store

COOKIE = "city_session"
FOUND = "city.found"  # in the scope of a connection, so that it is looked for once
CHINA = timezone(timedelta(hours=8))  # one zone by law, without summer time
Clock = Callable[[], datetime]


def this_moment() -> datetime:
    """The clock of the doors."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """What a connection shows: a seat, or an account that owes something first, or nothing."""

    seat: Seat | None = None
    duty: Duty = Duty.NOTHING
    account: Account | None = None
    session: Session | None = None
    secret: str = ""


NOBODY = Found()


class Seating:
    """Built once; the clock is an argument so that tests can wait without waiting."""

    def __init__(self, store: Store, rules: SeatRules, clock: Clock = this_moment) -> None:
        self.store = store
        self.rules = rules
        self.clock = clock

    def seat_of(self, connection: HTTPConnection) -> Seat | None:
        """The seat of a connection, looked for once."""
        return self.found(connection).seat

    def actor_of(self, connection: HTTPConnection) -> Actor:
        """Who does something now; raises Unauthenticated."""
        seat = self.seat_of(connection)
        if seat is None:
            raise Unauthenticated("unauthenticated")
        return Actor(seat, address_of(connection), self.clock())

    def found(self, connection: HTTPConnection) -> Found:
        """All that is known of who asks, kept for the length of a request."""
        known: Found | None = connection.scope.get(FOUND)
        if known is None:
            known = connection.scope[FOUND] = self.look(connection)
        return known

    def look(self, connection: HTTPConnection) -> Found:
        """The same, as it is at this moment."""
        said = connection.headers.get("authorization", "")
        if said[:7].lower() == "bearer ":
            return self._by_token(said[7:].strip())
        secret = connection.cookies.get(COOKIE)
        return self._by_session(secret) if secret else NOBODY

    def touch(self, found: Found) -> None:
        """Somebody is there: the session stays."""
        if found.session:
            self.store.sessions.touch(found.secret, found.session, self.now_ms())

    def slow_down(self, name: str, connection: HTTPConnection, most: int) -> None:
        """Raises TooMany where one address asks oftener than `most` times in a minute."""
        self.store.rates.admit(name, address_of(connection), most, self.now_ms())

    def now_ms(self) -> int:
        """This moment in ms since 1970 UTC."""
        return round(self.clock().timestamp() * 1000)

    def today(self) -> str:
        """The date in the city, ISO 8601."""
        return self.clock().astimezone(CHINA).date().isoformat()

    def _lent(self, seat: Seat) -> Seat:
        """With what command groups lend it at this moment."""
        return self.store.groups.seated(seat, self.now_ms())

    def _by_token(self, said: str) -> Found:
        token = self.store.tokens.find(said)
        return Found(token.seat) if token and token.holds(self.now_ms()) else NOBODY

    def _by_session(self, secret: str) -> Found:
        kept = self.store.sessions.find(secret)
        if kept is None:
            return NOBODY
        session, account = kept
        alive = is_alive(session, account, self.rules, self.now_ms())
        if not (alive and is_open(account, self.rules, self.today())):
            return NOBODY
        owes = duty(account, self.rules, self.now_ms())
        seat = self._lent(account.seat) if owes is Duty.NOTHING else None
        return Found(seat, owes, account, session, secret)


def address_of(connection: HTTPConnection) -> str:
    """Where a connection comes from."""
    return connection.client.host if connection.client else ""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route asks of who calls it."""

    right: Right

    def __call__(self, request: Request) -> Actor:
        """The actor, who has the right; raises Unauthenticated or Forbidden."""
        seating: Seating = request.app.state.seating
        actor = seating.actor_of(request)
        actor.seat.require(self.right)
        return actor


def needs(right: Right) -> Needs:
    """A dependency of a route: `actor: Annotated[Actor, Depends(needs(Right.X))]`."""
    return Needs(right)

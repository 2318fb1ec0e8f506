"""What outlives a publisher's connection: its QoS 2 messages half way, and a will that waits.

This part of a session lives in memory; what it is subscribed to lies in the store. A message of
QoS 2 is stored exactly once per session while this process lives; after a restart the identity of
the reading (thing, time, sequence) does the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from feeds.codes import Kind, MalformedPacket, Reason
from feeds.guests import Guest
from feeds.handshake import FOREVER_S, Connect, Will, acks

MOST_KEPT = 10_000  # sessions without a connection
LONGEST_EXPIRY_S = 7 * 86_400.0


class Owner(Protocol):
    """The connection that speaks for a session."""

    def send(self, data: bytes) -> None:
        """Bytes to the publisher."""

    def take_over(self) -> None:
        """Somebody else came with this client id."""

    def move_on(self) -> None:
        """The same came to another worker."""


@dataclass(slots=True)
class Session:
    """One client id; the source of its QoS 2 messages."""

    client_id: str
    expiry_s: float = 0.0
    owner: Owner | None = None
    held: dict[bytes, bool] = field(default_factory=dict)  # id: whether the store has it
    will: Will | None = None
    guest: Guest | None = None  # while it is connected, as whoever listens
    will_at: float = 0.0
    ends_at: float = 0.0

    def keep_for(self, expiry_s: int | None) -> None:
        """As a DISCONNECT says, MQTT 5 §3.14.2.2.2: what was not to be kept cannot be after all."""
        if expiry_s is None:
            return
        if expiry_s and not self.expiry_s:
            raise MalformedPacket(Reason.PROTOCOL_ERROR)
        self.expiry_s = min(float(expiry_s), LONGEST_EXPIRY_S)

    def acknowledge(self, receipts: bytes) -> None:
        """The store has the message of this id; PUBREC, to whichever connection there is now."""
        if receipts in self.held:
            self.held[receipts] = True
            self.repeat(receipts)

    def repeat(self, identifier: bytes) -> None:
        """PUBREC again, if the message is stored."""
        if self.held[identifier] and self.owner is not None:
            self.owner.send(acks(Kind.PUBREC, [identifier]))

    def release(self, identifier: bytes) -> bool:
        """Forgets an id after PUBREL; whether it was known."""
        return self.held.pop(identifier, None) is not None


class Sessions:
    """All sessions by client id; says which wills are due."""

    def __init__(self, publish_will: Callable[["Session", Will], None]) -> None:
        self._publish_will = publish_will
        self._by_id: dict[str, Session] = {}

    def oust(self, client_id: str) -> None:
        """Somebody connects with this client id: who has it now has to go, [MQTT-3.1.4-3]."""
        old = self._by_id.get(client_id)
        if old is not None and old.owner is not None:
            old.owner.take_over()

    def open(self, connect: Connect, owner: Owner) -> tuple[Session, bool]:
        """The session of a new connection, and whether it was kept from an earlier one."""
        self.oust(connect.client_id)
        old = self._by_id.get(connect.client_id)
        if old is not None and connect.clean:
            self._end(old)
            old = None
        session = old or Session(connect.client_id)
        session.owner, session.will = owner, None
        session.expiry_s = kept_for_s(connect)
        self._by_id[connect.client_id] = session
        return session, old is not None

    def move_on(self, client_id: str) -> None:
        """The publisher is at another worker now: its connection here is let go."""
        session = self._by_id.get(client_id)
        if session is not None and session.owner is not None:
            session.owner.move_on()
        elif session is not None:
            session.will = None
            self._end(session)

    def close(self, session: Session, will: Will | None, now: float) -> None:
        """The connection ended; a will is due now, or later if the publisher asked for that."""
        session.owner = None
        session.ends_at = now + session.expiry_s
        session.will = will
        session.will_at = now + min(will.delay_s, session.expiry_s) if will else 0.0
        self._settle(session, now)
        if len(self._by_id) > MOST_KEPT:
            self._forget_oldest()

    def turn(self, now: float) -> None:
        """Publishes the wills that are due and forgets what has expired."""
        for session in [kept for kept in self._by_id.values() if kept.owner is None]:
            self._settle(session, now)

    def _settle(self, session: Session, now: float) -> None:
        if session.will is not None and session.will_at <= now:
            will, session.will = session.will, None
            self._publish_will(session, will)
        if session.ends_at <= now:
            self._end(session)

    def _end(self, session: Session) -> None:
        if self._by_id.get(session.client_id) is session:
            del self._by_id[session.client_id]
        if session.will is not None:
            will, session.will = session.will, None
            self._publish_will(session, will)

    def _forget_oldest(self) -> None:
        kept = next((one for one in self._by_id.values() if one.owner is None), None)
        if kept is not None:
            self._end(kept)


def kept_for_s(connect: Connect) -> float:
    """How long a session is kept without a connection."""
    if connect.session_expiry_s == FOREVER_S:
        return LONGEST_EXPIRY_S
    return min(float(connect.session_expiry_s), LONGEST_EXPIRY_S)

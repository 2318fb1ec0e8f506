"""One connected publisher: its bytes, its manners, and the acknowledgements it waits for."""

import socket
from collections.abc import Callable
from typing import Protocol

from feeds.accounts import Rights
from feeds.connection import Connection
from feeds.handshake import (
    PINGRESP,
    Connect,
    Will,
    acks,
    connack,
    count_filters,
    disconnect,
    read_connect,
    read_identifier,
    read_reason,
    refusal,
    suback,
    unsuback,
)
from feeds.ingest import Core
from feeds.loop import Loop
from feeds.mqtt import Kind, MalformedPacket, Packet, PacketReader, Publishes, Reason, peek_publish
from feeds.sessions import Session

CONNECT_HEAD = Kind.CONNECT << 4
NOT_ALLOWED = "This account may not publish to this topic."
TOO_LARGE = "The packet is larger than the intake takes, and the connection was closed."


class Door(Protocol):
    """What a publisher needs of the intake it came through."""

    core: Core
    loop: Loop
    now: float  # monotonic
    now_wall: float
    rate_per_s: int
    largest_packet: int

    def admit(self, publisher: "Publisher", connect: Connect) -> bytes:
        """The CONNACK; the publisher has a session afterwards, or is to be refused."""

    def rest(self, publisher: "Publisher") -> None:
        """The publisher is too fast and has to wait a little."""

    def left(self, publisher: "Publisher", will: Will | None) -> None:
        """The publisher is gone; its will, if it left without a word."""


class Publisher(Connection):
    """A connection that speaks MQTT and publishes."""

    def __init__(self, sock: socket.socket, door: Door) -> None:
        super().__init__(sock, door.loop)
        self.door = door
        self.reader = PacketReader(door.largest_packet)
        self.session: Session | None = None
        self.rights: Rights | None = None
        self.will: Will | None = None
        self.silent_after_s = 0.0  # 0: never
        self.came_at = self.heard_at = self.ended_at = door.now
        self.taken = 0  # messages in the present second
        self._has_spoken = False
        self._steps: dict[Kind, Callable[[Packet], None]] = {
            Kind.CONNECT: self._greet,
            Kind.PINGREQ: self._pong,
            Kind.PUBREL: self._release,
            Kind.SUBSCRIBE: self._decline,
            Kind.UNSUBSCRIBE: self._decline,
            Kind.DISCONNECT: self._leave,
        }

    @property
    def v5(self) -> bool:
        """Whether this one speaks MQTT 5."""
        return self.reader.v5

    acknowledge = Connection.send  # the store has these messages: receipts are what to say

    def take(self, data: bytes) -> None:
        """Bytes, whole packets or not."""
        self.heard_at = self.door.now
        if not self._has_spoken and data[0] != CONNECT_HEAD:
            self.lose()  # a browser, a scanner: not MQTT at all
            return
        self._has_spoken = True
        self._read(data)

    def _read(self, data: bytes) -> None:
        try:
            for found in self.reader.read(data):
                if isinstance(found, Publishes):
                    self._publish(found)
                else:
                    self._step(found)
                if self.is_over:
                    return
        except MalformedPacket as error:
            self._refuse(error)

    def _step(self, packet: Packet) -> None:
        step = self._steps.get(packet.kind)
        if step is None or (self.session is None) != (packet.kind is Kind.CONNECT):
            raise MalformedPacket(Reason.PROTOCOL_ERROR)
        step(packet)

    def _publish(self, run: Publishes) -> None:
        if self.session is None:
            raise MalformedPacket(Reason.PROTOCOL_ERROR)
        receipts = b""
        if self.rights is not None and not self.rights.known.issuperset(run.topics):
            run, receipts = self._sort_out(run, self.rights)
        if run.exactly_once and run.ids:
            self._publish_once(self.session, run)
        else:
            receipts += acks(Kind.PUBACK, run.ids)
            self.door.core.offer(self, run.topics, run.payloads, receipts, self.door.now_wall)
        self.taken += len(run.topics)
        if self.taken > self.door.rate_per_s:
            self.door.rest(self)

    def _publish_once(self, session: Session, run: Publishes) -> None:
        """QoS 2, method A of MQTT 5 §4.3.3: an id is taken once until it is released."""
        [identifier] = run.ids
        if identifier in session.held:
            session.repeat(identifier)
            return
        session.held[identifier] = False
        core = self.door.core
        core.offer(session, run.topics, run.payloads, identifier, self.door.now_wall)

    def _sort_out(self, run: Publishes, rights: Rights) -> tuple[Publishes, bytes]:
        """The messages this account may send; the others are kept as dead letters."""
        kept, receipts = Publishes([], [], [], run.exactly_once), b""
        known = len(run.ids) == len(run.topics)
        kept.ids.extend([] if known else run.ids)
        ids = run.ids if known else [b""] * len(run.topics)
        for topic, payload, identifier in zip(run.topics, run.payloads, ids, strict=True):
            if rights.allow(topic):
                kept.topics.append(topic)
                kept.payloads.append(payload)
                kept.ids.extend([identifier] if known else [])
            else:
                self._bury(topic, payload, "not_allowed", NOT_ALLOWED)
                receipts += self._forbidden(identifier, run.exactly_once)
        return kept, receipts

    def _forbidden(self, identifier: bytes, exactly_once: bool) -> bytes:
        if not identifier:
            return b""
        kind = Kind.PUBREC if exactly_once else Kind.PUBACK
        return (
            refusal(kind, identifier, Reason.NOT_AUTHORIZED)
            if self.v5
            else acks(kind, [identifier])
        )

    def _bury(self, topic: bytes, payload: bytes, reason: str, why: str, size: int = 0) -> None:
        core = self.door.core
        core.bury(core.letter(topic, payload, reason, why, size))

    def _greet(self, packet: Packet) -> None:
        self.reader.v5 = packet.body[6:7] == b"\x05"
        answer = self.door.admit(self, read_connect(packet))
        self.send(answer)
        if self.session is None:
            self.end(None, None)

    def _pong(self, _packet: Packet) -> None:
        self.send(PINGRESP)

    def _release(self, packet: Packet) -> None:
        identifier = read_identifier(packet)
        assert self.session is not None
        known = self.session.release(identifier)
        if known or not self.v5:
            self.send(acks(Kind.PUBCOMP, [identifier]))
        else:
            self.send(refusal(Kind.PUBCOMP, identifier, Reason.PACKET_ID_NOT_FOUND))

    def _decline(self, packet: Packet) -> None:
        identifier, count = read_identifier(packet), count_filters(packet, self.v5)
        answer = suback if packet.kind is Kind.SUBSCRIBE else unsuback
        self.send(answer(self.v5, identifier, count))

    def _leave(self, packet: Packet) -> None:
        kept = read_reason(packet) == Reason.DISCONNECT_WITH_WILL
        self.end(None, self.will if kept else None)

    def _refuse(self, error: MalformedPacket) -> None:
        if self.session is None:
            self.send(connack(True, error.reason) if self.v5 else self._plain_refusal(error))
            self.end(None, None)
            return
        if error.reason is Reason.PACKET_TOO_LARGE and error.head[0] >> 4 == Kind.PUBLISH:
            topic, payload, size = peek_publish(error.head)
            self._bury(topic, payload, "too_large", TOO_LARGE, size)
        self.end(error.reason, self.will)

    def _plain_refusal(self, error: MalformedPacket) -> bytes:
        """MQTT 3.1.1 has a word for a wrong version; anything else ends without one."""
        return connack(False, error.reason) if error.reason is Reason.UNSUPPORTED_VERSION else b""

    def take_over(self) -> None:
        """The same client id connected anew."""
        self.end(Reason.SESSION_TAKEN_OVER, self.will)

    def move_on(self) -> None:
        """The same publisher connected to another worker; it is not gone, so no will."""
        self.end(Reason.SESSION_TAKEN_OVER, None)

    def lose(self) -> None:
        """The connection broke."""
        self.end(None, self.will)

    def end(self, reason: Reason | None, will: Will | None) -> None:
        """The last word, if there is one, and the will, if it is to be said."""
        if self.is_over:
            return
        if reason is not None:
            self.send(disconnect(self.v5, reason))
        if self.is_over:
            return
        self.ended_at = self.door.now
        self.hang_up()
        self.door.left(self, will)

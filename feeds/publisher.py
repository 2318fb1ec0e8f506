"""One connected publisher: its bytes, its manners, and the acknowledgements it waits for."""

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from feeds.accounts import Rights
from feeds.codes import Kind, MalformedPacket, Reason
from feeds.connection import Connection
from feeds.exchange import Exchange
from feeds.guests import Guest
from feeds.handshake import (
    PINGRESP,
    Connect,
    Will,
    acks,
    connack,
    disconnect,
    read_connect,
    read_identifier,
    read_last_expiry,
    read_reason,
    refusal,
)
from feeds.ingest import Core
from feeds.loop import Loop
from feeds.mqtt import ALIKE_AND_PLAIN, Packet, PacketReader, Publishes, peek_publish
from feeds.sessions import Session
from feeds.subscribing import Request, read_subscribe, read_unsubscribe, suback, unsuback

CONNECT_HEAD = Kind.CONNECT << 4
SUBSCRIBE_WEIGHT = (
    100  # messages that asking for a subscription counts as; it is work for the store
)
NOT_ALLOWED = "This account may not publish to this topic."
# The flags of a packet's first byte, MQTT 5 §2.1.3; any other are malformed.
FLAGS = {Kind.PUBREL: 2, Kind.SUBSCRIBE: 2, Kind.UNSUBSCRIBE: 2}
TOO_LARGE = "The packet is larger than the intake takes, and the connection was closed."


class Door(Protocol):
    """What a publisher needs of the intake it came through."""

    core: Core
    exchange: Exchange
    loop: Loop
    now: float  # monotonic
    now_wall: float
    rate_per_s: int
    largest_packet: int

    def admit(self, publisher: "Publisher", connect: Connect) -> None:
        """Answers with a CONNACK, now or soon; with success the publisher has a session then."""

    def rest(self, publisher: "Publisher") -> None:
        """The publisher is too fast and has to wait a little."""

    def left(self, publisher: "Publisher", will: Will | None) -> None:
        """The publisher is gone; its will, if it left without a word."""


class Publisher(Connection):
    """A connection that speaks MQTT: it publishes, subscribes, or both."""

    def __init__(self, sock: socket.socket, door: Door) -> None:
        super().__init__(sock, door.loop)
        self.door = door
        self.reader = PacketReader(door.largest_packet, alike=ALIKE_AND_PLAIN)
        self._packets: Iterator[Publishes | Packet] = iter(())
        self.session: Session | None = None
        self.rights: Rights | None = None
        self.will: Will | None = None
        self.silent_after_s = 0.0  # 0: never
        self.came_at = self.heard_at = self.ended_at = door.now
        self.taken = 0  # messages in the present second
        self._has_spoken = False
        self.is_awaited = False  # its CONNACK: nothing more is read before
        self._steps: dict[Kind, Callable[[Packet], None]] = {
            Kind.CONNECT: self._greet,
            Kind.PINGREQ: self._pong,
            Kind.PUBREL: self._release,
            Kind.PUBACK: self._acknowledged,
            Kind.SUBSCRIBE: self._subscribe,
            Kind.UNSUBSCRIBE: self._unsubscribe,
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
        self._packets = self.reader.read(data)
        self.go_on()

    def go_on(self) -> None:
        """Sees to the packets that are there; again when the CONNACK has been sent."""
        try:
            for found in self._packets:
                if isinstance(found, Publishes):
                    self._publish(found)
                else:
                    self._step(found)
                if self.is_over or self.is_awaited:
                    return
        except MalformedPacket as error:
            self._refuse(error)

    def _step(self, packet: Packet) -> None:
        step = self._steps.get(packet.kind)
        if packet.flags != FLAGS.get(packet.kind, 0):
            raise MalformedPacket(Reason.MALFORMED_PACKET)
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
            self._hand_on(self.session, run)
            self.door.core.offer(self, run.topics, run.payloads, receipts, self.door.now_wall)
        self._count(len(run.topics))

    def _count(self, messages: int) -> None:
        self.taken += messages
        if self.taken > self.door.rate_per_s:
            self.door.rest(self)

    def _publish_once(self, session: Session, run: Publishes) -> None:
        """QoS 2, method A of MQTT 5 §4.3.3: an id is taken once until it is released."""
        [identifier] = run.ids
        if identifier in session.held:
            session.repeat(identifier)
            return
        session.held[identifier] = False
        self._hand_on(session, run)
        core = self.door.core
        core.offer(session, run.topics, run.payloads, identifier, self.door.now_wall)

    def _hand_on(self, session: Session, run: Publishes) -> None:
        """What others want to hear of it goes to the store with the batch."""
        exchange = self.door.exchange
        if relayed := exchange.picked(run, session.client_id):
            self.door.core.relay(exchange, relayed)

    def _sort_out(self, run: Publishes, rights: Rights) -> tuple[Publishes, bytes]:
        """The messages this account may send; the others are kept as dead letters."""
        kept, receipts = replace(run, topics=[], payloads=[], ids=[]), b""
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
        self.door.admit(self, read_connect(packet))

    def wait(self) -> None:
        """Is not heard until it is welcome."""
        self.is_awaited = True
        self.rest()

    def welcome(self, answer: bytes) -> None:
        """The CONNACK; then what was kept for it, and what it has said meanwhile."""
        self.send(answer)
        if self.session is not None:
            self.door.exchange.push(self.session.client_id)
        if self.is_awaited and not self.is_over:
            self.is_awaited = False
            self.wake()
            self.go_on()

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

    def _subscribe(self, packet: Packet) -> None:
        self._count(SUBSCRIBE_WEIGHT)
        request = read_subscribe(packet, self.v5)
        self.door.exchange.subscribe(self._guest, request, partial(self._answer, suback, request))

    def _unsubscribe(self, packet: Packet) -> None:
        self._count(SUBSCRIBE_WEIGHT)
        request = read_unsubscribe(packet, self.v5)
        answer = partial(self._answer, unsuback, request)
        self.door.exchange.unsubscribe(self._guest.client_id, request, answer)

    def _answer(
        self, how: Callable[[bool, bytes, Sequence[Reason]], bytes], request: Request,
        codes: Sequence[Reason],
    ) -> None:  # fmt: skip
        self.send(how(self.v5, request.identifier, codes))

    def _acknowledged(self, packet: Packet) -> None:
        number = int.from_bytes(read_identifier(packet), "big")
        self.door.exchange.acknowledged(self._guest.client_id, number)

    @property
    def _guest(self) -> Guest:
        assert self.session is not None and self.session.guest is not None
        return self.session.guest

    def emptied(self) -> None:
        """Takes more of what it is told."""
        if self.session is not None:
            self.door.exchange.push(self.session.client_id)

    def _leave(self, packet: Packet) -> None:
        kept = read_reason(packet) == Reason.DISCONNECT_WITH_WILL
        if self.v5 and self.session is not None:
            self.session.keep_for(read_last_expiry(packet))
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

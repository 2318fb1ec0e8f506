"""SUBSCRIBE and UNSUBSCRIBE, what we answer, and the PUBLISH that a subscriber hears."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from feeds.body import MESSAGE_EXPIRY, SUBSCRIPTION_ID, Body
from feeds.codes import Kind, MalformedPacket, Reason
from feeds.handshake import encode_length, framed
from feeds.mqtt import Packet
from feeds.topics import is_filter

SHARED = "$share/"
DUP = 8


class Wish(NamedTuple):
    """One topic filter of a SUBSCRIBE, and how it is to be served."""

    filter: str
    qos: int = 0
    no_local: bool = False
    as_published: bool = False
    retain_handling: int = 0  # retained messages: 0 now, 1 now if it is new, 2 not now

    def reminds(self, was_held: bool) -> bool:
        """Whether the retained messages are told."""
        return self.retain_handling == 0 or (self.retain_handling == 1 and not was_held)


@dataclass(frozen=True, slots=True)
class Request:
    """A SUBSCRIBE, or an UNSUBSCRIBE with wishes of which only the filter counts."""

    identifier: bytes
    wishes: Sequence[Wish]
    subscription_id: int = 0  # 0: none


def read_subscribe(packet: Packet, v5: bool) -> Request:
    """MQTT 5 §3.8, MQTT 3.1.1 §3.8."""
    body = Body(packet.body)
    identifier = body.identifier()
    named = _subscription_id(body) if v5 else 0
    wishes = list(_wishes(body, v5))
    if not wishes:
        raise MalformedPacket(Reason.PROTOCOL_ERROR)
    return Request(identifier, wishes, named)


def _subscription_id(body: Body) -> int:
    """§3.8.2.1.2: 1 to 268,435,455."""
    named = body.properties().get(SUBSCRIPTION_ID)
    if named == 0:
        raise MalformedPacket(Reason.PROTOCOL_ERROR)
    return int(named or 0)


def _wishes(body: Body, v5: bool) -> Iterator[Wish]:
    while body.at < len(body.data):
        wanted = body.text()
        yield _wish(wanted, body.number(1), v5)


def _wish(wanted: str, options: int, v5: bool) -> Wish:
    """§3.8.3.1: bits that are reserved must be 0, and no QoS or retain handling is 3."""
    reserved = 0xC0 if v5 else 0xFC
    qos, retain_handling = options & 3, options >> 4 & 3
    if options & reserved or qos == 3:
        raise MalformedPacket(Reason.MALFORMED_PACKET)
    if retain_handling == 3 or (options & 4 and wanted.startswith(SHARED)):
        raise MalformedPacket(Reason.PROTOCOL_ERROR)
    if not v5 and not is_filter(wanted):
        # MQTT 3.1.1 has no answer for a filter that is none: the line is closed, [MQTT-4.8.0-1].
        raise MalformedPacket(Reason.PROTOCOL_ERROR)
    return Wish(wanted, qos, bool(options & 4), bool(options & 8), retain_handling)


def read_unsubscribe(packet: Packet, v5: bool) -> Request:
    """§3.10."""
    body = Body(packet.body)
    identifier = body.identifier()
    if v5:
        body.properties()
    wishes = []
    while body.at < len(body.data):
        wishes.append(Wish(body.text()))
    if not wishes:
        raise MalformedPacket(Reason.PROTOCOL_ERROR)
    return Request(identifier, wishes)


def suback(v5: bool, identifier: bytes, codes: Sequence[Reason]) -> bytes:
    """The answer to each filter in its order; MQTT 3.1.1 knows one kind of no."""
    said = codes if v5 else [min(code, Reason.UNSPECIFIED) for code in codes]
    return framed(Kind.SUBACK, identifier + (b"\0" if v5 else b"") + bytes(said))


def unsuback(v5: bool, identifier: bytes, codes: Sequence[Reason]) -> bytes:
    """The answer to an UNSUBSCRIBE; MQTT 3.1.1 tells nothing of each filter."""
    return framed(Kind.UNSUBACK, identifier + (b"\0" + bytes(codes) if v5 else b""))


class Told(NamedTuple):
    """A message as one subscriber is told it."""

    topic: str
    payload: bytes
    retain: bool
    properties: bytes
    subscription_ids: Sequence[int]
    expires_ms: int


def publish_packet(v5: bool, told: Told, number: int, dup: bool, now_ms: int) -> bytes:
    """A PUBLISH of QoS 1 with a packet identifier, of QoS 0 where that is 0."""
    topic = told.topic.encode()
    body = len(topic).to_bytes(2, "big") + topic
    body += number.to_bytes(2, "big") if number else b""
    if v5:
        beside = _beside(told, now_ms)
        body += encode_length(len(beside)) + beside
    body += told.payload
    head = Kind.PUBLISH << 4 | DUP * dup | 2 * bool(number) | told.retain
    return bytes([head]) + encode_length(len(body)) + body


def _beside(told: Told, now_ms: int) -> bytes:
    """What was said beside it, and of its time what is left, [MQTT-3.3.2-6]."""
    found = told.properties
    if told.expires_ms:
        left_s = max(0, -(-(told.expires_ms - now_ms) // 1000))
        found += bytes([MESSAGE_EXPIRY]) + left_s.to_bytes(4, "big")
    for named in told.subscription_ids:
        found += bytes([SUBSCRIPTION_ID]) + encode_length(named)
    return found

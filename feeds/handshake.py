"""The packets around the messages: what a publisher says when it connects, and what we answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from feeds.mqtt import (
    ASSIGNED_CLIENT_ID,
    AUTH_METHOD,
    MAXIMUM_PACKET_SIZE,
    SESSION_EXPIRY,
    WILL_DELAY,
    Body,
    Kind,
    MalformedPacket,
    Packet,
    Reason,
)

V311, V5 = 4, 5
FOREVER_S = 0xFFFF_FFFF
PINGRESP = bytes([Kind.PINGRESP << 4, 0])
# CONNACK properties that say what we are not: no wildcard, identified or shared subscriptions.
NO_SUBSCRIPTIONS = bytes([0x28, 0, 0x29, 0, 0x2A, 0])
# The return codes of MQTT 3.1.1 §3.2.2.3; whatever it has no word for is "server unavailable".
V311_CODES = {
    Reason.SUCCESS: 0,
    Reason.UNSUPPORTED_VERSION: 1,
    Reason.CLIENT_ID_NOT_VALID: 2,
    Reason.BAD_USER_OR_PASSWORD: 4,
    Reason.NOT_AUTHORIZED: 5,
}


@dataclass(frozen=True, slots=True)
class Will:
    """What a publisher wants said should it vanish."""

    topic: bytes
    payload: bytes
    delay_s: int


@dataclass(frozen=True, slots=True)
class Connect:
    """A publisher's introduction."""

    v5: bool
    client_id: str
    clean: bool
    keep_alive_s: int
    session_expiry_s: int
    will: Will | None
    user: str | None
    password: bytes | None


def read_connect(packet: Packet) -> Connect:
    """The CONNECT packet, MQTT 5 §3.1; MalformedPacket says with which reason to refuse it."""
    body = Body(packet.body)
    v5 = _version(body) == V5
    flags = body.number(1)
    if flags & 1 or (flags >> 3 & 3) == 3 or (not flags & 4 and flags & 0x38):
        raise MalformedPacket(Reason.MALFORMED_PACKET)
    keep_alive_s = body.number(2)
    properties = body.properties() if v5 else {}
    if AUTH_METHOD in properties:
        raise MalformedPacket(Reason.BAD_AUTHENTICATION_METHOD)
    clean = bool(flags & 2)
    return Connect(
        v5=v5,
        client_id=body.text(),
        clean=clean,
        keep_alive_s=keep_alive_s,
        session_expiry_s=_expiry(properties) if v5 else 0 if clean else FOREVER_S,
        will=_will(body, v5) if flags & 4 else None,
        user=body.text() if flags & 0x80 else None,
        password=body.binary() if flags & 0x40 else None,
    )


def _version(body: Body) -> int:
    name = body.binary()
    version = body.number(1)
    if name != b"MQTT" or version not in (V311, V5):
        raise MalformedPacket(Reason.UNSUPPORTED_VERSION)
    return version


def _expiry(properties: dict[int, int | bytes]) -> int:
    return int(properties.get(SESSION_EXPIRY, 0))


def _will(body: Body, v5: bool) -> Will:
    properties = body.properties() if v5 else {}
    return Will(body.binary(), body.binary(), int(properties.get(WILL_DELAY, 0)))


def read_identifier(packet: Packet) -> bytes:
    """The packet identifier that PUBREL, SUBSCRIBE and UNSUBSCRIBE begin with."""
    return Body(packet.body).identifier()


def read_reason(packet: Packet) -> int:
    """The reason of a DISCONNECT, §3.14.2.1; none is a normal end."""
    return packet.body[0] if packet.body else Reason.SUCCESS


def count_filters(packet: Packet, v5: bool) -> int:
    """How many topic filters a SUBSCRIBE or UNSUBSCRIBE asks for."""
    body = Body(packet.body)
    body.identifier()
    if v5:
        body.properties()
    count = 0
    while body.at < len(body.data):
        body.text()
        body.take(1 if packet.kind is Kind.SUBSCRIBE else 0)
        count += 1
    if not count:
        raise MalformedPacket(Reason.PROTOCOL_ERROR)
    return count


def connack(v5: bool, reason: Reason, *, known: bool = False, properties: bytes = b"") -> bytes:
    """The answer to CONNECT; `known` says that the session was kept."""
    if not v5:
        code = V311_CODES.get(reason, 3)
        return bytes([Kind.CONNACK << 4, 2, known and not code, code])
    return _framed(
        Kind.CONNACK, bytes([known, reason]) + encode_length(len(properties)) + properties
    )


def limits(largest: int, given_id: str) -> bytes:
    """The properties of our CONNACK: what we take, and the name of who came without one."""
    found = bytes([MAXIMUM_PACKET_SIZE]) + largest.to_bytes(4, "big") + NO_SUBSCRIPTIONS
    if not given_id:
        return found
    name = given_id.encode()
    return found + bytes([ASSIGNED_CLIENT_ID]) + len(name).to_bytes(2, "big") + name


def acks(kind: Kind, ids: Sequence[bytes]) -> bytes:
    """PUBACK, PUBREC or PUBCOMP with success for each id, as one buffer."""
    head = bytes([kind << 4, 2])
    return head + head.join(ids) if ids else b""


def refusal(kind: Kind, identifier: bytes, reason: Reason) -> bytes:
    """PUBACK, PUBREC or PUBCOMP of MQTT 5 with a reason."""
    return bytes([kind << 4, 3]) + identifier + bytes([reason])


def suback(v5: bool, identifier: bytes, count: int) -> bytes:
    """No to each filter: the intake only listens."""
    if not v5:
        return _framed(Kind.SUBACK, identifier + bytes([Reason.UNSPECIFIED]) * count)
    return _framed(Kind.SUBACK, identifier + b"\0" + bytes([Reason.TOPIC_FILTER_INVALID]) * count)


def unsuback(v5: bool, identifier: bytes, count: int) -> bytes:
    """Nothing was subscribed."""
    if not v5:
        return _framed(Kind.UNSUBACK, identifier)
    answers = bytes([Reason.NO_SUBSCRIPTION_EXISTED]) * count
    return _framed(Kind.UNSUBACK, identifier + b"\0" + answers)


def disconnect(v5: bool, reason: Reason) -> bytes:
    """Why we hang up; MQTT 3.1.1 has no such packet."""
    return bytes([Kind.DISCONNECT << 4, 2, reason, 0]) if v5 else b""


def encode_length(length: int) -> bytes:
    """A variable byte integer, MQTT 5 §1.5.5."""
    out = bytearray()
    while length > 127:
        out.append(length & 127 | 128)
        length >>= 7
    return bytes([*out, length])


def _framed(kind: Kind, body: bytes) -> bytes:
    return bytes([kind << 4]) + encode_length(len(body)) + body

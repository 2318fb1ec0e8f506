"""The packets around the messages: what a publisher says when it connects, and what we answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from feeds.body import (
    ASSIGNED_CLIENT_ID,
    AUTH_METHOD,
    MAXIMUM_PACKET_SIZE,
    MESSAGE_EXPIRY,
    RECEIVE_MAXIMUM,
    SESSION_EXPIRY,
    SHARED_AVAILABLE,
    WILL_DELAY,
    Body,
)
from feeds.codes import NO_ID, Kind, MalformedPacket, Reason
from feeds.mqtt import Packet, Publishes

V311, V5 = 4, 5
FOREVER_S = 0xFFFF_FFFF
PINGRESP = bytes([Kind.PINGRESP << 4, 0])
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
    delay_s: int = 0
    qos: int = 0
    retain: bool = False
    properties: bytes = b""
    expires_after_s: int | None = None

    @property
    def message(self) -> Publishes:
        """As if it had been published."""
        return Publishes([self.topic], [self.payload], [NO_ID] if self.qos else [], self.qos == 2,
                         self.retain, self.properties, self.expires_after_s)  # fmt: skip


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
    receive_maximum: int = 0xFFFF  # messages of ours it wants to owe an answer for at most
    largest_packet: int = 0xFFFF_FFFF  # that it takes


def read_connect(packet: Packet) -> Connect:
    """The CONNECT packet, MQTT 5 §3.1; MalformedPacket says with which reason to refuse it."""
    body = Body(packet.body)
    v5 = _version(body) == V5
    flags = body.number(1)
    _check_flags(flags)
    keep_alive_s = body.number(2)
    properties = body.properties() if v5 else {}
    if AUTH_METHOD in properties:
        raise MalformedPacket(Reason.BAD_AUTHENTICATION_METHOD)
    clean = bool(flags & 2)
    return Connect(
        receive_maximum=_above_0(properties, RECEIVE_MAXIMUM, 0xFFFF),
        largest_packet=_above_0(properties, MAXIMUM_PACKET_SIZE, 0xFFFF_FFFF),
        v5=v5,
        client_id=body.text(),
        clean=clean,
        keep_alive_s=keep_alive_s,
        session_expiry_s=_expiry(properties) if v5 else 0 if clean else FOREVER_S,
        will=_will(body, v5, flags) if flags & 4 else None,
        user=body.text() if flags & 0x80 else None,
        password=body.binary() if flags & 0x40 else None,
    )


def _version(body: Body) -> int:
    name = body.binary()
    version = body.number(1)
    if name != b"MQTT" or version not in (V311, V5):
        raise MalformedPacket(Reason.UNSUPPORTED_VERSION)
    return version


def _check_flags(flags: int) -> None:
    """MQTT 5 §3.1.2.3 ff.: the reserved bit, a QoS of 3, a will's flags without a will."""
    if flags & 1 or (flags >> 3 & 3) == 3 or (not flags & 4 and flags & 0x38):
        raise MalformedPacket(Reason.MALFORMED_PACKET)


def _above_0(properties: dict[int, int | bytes], name: int, usual: int) -> int:
    """MQTT 5 §3.1.2.11.3 f.: it is a protocol error to say 0."""
    value = int(properties.get(name, usual))
    if value == 0:
        raise MalformedPacket(Reason.PROTOCOL_ERROR)
    return value


def _expiry(properties: dict[int, int | bytes]) -> int:
    return int(properties.get(SESSION_EXPIRY, 0))


def _will(body: Body, v5: bool, flags: int) -> Will:
    delay_s, expires_after_s, kept = 0, None, []
    for name, value, raw in body.each_property() if v5 else ():
        if name == WILL_DELAY:
            delay_s = int(value)
        elif name == MESSAGE_EXPIRY:
            expires_after_s = int(value)
        else:
            kept.append(raw)
    return Will(body.binary(), body.binary(), delay_s, flags >> 3 & 3, bool(flags & 0x20),
                b"".join(kept), expires_after_s)  # fmt: skip


def read_identifier(packet: Packet) -> bytes:
    """The packet identifier that PUBREL, SUBSCRIBE and UNSUBSCRIBE begin with."""
    return Body(packet.body).identifier()


def read_reason(packet: Packet) -> int:
    """The reason of a DISCONNECT, §3.14.2.1; none is a normal end."""
    return packet.body[0] if packet.body else Reason.SUCCESS


def read_last_expiry(packet: Packet) -> int | None:
    """How long a DISCONNECT wants its session kept, §3.14.2.2.2; None: as the CONNECT said."""
    if len(packet.body) < 2:
        return None
    expiry = Body(packet.body[1:]).properties().get(SESSION_EXPIRY)
    return None if expiry is None else int(expiry)


def connack(v5: bool, reason: Reason, *, known: bool = False, properties: bytes = b"") -> bytes:
    """The answer to CONNECT; `known` says that the session was kept."""
    if not v5:
        code = V311_CODES.get(reason, 3)
        return bytes([Kind.CONNACK << 4, 2, known and not code, code])
    return framed(
        Kind.CONNACK, bytes([known, reason]) + encode_length(len(properties)) + properties
    )


def limits(largest: int, given_id: str, expiry_s: int | None = None) -> bytes:
    """The properties of our CONNACK: what we take, no shared subscriptions, and what we decided.

    `given_id` is the name of who came without one, `expiry_s` how long its session is kept where
    that is not as it wished (§3.2.2.3.2).
    """
    found = bytes([MAXIMUM_PACKET_SIZE]) + largest.to_bytes(4, "big") + bytes([SHARED_AVAILABLE, 0])
    if expiry_s is not None:
        found += bytes([SESSION_EXPIRY]) + expiry_s.to_bytes(4, "big")
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


def framed(kind: Kind, body: bytes) -> bytes:
    """A packet without flags around a body."""
    return bytes([kind << 4]) + encode_length(len(body)) + body

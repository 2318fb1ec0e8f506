"""MQTT 3.1.1 and 5 as bytes: whole packets out of a stream that may be cut anywhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

NO_ID = b"\0\0"  # an identifier is never zero, MQTT 5 §2.2.1


class Kind(IntEnum):
    """The control packet types, MQTT 5 §2.1.2."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14
    AUTH = 15


class Reason(IntEnum):
    """The reason codes we give or look at, MQTT 5 §2.4."""

    SUCCESS = 0x00
    DISCONNECT_WITH_WILL = 0x04
    NO_SUBSCRIPTION_EXISTED = 0x11
    UNSPECIFIED = 0x80
    MALFORMED_PACKET = 0x81
    PROTOCOL_ERROR = 0x82
    UNSUPPORTED_VERSION = 0x84
    CLIENT_ID_NOT_VALID = 0x85
    BAD_USER_OR_PASSWORD = 0x86
    NOT_AUTHORIZED = 0x87
    SERVER_BUSY = 0x89
    SERVER_SHUTTING_DOWN = 0x8B
    BAD_AUTHENTICATION_METHOD = 0x8C
    KEEP_ALIVE_TIMEOUT = 0x8D
    SESSION_TAKEN_OVER = 0x8E
    TOPIC_FILTER_INVALID = 0x8F
    PACKET_ID_NOT_FOUND = 0x92
    TOPIC_ALIAS_INVALID = 0x94
    PACKET_TOO_LARGE = 0x95


class MalformedPacket(Exception):
    """Bytes that no packet begins with; the connection has to end with this reason."""

    def __init__(self, reason: Reason, head: bytes = b"") -> None:
        super().__init__(f"malformed packet: {reason.name.lower()}")
        self.reason = reason
        self.head = head  # what is there of a packet that is too large


@dataclass(frozen=True, slots=True)
class Packet:
    """Any packet other than PUBLISH, not looked into."""

    kind: Kind
    flags: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Publishes:
    """A run of PUBLISH packets in the order they came, and the ids of those with QoS 1.

    A packet of QoS 2 comes alone, marked `exactly_once`, with its id.
    """

    topics: list[bytes] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)
    exactly_once: bool = False


class PacketReader:
    """Turns the bytes of one connection into packets; keeps what is not whole yet.

    Whoever reads a CONNECT sets `v5` before asking for the next packet.
    """

    def __init__(self, largest: int, v5: bool = False) -> None:
        self.largest = largest
        self.v5 = v5
        self._rest = b""

    def read(self, data: bytes) -> Iterator[Publishes | Packet]:
        """The packets that became whole with `data`."""
        buffer = self._rest + data if self._rest else data
        at, length = 0, len(buffer)
        while at < length:
            run = Publishes([], [], [])
            at = take_publishes(buffer, at, self.v5, run)
            if NO_ID in run.ids:
                raise MalformedPacket(Reason.PROTOCOL_ERROR)
            if run.topics:
                yield run
            if at == length:
                break
            packet, at = self._packet(buffer, at)
            if packet is None:
                break
            yield self._publish(packet) if packet.kind is Kind.PUBLISH else packet
        self._rest = buffer[at:]

    def _packet(self, buffer: bytes, at: int) -> tuple[Packet | None, int]:
        length = len(buffer)
        if length - at < 2:
            return None, at
        size, body = read_length(buffer, at + 1)
        if size is None:
            return None, at
        kind = buffer[at] >> 4
        if kind == 0:
            raise MalformedPacket(Reason.MALFORMED_PACKET)
        if size > self.largest:
            raise MalformedPacket(Reason.PACKET_TOO_LARGE, buffer[at:])
        if body + size > length:
            return None, at
        return Packet(Kind(kind), buffer[at] & 15, buffer[body : body + size]), body + size

    def _publish(self, packet: Packet) -> Publishes:
        """A PUBLISH that the quick loop left alone: rare, large, QoS 2 or malformed."""
        body = Body(packet.body)
        qos = packet.flags >> 1 & 3
        if qos == 3:
            raise MalformedPacket(Reason.MALFORMED_PACKET)
        topic = body.binary()
        ids = [body.identifier()] if qos else []
        if self.v5 and TOPIC_ALIAS in body.properties():
            raise MalformedPacket(Reason.TOPIC_ALIAS_INVALID)
        return Publishes([topic], [body.rest()], ids, exactly_once=qos == 2)


def take_publishes(  # noqa: C901, PLR0915
    buffer: bytes, at: int, v5: bool, run: Publishes
) -> int:
    """Appends the plain PUBLISH packets from `at` on; where the first other byte stands.

    This loop runs once per message of the city. Anything unusual ends it and is read again, with
    care, by the caller: another packet, QoS 2, 16 KiB and more, properties, lengths that lie.
    """
    add_topic, add_payload, add_id = run.topics.append, run.payloads.append, run.ids.append
    length = len(buffer)
    while at + 5 < length:
        head, size, body = buffer[at], buffer[at + 1], at + 2
        if size > 127:
            more = buffer[body]
            if more > 127:
                break
            size += (more << 7) - 128
            body += 1
        end = body + size
        if end > length or head & 0xF4 != 0x30:
            break
        topic = body + 2
        payload = mark = topic + (buffer[body] << 8 | buffer[body + 1])
        if mark + 3 > end:
            break
        if head & 2:
            payload += 2
        if v5:
            if buffer[payload]:
                break
            payload += 1
        if head & 2:
            add_id(buffer[mark : mark + 2])
        add_topic(buffer[topic:mark])
        add_payload(buffer[payload:end])
        at = end
    return at


def read_length(buffer: bytes, at: int) -> tuple[int | None, int]:
    """A variable byte integer and where it ends; None while it is not whole."""
    value = 0
    for shift in (0, 7, 14, 21):
        if at >= len(buffer):
            return None, at
        byte = buffer[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise MalformedPacket(Reason.MALFORMED_PACKET)


def peek_publish(head: bytes) -> tuple[bytes, bytes, int]:
    """Topic, payload and packet size of a PUBLISH of which only the beginning is there."""
    size, body = read_length(head, 1)
    topic = body + 2
    payload = topic + int.from_bytes(head[body:topic], "big")
    return head[topic:payload], head[payload:], size or 0


SESSION_EXPIRY, WILL_DELAY, TOPIC_ALIAS, AUTH_METHOD = 0x11, 0x18, 0x23, 0x15
MAXIMUM_PACKET_SIZE, ASSIGNED_CLIENT_ID = 0x27, 0x12
USER_PROPERTY = 0x26
# Width of a property's value in bytes; 0: a variable byte integer, -1: length and bytes,
# -2: a pair of those. MQTT 5 §2.2.2.2.
WIDTHS: Mapping[int, int] = {
    0x01: 1, 0x02: 4, 0x03: -1, 0x08: -1, 0x09: -1, 0x0B: 0, 0x11: 4, 0x12: -1, 0x13: 2, 0x15: -1,
    0x16: -1, 0x17: 1, 0x18: 4, 0x19: 1, 0x1A: -1, 0x1C: -1, 0x1F: -1, 0x21: 2, 0x22: 2, 0x23: 2,
    0x24: 1, 0x25: 1, 0x26: -2, 0x27: 4, 0x28: 1, 0x29: 1, 0x2A: 1,
}  # fmt: skip


class Body:
    """Reads the fields of one packet in their order; a field that is missing is malformed."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        """The next bytes."""
        part = self.data[self.at : self.at + count]
        if len(part) < count:
            raise MalformedPacket(Reason.MALFORMED_PACKET)
        self.at += count
        return part

    def number(self, width: int) -> int:
        """An unsigned integer."""
        return int.from_bytes(self.take(width), "big")

    def binary(self) -> bytes:
        """Bytes after their length."""
        return self.take(self.number(2))

    def text(self) -> str:
        """UTF-8 without NUL, MQTT 5 §1.5.4."""
        try:
            text = self.binary().decode()
        except UnicodeDecodeError:
            raise MalformedPacket(Reason.MALFORMED_PACKET) from None
        if "\0" in text:
            raise MalformedPacket(Reason.MALFORMED_PACKET)
        return text

    def identifier(self) -> bytes:
        """A packet identifier, which is never zero."""
        identifier = self.take(2)
        if identifier == NO_ID:
            raise MalformedPacket(Reason.PROTOCOL_ERROR)
        return identifier

    def properties(self) -> dict[int, int | bytes]:
        """The properties by their identifier; user properties are read over."""
        size, start = read_length(self.data, self.at)
        if size is None or start + size > len(self.data):
            raise MalformedPacket(Reason.MALFORMED_PACKET)
        self.at, end = start, start + size
        found: dict[int, int | bytes] = {}
        while self.at < end:
            name = self.number(1)
            if name in found and name != USER_PROPERTY:
                raise MalformedPacket(Reason.PROTOCOL_ERROR)
            found[name] = self._value(name)
        if self.at != end:
            raise MalformedPacket(Reason.MALFORMED_PACKET)
        return found

    def _value(self, name: int) -> int | bytes:
        width = WIDTHS.get(name)
        if width is None:
            raise MalformedPacket(Reason.MALFORMED_PACKET)
        if width > 0:
            return self.number(width)
        if width == 0:
            value, self.at = read_length(self.data, self.at)
            return value or 0
        return self.binary() if width == -1 else self.binary() + self.binary()

    def rest(self) -> bytes:
        """All that is left."""
        part = self.data[self.at :]
        self.at = len(self.data)
        return part

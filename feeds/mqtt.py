"""MQTT 3.1.1 and 5 as bytes: whole packets out of a stream that may be cut anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from feeds.body import MESSAGE_EXPIRY, TOPIC_ALIAS, USER_PROPERTY, Body, read_length
from feeds.codes import NO_ID, Kind, MalformedPacket, Reason

# Of a PUBLISH's first byte, what is the same for a whole run: QoS, and for who keeps retained
# messages RETAIN too; DUP never matters.
ALIKE, ALIKE_AND_PLAIN = 0xF6, 0xF7
# What a publisher may say beside its message, MQTT 5 §3.3.2.3; the identifier is the server's.
PUBLISH_PROPERTIES = {0x01, 0x02, 0x03, 0x08, 0x09, TOPIC_ALIAS, 0x26}


@dataclass(frozen=True, slots=True)
class Packet:
    """Any packet other than PUBLISH, not looked into."""

    kind: Kind
    flags: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Publishes:
    """A run of PUBLISH packets of one QoS in the order they came, and their ids if it is 1.

    A packet of QoS 2 comes alone, marked `exactly_once`, with its id; so does one with properties.
    """

    topics: list[bytes] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)
    exactly_once: bool = False
    retain: bool = False  # only of a packet that came alone
    properties: bytes = b""  # of MQTT 5, as they are to be handed on
    expires_after_s: int | None = None


class PacketReader:
    """Turns the bytes of one connection into packets; keeps what is not whole yet.

    Whoever reads a CONNECT sets `v5` before asking for the next packet.
    """

    def __init__(self, largest: int, v5: bool = False, alike: int = ALIKE) -> None:
        self.largest = largest
        self.v5 = v5
        self._alike = alike
        self._rest = b""

    def read(self, data: bytes) -> Iterator[Publishes | Packet]:
        """The packets that became whole with `data`."""
        buffer = self._rest + data if self._rest else data
        at, length = 0, len(buffer)
        while at < length:
            run = Publishes([], [], [])
            at = take_publishes(buffer, at, self.v5, self._alike, run)
            if NO_ID in run.ids:
                raise MalformedPacket(Reason.PROTOCOL_ERROR)
            if run.topics:
                yield run
                continue
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
        properties, expires_after_s = _beside(body) if self.v5 else (b"", None)
        return Publishes([topic], [body.rest()], ids, qos == 2, bool(packet.flags & 1), properties,
                         expires_after_s)  # fmt: skip


def _beside(body: Body) -> tuple[bytes, int | None]:
    """What a message's properties say that is handed on as it is, and when it expires (s)."""
    kept, found = [], dict[int, int | bytes]()
    for name, value, raw in body.each_property():
        if name == TOPIC_ALIAS:
            raise MalformedPacket(Reason.TOPIC_ALIAS_INVALID)
        if name not in PUBLISH_PROPERTIES or (name in found and name != USER_PROPERTY):
            raise MalformedPacket(Reason.PROTOCOL_ERROR)
        found[name] = value
        if name != MESSAGE_EXPIRY:
            kept.append(raw)
    expiry = found.get(MESSAGE_EXPIRY)
    return b"".join(kept), None if expiry is None else int(expiry)


def take_publishes(  # noqa: C901, PLR0915
    buffer: bytes, at: int, v5: bool, alike: int, run: Publishes
) -> int:
    """Appends the plain PUBLISH packets from `at` on, of one QoS; where the first other stands.

    This loop runs once per message of the city. Anything unusual ends it and is read again, with
    care, by the caller: another packet, QoS 2, 16 KiB and more, properties, lengths that lie.
    """
    add_topic, add_payload, add_id = run.topics.append, run.payloads.append, run.ids.append
    length, first = len(buffer), buffer[at] & alike
    if first & 0xFD != 0x30:
        return at
    has_id = bool(first & 2)
    while at + 5 < length:
        size, body = buffer[at + 1], at + 2
        if size > 127:
            more = buffer[body]
            if more > 127:
                break
            size += (more << 7) - 128
            body += 1
        end = body + size
        if end > length or buffer[at] & alike != first:
            break
        topic = body + 2
        payload = mark = topic + (buffer[body] << 8 | buffer[body + 1])
        if mark + 3 > end:
            break
        if has_id:
            payload += 2
        if v5:
            if buffer[payload]:
                break
            payload += 1
        if has_id:
            add_id(buffer[mark : mark + 2])
        add_topic(buffer[topic:mark])
        add_payload(buffer[payload:end])
        at = end
    return at


def peek_publish(head: bytes) -> tuple[bytes, bytes, int]:
    """Topic, payload and packet size of a PUBLISH of which only the beginning is there."""
    size, body = read_length(head, 1)
    topic = body + 2
    payload = topic + int.from_bytes(head[body:topic], "big")
    return head[topic:payload], head[payload:], size or 0

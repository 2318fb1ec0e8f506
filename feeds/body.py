"""The inside of an MQTT packet: its fields in their order, and the properties of MQTT 5."""

from collections.abc import Iterator, Mapping

from feeds.codes import NO_ID, MalformedPacket, Reason

MESSAGE_EXPIRY, SUBSCRIPTION_ID, SESSION_EXPIRY, WILL_DELAY = 0x02, 0x0B, 0x11, 0x18
ASSIGNED_CLIENT_ID, AUTH_METHOD, RECEIVE_MAXIMUM, TOPIC_ALIAS = 0x12, 0x15, 0x21, 0x23
USER_PROPERTY, MAXIMUM_PACKET_SIZE, SHARED_AVAILABLE = 0x26, 0x27, 0x2A
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
        found: dict[int, int | bytes] = {}
        for name, value, _raw in self.each_property():
            if name in found and name != USER_PROPERTY:
                raise MalformedPacket(Reason.PROTOCOL_ERROR)
            found[name] = value
        return found

    def each_property(self) -> Iterator[tuple[int, int | bytes, bytes]]:
        """Identifier, value and bytes of each property, in their order."""
        size, start = read_length(self.data, self.at)
        if size is None or start + size > len(self.data):
            raise MalformedPacket(Reason.MALFORMED_PACKET)
        self.at, end = start, start + size
        while self.at < end:
            began = self.at
            name = self.number(1)
            value = self._value(name)
            yield name, value, self.data[began : self.at]
        if self.at != end:
            raise MalformedPacket(Reason.MALFORMED_PACKET)

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

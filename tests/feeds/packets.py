"""Builds the packets that publishers and brokers send; the other side of feeds/mqtt.py."""

from typing import NamedTuple

from feeds.handshake import encode_length


def publish(
    topic: bytes, payload: bytes, *, qos: int = 0, number: int = 1, v5: bool = False,
    flags: int = 0, properties: bytes = b"",
) -> bytes:  # fmt: skip
    body = len(topic).to_bytes(2, "big") + topic
    body += number.to_bytes(2, "big") if qos else b""
    body += encode_length(len(properties)) + properties if v5 else b""
    return packet(0x30 | qos << 1 | flags, body + payload)


def connect(
    client_id: bytes = b"c", *, v5: bool = False, clean: bool = True, keep_alive_s: int = 60,
    user: bytes | None = None, password: bytes | None = None,
    will: tuple[bytes, bytes] | None = None, properties: bytes = b"", will_properties: bytes = b"",
) -> bytes:  # fmt: skip
    flags = 2 * clean | 4 * bool(will) | 0x80 * (user is not None) | 0x40 * (password is not None)
    body = b"\0\4MQTT" + bytes([5 if v5 else 4, flags]) + keep_alive_s.to_bytes(2, "big")
    body += encode_length(len(properties)) + properties if v5 else b""
    body += text(client_id)
    if will:
        body += encode_length(len(will_properties)) + will_properties if v5 else b""
        body += text(will[0]) + text(will[1])
    body += text(user) if user is not None else b""
    body += text(password) if password is not None else b""
    return packet(0x10, body)


def text(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value


def packet(head: int, body: bytes) -> bytes:
    return bytes([head]) + encode_length(len(body)) + body


def subscribe(
    *wanted: tuple[bytes, int], number: int = 1, v5: bool = False, properties: bytes = b""
) -> bytes:
    """Filters with their options."""
    body = number.to_bytes(2, "big")
    body += encode_length(len(properties)) + properties if v5 else b""
    return packet(0x82, body + b"".join(text(name) + bytes([options]) for name, options in wanted))


def unsubscribe(*wanted: bytes, number: int = 2, v5: bool = False) -> bytes:
    body = number.to_bytes(2, "big") + (b"\0" if v5 else b"")
    return packet(0xA2, body + b"".join(map(text, wanted)))


def puback(number: int) -> bytes:
    return packet(0x40, number.to_bytes(2, "big"))


class Heard(NamedTuple):
    """A PUBLISH as a subscriber takes it apart."""

    topic: bytes
    payload: bytes
    qos: int
    retain: bool
    dup: bool
    number: int
    properties: bytes


def heard(raw: bytes, v5: bool) -> Heard:
    assert raw[0] >> 4 == 3, raw.hex()
    flags, at = raw[0] & 15, 1
    while raw[at] & 128:
        at += 1
    body = raw[at + 1 :]
    size = int.from_bytes(body[:2], "big")
    topic, body = body[2 : 2 + size], body[2 + size :]
    qos, number = flags >> 1 & 3, 0
    if qos:
        number, body = int.from_bytes(body[:2], "big"), body[2:]
    properties = b""
    if v5:
        length = body[0]
        assert length < 128
        properties, body = body[1 : 1 + length], body[1 + length :]
    return Heard(topic, body, qos, bool(flags & 1), bool(flags & 8), number, properties)

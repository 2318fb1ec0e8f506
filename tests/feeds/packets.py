"""Builds the packets that publishers and brokers send; the other side of feeds/mqtt.py."""

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

"""One publisher on MQTT 3.1.1 at QoS 1: paho, with packets sent and acknowledged by the dozen.

Everything that is not a PUBLISH of ours or its PUBACK goes paho's ordinary way: what it hears, too.
"""

import ssl
import time
from collections.abc import Iterator
from typing import NamedTuple

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

CHUNK = 1 << 16
PUBLISH_QOS1, RETAIN, DUP = 0x32, 0x01, 0x08
PUBACK_HEAD = b"\x40\x02"
MOST_WAITING = 20_000  # messages without an acknowledgement; further ones are given up
KEEP_ALIVE_S, CONNECT_WITHIN_S = 30, 2.0


class Broker(NamedTuple):
    """Where to publish, and as whom."""

    host: str
    port: int
    tls: bool
    user: str | None
    password: str | None


class Connection(paho.Client):
    """Remembers every message until it is acknowledged, over any number of connections.

    It leans on paho's privates (`_in_packet`, `_packet_handle`, `_packet_queue`,
    `_loop_rc_handle`), as paho 2 has them; a test holds it against a real broker.
    """

    def __init__(
        self, client_id: str, broker: Broker, will_topic: str | None, *, listens: bool = False
    ) -> None:
        # Who listens keeps his session, so that orders wait for him while he is away.
        super().__init__(CallbackAPIVersion.VERSION2, client_id, clean_session=not listens,
                         protocol=paho.MQTTv311)  # fmt: skip
        self.connect_timeout = CONNECT_WITHIN_S
        if broker.tls:
            self.tls_set()
        if broker.user is not None:
            self.username_pw_set(broker.user, broker.password)
        if will_topic is not None:
            self.will_set(will_topic, b"offline", qos=1, retain=True)
        self.connect_async(broker.host, broker.port, KEEP_ALIVE_S)
        self.waiting: dict[bytes, bytes] = {}
        self.given_up = 0
        self._number = 0
        self._ready: list[bytes] = []
        self._rest = b""

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Takes a message; it leaves with the next `flush` and stays until acknowledged."""
        if len(self.waiting) >= MOST_WAITING:
            self.given_up += 1
            return
        number = self._next_number()
        packet = publish(topic.encode(), payload, number, retain=retain)
        self.waiting[number] = packet
        self._ready.append(packet)

    def flush(self) -> None:
        """Sends what was taken; without a connection it waits for `say_again`."""
        if self._ready and self.is_connected():
            self._packet_queue(paho.PUBACK, b"".join(self._ready), 0, 0)
        self._ready.clear()

    def say_again(self) -> None:
        """On a new connection: everything that is not acknowledged, marked as perhaps known."""
        again = [bytes([packet[0] | DUP]) + packet[1:] for packet in self.waiting.values()]
        self._ready.clear()
        if again:
            self._packet_queue(paho.PUBACK, b"".join(again), 0, 0)

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """One recv() and all packets that became whole with it."""
        sock = self.socket()
        if sock is None:
            return MQTTErrorCode.MQTT_ERR_NO_CONN
        try:
            data = sock.recv(CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        except OSError:
            data = b""
        if not data:
            return self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_CONN_LOST)
        self._last_bytes_received = time.monotonic()
        return self._take(data)

    def _take(self, data: bytes) -> MQTTErrorCode:
        packets, self._rest = split(self._rest + data)
        for packet in packets:
            if packet.startswith(PUBACK_HEAD):
                self.waiting.pop(packet[2:4], None)
            elif (code := self._stock(packet)) > 0:
                return self._loop_rc_handle(code)
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _stock(self, packet: bytes) -> MQTTErrorCode:
        laid, body = self._in_packet, packet[head_of(packet) :]
        laid["command"], laid["remaining_length"], laid["pos"] = packet[0], len(body), 0
        laid["packet"] = bytearray(body)
        return self._packet_handle()

    def _sock_close(self) -> None:
        self._rest = b""
        super()._sock_close()

    def _next_number(self) -> bytes:
        while True:
            self._number = self._number % 65_535 + 1
            number = self._number.to_bytes(2, "big")
            if number not in self.waiting:
                return number


def publish(topic: bytes, payload: bytes, number: bytes, *, retain: bool) -> bytes:
    """A PUBLISH packet, QoS 1 (MQTT 3.1.1 §3.3)."""
    size = 2 + len(topic) + 2 + len(payload)
    head = bytes([PUBLISH_QOS1 | (RETAIN if retain else 0)]) + bytes(_length(size))
    return head + len(topic).to_bytes(2, "big") + topic + number + payload


def _length(size: int) -> Iterator[int]:
    # MQTT 3.1.1 §2.2.3: seven bits a byte, the lowest first.
    while size > 127:
        yield size & 127 | 128
        size >>= 7
    yield size


def split(data: bytes) -> tuple[list[bytes], bytes]:
    """Whole packets and the rest."""
    packets, at = [], 0
    while (end := end_of(data, at)) is not None:
        packets.append(data[at:end])
        at = end
    return packets, data[at:]


def end_of(data: bytes, at: int) -> int | None:
    """Where the packet ends that begins there; None while it is not whole."""
    size, shift, place = 0, 0, at + 1
    while place < len(data):
        size |= (data[place] & 127) << shift
        place, shift = place + 1, shift + 7
        if data[place - 1] < 128:
            return place + size if place + size <= len(data) else None
    return None


def head_of(packet: bytes) -> int:
    """How many bytes lie before the body: the first, and those of the length."""
    return 2 + next(count for count in range(4) if packet[1 + count] < 128)

"""paho's client with a receiving path that costs a tenth: one recv(), one parse, one batch."""

import logging
import ssl
import time
from collections.abc import Callable, Sequence

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from feeds.codes import Kind, MalformedPacket
from feeds.handshake import acks
from feeds.mqtt import Packet, PacketReader, Publishes

log = logging.getLogger("subscriber")

CHUNK = 1 << 18
LARGEST_PACKET = 16 << 20
GOODBYE = bytes([Kind.DISCONNECT << 4, 0])
# MQTT 5 §3.14.2: normal, and a Session Expiry Interval (17) of 0.
FAREWELL = bytes([Kind.DISCONNECT << 4, 7, 0, 5, 17, 0, 0, 0, 0])


class BulkClient(paho.Client):
    """paho with another way of reading: PUBLISH packets by the hundred, everything else as before.

    It leans on paho's privates (`_in_packet`, `_packet_handle`, `_loop_rc_handle`,
    `_packet_queue`); tests hold it against the stock client.
    """

    def __init__(self, client_id: str, v5: bool, on_run: Callable[[Publishes], None]) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=None if v5 else False,
            protocol=paho.MQTTv5 if v5 else paho.MQTTv311,
        )
        self.v5 = v5
        self.generation = 0
        self._on_run = on_run
        self._packets = PacketReader(LARGEST_PACKET, v5)

    def _sock_close(self) -> None:
        """What was received and not acknowledged comes again on the next connection."""
        self.generation += 1
        self._packets = PacketReader(LARGEST_PACKET, self.v5)
        super()._sock_close()

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """One recv() and all that became whole with it."""
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
        return self._read(data)

    def _read(self, data: bytes) -> MQTTErrorCode:
        try:
            for found in self._packets.read(data):
                if isinstance(found, Publishes):
                    self._on_run(found)
                elif (code := self._stock(found)) > 0:
                    return self._loop_rc_handle(code)
                if self.socket() is None:
                    return MQTTErrorCode.MQTT_ERR_CONN_LOST
        except MalformedPacket as error:
            log.warning("broker sent what is not MQTT: %s", error)
            return self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_PROTOCOL)
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _stock(self, packet: Packet) -> MQTTErrorCode:
        """Any other packet goes the way it always went."""
        self._lay_out(packet.kind << 4 | packet.flags, packet.body)
        code = self._packet_handle()
        self._lay_out(0, b"")
        return code

    def _lay_out(self, command: int, body: bytes) -> None:
        laid = self._in_packet
        laid["command"], laid["remaining_length"], laid["pos"] = command, len(body), 0
        laid["packet"] = bytearray(body)

    def acknowledge(self, ids: Sequence[bytes], generation: int) -> None:
        """One buffer of PUBACKs; nothing if they belong to a connection that is gone."""
        if generation == self.generation and self.socket() is not None:
            self._packet_queue(paho.PUBACK, acks(Kind.PUBACK, ids), 0, 0)

    def say_goodbye(self, ends_session: bool) -> None:
        """DISCONNECT, but leaves it to the broker to hang up.

        paho closes the socket as soon as it has sent a packet of that name.
        """
        if self.socket() is not None:
            self._packet_queue(paho.PUBACK, FAREWELL if ends_session else GOODBYE, 0, 0)

    def excuse(self) -> None:
        """We are not reading at present: an answer to our ping cannot be missed."""
        self._ping_t = 0.0

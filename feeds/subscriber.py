"""A client of the customer's broker: a whole recv() parsed at once, a batch acknowledged as one.

A single broker acknowledges to its publishers before anything is on disk; what it held when it was
killed is lost, and nothing here can help. Publishing to our own intake closes that hole.
"""

import logging
import select
import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from feeds.bulk_client import BulkClient
from feeds.ingest import Core
from feeds.loop import READS, WRITES, Loop
from feeds.mqtt import Publishes
from feeds.topics import covers

log = logging.getLogger("subscriber")

RECEIVE_BUFFER = 4 << 20
RECEIVE_MAXIMUM = 20_000  # messages the broker may have under way to us
KEEP_ALIVE_S = 30
SESSION_EXPIRY_S = 3600
CONNECT_WITHIN_S, GOODBYE_WITHIN_S = 3.0, 2.0
QUIET_S = 0.3  # after which a broker that delivers nothing has delivered all
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 10.0
TURN_EVERY_S = 1.0
GROUP = "citybrain"
# A shared subscription is not told what the broker retains (MQTT 5 §4.8.2), so one worker also
# asks for that by itself, for as long as it takes to hear it.
RETAINED = ("cb/v1/+/+/+/+/meta", "cb/v1/+/+/+/+/state")
RETAINED_FOR_S = 5.0


@dataclass(frozen=True, slots=True)
class Broker:
    """What CITY_MQTT_URL says."""

    host: str
    port: int
    tls: bool
    user: str | None
    password: str | None


def read_broker(url: str) -> Broker:
    """`mqtt://user:password@host:port` or `mqtts://…`."""
    parts = urlsplit(url)
    tls = parts.scheme == "mqtts"
    return Broker(
        parts.hostname or "localhost",
        parts.port or (8883 if tls else 1883),
        tls,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


def widest(filters: Iterable[str]) -> list[str]:
    """Without those that another one covers: a broker would deliver a message twice."""
    wanted = sorted(set(filters))
    levels = {one: one.split("/") for one in wanted}
    return [
        one
        for one in wanted
        if not any(other != one and covers(levels[other], levels[one]) for other in wanted)
    ]


def dress(client: paho.Client, broker: Broker) -> None:
    """Gives a client what the broker asks of everybody."""
    client.connect_timeout = CONNECT_WITHIN_S
    if broker.tls:
        client.tls_set()
    if broker.user is not None:
        client.username_pw_set(broker.user, broker.password)


class Subscriber:
    """The client on the loop: connects, subscribes, hands over, and comes back when it was lost."""

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        filters: Iterable[str],
        core: Core,
        loop: Loop,
        is_first: bool = True,  # hears what is retained, and what comes while all are away
    ) -> None:
        self._is_first = is_first
        self._farewell: int | None = None  # of our last UNSUBSCRIBE
        self._has_left = False
        self._heard_at = 0.0
        self._broker = broker
        self._client_id = client_id
        self._filters = tuple(filters)
        self._retained = list(RETAINED) if is_first else []
        self._retained_until = 0.0
        self._core = core
        self._loop = loop
        self._interest = READS
        self._pause_s = FIRST_PAUSE_S
        self._retry_at = 0.0
        self._turned_at = 0.0
        self._next_v5 = True
        self._client = self._new_client(v5=True)
        self.state = "connecting"
        self.trouble = ""  # why it is not connected

    @property
    def connections(self) -> int:
        """One, or none."""
        return int(self._client.is_connected())

    def _new_client(self, v5: bool) -> BulkClient:
        client = BulkClient(self._client_id, v5, self._take)
        dress(client, self._broker)
        client.on_connect = self._subscribe
        client.on_subscribe = self._subscribed
        client.on_unsubscribe = self._unsubscribed
        client.on_disconnect = self._lost
        client.on_socket_open = self._open
        client.on_socket_close = self._closed
        return client

    def turn(self, now: float) -> None:
        """Connects when it is time to, keeps the connection alive, writes what waits."""
        if self._client.socket() is None:
            if now >= self._retry_at:
                self._connect(now)
            return
        if now - self._turned_at >= TURN_EVERY_S:
            self._turned_at = now
            if self._core.is_full:
                self._client.excuse()
            self._client.loop_misc()
            self._have_heard_retained(now)
        self._want_write()

    def _connect(self, now: float) -> None:
        self._retry_at = now + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        if self._client.v5 != self._next_v5:
            self._client = self._new_client(self._next_v5)
        try:
            self._client.connect(
                self._broker.host, self._broker.port, KEEP_ALIVE_S, **self._session()
            )
        except (OSError, ValueError) as error:
            self._say_lost(str(error))

    def _session(self) -> dict[str, Any]:
        """MQTT 5 says with the CONNECT how long a session is kept."""
        if not self._client.v5:
            return {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        return {"clean_start": False, "properties": properties}

    def _open(self, _client: paho.Client, _data: Any, sock: Any) -> None:
        if isinstance(sock, socket.socket):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self._interest = READS
        self._loop.add_door(sock.fileno(), self._ready, READS)

    def _closed(self, _client: paho.Client, _data: Any, sock: Any) -> None:
        self._loop.remove(sock.fileno())

    def _ready(self, events: int) -> None:
        client = self._client
        if events & ~WRITES:
            client.loop_read()
            while isinstance(sock := client.socket(), ssl.SSLSocket) and sock.pending():
                client.loop_read()
        if events & WRITES and client.socket() is not None:
            client.loop_write()
        self._want_write()

    def _want_write(self) -> None:
        interest = READS | WRITES if self._client.want_write() else READS
        sock = self._client.socket()
        if interest != self._interest and sock is not None:
            self._interest = interest
            self._loop.change(sock.fileno(), interest)

    def _subscribe(
        self, client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if reason.is_failure:
            self._next_v5 = self._next_v5 and "protocol version" not in str(reason).lower()
            self._say_lost(f"refused: {reason}")
            return
        client.subscribe([(wanted, 1) for wanted in self._shared()])
        if self._retained and self._client.v5:
            client.subscribe([(wanted, 1) for wanted in self._retained])
            self._retained_until = time.monotonic() + RETAINED_FOR_S

    def _shared(self) -> list[str]:
        """Our filters, shared with the other workers where the broker can."""
        prefix = f"$share/{GROUP}/" if self._client.v5 else ""
        return [prefix + wanted for wanted in self._filters]

    def _have_heard_retained(self, now: float) -> None:
        """Ends the subscriptions that were only for what the broker had retained."""
        if self._retained and 0 < self._retained_until < now:
            self._client.unsubscribe(self._retained)
            self._retained = []

    def _subscribed(
        self, _client: paho.Client, _data: Any, _mid: int, reasons: list[ReasonCode], _props: Any
    ) -> None:
        for wanted, reason in zip(self._filters, reasons, strict=False):
            if reason.is_failure:
                log.warning("broker refuses a subscription filter=%s reason=%s", wanted, reason)
        log.info("subscribed filters=%d mqtt5=%s", len(self._filters), self._client.v5)
        self.state, self.trouble = "connected", ""
        self._pause_s = FIRST_PAUSE_S

    def _lost(
        self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if self.state == "connected":
            self._say_lost(str(reason))

    def _say_lost(self, why: str) -> None:
        if self.state == "connected":
            log.warning("broker lost host=%s why=%s", self._broker.host, why)
        self.state, self.trouble = "lost", why

    def leave(self, now: float) -> bool:
        """Whether nothing more is on its way to us.

        A broker shares among sessions, also those of workers that will not come back. So one
        worker keeps its session, which hears all that comes while we are away; the others ask for
        no more and wait for what was theirs.
        """
        if self._is_first or not self._client.v5 or self.state != "connected":
            return True
        if self._farewell is None:
            _, self._farewell = self._client.unsubscribe(self._shared())
        return self._has_left and self._core.is_idle and now - self._heard_at > QUIET_S

    def _unsubscribed(
        self, _client: paho.Client, _data: Any, mid: int, _reasons: Any, _properties: Any
    ) -> None:
        self._has_left = self._has_left or mid == self._farewell

    def _take(self, run: Publishes) -> None:
        self._heard_at = time.monotonic()
        receipts = (self._client, run.ids, self._client.generation) if run.ids else None
        self._core.offer(self, run.topics, run.payloads, receipts, time.time())

    def acknowledge(self, receipts: tuple[BulkClient, Sequence[bytes], int]) -> None:
        """The store has them: the broker may forget them."""
        client, ids, generation = receipts
        client.acknowledge(ids, generation)

    def close(self) -> None:
        """Says what is left to say and waits until the broker has heard it and hangs up.

        The broker reads acknowledgements one by one; what it has not read when the socket closes
        it delivers again. It keeps the session, unless we have left and owe it nothing.
        """
        self.state = "closed"
        self._client.say_goodbye(ends_session=self._has_left and self._core.is_idle)
        deadline = time.monotonic() + GOODBYE_WITHIN_S
        while (sock := self._client.socket()) and time.monotonic() < deadline:
            wants = [sock] if self._client.want_write() else []
            readable, writable, _ = select.select([sock], wants, [], 0.1)
            if writable:
                self._client.loop_write()
            if readable:
                self._client.loop_read()
        self._client._sock_close()

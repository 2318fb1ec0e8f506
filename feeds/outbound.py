"""What we tell the field, told to the customer's broker: in order, at least once.

The outbox is the stream that commands post to. The place in it moves when the broker has
acknowledged, so whatever falls meanwhile (we, the broker, the store), it is told after that. A
broker may fall with what it has acknowledged and not yet put on disk or handed on: when it is back,
the last minute is told again. One of several workers does it, by a lease.
"""

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from feeds.guests import now_ms
from feeds.subscriber import KEEP_ALIVE_S, Broker, dress
from store.posted import Posted
from store.store import Store, StoreUnreachable
from store.tail import Place

log = logging.getLogger("outbound")

LEASE_S, RENEW_S, PAUSE_S = 5.0, 1.0, 0.5
BLOCK_MS = 500
MOST_UNANSWERED = 50
LONGEST_PAUSE_S = 5
AGAIN_MS = 60_000
SUBSCRIBERS_BACK_S = 3.0  # after a broker fell, its clients come back before they are told again
JOIN_WITHIN_S = 5.0


class Outbound(threading.Thread):
    """Of one worker; it works while it holds the lease."""

    def __init__(self, store: Store, broker: Broker, holder: str) -> None:
        super().__init__(name="outbound", daemon=True)
        self._store = store
        self._broker = broker
        self._holder = holder
        self._lease = store.outbound_lease(holder, LEASE_S)
        self._is_over = threading.Event()
        self._news = threading.Condition()
        self._answered: set[int] = set()  # packet identifiers the broker acknowledged
        self._v5 = True
        self._client: paho.Client | None = None
        self._fell = False  # the broker, since we told it last

    def run(self) -> None:
        """Until `stop`."""
        while not self._is_over.is_set():
            try:
                if self._lease.hold():
                    self._work()
                else:
                    self._hang_up()
                    self._is_over.wait(RENEW_S)
            except StoreUnreachable as trouble:
                log.debug("outbound waits for the store: %s", trouble)
                self._is_over.wait(PAUSE_S)
        self._hang_up()
        with suppress(StoreUnreachable):
            self._lease.release()

    def stop(self) -> None:
        """Tells no more, and lets another worker do it."""
        self._is_over.set()
        with self._news:
            self._news.notify_all()
        if self.is_alive():
            self.join(JOIN_WITHIN_S)

    def _work(self) -> None:
        """One page: told, acknowledged, and only then behind us."""
        if self._client and self._client.protocol != self._version:
            self._hang_up()
        client = self._client or self._connect()
        if not client.is_connected():
            self._is_over.wait(PAUSE_S / 5)
            return
        place = self._store.outbound.place()
        if self._fell:
            self._tell_again(client, place)
            return
        page = self._store.field.read(place, BLOCK_MS)[:MOST_UNANSWERED]
        if page and self._tell(client, page):
            self._store.outbound.move(place, page[-1].place)

    @property
    def _version(self) -> MQTTProtocolVersion:
        return MQTTProtocolVersion.MQTTv5 if self._v5 else MQTTProtocolVersion.MQTTv311

    def _tell_again(self, client: paho.Client, place: Place) -> None:
        """What a broker may have lost that came back; who hears it twice knows it by its id."""
        self._is_over.wait(SUBSCRIBERS_BACK_S)
        self._fell = False
        behind = Place(max(0, place.ms - AGAIN_MS), 0)
        while page := self._store.field.read(behind)[:MOST_UNANSWERED]:
            if not self._tell(client, page):
                self._fell = True
                return
            behind = page[-1].place
        self._store.outbound.move(place, max(place, behind))

    def _tell(self, client: paho.Client, page: Sequence[Posted]) -> bool:
        """Whether the broker has all that was still wanted."""
        with self._news:
            self._answered.clear()
        waiting = {self._publish(client, posted) for posted in page if not posted.is_over(now_ms())}
        while not self._is_over.is_set() and client is self._client:
            with self._news:
                if waiting <= self._answered:
                    return True
                self._news.wait(RENEW_S)
            if not self._lease.hold():
                self._hang_up()  # and with it what it would say again
        return False

    def _publish(self, client: paho.Client, posted: Posted) -> int:
        said = client.publish(posted.topic, posted.payload, posted.qos, posted.retain,
                              self._beside(posted))  # fmt: skip
        return said.mid

    def _beside(self, posted: Posted) -> Properties | None:
        """MQTT 5 tells the broker when nobody wants to hear it any more."""
        if not (self._v5 and posted.expires_ms):
            return None
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.MessageExpiryInterval = -(-(posted.expires_ms - now_ms()) // 1000)
        return properties

    def _connect(self) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"citybrain-outbound-{self._holder}",
            protocol=self._version,
        )
        dress(client, self._broker)
        client.reconnect_delay_set(1, LONGEST_PAUSE_S)
        client.on_connect, client.on_publish = self._connected, self._acknowledged
        client.on_disconnect = self._lost
        client.connect_async(self._broker.host, self._broker.port, KEEP_ALIVE_S)
        client.loop_start()
        self._client = client
        return client

    def _connected(
        self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if reason.is_failure:
            self._v5 = self._v5 and "protocol version" not in str(reason).lower()
            log.warning("broker refuses what we would tell it reason=%s", reason)
        else:
            log.info("outbound connected host=%s", self._broker.host)

    def _lost(
        self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if not self._is_over.is_set():
            self._fell = True
            log.warning("outbound lost host=%s why=%s", self._broker.host, reason)

    def _acknowledged(
        self, _client: paho.Client, _data: Any, mid: int, reason: ReasonCode, _properties: Any
    ) -> None:
        """A refusal counts as an answer: saying it again would not mend it."""
        if reason.is_failure:
            log.error("broker refuses a message to the field reason=%s", reason)
        with self._news:
            self._answered.add(mid)
            self._news.notify_all()

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()
            client.loop_stop()

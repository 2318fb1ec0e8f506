"""A look at the customer's broker before we trust it: does it drop what it promised to deliver?

Mosquitto keeps 1,000 messages for a slow subscriber and drops the rest without a word. No broker
says so when asked, so a short burst finds out: published to ourselves, left unacknowledged.
"""

import logging
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from feeds.subscriber import Broker, dress

log = logging.getLogger("broker")

BURST = 2_000
WITHIN_S = 5.0
QUIET_S = 0.3
TOPIC = "citybrain/probe/{}"


@dataclass(slots=True)
class Burst:
    """What came back of what was published."""

    client: paho.Client
    topic: str
    subscribed: threading.Event = field(default_factory=threading.Event)
    unacknowledged: list[int] = field(default_factory=list)
    came: int = 0
    came_at: float = 0.0
    is_acknowledging: bool = False
    is_refused: bool = False

    def on_connect(self, client: paho.Client, *said: Any) -> None:
        """Listens to itself."""
        client.subscribe(self.topic, 1)

    def on_subscribe(
        self, _client: paho.Client, _data: Any, _mid: int, reasons: list[ReasonCode], _props: Any
    ) -> None:
        """A broker that forbids the topic cannot be asked this way."""
        self.is_refused = any(reason.is_failure for reason in reasons)
        self.subscribed.set()

    def on_message(self, client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        """Counts; acknowledges only in the second half."""
        self.came, self.came_at = self.came + 1, time.monotonic()
        if self.is_acknowledging:
            client.ack(message.mid, message.qos)
        else:
            self.unacknowledged.append(message.mid)

    def settle(self) -> None:
        """Waits until nothing comes any more."""
        began = self.came_at = time.monotonic()
        while time.monotonic() - self.came_at < QUIET_S and time.monotonic() - began < WITHIN_S:
            time.sleep(QUIET_S / 10)

    def acknowledge(self) -> None:
        """Lets the rest come."""
        self.is_acknowledging = True
        for mid in self.unacknowledged:
            self.client.ack(mid, 1)


def warn_of_limits(broker: Broker) -> str:
    """One sentence when a burst of QoS 1 does not come back whole, empty when it does."""
    client = paho.Client(CallbackAPIVersion.VERSION2, manual_ack=True)
    burst = Burst(client, TOPIC.format(secrets.token_hex(8)))
    dress(client, broker)
    client.on_connect, client.on_subscribe = burst.on_connect, burst.on_subscribe
    client.on_message = burst.on_message
    client.max_inflight_messages_set(0)
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        return _judge(burst) if _send(burst) else ""
    finally:
        client.disconnect()
        client.loop_stop()


def _send(burst: Burst) -> bool:
    if not burst.subscribed.wait(WITHIN_S) or burst.is_refused:
        log.info("broker does not let itself be asked for its limits")
        return False
    for number in range(BURST):
        burst.client.publish(burst.topic, number, 1)
    burst.settle()
    burst.acknowledge()
    burst.settle()
    return burst.came > 0


def _judge(burst: Burst) -> str:
    if burst.came >= BURST:
        return ""
    return (
        f"the broker dropped {BURST - burst.came} of {BURST} QoS 1 messages in a burst without a "
        "word; in Mosquitto set max_queued_messages 0 and max_inflight_messages 0"
    )

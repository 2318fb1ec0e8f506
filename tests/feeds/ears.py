"""Whoever listens in the field: paho's client, which notes all that it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

WITHIN_S = 20.0
KEPT_S = 3600


@dataclass
class Ear:
    """One client that subscribes as soon as it is connected, also after it was lost."""

    wanted: str
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    granted: threading.Event = field(default_factory=threading.Event)
    news: threading.Condition = field(default_factory=threading.Condition)
    client: paho.Client = None  # type: ignore[assignment]

    def on_connect(self, client: paho.Client, *_said: Any) -> None:
        client.subscribe(self.wanted, 1)

    def on_subscribe(self, *_said: Any) -> None:
        self.granted.set()

    def on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        with self.news:
            self.heard.append((message.topic, message.payload))
            self.news.notify_all()

    def await_heard(self, count: int, within_s: float = WITHIN_S) -> list[bytes]:
        """The payloads, once there are so many different ones."""
        with self.news:
            self.news.wait_for(lambda: len(set(self.heard)) >= count, within_s)
            return [payload for _topic, payload in self.heard]


@contextmanager
def ear(port: int, wanted: str, *, v5: bool = True, name: str = "ear") -> Iterator[Ear]:
    """A client with a kept session; ends without a goodbye to its subscriptions."""
    found = Ear(wanted)
    client = paho.Client(
        paho.CallbackAPIVersion.VERSION2, client_id=name,
        protocol=paho.MQTTv5 if v5 else paho.MQTTv311, clean_session=None if v5 else False,
    )  # fmt: skip
    found.client = client
    client.on_connect, client.on_subscribe = found.on_connect, found.on_subscribe
    client.on_message = found.on_message
    client.reconnect_delay_set(1, 1)
    client.connect("127.0.0.1", port, keepalive=5, **_session(v5))
    client.loop_start()
    try:
        assert found.granted.wait(WITHIN_S)
        yield found
    finally:
        client.disconnect()
        client.loop_stop()


def _session(v5: bool) -> dict[str, Any]:
    if not v5:
        return {}
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = KEPT_S
    return {"clean_start": False, "properties": properties}

"""What stands outside for a story: vehicles that say where they are, and one that hears orders."""

import json
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt import publish

SOON_S = 30
ORDERS = "cb/v1/+/sw/order/+/cmd"


def now() -> str:
    return datetime.now(UTC).isoformat()


def say(port: int, *messages: tuple[str, Any]) -> None:
    """Topics and documents, at QoS 1."""
    sent: list[Any] = [(topic, json.dumps(one), 1, False) for topic, one in messages]
    publish.multiple(sent, "127.0.0.1", port)


class Vehicle:
    """A pump truck of the water bureau."""

    def __init__(self, port: int, number: int) -> None:
        self.port = port
        self.object = f"PT-{number:04d}"
        self.id = f"sw/pumptruck/{self.object}"
        self._seq = 0

    def report(self, lon: float, lat: float, status: str = "available") -> None:
        """Where it is."""
        self._seq += 1
        said = {"ts": now(), "seq": self._seq, "pos": [lon, lat], "speed_mps": 8.0,
                "heading_deg": 90, "status": status}  # fmt: skip
        say(self.port, (f"cb/v1/460106/{self.id}/data", said))


class Terminal:
    """Hears the orders of a department, as the computer in a vehicle does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._heard: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()

    def next(self, unit: str) -> tuple[str, dict[str, Any]]:
        """The next order of a unit: its topic and its document."""
        while True:
            topic, order = self._heard.get(timeout=SOON_S)
            if order["unit"] == unit:
                return topic, order

    def answer(self, topic: str, status: str, reason: str = "") -> None:
        """What the crew pressed."""
        said = {"status": status, "ts": now(), "by": "crew", "reason": reason}
        say(self._port, (f"{topic.removesuffix('/cmd')}/ack", said))

    def hear(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        self._heard.put((message.topic, json.loads(message.payload)))


@contextmanager
def terminal(port: int) -> Iterator[Terminal]:
    """Connected and subscribed."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "terminal-of-sw")
    ready: queue.Queue[bool] = queue.Queue()
    client.on_subscribe = lambda *_: ready.put(True)
    client.on_connect = lambda client, *_: client.subscribe(ORDERS, 1)
    terminal = Terminal(port)
    client.on_message = terminal.hear
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert ready.get(timeout=SOON_S)
    yield terminal
    client.disconnect()
    client.loop_stop()

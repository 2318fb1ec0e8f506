"""What order benchmarks stand on: a store, web and intake; units, cases that wait, a field device.

The device has a session that outlives its connection and hears every order of the city at QoS 1.
"""

import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from bench.live import Web
from bench.servers import Ingest, Mosquitto, RedisServer, Server, Watch
from city.case_table import Move
from city.cases import Order
from city.roles import SYSTEM, Actor, Role, Seat
from store.store import Store
from store.tokens import Scope

UNITS, PATIENCE_S, TICK_MS, SESSION_S = 60, 60.0, 250, 3600
EVERY_ORDER = "cb/v1/+/+/order/+/cmd"
CENTRE = (110.33, 20.02)
DURABLE_BROKER = ("max_queued_messages 0", "max_inflight_messages 0", "persistence true",
                  "autosave_interval 1", "autosave_on_changes true")  # fmt: skip
REPORT = {"source": "hotline", "type": "0406", "title": "道路积水", "area": "460106",
          "pos": [*CENTRE]}  # fmt: skip
AGAIN_AFTER_S = 0.05
Told = tuple[str, int]  # order, version


@dataclass
class Device:
    """A subscriber; `heard` has when each message first came, `again` how often one came again."""

    port: int
    heard: dict[Told, float] = field(default_factory=dict)
    again: int = 0
    subscribed: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Connects and subscribes; comes back by itself whenever the line is lost."""
        self._client = paho.Client(CallbackAPIVersion.VERSION2, f"device-{os.getpid()}",
                                   protocol=paho.MQTTv5)  # fmt: skip
        self._client.on_connect, self._client.on_message = self._on_connect, self._on_message
        self._client.on_subscribe = lambda *_: self.subscribed.set()
        self._client.reconnect_delay_set(0.05, 0.2)  # type: ignore[arg-type]
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = SESSION_S
        self._client.connect("127.0.0.1", self.port, clean_start=False, properties=properties)
        self._client.loop_start()
        if not self.subscribed.wait(PATIENCE_S):
            raise TimeoutError("nobody takes the subscription")

    def stop(self) -> None:
        """Goes away."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client: paho.Client, *_: Any) -> None:
        client.subscribe(EVERY_ORDER, 1)

    def _on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        at = time.perf_counter()
        said = json.loads(message.payload)
        told = said["order_id"], said["version"]
        self.again += told in self.heard
        self.heard.setdefault(told, at)


@dataclass
class Ground:
    """The parts, by the names under which they are killed."""

    redis: RedisServer
    broker: Mosquitto | None
    ingest: Ingest
    web: Web
    watch: Watch

    @property
    def port(self) -> int:
        """Where the field connects to."""
        return self.broker.port if self.broker else self.ingest.port

    @property
    def outbound(self) -> Ingest:
        """Behind a broker it is the worker that tells it."""
        return self.ingest

    @property
    def parts(self) -> list[Server]:
        """In the order in which they are started."""
        found = (self.redis, self.broker, self.ingest, self.web, self.watch)
        return [one for one in found if one]


@contextmanager
def ground(behind_broker: bool = False) -> Iterator[Ground]:
    """All of it in a directory of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        redis = RedisServer(place / "redis")
        broker = durable_broker(place / "broker") if behind_broker else None
        ingest = Ingest(place / "ingest", redis.url, broker.url if broker else "")
        web, watch = Web(place / "web", redis.url, TICK_MS), Watch(place / "watch", redis.url)
        found = Ground(redis, broker, ingest, web, watch)
        try:
            for part in found.parts:
                part.start()
            yield found
        finally:
            for part in reversed(found.parts):
                if part.process and part.process.poll() is None:
                    part.kill()


def durable_broker(directory: Path) -> Mosquitto:
    """A broker that writes what it has taken to disk."""
    return Mosquitto(directory, (*DURABLE_BROKER, f"persistence_location {directory}/"))


def acting(role: Role) -> Actor:
    """A seat of that post, now."""
    seat = Seat(f"bench-{role}", str(role), frozenset({role}))
    return Actor(seat, "127.0.0.1", datetime.now(UTC))


def token_of(store: Store) -> str:
    """A dispatcher's."""
    by = Actor(SYSTEM, "127.0.0.1", datetime.now(UTC))
    return store.tokens.create(Scope("bench", Role.DISPATCHER), timedelta(days=1), by)


def units(store: Store, port: int) -> list[str]:
    """Vehicles that say where they are; known to the store when this returns."""
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", port)
    client.loop_start()
    found = [f"zhzf/patrol/P-{number:04d}" for number in range(UNITS)]
    for number, unit in enumerate(found):
        said = {"ts": datetime.now(UTC).isoformat(), "status": "available",
                "pos": [CENTRE[0] + number / 10_000, CENTRE[1]]}  # fmt: skip
        sent = client.publish(f"cb/v1/460106/{unit}/data", json.dumps(said), 1)
    sent.wait_for_publish(PATIENCE_S)
    client.disconnect()
    client.loop_stop()
    now_ms = time.time_ns() // 1_000_000
    wait_until(lambda: len(store.units.all(now_ms)) >= UNITS, "the units are not there")
    return found


def opened(store: Store, count: int) -> list[str]:
    """Cases that wait to be dispatched."""
    found = []
    for number in range(count):
        order = Order(Move.CREATE, {**REPORT, "external_id": f"O-{number}"})
        case, _ = store.cases.create(order, acting(Role.ACCEPTOR))
        store.cases.move(case.id, Order(Move.ACCEPT), acting(Role.ACCEPTOR))
        store.cases.move(case.id, Order(Move.REGISTER), acting(Role.CHIEF))
        found.append(case.id)
    return found


class Sender:
    """One dispatcher on one line; asks again with the same key until somebody answers."""

    def __init__(self, port: int, token: str) -> None:
        self._line = HTTPConnection("127.0.0.1", port, timeout=10)
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def send(self, case_id: str, unit: str) -> str:
        """The id of the order, once it is safe."""
        body = json.dumps({"unit": unit, "key": f"key-{case_id}", "anyway": True})
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                self._line.request("POST", f"/api/v1/cases/{case_id}/orders", body, self._headers)
                answer = self._line.getresponse()
                said = json.loads(answer.read())
            except (OSError, HTTPException, ValueError):
                self._line.close()
            else:
                if answer.status in (200, 201):
                    return str(said["order_id"])
                if answer.status < 500:
                    raise RuntimeError(said)
            time.sleep(AGAIN_AFTER_S)
        raise TimeoutError("nobody takes the order")


def wait_until(is_so: Callable[[], bool], else_say: str) -> None:
    """Until it is so; TimeoutError when that takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(else_say)
        time.sleep(0.01)

"""The publishers on a real broker: nothing lost over a broken line, wills, farewells."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import paho.mqtt.client as paho
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.servers import Mosquitto
from simulator.connection import Broker, publish, split
from simulator.crew import Crew, Ears
from simulator.script import Said

ROOT = Path(__file__).parents[2]
WAIT_S = 30


class Listener:
    """A stock client that hears everything."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self.heard: list[tuple[str, bytes]] = []
        self.news = threading.Condition()
        subscribed = threading.Event()
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self.client.on_message = self._hear
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.connect(where.hostname or "", where.port or 1883)
        self.client.loop_start()
        self.client.subscribe("cb/#", 1)
        assert subscribed.wait(WAIT_S)

    def _hear(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        with self.news:
            self.heard.append((message.topic, message.payload))
            self.news.notify_all()

    def wait_until(self, come: Callable[[list[tuple[str, bytes]]], bool]) -> None:
        with self.news:
            assert self.news.wait_for(lambda: come(self.heard), WAIT_S), len(self.heard)

    def wait_for(self, topic: str, payload: bytes) -> None:
        self.wait_until(lambda heard: (topic, payload) in heard)

    def wait_for_number(self, number: int) -> None:
        self.wait_until(lambda heard: len(set(heard)) >= number)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def listener(mosquitto_url: str) -> Iterator[Listener]:
    listener = Listener(mosquitto_url)
    yield listener
    listener.close()


def broker_at(url: str) -> Broker:
    where = urlsplit(url)
    return Broker(where.hostname or "", where.port or 1883, tls=False, user=None, password=None)


def until(crew: Crew, done: Callable[[], bool]) -> None:
    for _ in range(WAIT_S * 50):
        if done():
            return
        crew.turn(0.0)
        crew._serve(0.02)
    raise AssertionError("it never came about")


def births(sender: str) -> list[Said]:
    return [Said(sender, f"cb/v1/460106/sw/pump/{sender}/state", b"online", retain=True)]


@pytest.mark.flow
def test_every_message_arrives_and_is_acknowledged(mosquitto_url: str, listener: Listener) -> None:
    crew = Crew(broker_at(mosquitto_url), [("sw", None), ("jt", None)], lambda _: iter(()))
    wanted = [Said(("sw", "jt")[i % 2], f"cb/v1/t/{i}", b"x" * (i % 300)) for i in range(5_000)]

    until(crew, lambda: crew.connected == 2)
    crew.say(wanted)
    until(crew, lambda: crew.waiting == 0)

    listener.wait_for_number(5_000)
    assert set(listener.heard) == {(said.topic, said.payload) for said in wanted}
    crew.leave(1.0)


@pytest.mark.flow
def test_what_it_listens_to_is_heard_also_when_it_was_away_and_is_long(
    mosquitto_url: str, listener: Listener
) -> None:
    heard: list[tuple[str, bytes]] = []

    def crew() -> Crew:
        ears = Ears({"sw": "cb/v1/+/sw/order/+/cmd"}, lambda *one: heard.append(one))
        return Crew(broker_at(mosquitto_url), [("sw", None)], lambda _: iter(()), ears)

    def send(name: str, size: int) -> tuple[str, bytes]:
        message = f"cb/v1/460106/sw/order/{name}/cmd", name[-1].encode() * size
        listener.client.publish(*message, qos=1).wait_for_publish(WAIT_S)
        listener.wait_for(*message)
        return message

    first = crew()
    until(first, lambda: first.connected == 1)
    first.turn(time.monotonic() + 0.2)
    one = send("O-1", 90_000)
    until(first, lambda: one in heard)
    first.leave(1.0)
    two = send("O-2", 300)

    again = crew()
    until(again, lambda: two in heard)

    assert heard == [one, two]
    again.leave(1.0)


@pytest.mark.flow
def test_what_was_said_without_a_broker_is_said_when_there_is_one(tmp_path: Path) -> None:
    server = Mosquitto(tmp_path)
    server.start()
    crew = Crew(broker_at(server.url), [("sw", None)], lambda sender: iter(births(sender)))
    until(crew, lambda: crew.connected == 1)
    server.kill()
    until(crew, lambda: crew.connected == 0)

    crew.say([Said("sw", "cb/v1/kept", b"kept")])
    server.start()
    until(crew, lambda: crew.connected == 1 and crew.waiting == 0)

    listener = Listener(server.url)
    listener.wait_for("cb/v1/460106/sw/pump/sw/state", b"online")
    listener.close()
    crew.leave(1.0)
    server.kill()


@pytest.mark.flow
def test_a_killed_simulator_leaves_wills_and_an_ended_one_says_goodbye(
    mosquitto_url: str, listener: Listener
) -> None:
    ended = start(mosquitto_url)
    ended.send_signal(signal.SIGTERM)
    assert ended.wait(WAIT_S) == 0
    listener.wait_until(all_offline)

    pumps = {topic for topic, _ in listener.heard if "/pump/" in topic and "/state" in topic}
    listener.heard.clear()
    killed = start(mosquitto_url)
    for topic in pumps:
        listener.wait_for(topic, b"online")
    listener.heard.clear()
    killed.kill()
    killed.wait(WAIT_S)
    for topic in pumps:
        listener.wait_for(topic, b"offline")


def all_offline(heard: list[tuple[str, bytes]]) -> bool:
    """Every thing that was ever named has been told offline."""
    named = {topic.removesuffix("meta") for topic, _ in heard if topic.endswith("/meta")}
    gone = {topic.removesuffix("state") for topic, payload in heard if payload == b"offline"}
    return len(named) > 100 and named <= gone


def start(url: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--scale", "0.05"],
        cwd=ROOT, env={**os.environ, "CITY_MQTT_URL": url}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().startswith("ready ")
    return process


@given(st.lists(st.binary(max_size=100), max_size=20), st.binary(max_size=1))
def test_packets_are_split_wherever_they_are_cut(bodies: list[bytes], more: bytes) -> None:
    packets = [b"\x40" + bytes([len(body)]) + body for body in bodies]

    assert split(b"".join(packets) + more) == (packets, more)


@pytest.mark.parametrize("size", [0, 100, 127, 128, 16_383, 16_384, 60_000])
def test_a_packet_states_its_length(size: int) -> None:
    packet = publish(b"t", b"x" * size, b"\x00\x01", retain=True)

    length, shift, at = 0, 0, 1
    while True:
        length |= (packet[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if not packet[at - 1] & 128:
            break
    assert packet[0] == 0x33
    assert length == len(packet) - at == size + 5

"""One command starts the whole city, ends it without a trace, and finds yesterday's data."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import httpx
import paho.mqtt.client as mqtt
import pytest

from bench.servers import free_port

ROOT = Path(__file__).parent.parent.parent
UP_WITHIN_S = 40.0

pytestmark = pytest.mark.flow


class City:
    """`app.py` on free ports and a data directory of its own."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.web, self.mqtt = free_port(), free_port()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CITY_")}
        environment |= {
            "CITY_PORT": str(self.web),
            "CITY_MQTT_PORT": str(self.mqtt),
            "CITY_DATA_DIR": str(data_dir),
            "CITY_SIMULATOR": "off",
        }
        self.environment = environment | settings
        self.process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def until_open(self) -> list[str]:
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line.strip())
            if line.startswith("open"):
                return lines
        assert self.process.stderr is not None
        raise AssertionError(f"never open: {lines} {self.process.stderr.read()[-2000:]}")

    def get(self, path: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx.get(f"http://127.0.0.1:{self.web}{path}", timeout=10, headers=headers)

    @cached_property
    def token(self) -> str:
        """Made as an administrator makes one, beside the city that runs."""
        command = [sys.executable, "manage.py", "token", "create", "--role", "chief", "--name",
                   f"flow-{self.web}"]  # fmt: skip
        made = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60
        )
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()

    def until(self, path: str, holds: object) -> httpx.Response:
        deadline = time.monotonic() + UP_WITHIN_S
        while time.monotonic() < deadline:
            answer = self.get(path)
            if holds(answer):  # type: ignore[operator]
                return answer
        raise AssertionError(
            f"{path} never answered as hoped: {answer.status_code} {answer.text[:500]}"
        )

    def publish(self, topic: str, payload: str) -> None:
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        client.connect("127.0.0.1", self.mqtt)
        client.loop_start()
        client.publish(topic, payload, qos=1).wait_for_publish(10)
        client.disconnect()
        client.loop_stop()

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def city(data_dir: Path) -> Iterator[City]:
    started = City(data_dir)
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()


def children_of(session: int) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            text = entry.read_bytes()
        except OSError:
            continue
        if f"CITY_PORT={session}".encode() in text.split(b"\0"):
            found.append(entry.parent.name)
    return found


def test_the_city_comes_up_answers_and_leaves_nothing_behind(city: City) -> None:
    lines = city.until_open()
    city.until("/readyz", lambda answer: answer.status_code == 200)

    named = {line.split()[0] for line in lines}
    assert named == {"store", "ingest-0", "watch", "web", "open"}
    assert city.end(signal.SIGINT) == 0
    assert children_of(city.web) == []


def test_a_second_start_finds_what_was_there(city: City, data_dir: Path) -> None:
    city.until_open()
    topic = "cb/v1/460106/sw/waterlogging/WL-0007/data"
    city.publish(topic, '{"ts":"2026-09-06T07:10:00+08:00","seq":1,"values":{"depth_cm":31.5}}')
    assert city.end(signal.SIGTERM) == 0

    again = City(data_dir)
    again.until_open()
    thing = again.get("/api/v1/things/sw/waterlogging/WL-0007")
    history = again.get("/api/v1/things/sw/waterlogging/WL-0007/history")
    again.end()

    assert thing.json()["properties"]["values"] == {"depth_cm": 31.5}
    assert [item["values"] for item in history.json()["items"]] == [{"depth_cm": 31.5}]


def test_a_part_that_is_killed_comes_back(city: City) -> None:
    city.until_open()
    victims = [
        pid
        for pid in children_of(city.web)
        if b"feeds" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]

    os.kill(int(victims[0]), signal.SIGKILL)

    assert city.process.stderr is not None
    for line in city.process.stderr:
        if "part is back part=ingest-0" in line:
            break
    city.publish("cb/v1/460106/sw/rain/R-1/data", '{"ts":"2026-09-06T07:10:00Z","values":{}}')
    assert city.end() == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"CITY_PORT": "{busy}"}, "set CITY_PORT"),
        ({"CITY_MQTT_PORT": "{busy}"}, "set CITY_MQTT_PORT"),
        ({"CITY_REDIS_URL": "redis://127.0.0.1:{closed}"}, "CITY_REDIS_URL cannot be reached"),
        ({"CITY_MQTT_URL": "mqtt://127.0.0.1:{closed}"}, "CITY_MQTT_URL cannot be reached"),
        ({"CITY_PROFILE": "nowhere.toml"}, "CITY_PROFILE names no file"),
        ({"CITY_PROT": "1"}, "CITY_PROT is not a setting. Did you mean CITY_PORT?"),
    ],
)
def test_a_bad_start_is_one_sentence_and_code_2(
    settings: dict[str, str], said: str, data_dir: Path
) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        ports = {"busy": busy.getsockname()[1], "closed": free_port()}
        city = City(data_dir, **{k: v.format(**ports) for k, v in settings.items()})
        _, errors = city.process.communicate(timeout=15)

    assert city.process.returncode == 2
    assert said in errors
    assert len(errors.strip().splitlines()) == 1
    assert not re.search("Traceback", errors)


def test_two_cities_do_not_share_a_data_directory(city: City, data_dir: Path) -> None:
    city.until_open()

    second = City(data_dir)
    _, errors = second.process.communicate(timeout=15)

    assert second.process.returncode == 2
    assert "Another city already runs" in errors
    city.end()

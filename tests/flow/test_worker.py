"""`python -m feeds` as the supervisor sees it: a line when it is up, a sentence when it cannot."""

import os
import socket
import subprocess
import sys

import pytest

from bench.servers import ROOT, Ingest, RedisServer, free_port

pytestmark = pytest.mark.flow


@pytest.fixture
def redis(tmp_path):
    server = RedisServer(tmp_path / "redis")
    server.start()
    yield server
    server.kill()


def refused(**settings: str) -> str:
    """What it says when it does not start."""
    environment = {**os.environ, **settings}
    done = subprocess.run(
        [sys.executable, "-m", "feeds"],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_worker_ends_cleanly_when_it_is_asked_to(tmp_path, redis):
    worker = Ingest(tmp_path / "ingest", redis.url)
    worker.start()

    assert worker.stop() == 0


def test_a_busy_port_is_named(redis):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])

        sentence = refused(CITY_REDIS_URL=redis.url, CITY_MQTT_PORT=port)

    assert "CITY_MQTT_PORT" in sentence and port in sentence


def test_a_store_that_is_away_is_named(tmp_path):
    sentence = refused(CITY_REDIS_URL=f"unix://{tmp_path}/nobody.sock")

    assert "CITY_REDIS_URL" in sentence


def test_a_broker_that_is_away_is_named(redis):
    url = f"mqtt://127.0.0.1:{free_port()}"

    sentence = refused(CITY_REDIS_URL=redis.url, CITY_MQTT_URL=url)

    assert "CITY_MQTT_URL" in sentence


def test_an_accounts_file_that_cannot_be_used_is_named(tmp_path, redis):
    (tmp_path / "accounts").write_text("sw secret\n")
    port = str(free_port())

    sentence = refused(
        CITY_REDIS_URL=redis.url, CITY_MQTT_PORT=port, CITY_MQTT_USERS=str(tmp_path / "accounts")
    )

    assert "CITY_MQTT_USERS" in sentence and "line 1" in sentence


def test_two_workers_share_the_port_and_the_load(tmp_path, redis):
    first = Ingest(tmp_path / "one", redis.url)
    second = Ingest(tmp_path / "two", redis.url, worker=1)
    second.environment = first.environment = {**first.environment, "CITY_INGEST_WORKERS": "2"}
    first.start()
    second.start()

    assert second.stop() == 0
    assert first.stop() == 0

"""Real servers for tests: Redis with every write on disk, Mosquitto that drops nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bench.servers import Mosquitto, RedisServer
from store.store import Store, open_store


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """One server for all tests, empty for each."""
    redis.Redis.from_url(redis_server.url).flushall()
    return redis_server.url


@pytest.fixture
def redis_process(tmp_path: Path) -> Iterator[RedisServer]:
    """A server of the test's own, to be killed and started again on its data."""
    server = RedisServer(tmp_path / "redis")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def store(redis_url: str) -> Store:
    return open_store(redis_url)


@pytest.fixture(scope="session")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """A real broker on a free port: anonymous, no persistence, unlimited queues."""
    server = Mosquitto(tmp_path_factory.mktemp("mosquitto"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def mosquitto_url(mosquitto: Mosquitto) -> str:
    return mosquitto.url

"""A customer's Redis that could lose what it acknowledged is named at the start, with the cure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bench.servers import RedisServer
from store.store import open_store

pytestmark = pytest.mark.store


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path / "redis", *request.param.split())
    server.start()
    yield server
    server.kill()


@pytest.mark.parametrize(
    ("server", "cures"),
    [
        ("--appendonly yes", []),
        ("--appendonly no", ["set appendonly yes"]),
        ("--appendfsync everysec", ["set appendfsync always"]),
        ("--maxmemory 1gb --maxmemory-policy allkeys-lru", ["set noeviction"]),
        ("--maxmemory 1gb --maxmemory-policy noeviction", []),
        ("--appendonly no --maxmemory 1gb --maxmemory-policy volatile-lru",
         ["set appendonly yes", "set noeviction"]),
    ],
    indirect=["server"],
)  # fmt: skip
def test_each_doubt_comes_with_its_cure(server: RedisServer, cures: list[str]) -> None:
    doubts = open_store(server.url).doubts()

    assert len(doubts) == len(cures)
    assert all(cure in doubt for cure, doubt in zip(cures, doubts, strict=True))


def test_a_server_that_may_not_be_asked_is_said_to_be_unknown(redis_process: RedisServer) -> None:
    admin = redis.Redis.from_url(redis_process.url)
    admin.acl_setuser(
        "city", enabled=True, passwords=["+city"], keys=["*"], commands=["+@all", "-config"]
    )

    doubts = open_store(f"unix://city:city@{redis_process.path}").doubts()

    assert ["does not tell" in doubt for doubt in doubts] == [True]

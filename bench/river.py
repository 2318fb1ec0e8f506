"""The feed wing alone, for benchmarks: Redis, one ingest worker, and what the store has counted."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.servers import ROOT, Ingest, Mosquitto, RedisServer
from store.store import Store, open_store

STILL_AFTER_S = 2.0


@dataclass
class River:
    """What runs; `broker` only where there is one."""

    redis: RedisServer
    ingest: Ingest
    store: Store
    broker: Mosquitto | None = None

    @property
    def port(self) -> int:
        """Where publishers publish."""
        return self.broker.port if self.broker else self.ingest.port


@contextmanager
def river(*, behind_broker: bool = False) -> Iterator[River]:
    """A river in a directory of its own; ends with everything in it."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        broker = Mosquitto(directory / "mosquitto") if behind_broker else None
        redis = RedisServer(directory / "redis")
        ingest = Ingest(directory / "ingest", redis.url, broker.url if broker else "")
        servers = [server for server in (broker, redis, ingest) if server is not None]
        for server in servers:
            server.start()
        try:
            yield River(redis, ingest, open_store(redis.url), broker)
        finally:
            for server in reversed(servers):
                server.stop()


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over all feeds."""

    accepted: int
    duplicate: int
    rejected: int

    @property
    def heard(self) -> int:
        """Every message that was taken in."""
        return self.accepted + self.duplicate + self.rejected


def counts(store: Store) -> Counts:
    """What the store has counted."""
    feeds = store.health.read().values()
    return Counts(
        sum(feed.accepted for feed in feeds),
        sum(feed.duplicate for feed in feeds),
        sum(sum(feed.rejected.values()) for feed in feeds),
    )


def await_count(store: Store, wanted: int) -> tuple[Counts, float]:
    """The counts once they are as wanted or stand still, and when they last moved."""
    found, moved_at = counts(store), time.perf_counter()
    while found.heard < wanted and time.perf_counter() - moved_at < STILL_AFTER_S:
        time.sleep(0.02)
        before, found = found, counts(store)
        if found != before:
            moved_at = time.perf_counter()
    return found, moved_at


def load(*arguments: str) -> dict[str, float]:
    """Runs bench.load in a process of its own; its figures."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures

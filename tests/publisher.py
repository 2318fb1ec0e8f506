"""Messages of suppliers, decoded and written as ingest does it, for tests of what reads them."""

import json
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import redis

from city.profile import Profile, parse_profile
from feeds.catalog import all_feeds
from feeds.decoding import Decoder
from geo.areas import AreaIndex
from geo.ground import Ground
from store.log import LogWriter
from store.store import Store

HAIKOU = Path(__file__).parents[1] / "deploy" / "cities" / "haikou.toml"
CENTRE = (110.33, 20.02)  # in 460106


@lru_cache(1)
def haikou() -> Profile:
    return parse_profile(HAIKOU.read_text())


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Publisher:
    """One worker that writes what it is given, at once."""

    def __init__(self, store: Store, shard: int = 0) -> None:
        profile = haikou()
        districts = json.loads((HAIKOU.parent / profile.districts).read_text())
        ground = Ground(AreaIndex.from_features(districts), profile.bounds)
        self._decoder = Decoder(all_feeds(), ground)
        self._writer = LogWriter(shard, "test")
        self._number = 0
        self._store = store
        self._seq = 0

    def send(self, *messages: tuple[str, Any], received_ms: int | None = None) -> None:
        """Topics and payloads; what is no bytes is written as JSON."""
        topics = [topic.encode() for topic, _ in messages]
        payloads = [
            said if isinstance(said, bytes) else json.dumps(said).encode() for _, said in messages
        ]
        decoded = self._decoder.decode_batch(topics, payloads, received_ms or now_ms())
        self._number += 1
        data, replies = self._writer.transaction(
            self._number, decoded.batch, decoded.tallies, decoded.dead
        )
        self._write(data, replies)

    def ponding(self, number: int, depth: float, *, age_s: float = 0.0, **more: Any) -> str:
        """A reading of a sensor at the centre; returns the id of the thing."""
        thing = f"sw/waterlogging/WL-{number:04d}"
        self._seq += 1
        said = {"ts": written(age_s), "seq": self._seq, "values": {"depth_cm": depth},
                "pos": list(CENTRE)} | more  # fmt: skip
        self.send((f"cb/v1/460106/{thing}/data", said))
        return thing

    def bus(self, number: int, lon: float, lat: float, **more: Any) -> str:
        """A position of a bus."""
        thing = f"jt/bus/B-{number:04d}"
        self._seq += 1
        said = {"ts": written(0), "seq": self._seq, "pos": [lon, lat], "speed_mps": 6.0,
                "heading_deg": 92, "values": {"load_pct": 40}} | more  # fmt: skip
        self.send((f"cb/v1/460106/{thing}/data", said))
        return thing

    def meta(self, thing: str, **facts: Any) -> None:
        """A registration."""
        self.send((f"cb/v1/460106/{thing}/meta", facts))

    def state(self, thing: str, word: str) -> None:
        """What a thing says of its presence."""
        self.send((f"cb/v1/460106/{thing}/state", word.encode()))

    def _write(self, data: bytes, replies: int) -> None:
        pool = self._store.redis.connection_pool
        connection = pool.get_connection()
        connection.send_packed_command([data])
        said = [connection.read_response() for _ in range(replies)]
        pool.release(connection)
        assert not any(isinstance(one, redis.RedisError) for one in said)


def written(age_s: float) -> str:
    """An instant of the past as suppliers write it."""
    return f"{np.datetime64(now_ms() - int(age_s * 1000), 'ms')}Z"

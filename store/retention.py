"""How much history is kept: by time since the last write, and by memory, oldest first."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from store import keys
from store.client import Client

log = logging.getLogger("store")

HOUR_MS = 3_600_000
MB = 1_000_000


class Segment(NamedTuple):
    """Ten minutes of one shard; segments sort by their last write."""

    written_ms: float
    shard: int
    bucket: int
    size: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Segments that were dropped, and the bytes that are left, about."""

    by_age: int
    by_memory: int
    kept_bytes: int


class Retention:
    """Drops whole segments."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def forget(self, now_ms: int, hours: float, memory_mb: float) -> Forgotten:
        """Drops what is older than `hours`, then the oldest until `memory_mb` are enough."""
        found = sorted(self._segments())
        aged = [one for one in found if one.written_ms < now_ms - hours * HOUR_MS]
        rest, excess = found[len(aged) :], []
        size = sum(one.size for one in rest)
        while size > memory_mb * MB and rest:
            excess.append(rest.pop(0))
            size -= excess[-1].size
        self._drop(aged, "age")
        self._drop(excess, "memory")
        return Forgotten(len(aged), len(excess), size)

    def _segments(self) -> Iterable[Segment]:
        with self._redis.pipeline(transaction=False) as pipe:
            for shard in range(keys.SHARDS):
                pipe.zrange(keys.segments(shard), 0, -1, withscores=True)
                pipe.hgetall(keys.sizes(shard))
            replies = pipe.execute()
        for shard, (written, sizes) in enumerate(zip(replies[::2], replies[1::2], strict=True)):
            for bucket, at_ms in written:
                yield Segment(at_ms, shard, int(bucket), int(sizes.get(bucket, 0)))

    def _drop(self, segments: Iterable[Segment], why: str) -> None:
        for one in segments:
            with self._redis.pipeline(transaction=True) as pipe:
                pipe.unlink(keys.segment(one.shard, one.bucket))
                pipe.zrem(keys.segments(one.shard), str(one.bucket))
                pipe.hdel(keys.sizes(one.shard), str(one.bucket))
                pipe.execute()
            log.info("history forgotten why=%s bucket=%d bytes=%d", why, one.bucket, one.size)

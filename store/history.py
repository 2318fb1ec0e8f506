"""Hours of history: settled segments of ten minutes, and what the log holds beyond them."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from city.records import Batch, Channel
from city.sight import EVERYTHING, Sight
from store import chunk, keys, tail
from store.client import Client, Entry
from store.reach import reaching
from store.reading import Reading, readings_of
from store.retention import Forgotten, Retention
from store.settling import Settled, settle
from store.tail import Place

BUCKET_MS = 600_000
ALL_TIME = (-(2**62), 2**62)


class HistoryStore:
    """Readings by thing and time, each exactly once."""

    def __init__(self, client: Client) -> None:
        self._redis = client
        self._retention = Retention(client)

    def readings(
        self,
        thing: str,
        from_ms: int | None = None,
        to_ms: int | None = None,
        limit: int | None = None,
        sight: Sight = EVERYTHING,
    ) -> list[Reading]:
        """Readings with from ≤ observed ≤ to in the order of time; `limit` keeps the newest.

        Of a thing that moves, only those from where a sight reaches.
        """
        first = ALL_TIME[0] if from_ms is None else from_ms
        last = ALL_TIME[1] if to_ms is None else to_ms
        with reaching():
            # The log first: what is settled meanwhile is in both, and told once.
            batches = [self._unsettled(thing), *self._settled(thing, first, last)]
        facts = chunk.distinct(batches)
        observed = facts.records["observed_ms"]
        wanted = (observed >= first) & (observed <= last)
        wanted &= facts.records["channel"] == Channel.DATA
        wanted &= sight.within(facts.records["area"])
        rows = np.flatnonzero(wanted)
        if limit is not None:
            rows = rows[max(0, len(rows) - limit) :]
        return readings_of(thing, tail.rows_of(facts, rows))

    def since(self, wanted: Mapping[str, int]) -> Batch:
        """The facts of several things, each from a time of its own on; some may come twice."""
        if not wanted:
            return tail.joined([])
        with reaching():
            batches = [self._unsettled_of(wanted), *self._settled_since(wanted)]
        return tail.joined([batch for batch in batches if len(batch)])

    def everything(self, from_ms: int, to_ms: int) -> Iterator[Batch]:
        """All that is settled of a span of time, ten minutes at once, in the order of time."""
        with reaching(), self._redis.pipeline(transaction=False) as pipe:
            for shard in range(keys.SHARDS):
                pipe.zrange(keys.segments(shard), 0, -1)
            buckets = {int(bucket) for found in pipe.execute() for bucket in found}
        for bucket in sorted(buckets):
            if from_ms // BUCKET_MS <= bucket <= to_ms // BUCKET_MS:
                yield tail.joined([one for one in self._bucket(bucket) if len(one)])

    def settle(self, shard: int) -> Settled:
        """Moves a part of a shard's log into history; see `store.settling`."""
        with reaching():
            return settle(self._redis, shard)

    def forget(self, now_ms: int, hours: float, memory_mb: float) -> Forgotten:
        """Drops the oldest segments beyond what is to be kept; see `store.retention`."""
        with reaching():
            return self._retention.forget(now_ms, hours, memory_mb)

    def _unsettled(self, thing: str) -> Batch:
        return tail.telling_of(self._unsettled_entries(), thing)

    def _unsettled_of(self, things: Container[str]) -> Batch:
        batch = tail.batch_of(self._unsettled_entries())
        numbers = [number for number, name in enumerate(batch.things) if name in things]
        return tail.rows_of(batch, np.flatnonzero(np.isin(batch.records["thing"], numbers)))

    def _settled_since(self, wanted: Mapping[str, int]) -> Iterable[Batch]:
        names = list(wanted)
        first = min(wanted.values(), default=0) // BUCKET_MS
        asked: list[tuple[int, int]] = []
        with self._redis.pipeline(transaction=False) as pipe:
            for shard in range(keys.SHARDS):
                pipe.zrange(keys.segments(shard), 0, -1)
            for shard, found in enumerate(pipe.execute()):
                asked += [(shard, int(bucket)) for bucket in found if int(bucket) >= first]
            for shard, bucket in asked:
                pipe.hmget(keys.segment(shard, bucket), names)
            replies = pipe.execute()
        for chunks in replies:
            for thing, said in zip(names, chunks, strict=True):
                if said:
                    yield from (replace(one, things=[thing]) for one in chunk.read(said))

    def _bucket(self, bucket: int) -> Iterator[Batch]:
        for shard in range(keys.SHARDS):
            with reaching():
                chunks = self._redis.hgetall(keys.segment(shard, bucket))
            for thing, said in chunks.items():
                yield from (replace(one, things=[thing.decode()]) for one in chunk.read(said))

    def _unsettled_entries(self) -> list[Entry]:
        with self._redis.pipeline(transaction=False) as pipe:
            for shard in range(keys.SHARDS):
                pipe.hget(keys.cursor(shard), "settled")
            places = [Place.parse(said) for said in pipe.execute()]
            for shard, place in enumerate(places):
                pipe.xrange(keys.log(shard), min=tail.after(place))
            return [entry for shard in pipe.execute() for entry in shard]

    def _settled(self, thing: str, first: int, last: int) -> Iterable[Batch]:
        with self._redis.pipeline(transaction=False) as pipe:
            for shard in range(keys.SHARDS):
                pipe.zrange(keys.segments(shard), 0, -1)
            for shard, found in enumerate(pipe.execute()):
                for bucket in map(int, found):
                    if first // BUCKET_MS <= bucket <= last // BUCKET_MS:
                        pipe.hget(keys.segment(shard, bucket), thing)
            chunks = pipe.execute()
        return [batch for one in chunks if one for batch in chunk.read(one)]

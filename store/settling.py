"""Settling: a part of a shard's log becomes history and newest rows, in one transaction.

The cursor is watched and moved in the same transaction, so whatever a second watch process did
meanwhile, each entry is settled once, or again with the same result.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import redis

from city.records import Batch
from store import chunk, following, keys, rows, tail
from store.client import Client, Entry, Pipe
from store.tail import Place

BUCKET_MS = 600_000
KEEP_LOG_MS = 60_000
MOST_HELD_MS = 6 * 3_600_000  # a follower that is stuck does not fill the memory
PAGE = 500
MOST_BYTES = 4_000_000  # of packed blocks in one transaction
ROW_OVERHEAD = 48  # bytes a hash spends on a field beyond name and value, about

Groups = dict[int, dict[str, Batch]]  # bucket → thing → readings


@dataclass(frozen=True, slots=True)
class Settled:
    """What one round did; `is_all` when nothing was left."""

    entries: int = 0
    facts: int = 0
    is_all: bool = True


NOTHING = Settled()


def settle(client: Client, shard: int) -> Settled:
    """One round; nothing where another process settled the same entries meanwhile."""
    with client.pipeline(transaction=True) as pipe:
        pipe.watch(keys.cursor(shard))
        place = Place.parse(pipe.hget(keys.cursor(shard), "settled"))
        entries = list(_entries(client, shard, place))
        if not entries:
            return NOTHING
        batch = tail.batch_of(entries)
        newest = _newest(client, shard, batch)
        segments = dict(_segments(client, shard, batch))
        place = Place.parse(entries[-1][0])
        kept = _kept(place, following.slowest(client, shard))
        pipe.multi()
        _write(pipe, shard, newest, segments)
        _move(pipe, shard, segments, place, kept)
        try:
            pipe.execute()
        except redis.WatchError:
            return NOTHING
    is_all = sum(len(entry[1][b"b"]) for entry in entries) < MOST_BYTES
    return Settled(len(entries), len(batch), is_all)


def _entries(client: Client, shard: int, place: Place) -> Iterator[Entry]:
    size = 0
    while size < MOST_BYTES:
        page = client.xrange(keys.log(shard), min=tail.after(place), count=PAGE)
        for entry in page:
            yield entry
            size += len(entry[1][b"b"])
            if size >= MOST_BYTES:
                return
        if len(page) < PAGE:
            return
        place = Place.parse(page[-1][0])


def _newest(client: Client, shard: int, batch: Batch) -> Mapping[str, bytes]:
    """The rows of the batch's things, folded with what was settled before."""
    things = list(dict.fromkeys(batch.things))
    if not things:
        return {}
    before = client.hmget(keys.newest(shard), things)
    known = rows.unpack((thing, row) for thing, row in zip(things, before, strict=True) if row)
    return rows.winners(tail.joined([known, batch]))


def _segments(
    client: Client, shard: int, batch: Batch
) -> Iterator[tuple[int, tuple[dict[str, bytes], int]]]:
    """Bucket → its changed chunks, and by how many bytes they grew."""
    for bucket, readings in grouped(batch).items():
        before = client.hmget(keys.segment(shard, bucket), list(readings))
        chunks = {
            thing: chunk.add(old or b"", fresh)
            for (thing, fresh), old in zip(readings.items(), before, strict=True)
        }
        new = sum(ROW_OVERHEAD + len(thing) for thing, old in zip(readings, before, strict=True)
                  if old is None)  # fmt: skip
        grown = sum(map(len, chunks.values())) - sum(len(old) for old in before if old)
        yield bucket, (chunks, grown + new)


def _kept(place: Place, slowest: Place | None) -> Place:
    """From where on the log stays: a minute, and what a follower has not read yet."""
    kept = Place(max(0, place.ms - KEEP_LOG_MS), 0)
    held = kept if slowest is None else min(kept, slowest)
    return max(held, Place(max(0, place.ms - MOST_HELD_MS), 0))


def _write(
    pipe: Pipe,
    shard: int,
    newest: Mapping[str, bytes],
    segments: Mapping[int, tuple[dict[str, bytes], int]],
) -> None:
    if newest:
        pipe.hset(keys.newest(shard), mapping=dict(newest))
    for bucket, (chunks, grown) in segments.items():
        pipe.hset(keys.segment(shard, bucket), mapping=dict(chunks))
        pipe.hincrby(keys.sizes(shard), str(bucket), grown)


def _move(pipe: Pipe, shard: int, segments: Iterable[int], place: Place, kept: Place) -> None:
    """The cursor behind what is settled; readers find out by `trimmed` that they were slower."""
    pipe.zadd(keys.segments(shard), {str(bucket): place.ms for bucket in segments})
    pipe.hset(keys.cursor(shard), mapping={"settled": str(place), "trimmed": str(kept)})
    pipe.xtrim(keys.log(shard), minid=str(kept), approximate=False)


def grouped(batch: Batch) -> Groups:
    """Facts by bucket and thing, in the order of time, each identity once."""
    names = list(dict.fromkeys(batch.things))
    codes = {thing: code for code, thing in enumerate(names)}
    of_row = np.array([codes[thing] for thing in batch.things], np.int64)
    records = batch.records
    things, buckets = of_row[records["thing"]], records["observed_ms"] // BUCKET_MS
    identity = (records["seq"], records["channel"], records["observed_ms"], things)
    order = np.lexsort(identity)
    new = np.ones(len(order), bool)
    new[1:] = np.any([column[order][1:] != column[order][:-1] for column in identity], axis=0)
    order = order[new]
    return _cut(names, things[order], buckets[order], order, batch)


def _cut(
    names: list[str], things: np.ndarray, buckets: np.ndarray, order: np.ndarray, batch: Batch
) -> Groups:
    records = batch.records[order]
    records["thing"] = 0
    first = np.ones(len(order), bool)
    first[1:] = (things[1:] != things[:-1]) | (buckets[1:] != buckets[:-1])
    starts = [*np.flatnonzero(first).tolist(), len(order)]
    payloads = [batch.payloads[row] for row in order.tolist()]
    found: Groups = {}
    for start, end in pairwise(starts):
        fresh = Batch([""], records[start:end], payloads[start:end])
        found.setdefault(int(buckets[start]), {})[names[things[start]]] = fresh
    return found

"""Following a shard's log from a place of one's own: read on, do, then say how far one is.

The place is kept beside the log. What is done with the entries comes before the place moves and
must do no harm when it is done again (it is at least once); what is written together with the
place (dead letters) is written once, also when two processes follow for a moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import redis

from city.health import DeadLetter
from city.records import Batch, Channel
from store import counters, keys, tail
from store.client import Client, Pipe
from store.log import DEAD_LETTERS
from store.reach import reaching
from store.tail import Place

PAGE = 200  # entries at once


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was read of a shard's log, between two places in it."""

    shard: int
    batch: Batch
    before: Place
    after: Place
    is_full: bool = False  # there may be more behind it

    @property
    def is_empty(self) -> bool:
        """Whether nothing new was there."""
        return self.before == self.after

    def of(self, channel: Channel) -> Batch:
        """The facts of one channel."""
        rows = np.flatnonzero(self.batch.records["channel"] == channel)
        return tail.rows_of(self.batch, rows)


class Follower:
    """One of `keys.FOLLOWERS`; the log is not trimmed before they all have read it."""

    def __init__(self, client: Client, name: str) -> None:
        self._redis = client
        self._name = name

    def read(self, shard: int, most: int = PAGE) -> Stretch:
        """What comes after the place; at most so many entries."""
        with reaching():
            before = Place.parse(self._redis.get(keys.follower(shard, self._name)))
            entries = self._redis.xrange(keys.log(shard), min=tail.after(before), count=most)
        after = Place.parse(entries[-1][0]) if entries else before
        return Stretch(shard, tail.batch_of(entries), before, after, len(entries) == most)

    def commit(self, stretch: Stretch, letters: Sequence[DeadLetter] = ()) -> bool:
        """Moves the place behind a stretch; False where another process did it meanwhile."""
        key = keys.follower(stretch.shard, self._name)
        with reaching(), self._redis.pipeline(transaction=True) as pipe:
            pipe.watch(key)
            if Place.parse(pipe.get(key)) != stretch.before:
                return False
            pipe.multi()
            pipe.set(key, str(stretch.after).encode())
            for letter in letters:
                _bury(pipe, stretch.shard, letter)
            try:
                pipe.execute()
            except redis.WatchError:
                return False
        return True


def slowest(client: Client, shard: int) -> Place | None:
    """How far all that follow a shard have read; None where nobody does."""
    places = client.mget([keys.follower(shard, name) for name in keys.FOLLOWERS])
    return min((Place.parse(place) for place in places if place), default=None)


def _bury(pipe: Pipe, shard: int, letter: DeadLetter) -> None:
    """A dead letter, counted as the ingest counts its own (`store.log`)."""
    fields = {
        "feed": letter.feed, "topic": letter.topic, "reason": letter.reason,
        "sentence": letter.sentence, "received_ms": letter.received_ms,
        "payload": letter.payload, "size": letter.size,
    }  # fmt: skip
    pipe.xadd(keys.dead(shard), fields, maxlen=DEAD_LETTERS)
    rejected = f"{letter.feed}|{counters.REJECTED}|{letter.reason}"
    pipe.hincrby(keys.health(shard), rejected, 1)
    pipe.hincrby(keys.health(shard), counters.DEAD, 1)

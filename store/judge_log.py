"""What the judge reads: every log behind a place of its own, and what was known at that place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from city.quality import Quality
from city.records import Batch
from city.silence import Heard
from city.units import CODES
from store import keys, rows, tail
from store.client import Client, Entry
from store.newest import NewestTable
from store.reach import reaching
from store.tail import START, Place

PAGE = 200  # entries of one log at once
SCAN = 2000
FOLLOWER = "alarms"
RESTING = (CODES["off_duty"], CODES["out_of_contact"])


@dataclass(frozen=True, slots=True)
class Read:
    """One round: what was read, from where to where, and whether there may be more."""

    batch: Batch
    before: Mapping[int, Place]
    after: Mapping[int, Place]
    is_level: bool
    lost: Mapping[int, Place]  # shards whose log was trimmed beyond our place, and to where


class JudgeLog:
    """The logs of all shards, in the order of each."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def read(self, places: Mapping[int, Place]) -> Read:
        """What comes after these places."""
        shards = sorted(places)
        with reaching(), self._redis.pipeline(transaction=False) as pipe:
            for shard in shards:
                pipe.xrange(keys.log(shard), min=tail.after(places[shard]), count=PAGE)
                pipe.hget(keys.cursor(shard), "trimmed")
            replies = pipe.execute()
        pages: list[list[Entry]] = replies[::2]
        trimmed = dict(zip(shards, map(Place.parse, replies[1::2]), strict=True))
        return Read(
            tail.batch_of(entry for page in pages for entry in page),
            places,
            {shard: Place.parse(page[-1][0]) for shard, page in zip(shards, pages, strict=True)
             if page},
            all(len(page) < PAGE for page in pages),
            {shard: place for shard, place in trimmed.items() if place > places[shard] > START},
        )  # fmt: skip

    def known(self, places: Mapping[int, Place]) -> Iterator[Batch]:
        """The newest of every thing at these places, or later."""
        for shard, place in places.items():
            with reaching():
                settled = Place.parse(self._redis.hget(keys.cursor(shard), "settled"))
                found = self._redis.hscan_iter(keys.newest(shard), count=SCAN)
                yield rows.unpack((thing.decode(), row) for thing, row in found)
                while settled < place:
                    page = self._redis.xrange(keys.log(shard), min=tail.after(settled), count=PAGE)
                    here = [entry for entry in page if Place.parse(entry[0]) <= place]
                    yield tail.batch_of(here)
                    settled = Place.parse(here[-1][0]) if here else place

    def done(self, places: Mapping[int, Place]) -> None:
        """The logs may be trimmed up to these places; told after they were written."""
        with reaching(), self._redis.pipeline(transaction=False) as pipe:
            for shard, place in places.items():
                pipe.set(keys.follower(shard, FOLLOWER), str(place).encode())
            pipe.execute()


def heard(table: NewestTable) -> Heard:
    """When everything was heard last; 0 for what has never measured."""
    records = table.records
    # A clock that runs ahead is not believed: its thing was heard when we heard it.
    ahead = (records["quality"] & Quality.CLOCK_AHEAD) > 0
    newest_ms = np.where(ahead, records["received_ms"], records["observed_ms"])
    return Heard(
        table.ids,
        table.index,
        np.maximum(newest_ms, 0),
        np.maximum(table.period_s, 0.001),
        np.isin(records["status"], RESTING),
    )

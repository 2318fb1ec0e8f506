"""The newest of everything in this process: the settled rows, then the tail of the log."""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from city.kinds import KINDS, Kind
from city.records import Batch
from city.things import ThingKey
from store import counters, keys, rows, tail
from store.client import Client, Entry
from store.newest import NewestTable, Rows
from store.reach import reaching
from store.tail import Place

PAGE = 256  # entries per shard and round
SCAN = 2000


@dataclass(frozen=True, slots=True)
class Changed:
    """What moved since the last look: indices into the table, and the versions of what is seen."""

    indices: Rows
    reset: bool  # everything may have changed: start anew
    versions: Mapping[str, int]  # things, feeds, dead: only ever grow


class LiveStore:
    """A table that follows the log; hold `lock` to read several columns of one moment."""

    def __init__(self, client: Client, kinds: Iterable[Kind] = KINDS) -> None:
        self.table = NewestTable(kinds)
        self.lock = threading.RLock()
        self._redis = client
        self._following = threading.Lock()  # one thread at a time reads the log
        self._places: dict[int, Place] = {}
        self._pending: list[Rows] = []
        self._reset = True
        self._versions = {"things": 0, "feeds": 0, "dead": 0}
        self._buried: dict[int, int] = {}

    def catch_up(self) -> Changed:
        """Reads what is new, and tells every change since the last `catch_up`, once."""
        self.refresh()
        with self.lock:
            pending, self._pending = self._pending, []
            reset, self._reset = self._reset, False
            indices = np.unique(np.concatenate(pending)) if pending else np.empty(0, np.int64)
            return Changed(indices, reset, dict(self._versions))

    def refresh(self) -> None:
        """Reads what is new; the next `catch_up` will tell of it."""
        with self._following, reaching():
            for shard in range(keys.SHARDS):
                if shard not in self._places:
                    self._load(shard)
            while self._follow():
                pass

    def of_kinds(self, kinds: Collection[str]) -> np.ndarray:
        """The newest records of the things of some kinds."""
        self.refresh()
        with self.lock:
            ids = self.table.ids
            rows = [row for row, name in enumerate(ids) if ThingKey.parse(name).kind in kinds]
            found: np.ndarray = self.table.records[rows]
            return found

    def _follow(self) -> bool:
        """One round over all shards; whether there is more."""
        replies = self._ask()
        entries: list[Entry] = []
        more = False
        for shard, (found, (trimmed,), (buried,)) in enumerate(replies):
            self._count_dead(shard, int(buried or 0))
            if Place.parse(trimmed) > self._places[shard]:
                self._load(shard)
                more = True
                continue
            entries += found
            more |= len(found) == PAGE
        self._apply(tail.batch_of(entries), bool(entries))
        for shard, (found, _, _) in enumerate(replies):
            if found:
                self._places[shard] = max(self._places[shard], Place.parse(found[-1][0]))
        return more

    def _ask(self) -> Sequence[tuple[list[Entry], list[bytes | None], list[bytes | None]]]:
        with self._redis.pipeline(transaction=False) as pipe:
            for shard, place in sorted(self._places.items()):
                pipe.xrange(keys.log(shard), min=tail.after(place), count=PAGE)
                pipe.hmget(keys.cursor(shard), ["trimmed"])
                pipe.hmget(keys.health(shard), [counters.DEAD])
            replies = pipe.execute()
        return list(zip(replies[::3], replies[1::3], replies[2::3], strict=True))

    def _load(self, shard: int) -> None:
        """The settled rows; what the log says beyond them comes with the next round."""
        settled = Place.parse(self._redis.hget(keys.cursor(shard), "settled"))
        found = self._redis.hscan_iter(keys.newest(shard), count=SCAN)
        batch = rows.unpack((thing.decode(), row) for thing, row in found)
        self._apply(batch, len(batch) > 0)
        self._places[shard] = settled

    def _apply(self, batch: Batch, is_news: bool) -> None:
        if not is_news:
            return
        with self.lock:
            changed = self.table.apply(batch)
            self._versions["feeds"] += 1
            if len(changed):
                self._pending.append(changed)
                self._versions["things"] += 1

    def _count_dead(self, shard: int, buried: int) -> None:
        if buried != self._buried.get(shard, 0):
            self._buried[shard] = buried
            with self.lock:
                self._versions["dead"] += 1
                self._versions["feeds"] += 1

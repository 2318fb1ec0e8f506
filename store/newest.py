"""The newest of every thing: a fold of the log, the same in whatever order the log is read.

Data, state and registration (meta) are folded apart, each by `store.order`. What is drawn is one
record per thing: its newest reading, placed by its registration where it has no position of its
own. Neither events nor answers move it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from city.kinds import KINDS, Kind
from city.records import FOLDED, NO_HEADING, NOWHERE, RECORD, Batch, Channel
from city.sight import Sight, department_code
from store import order, payload
from store.judging import Rules
from store.payload import OFFLINE
from store.presence import freshness_codes
from store.properties import feature_of, properties_of

Json = dict[str, Any]
Rows = npt.NDArray[np.int64]

PLACE = ["lon", "lat", "cell", "area"]
FIRST_ROOM = 1024


def nothing() -> np.ndarray:
    """The record of a thing that has said nothing yet."""
    empty = np.zeros((), RECORD)
    empty["observed_ms"] = empty["received_ms"] = order.NEVER
    empty["lon"] = empty["lat"] = NOWHERE
    empty["value"] = empty["speed"] = np.nan
    empty["heading"] = NO_HEADING
    return empty


class NewestTable:
    """Columns by thing; an index, once given, stays with its thing."""

    def __init__(self, kinds: Iterable[Kind] = KINDS) -> None:
        self.ids: list[str] = []
        self.index: dict[str, int] = {}
        self.payloads: list[bytes] = []  # of the newest reading
        self.metas: list[Json | None] = []
        self._rules = Rules(kinds)
        self._room = 0
        self._columns: dict[str, np.ndarray] = {}
        self._winners: dict[Channel, np.ndarray] = {}
        self._grow(FIRST_ROOM)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def records(self) -> np.ndarray:
        """What is drawn; observed_ms is `order.NEVER` for a thing without a reading."""
        return self._columns["drawn"][: len(self.ids)]

    @property
    def online(self) -> npt.NDArray[np.uint8]:
        """What the state channel said last: 0 nothing, 1 online, 2 offline."""
        return self._columns["online"][: len(self.ids)]

    def is_offline(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which things said that they are gone, and nothing since."""
        state_ms = self._winners[Channel.STATE]["observed_ms"][rows]
        data_ms = self._winners[Channel.DATA]["observed_ms"][rows]
        gone: npt.NDArray[np.bool_] = (self.online[rows] == OFFLINE) & (state_ms >= data_ms)
        return gone

    @property
    def period_s(self) -> npt.NDArray[np.float32]:
        """How often each thing is expected to speak."""
        return self._columns["period_s"][: len(self.ids)]

    @property
    def level(self) -> npt.NDArray[np.uint8]:
        """0, or the level 1 … 4 that the newest reading reaches."""
        return self._columns["level"][: len(self.ids)]

    @property
    def department(self) -> npt.NDArray[np.uint32]:
        """The department of each thing, see `city.sight.department_code`."""
        return self._columns["department"][: len(self.ids)]

    def seen(self, sight: Sight) -> npt.NDArray[np.bool_]:
        """Which things somebody may look at."""
        return sight.seen(self.records["area"], self.department)

    def may_see(self, sight: Sight, i: int) -> bool:
        """Whether he may look at one."""
        return sight.sees(self.ids[i], int(self.records[i]["area"]))

    def apply(self, batch: Batch) -> Rows:
        """Folds a batch in; the indices of the things it changed, each once."""
        records = batch.records
        if not len(records):
            return np.empty(0, np.int64)
        places = self._places(batch)
        changed = [
            self._fold(channel, np.flatnonzero(records["channel"] == channel), batch, places)
            for channel in FOLDED
        ]
        touched = np.unique(np.concatenate(changed))
        self._draw(touched)
        return touched

    def freshness(self, now_ms: int) -> npt.NDArray[np.uint8]:
        """The state of each thing as a code of `store.presence.STATES`."""
        return self._freshness(np.arange(len(self.ids)), now_ms)

    def properties(self, i: int, now: datetime) -> Json:
        """What the API says of a thing."""
        state = int(self._freshness(np.array([i]), int(now.timestamp() * 1000))[0])
        return properties_of(
            self.ids[i], self.records[i], self.payloads[i], self.metas[i],
            state=state, online=int(self.online[i]), level=int(self.level[i]),
            period_s=float(self.period_s[i]),
        )  # fmt: skip

    def feature(self, i: int, now: datetime) -> Json:
        """A thing as a GeoJSON feature."""
        return feature_of(self.ids[i], self.records[i], self.properties(i, now))

    def _freshness(self, rows: Rows, now_ms: int) -> npt.NDArray[np.uint8]:
        said = {channel: self._winners[channel][rows] for channel in FOLDED}
        return freshness_codes(
            data_ms=said[Channel.DATA]["observed_ms"],
            state_ms=said[Channel.STATE]["observed_ms"],
            meta_ms=said[Channel.META]["received_ms"],
            online=self.online[rows],
            period_s=self.period_s[rows],
            now_ms=now_ms,
        )

    def _places(self, batch: Batch) -> Rows:
        """Our index of each record's thing; −1 for things of which only events and answers tell."""
        known = np.array([self.index.get(thing, -1) for thing in batch.things], np.int64)
        places: Rows = known[batch.records["thing"]]
        new = (places < 0) & np.isin(batch.records["channel"], FOLDED)
        if new.any():
            for number in np.unique(batch.records["thing"][new]).tolist():
                name = batch.things[number]  # joined batches may name it more than once
                known[number] = self.index[name] if name in self.index else self._add(name)
            places = known[batch.records["thing"]]
        return places

    def _add(self, thing: str) -> int:
        place = len(self.ids)
        if place == self._room:
            self._grow(2 * self._room)
        kind = self._rules.place(thing.split("/", 2)[1] if "/" in thing else "")
        self._columns["kind"][place] = kind
        self._columns["department"][place] = department_code(thing.split("/", 1)[0])
        self._columns["period_s"][place] = self._rules.period_s(kind)
        self.payloads.append(b"")
        self.metas.append(None)
        self.index[thing] = place
        self.ids.append(thing)
        return place

    def _grow(self, room: int) -> None:
        empty = nothing()
        fills = {
            "drawn": empty, "kind": np.uint16(0), "department": np.uint32(0),
            "online": np.uint8(0), "period_s": np.float32(0), "level": np.uint8(0),
        }  # fmt: skip
        self._columns = {
            name: _grown(self._columns.get(name), fill, room) for name, fill in fills.items()
        }
        self._winners = {
            channel: _grown(self._winners.get(channel), empty, room) for channel in FOLDED
        }
        self._room = room

    def _fold(self, channel: Channel, rows: Rows, batch: Batch, places: Rows) -> Rows:
        """The things whose newest fact of a channel is in these rows."""
        if not len(rows):
            return rows
        ranks = order.rank(batch.records[rows])
        last = order.last_of_each(places[rows], ranks)
        rows, ranks = rows[last], ranks[:, last]
        winners = self._winners[channel]
        newer = order.is_newer(ranks, order.rank(winners[places[rows]]))
        rows, there = rows[newer], places[rows[newer]]
        winners[there] = batch.records[rows]
        self._keep(channel, there.tolist(), [batch.payloads[row] for row in rows.tolist()])
        return there

    def _keep(self, channel: Channel, there: Sequence[int], payloads: Sequence[bytes]) -> None:
        for place, said in zip(there, payloads, strict=True):
            if channel == Channel.DATA:
                self.payloads[place] = said
            elif channel == Channel.STATE:
                self._columns["online"][place] = payload.presence(said)
            else:
                self._register(place, payload.facts(said))

    def _register(self, place: int, meta: Json) -> None:
        self.metas[place] = meta
        default = self._rules.period_s(int(self._columns["kind"][place]))
        self._columns["period_s"][place] = payload.period_s(meta) or default

    def _draw(self, rows: Rows) -> None:
        """Puts reading and registration together."""
        drawn = self._winners[Channel.DATA][rows]
        meta = self._winners[Channel.META][rows]
        placed = (drawn["lon"] == NOWHERE) & (meta["lon"] != NOWHERE)
        for name in PLACE:
            drawn[name] = np.where(placed, meta[name], drawn[name])
        homeless = drawn["area"] == 0
        drawn["area"] = np.where(homeless, meta["area"], drawn["area"])
        self._columns["drawn"][rows] = drawn
        self._columns["level"][rows] = self._rules.levels(self._columns["kind"][rows], drawn)


def _grown(column: np.ndarray | None, fill: Any, room: int) -> np.ndarray:
    grown = np.full(room, fill)
    if column is not None:
        grown[: len(column)] = column
    return grown

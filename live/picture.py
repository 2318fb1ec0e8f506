"""The picture that all browsers share: what was told of every thing up to the last tick."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from city.quality import UNCERTAIN
from city.records import NO_HEADING, NOWHERE
from city.sight import Sight
from live import frames
from live.frames import ROW, Flag, Section, section
from live.layers import Layers
from live.looks import Look
from store.newest import NewestTable, Rows

FIRST_ROOM = 1024
MOST_SECONDS = 2**32 - 1
EVERYWHERE = Look()


@dataclass(slots=True)
class Moved:
    """One tick's changes: the rows before and after, in the order of their layers."""

    before: np.ndarray
    after: np.ndarray
    now_ms: int
    tick: int
    _frames: dict[Look, bytes] = field(default_factory=dict)
    _whole: dict[int, bytes] = field(default_factory=dict)

    def frame(self, look: Look) -> bytes:
        """What changed in a look; made once for all who share it."""
        if look not in self._frames:
            self._frames[look] = self._frame(look)
        return self._frames[look]

    def layers(self) -> list[int]:
        """The layers in which something changed."""
        return [int(layer) for layer in np.unique(self.after["layer"])]

    def _frame(self, look: Look) -> bytes:
        layers = [layer for layer in self.layers() if layer in look.layers]
        if not look.is_whole:
            return b"".join(self._sections(layer, look) for layer in layers)
        for layer in layers:
            if layer not in self._whole:
                self._whole[layer] = self._sections(layer, EVERYWHERE)
        return b"".join(self._whole[layer] for layer in layers)

    def _sections(self, layer: int, look: Look) -> bytes:
        mine = self.after["layer"] == layer
        before, after = self.before[mine], self.after[mine]
        there = look.sees(after)
        told = [(Section.DELTA, after[there]), (Section.GONE, after[look.sees(before) & ~there])]
        return b"".join(
            section(kind, layer, rows, self.now_ms, self.tick) for kind, rows in told if len(rows)
        )


class Picture:
    """Rows of all things, in the numbering of the newest table."""

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        self.rows = np.zeros(0, ROW)
        self.tick = 0
        self._room = np.zeros(FIRST_ROOM, ROW)

    def look_again(self, table: NewestTable, changed: Rows, now_ms: int) -> Moved:
        """Takes over what changed, and the states that changed by time alone."""
        self.tick += 1
        self._welcome(table)
        states = table.freshness(now_ms)
        aged = np.flatnonzero(states != self.rows["state"])
        indices = np.union1d(changed, aged)
        before = self.rows[indices]
        self.rows[indices] = self._drawn(table, indices, states)
        return Moved(before, self.rows[indices], now_ms, self.tick)

    def snapshot(self, look: Look, layers: Iterable[int], now_ms: int) -> bytes:
        """All that is seen of some layers; an empty layer is told too."""
        seen = self.rows[look.sees(self.rows)]
        return b"".join(
            section(Section.SNAPSHOT, layer, seen[seen["layer"] == layer], now_ms, self.tick)
            for layer in sorted(layers)
        )

    def count(self, sight: Sight) -> int:
        """How many things are seen."""
        return int(sight.seen(self.rows["area"], self.rows["department"]).sum())

    def _welcome(self, table: NewestTable) -> None:
        ids, known = table.ids, len(self.rows)
        while len(ids) > len(self._room):
            self._room = np.concatenate([self._room, np.zeros_like(self._room)])
        self.rows = self._room[: len(ids)]
        if len(ids) > known:
            new = self.rows[known:]
            new["index"] = np.arange(known, len(ids))
            new["layer"] = list(self._layers_of(ids[known:]))
            new["department"] = table.department[known:]
            new["state"] = 255  # told with the next look, whatever it is

    def _layers_of(self, ids: Iterable[str]) -> Iterator[int]:
        for thing in ids:
            yield self.layers.number(thing.split("/", 2)[1])

    def _drawn(self, table: NewestTable, indices: Rows, states: np.ndarray) -> np.ndarray:
        records, rows = table.records[indices], self.rows[indices]
        rows["lon"], rows["lat"] = records["lon"], records["lat"]
        rows["is_placed"] = records["lon"] != NOWHERE
        rows["area"] = records["area"]
        rows["observed_s"] = np.clip(records["observed_ms"] // 1000, 0, MOST_SECONDS)
        rows["heading"] = _degrees(records["heading"])
        rows["period_s"] = np.clip(table.period_s[indices], 1, 65535)
        rows["value"] = records["value"]
        rows["level"] = table.level[indices]
        rows["state"] = states[indices]
        rows["flags"] = self._flags(records, rows["layer"])
        rows["status"] = records["status"]
        return rows

    def _flags(self, records: np.ndarray, layers: np.ndarray) -> np.ndarray:
        moving = np.array([kind.moves for kind in self.layers.kinds], bool)[layers]
        moving |= ~np.isnan(records["speed"]) | (records["heading"] != NO_HEADING)
        doubted = (records["quality"] & int(UNCERTAIN)) != 0
        return np.asarray(doubted * int(Flag.UNCERTAIN) + moving * int(Flag.MOVES), np.uint8)


def _degrees(hundredths: np.ndarray) -> np.ndarray:
    known = np.round(hundredths / 100).astype(np.uint16) % 360
    return np.where(hundredths == NO_HEADING, frames.NO_HEADING, known)

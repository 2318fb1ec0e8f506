"""The sieve: which of many readings could matter to a rule, in columns.

It lets through too many rather than too few: what falls through can change no alarm. So only
candidates, and readings of things under watch, cost more than a few instructions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from city.alarm_rules import Measure, Rule
from city.judgement import FORGET_MS, MINUTE_MS, Fact, Memory
from city.quality import NOT_JUDGED, Quality
from city.records import Batch, Channel
from city.rulebook import Rulebook
from city.watching import NEVER

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
REMEMBERING = {Measure.RISE, Measure.FROZEN}
FIRST_ROOM = 1024


class Readings(NamedTuple):
    """The readings of a batch that may be judged, sorted by thing, time and sequence."""

    things: Ints  # numbers of the sieve
    at_ms: Ints
    records: np.ndarray

    def facts(self, rows: Ints) -> list[Fact]:
        """Some of them as the judge needs them."""
        some = self.records[rows]
        columns = (some["seq"], some["value"], some["lon"], some["lat"], some["cell"],
                   some["area"], some["received_ms"])  # fmt: skip
        lists = [self.at_ms[rows].tolist(), *(column.tolist() for column in columns)]
        return [Fact(*values) for values in zip(*lists, strict=True)]


@dataclass(slots=True)
class Column:
    """What is known per thing; grows as things come."""

    fill: float
    dtype: str
    values: np.ndarray

    @classmethod
    def of(cls, fill: float, dtype: str) -> "Column":
        return cls(fill, dtype, np.full(FIRST_ROOM, fill, dtype))

    def grow(self, room: int) -> None:
        """Room for more things."""
        grown = np.full(room, self.fill, self.dtype)
        grown[: len(self.values)] = self.values
        self.values = grown


class Sieve:
    """Numbers by thing; a number, once given, stays with its thing."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.names: list[str] = []
        self.rules: list[tuple[Rule, ...]] = []
        self._rulebook = rulebook
        self._numbers: dict[str, int] = {}
        self._fences = [rule for rule in rulebook.rules if rule.measure == Measure.BREACH]
        self._columns = {
            "sign": Column.of(1, "f4"),
            "first": Column.of(float("nan"), "f4"),  # the first limit of the value, times sign
            "rise": Column.of(float("inf"), "f8"),
            "frozen_s": Column.of(float("inf"), "f8"),
            "remembers": Column.of(0, "?"),
            "watched": Column.of(0, "?"),
            "fences": Column.of(0, "i8"),  # one bit each
            "newest_ms": Column.of(NEVER, "i8"),  # of whatever is known of a thing
            "judged_ms": Column.of(NEVER, "i8"),  # of what went through here
            "last_ms": Column.of(NEVER, "i8"),  # the reading before, with its value
            "last": Column.of(float("nan"), "f4"),
            "since_ms": Column.of(NEVER, "i8"),  # since when its value is the same
        }

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name].values

    def number(self, thing: str) -> int:
        """The number of a thing, a new one for a new thing."""
        if thing not in self._numbers:
            self._add(thing)
        return self._numbers[thing]

    def readings(self, batch: Batch) -> Readings:
        """What may be judged in a batch."""
        records = batch.records
        rows = np.flatnonzero(
            (records["channel"] == Channel.DATA) & ((records["quality"] & NOT_JUDGED) == 0)
        )
        mine = records[rows]
        numbers = np.array([self.number(thing) for thing in batch.things], np.int64)
        things = numbers[mine["thing"]] if len(rows) else np.empty(0, np.int64)
        # A clock that runs ahead is not believed: such a reading is of when it came.
        ahead = (mine["quality"] & Quality.CLOCK_AHEAD) > 0
        at_ms = np.where(ahead, mine["received_ms"], mine["observed_ms"])
        order = np.lexsort((mine["seq"], at_ms, things))
        return Readings(things[order], at_ms[order], mine[order])

    def by_thing(self, batch: Batch) -> Mapping[str, list[Fact]]:
        """The readings of a batch that may be judged, thing by thing."""
        readings = self.readings(batch)
        return self.grouped(readings, np.arange(len(readings.things)))

    def grouped(self, readings: Readings, rows: Ints) -> dict[str, list[Fact]]:
        """Some readings, thing by thing; `rows` ascend."""
        things, facts = readings.things[rows], readings.facts(rows)
        starts = np.flatnonzero(np.diff(things, prepend=-1)).tolist()
        return {
            self.names[things[start]]: facts[start:end]
            for start, end in pairwise([*starts, len(facts)])
        }

    def candidates(self, readings: Readings) -> Bools:
        """Which of them could matter."""
        things, value = readings.things, readings.records["value"]
        found = self["sign"][things] * value >= self["first"][things]
        remembered = np.flatnonzero(self["remembers"][things] & ~np.isnan(value))
        if len(remembered):
            found[remembered] |= self._remembered(_some(readings, remembered))[0]
        for bit, rule in enumerate(self._fences):
            rows = np.flatnonzero(self["fences"][things] & (1 << bit))
            if len(rows) and rule.fence:
                some = readings.records[rows]
                found[rows] |= rule.fence.breached(some["lon"], some["lat"])
        return np.asarray(found, bool)

    def learn(self, readings: Readings) -> None:
        """These have been judged."""
        last = _last_of_each(readings.things)
        there, at_ms = readings.things[last], readings.at_ms[last]
        for name in ("newest_ms", "judged_ms"):
            self[name][there] = np.maximum(self[name][there], at_ms)
        valued = np.flatnonzero(~np.isnan(readings.records["value"]))
        some = _some(readings, valued)
        since = self._remembered(some)[1]
        last = _last_of_each(some.things)
        last = last[some.at_ms[last] > self["last_ms"][some.things[last]]]
        there = some.things[last]
        self["last_ms"][there] = some.at_ms[last]
        self["last"][there] = some.records["value"][last]
        self["since_ms"][there] = since[last]

    def memory(self, number: int) -> Memory | None:
        """The reading before, where it is known with all that a rule may ask of it."""
        at_ms, since_ms = int(self["last_ms"][number]), int(self["since_ms"][number])
        if at_ms == NEVER or since_ms == NEVER:
            return None
        return Memory(at_ms, float(self["last"][number]), since_ms)

    def seed(self, thing: str, record: np.void) -> None:
        """The newest reading that the store knew of a thing before any went through here."""
        number, quality = self.number(thing), int(record["quality"])
        ahead = quality & Quality.CLOCK_AHEAD
        at_ms = int(record["received_ms"] if ahead else record["observed_ms"])
        self["newest_ms"][number] = max(self["newest_ms"][number], at_ms)
        is_fit = not quality & NOT_JUDGED and not np.isnan(record["value"])
        # Since when a value has been the same only history can tell.
        if is_fit and np.isinf(self["frozen_s"][number]) and at_ms > self["last_ms"][number]:
            self["last_ms"][number] = self["since_ms"][number] = at_ms
            self["last"][number] = record["value"]

    def calmed(self, thing: str, at_ms: int, memory: Memory | None) -> None:
        """A watch ended after the reading of that time."""
        number = self.number(thing)
        for name in ("newest_ms", "judged_ms"):
            self[name][number] = max(self[name][number], at_ms)
        if memory is not None and memory.at_ms >= self["last_ms"][number]:
            self["last_ms"][number], self["last"][number] = memory.at_ms, memory.value
            self["since_ms"][number] = memory.same_since_ms

    def _remembered(self, readings: Readings) -> tuple[Bools, Ints]:
        """Which readings with a value matter to a memory, and since when each is the same."""
        things, at_ms, value = readings.things, readings.at_ms, readings.records["value"]
        first = np.ones(len(things), bool)
        first[1:] = things[1:] != things[:-1]
        before_ms = np.where(first, self["last_ms"][things], np.roll(at_ms, 1))
        before = np.where(first, self["last"][things], np.roll(value, 1)).astype(np.float64)
        known = np.where(first, self["since_ms"][things], 0)
        moved = (value != before) | (at_ms - before_ms > FORGET_MS)
        start = np.where(moved, at_ms, known)
        marked = first | moved
        latest = np.maximum.accumulate(np.where(marked, np.arange(len(things)), 0))
        since = start[latest]
        # Late ones, and the first after a start of what was known, are judged with their history.
        unknown = (self["since_ms"][things] == NEVER) & (self["newest_ms"][things] != NEVER)
        found = (at_ms <= self["last_ms"][things]) | unknown
        apart_ms = np.maximum(at_ms - before_ms, MINUTE_MS)
        rise = (value.astype(np.float64) - before) / apart_ms * MINUTE_MS
        found |= rise >= self["rise"][things]
        found |= (at_ms - since) / 1000 >= self["frozen_s"][things]
        return np.asarray(found, bool), since

    def _add(self, thing: str) -> None:
        number = len(self.names)
        if number == len(self["first"]):
            for column in self._columns.values():
                column.grow(2 * number)
        self.names.append(thing)
        self._numbers[thing] = number
        rules = self._rulebook.rules_for(thing)
        self.rules.append(rules)
        self["remembers"][number] = any(rule.measure in REMEMBERING for rule in rules)
        for rule in rules:
            self._row(number, rule)

    def _row(self, number: int, rule: Rule) -> None:
        if rule.measure == Measure.VALUE:
            sign = -1 if rule.falls else 1
            self["sign"][number] = sign
            self["first"][number] = min(sign * limit for limit in rule.limits)
        elif rule.measure == Measure.RISE:
            self["rise"][number] = min(rule.limits)
        elif rule.measure == Measure.FROZEN:
            self["frozen_s"][number] = min(rule.limits)
        else:
            bit = next(at for at, one in enumerate(self._fences) if one.id == rule.id)
            self["fences"][number] |= 1 << bit


def _some(readings: Readings, rows: Ints) -> Readings:
    return Readings(readings.things[rows], readings.at_ms[rows], readings.records[rows])


def _last_of_each(things: Ints) -> Ints:
    ends = np.ones(len(things), bool)
    ends[:-1] = things[1:] != things[:-1]
    return np.flatnonzero(ends)

"""How fast traffic is, learnt from vehicles by class of road and hour of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from city.calendars import WorkCalendar
from city.records import DEGREE, NOWHERE
from city.road_rules import RoadRules
from geo.roads import RoadGraph
from geo.snapping import snap

Numbers = npt.NDArray[np.float64]
# What was seen before fades: an hour is remembered for about as many looks at it.
REMEMBERED = 600.0
MOVING_MPS = 1.5  # slower vehicles stand at a stop or a light
SLOWEST, FASTEST = 0.1, 1.5
FRESH_MS = 60_000


class Hour(NamedTuple):
    """An hour of the city's clock, on a workday or a day of rest."""

    is_workday: bool
    hour: int

    @property
    def name(self) -> str:
        """As it is kept."""
        return f"{'workday' if self.is_workday else 'rest'}-{self.hour:02d}"


@dataclass(frozen=True, slots=True)
class ClassPace:
    """Share of the free speed on a class of roads, and of how many vehicles it was learnt."""

    share: float
    vehicles: float

    def is_enough(self, rules: RoadRules) -> bool:
        """Whether it counts more than the usual pace."""
        return self.vehicles >= rules.numbers.traffic_least


def hour_of(at: datetime, calendar: WorkCalendar) -> Hour:
    """The hour in which an instant lies."""
    local = at.astimezone(calendar.zone)
    return Hour(calendar.is_workday(local.date()), local.hour)


def blended(before: Mapping[str, ClassPace], seen: Mapping[str, ClassPace]) -> dict[str, ClassPace]:
    """What is known after another look, each side by the vehicles behind it."""
    found = dict(before)
    for name, now in seen.items():
        old = found.get(name, ClassPace(now.share, 0.0))
        weight = min(old.vehicles, REMEMBERED)
        total = weight + now.vehicles
        share = (old.share * weight + now.share * now.vehicles) / total
        found[name] = ClassPace(round(share, 4), round(total, 1))
    return found


def seen(graph: RoadGraph, records: np.ndarray, near_m: float, at_ms: int) -> dict[str, ClassPace]:
    """By class of road, how fast vehicles go just now; `records` are their newest ones."""
    is_fresh = records["observed_ms"] > at_ms - FRESH_MS
    moves = is_fresh & (records["lon"] != NOWHERE) & (records["speed"] >= MOVING_MPS)
    if not moves.any() or not len(graph.start):
        return {}
    records = records[moves]
    spots = snap(graph, np.column_stack([records["lon"], records["lat"]]) / DEGREE)
    near = np.flatnonzero(spots.off_m <= near_m)
    edge = spots.edge[near]
    free_s = np.minimum(graph.forward_s[edge], graph.backward_s[edge])
    share = np.clip(records["speed"][near] * free_s / graph.length_m[edge], SLOWEST, FASTEST)
    return medians(share, graph.road_class[edge], graph.classes)


def medians(
    share: Numbers, road_class: npt.NDArray[np.uint8], classes: Sequence[str]
) -> dict[str, ClassPace]:
    """The median share of the free speed on each class of road where somebody drives."""
    by_class = {name: share[road_class == number] for number, name in enumerate(classes)}
    return {
        name: ClassPace(round(float(np.median(here)), 4), float(len(here)))
        for name, here in by_class.items()
        if len(here)
    }

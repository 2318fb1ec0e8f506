"""A labelled set: what people and sensors say of happenings, and which happening each speaks of.

Made offline from a seed and never published, so that nothing that judges can see a label. Burst
mains, ponding, leaks, noise and the small things of every day are told by several callers and the
sensors near by, with what makes merging hard: callers who place themselves wrongly, the same type
elsewhere, another type at the same place, the same type at the same place later, callers who call
twice, and alarms of nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from geo.network import Network
from geo.points import Point
from simulator.roster import Roster
from simulator.tales import GREATER, TALES, WORDINGS, Ear, Tale

METRES_PER_DEGREE = 111_195.0
MINUTE_MS = 60_000
MISPLACED = 0.03  # of callers name a place far from where it happens
CALLS_TWICE = 0.08
NAMES_THE_ROAD = 0.7
OTHER_ROAD = 0.3  # of callers name the road that is nearest to where they stand
FALSE_ALARMS = 0.05  # of all signs
SAME_M = 150.0  # nearer than this the same happens only once at a time
HAS_TWIN = 0.35  # of greater happenings have a near miss


class Place(NamedTuple):
    """Where something is said to be, with the road's name."""

    point: Point
    road: str


@dataclass(frozen=True, slots=True)
class Told:
    """One report or alarm, and the happening that it speaks of."""

    id: str
    what: str  # as in city.affinity
    at_ms: int
    point: Point
    title: str
    description: str
    happening: str


@dataclass
class Storyteller:
    """Everything that happened in some hours, told by those who noticed."""

    roads: Network
    sensors: Mapping[str, Sequence[Place]]  # kind → where they stand
    chance: np.random.Generator
    began_ms: int
    told: list[Told] = field(default_factory=list)
    happened: int = 0
    going_on: list[tuple[Tale, Point, int]] = field(default_factory=list)

    def tell(self, happenings: int, hours: float, tales: Sequence[Tale]) -> list[Told]:
        """All that is said, in the order of time."""
        shares = np.array([tale.share for tale in tales])
        for number in self.chance.choice(len(tales), happenings, p=shares / shares.sum()):
            at_ms = self.began_ms + int(self.chance.uniform(0, hours * 60) * MINUTE_MS)
            self._happen(tales[number], self._somewhere(tales[number]), at_ms)
        for _ in range(int(len(self.told) * FALSE_ALARMS)):
            self._false_alarm(hours)
        return sorted(self.told, key=lambda one: (one.at_ms, one.id))

    def _happen(self, tale: Tale, place: Place, at_ms: int) -> None:
        self._tell_of(tale, place, at_ms)
        if tale.name in GREATER and self.chance.random() < HAS_TWIN:
            self._near_miss(tale, place, at_ms)

    def _near_miss(self, tale: Tale, place: Place, at_ms: int) -> None:
        """The same elsewhere, something else here, or the same here later."""
        sort = self.chance.integers(3)
        if sort == 0:
            self._tell_of(tale, self._beside(place, 3 * tale.spread_m + 350, 1500), at_ms)
        elif sort == 1:
            others = [one for one in TALES if one.name in ("parking", "refuse", "street", "line")]
            other = others[int(self.chance.integers(len(others)))]
            self._tell_of(other, place, at_ms)
        else:
            later = at_ms + int((tale.lasts_min * 4 + self.chance.uniform(120, 600)) * MINUTE_MS)
            self._tell_of(tale, place, later)

    def _tell_of(self, tale: Tale, place: Place, at_ms: int) -> None:
        if self._goes_on(tale, place, at_ms):
            return  # what stands under water already is not flooded a second time
        self.going_on.append((tale, place.point, at_ms))
        self.happened += 1
        happening = f"{tale.name}-{self.happened}"
        for _ in range(tale.calls[0] + int(self.chance.poisson(tale.calls[1]))):
            self._call(tale, place, at_ms + self._after(tale), happening)
        for ear in tale.ears:
            self._alarms(ear, place, at_ms, happening)

    def _goes_on(self, tale: Tale, place: Place, at_ms: int) -> bool:
        """Whether the same happens about there and then already."""
        return any(
            tale is other
            and abs(at_ms - began_ms) < 2 * tale.lasts_min * MINUTE_MS
            and metres(place.point, point) < max(SAME_M, 3 * tale.spread_m)
            for other, point, began_ms in self.going_on
        )

    def _after(self, tale: Tale) -> int:
        """Most call soon; some call as long as it lasts."""
        return int(min(self.chance.exponential(tale.lasts_min / 2.5), tale.lasts_min) * MINUTE_MS)

    def _call(self, tale: Tale, place: Place, at_ms: int, happening: str) -> None:
        codes = list(tale.codes)
        code = codes[int(self.chance.choice(len(codes), p=list(tale.codes.values())))]
        spot = self._spot(tale, place)
        self._say(f"event/{code}", at_ms, spot, self._words(code, spot.road), happening)
        if self.chance.random() < CALLS_TWICE:
            again = at_ms + int(self.chance.uniform(3, 40) * MINUTE_MS)
            self._say(f"event/{code}", again, spot, self._words(code, spot.road), happening)

    def _spot(self, tale: Tale, place: Place) -> Place:
        """Where a caller says it is: near by, by another road now and then, or far off."""
        if self.chance.random() < MISPLACED:
            return self._beside(place, 600, 2000)
        point = self._jitter(place.point, tale.spread_m)
        is_other = self.chance.random() < OTHER_ROAD
        return Place(point, self._road(point) if is_other else place.road)

    def _alarms(self, ear: Ear, place: Place, at_ms: int, happening: str) -> None:
        for sensor in self.sensors.get(ear.kind, ()):
            near = metres(sensor.point, place.point) <= ear.within_m
            if near and self.chance.random() < ear.chance:
                after = int(self.chance.uniform(-15, 25) * MINUTE_MS)
                self._say(f"sensor/{ear.kind}", at_ms + after, sensor, (sensor.road, ""), happening)

    def _false_alarm(self, hours: float) -> None:
        kinds = sorted(self.sensors)
        kind = kinds[int(self.chance.integers(len(kinds)))]
        sensor = self.sensors[kind][int(self.chance.integers(len(self.sensors[kind])))]
        at_ms = self.began_ms + int(self.chance.uniform(0, hours * 60) * MINUTE_MS)
        self.happened += 1
        self._say(f"sensor/{kind}", at_ms, sensor, (sensor.road, ""), f"nothing-{self.happened}")

    def _say(
        self, what: str, at_ms: int, place: Place, words: tuple[str, str], happening: str
    ) -> None:
        identity = f"{'alarm' if what.startswith('sensor') else 'report'}/{len(self.told):06d}"
        self.told.append(Told(identity, what, at_ms, place.point, *words, happening))

    def _words(self, code: str, road: str) -> tuple[str, str]:
        wording = WORDINGS[code]
        title = wording.titles[int(self.chance.integers(len(wording.titles)))]
        more = wording.more[int(self.chance.integers(len(wording.more)))]
        where = f"{road}附近," if self.chance.random() < NAMES_THE_ROAD else ""
        return title, f"{where}{more}"

    def _somewhere(self, tale: Tale) -> Place:
        """At a low place where water stands, else along any road."""
        ponds = self.sensors.get("waterlogging", ())
        if tale.name == "ponding" and ponds:
            pond = ponds[int(self.chance.integers(len(ponds)))]
            return Place(self._jitter(pond.point, 60), self._road(pond.point))
        edge = int(self.chance.integers(len(self.roads.start)))
        return self._on(edge)

    def _on(self, edge: int) -> Place:
        name = self.roads.names[self.roads.name[edge]]
        return Place(self.roads.point(int(self.roads.start[edge])), name.zh)

    def _road(self, point: Point) -> str:
        node = self.roads.nearest_node(point)
        edge = int(self.roads.arcs.edge[self.roads.arcs.first[node]])
        return str(self.roads.names[self.roads.name[edge]].zh)

    def _beside(self, place: Place, least_m: float, most_m: float) -> Place:
        far, angle = self.chance.uniform(least_m, most_m), self.chance.uniform(0, 2 * np.pi)
        point = moved(place.point, far * np.cos(angle), far * np.sin(angle))
        return Place(point, self._road(point))

    def _jitter(self, point: Point, spread_m: float) -> Point:
        east, north = self.chance.normal(0, spread_m / 1.5, 2)
        return moved(point, float(east), float(north))


class Amount(NamedTuple):
    """How much happens: an ordinary day, unless only some tales are told."""

    happenings: int
    hours: float
    tales: Sequence[Tale] = TALES


def labelled(
    roads: Network, sensors: Mapping[str, Sequence[Place]], seed: int, amount: Amount
) -> list[Told]:
    """The set of a seed; the same seed makes the same set."""
    began_ms = 1_788_652_800_000  # 2026-09-06 in Haikou
    teller = Storyteller(roads, sensors, np.random.default_rng(seed), began_ms)
    return teller.tell(*amount)


def moved(point: Point, east_m: float, north_m: float) -> Point:
    """A place some metres away."""
    lat = point.lat + north_m / METRES_PER_DEGREE
    lon = point.lon + east_m / METRES_PER_DEGREE / np.cos(np.radians(point.lat))
    return Point(float(lon), float(lat))


def metres(here: Point, there: Point) -> float:
    """Distance on a flat earth; good enough within a city."""
    east = (there.lon - here.lon) * np.cos(np.radians(here.lat))
    return float(np.hypot(east, there.lat - here.lat) * METRES_PER_DEGREE)


def ears_of(rosters: Mapping[str, Roster]) -> dict[str, list[Place]]:
    """The sensors of a pretend city that can notice a happening, by kind."""
    kinds = sorted({ear.kind for tale in TALES for ear in tale.ears})
    return {
        kind: [
            Place(Point(float(lon), float(lat)), name.zh)
            for lon, lat, name in zip(
                rosters[kind].lon, rosters[kind].lat, rosters[kind].names, strict=True
            )
        ]
        for kind in kinds
    }

"""Streets of built-up zones: two sets of lines across each other, bent and broken a little."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from deploy.cities.building.naming import Name, Names

CLASSES = ("trunk", "primary", "secondary", "tertiary")
BEND_M = 75.0
ALONG_M, BESIDE_M = 260.0, 85.0  # a street this long, this near a main road, doubles it


@dataclass(frozen=True, slots=True)
class Road:
    """A named line on the sheet; `bridge` names its part over water, None ends it there."""

    kind: str
    name: Name
    line: BaseGeometry
    bridge: Name | None = None
    is_bridge: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """Where streets stand close."""

    zh: str
    ring: Polygon
    turn: float
    secondary_m: float
    branch_m: float
    keep: float

    @classmethod
    def of(cls, entry: Mapping[str, Any], ring: Polygon) -> "Zone":
        """A zone as the plan states it."""
        turn = radians(entry["turn_deg"])
        return cls(entry["zh"], ring, turn, entry["secondary_m"], entry["branch_m"], entry["keep"])


def streets(zone: Zone, names: Names, chance: np.random.Generator) -> Iterator[Road]:
    """The streets of a zone, before land and main roads are asked."""
    for quarter in (0.0, np.pi / 2):
        for number, line in enumerate(_lines(zone, zone.turn + quarter, chance)):
            every = max(2, round(zone.secondary_m / zone.branch_m))
            inside = line.intersection(zone.ring)
            if number % every == every // 2:
                yield Road("secondary", names.of_street(zone.zh), inside)
            else:
                yield from _branches(inside, zone, names, chance)


def _lines(zone: Zone, turn: float, chance: np.random.Generator) -> Iterator[LineString]:
    middle = np.array(zone.ring.centroid.coords[0])
    along, across = np.array([cos(turn), sin(turn)]), np.array([-sin(turn), cos(turn)])
    reach = np.hypot(*np.ptp(np.array(zone.ring.bounds).reshape(2, 2), axis=0)) / 2
    steps = np.arange(-reach, reach, zone.branch_m / 2)
    at = -reach
    while at < reach:
        points = middle + along * steps[:, None] + across * at
        yield LineString(bent(points))
        at += zone.branch_m * (1 + chance.uniform(-0.22, 0.22))


def bent(points: np.ndarray) -> np.ndarray:
    """The sheet drawn a little out of square, the same for all lines so that crossings stay."""
    x, y = points[:, 0] / 1000, points[:, 1] / 1000
    east = np.sin(1.3 * y + 0.4) + 0.6 * np.sin(2.9 * y + 0.7 * x) + 0.3 * np.sin(5.3 * x)
    north = np.sin(1.1 * x + 1.9) + 0.6 * np.sin(2.3 * x - 0.8 * y) + 0.3 * np.sin(4.7 * y)
    return points + BEND_M * np.stack([east, north], 1)


def _branches(
    inside: BaseGeometry, zone: Zone, names: Names, chance: np.random.Generator
) -> Iterator[Road]:
    for part in lines_of(shapely.get_parts(inside)):
        blocks = max(1, round(part.length / zone.branch_m))
        kept = _runs(blocks, zone.keep, chance)
        for first, last in kept:
            run = substring(part, first / blocks, last / blocks, normalized=True)
            yield Road("tertiary", names.of_branch(), run)


def _runs(blocks: int, keep: float, chance: np.random.Generator) -> list[tuple[int, int]]:
    """Stretches of blocks that are built, as (first, one past the last)."""
    built = np.concatenate([[False], chance.random(blocks) < keep, [False]])
    # A street that was there goes on more often than not.
    again = chance.random(blocks + 2) < keep * 0.6
    for i in range(2, blocks + 1):
        built[i] |= built[i - 1] and again[i]
    turns = np.flatnonzero(built[1:] != built[:-1])
    return [(int(a), int(b)) for a, b in zip(turns[::2], turns[1::2], strict=True)]


def beside(roads: Sequence[Road], main: BaseGeometry) -> list[Road]:
    """The streets without what only doubles a main road."""
    near = main.buffer(BESIDE_M)
    return [replace(road, line=_without_double(road.line, near)) for road in roads]


def _without_double(line: BaseGeometry, near: BaseGeometry) -> BaseGeometry:
    within = shapely.get_parts(line.intersection(near))
    crossing = [part for part in within if part.length < ALONG_M]
    away = shapely.get_parts(line.difference(near))
    return shapely.line_merge(MultiLineString(lines_of([*crossing, *away])))


def lines_of(parts: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Only what is a line and not a mere point."""
    return [part for part in parts if part.geom_type == "LineString" and part.length > 1]

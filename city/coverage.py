"""Coverage: where a unit of a kind can be in time, who is the last there, and who could move up.

Places are points all over the city with a weight each (how much lies around them). A place is
covered while some unit of the kind can be there within the city's minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from city.units import Unit
from geo.points import Point

Floats = npt.NDArray[np.float64]
EARTH_M = 111_195.0  # per degree
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Places:
    """Points (N × 2, longitude first), how much each weighs, its area, the names of its road."""

    points: Floats
    weight: Floats
    area: Sequence[str]
    names: Sequence[tuple[str, str]]

    def some(self, which: Flags) -> "tuple[LostPlace, ...]":
        """Some of them, the weightiest first."""
        rows = np.flatnonzero(which)
        rows = rows[np.argsort(-self.weight[rows], kind="stable")]
        return tuple(
            LostPlace(Point(*self.points[row].tolist()), self.area[row], *self.names[row])
            for row in rows.tolist()
        )

    def by_area(self, covered: Flags) -> Mapping[str, float]:
        """The share of each area that is covered, 0 … 1."""
        area = np.array(self.area, np.str_)
        return {
            str(one): float(self.weight[covered & (area == one)].sum()
                            / max(self.weight[area == one].sum(), 1e-9))
            for one in sorted(set(self.area) - {""}) or [""]
        }  # fmt: skip


class AreaCover(NamedTuple):
    """An area before a unit goes, after, and after the move that is suggested."""

    area: str
    before: float
    after: float
    moved: float | None = None

    @property
    def loses_last(self) -> bool:
        """Whether nobody of the kind can be anywhere in it in time any more."""
        return self.before > 0 and self.after <= 0


class LostPlace(NamedTuple):
    """A place whose last unit goes, by the name of its road."""

    point: Point
    area: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class MoveUp:
    """A unit that could take the place of the one that goes."""

    unit: Unit
    eta_s: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What it means that a unit goes."""

    unit: Unit | None
    within_min: float
    areas: tuple[AreaCover, ...]
    lost: tuple[LostPlace, ...]  # places that it was the last to cover
    move_up: MoveUp | None = None

    @property
    def is_safe(self) -> bool:
        """Whether no place loses its last."""
        return not self.lost


def squares(lon: Floats, lat: Floats, side_m: float) -> tuple[Rows, Floats]:
    """A crossing of every square of the city that has any, and how many the square has."""
    if not len(lon):
        return np.empty(0, np.int64), np.empty(0)
    step = side_m / EARTH_M
    column = np.floor(lon * np.cos(np.radians(lat.mean())) / step).astype(np.int64)
    row = np.floor(lat / step).astype(np.int64)
    _, first, count = np.unique(row << 32 | column, return_index=True, return_counts=True)
    return first, count.astype(np.float64)


def coverage(
    units: Sequence[Unit], times_s: Floats, places: Places, within_min: float,
    leaving: int | None = None, to_leaving_s: Floats | None = None,
) -> Coverage:  # fmt: skip
    """Units that can be sent, and seconds from each to every place (units × places).

    `to_leaving_s` are seconds from each unit to where the leaving one stands.
    """
    reached = times_s <= within_min * 60
    before = covered(reached)
    if leaving is None:
        shares = places.by_area(before)
        areas = tuple(AreaCover(area, share, share) for area, share in shares.items())
        return Coverage(None, within_min, areas, ())
    after = covered(reached, leaving)
    lost = before & ~after
    mover = who_moves(reached, places.weight, leaving, to_leaving_s) if lost.any() else None
    moved = None if mover is None else covered(reached, mover)
    return Coverage(
        units[leaving], within_min, _areas(places, before, after, moved),
        places.some(lost),
        None if mover is None else MoveUp(units[mover], _seconds(to_leaving_s, mover)),
    )  # fmt: skip


def covered(reached: Flags, without: int | None = None) -> Flags:
    """Which places somebody reaches, perhaps without one of the units."""
    others = reached if without is None else np.delete(reached, without, axis=0)
    anybody: Flags = np.any(others, axis=0)
    return anybody


def who_moves(
    reached: Flags, weight: Floats, leaving: int, to_leaving_s: Floats | None
) -> int | None:
    """The unit that best takes the place of the leaving one; None where no move covers more.

    Once it stands there, it reaches what the leaving one reached, and no more what it did itself.
    """
    without = weight[covered(reached, leaving)].sum()
    gains = [
        (weight[covered(reached, other)].sum() - without,
         -_seconds(to_leaving_s, other), -other)
        for other in range(len(reached)) if other != leaving
    ]  # fmt: skip
    best = max(gains, default=None)
    return -best[2] if best and best[0] > 0 and np.isfinite(best[1]) else None


def _areas(
    places: Places, before: Flags, after: Flags, moved: Flags | None
) -> tuple[AreaCover, ...]:
    was, will = places.by_area(before), places.by_area(after)
    then = places.by_area(moved) if moved is not None else {}
    return tuple(AreaCover(one, was[one], will[one], then.get(one)) for one in was)


def _seconds(to_leaving_s: Floats | None, unit: int) -> float:
    return 0.0 if to_leaving_s is None else float(to_leaving_s[unit])

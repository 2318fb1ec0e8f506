"""Fences and corridors: polygons that something must stay inside, or outside of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

DEGREE = 10_000_000
NOWHERE = -(2**31)  # city.records: no position


class BadFence(ValueError):
    """Corners that enclose nothing."""


@dataclass(frozen=True, slots=True)
class Fence:
    """A polygon of WGS-84 corners; a corridor is a polygon along a route."""

    corners: tuple[tuple[float, float], ...]
    keep_out: bool = False  # what must not be entered, instead of what must not be left
    _shape: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        shape = shapely.Polygon(self.corners) if len(self.corners) >= 3 else None
        if shape is None or not shape.is_valid or shape.area == 0:
            raise BadFence("corners that enclose an area, without crossing each other")
        shapely.prepare(shape)
        object.__setattr__(self, "_shape", shape)

    def breached(self, lon_e7: npt.ArrayLike, lat_e7: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether each position is where it must not be; the border still counts as inside."""
        lon, lat = np.asarray(lon_e7, np.float64), np.asarray(lat_e7, np.float64)
        inside = shapely.intersects_xy(self._shape, lon / DEGREE, lat / DEGREE)
        return np.asarray((inside == self.keep_out) & (lon != NOWHERE), bool)


def fence(corners: Sequence[Sequence[float]], *, keep_out: bool = False) -> Fence:
    """A fence from `[[lon, lat], …]`; BadFence says what is wrong."""
    pairs = [tuple(map(float, corner)) for corner in corners]
    if any(len(pair) != 2 for pair in pairs):
        raise BadFence("corners of two numbers, longitude first")
    return Fence(tuple((lon, lat) for lon, lat in pairs), keep_out)

"""A flat sheet under the city, in metres, on which lines are drawn and measured."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

DEGREE_M = 111_195.0


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of a centre; true to a few metres within a city."""

    lon: float
    lat: float

    def flat(self, degrees: BaseGeometry) -> BaseGeometry:
        """A geometry of degrees, in metres."""
        origin, scale = self._numbers()
        return shapely.transform(degrees, lambda xy: (xy - origin) * scale)

    def round(self, metres: BaseGeometry) -> BaseGeometry:
        """A geometry of metres, in degrees."""
        origin, scale = self._numbers()
        return shapely.transform(metres, lambda xy: xy / scale + origin)

    def points(self, degrees: Iterable[tuple[float, float]]) -> np.ndarray:
        """Positions in degrees, in metres."""
        origin, scale = self._numbers()
        metres: np.ndarray = (np.array(list(degrees), float) - origin) * scale
        return metres

    def _numbers(self) -> tuple[np.ndarray, np.ndarray]:
        stretch = np.array([cos(radians(self.lat)), 1.0])
        return np.array([self.lon, self.lat]), DEGREE_M * stretch


def through(points: np.ndarray, step_m: float = 120.0) -> LineString:
    """A smooth line through all points (Catmull-Rom), with a corner every `step_m`."""
    if len(points) < 3:
        return LineString(points)
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    parts = [_span(padded[i : i + 4], step_m) for i in range(len(points) - 1)]
    return LineString(np.vstack([*parts, points[-1:]]))


def _span(four: np.ndarray, step_m: float) -> np.ndarray:
    before, here, there, after = four
    count = max(1, int(np.hypot(*(there - here)) / step_m))
    t = (np.arange(count) / count)[:, None]
    bent = (-before + 3 * here - 3 * there + after) * t**3
    bent += (2 * before - 5 * here + 4 * there - after) * t**2 + (there - before) * t
    span: np.ndarray = here + bent / 2
    return span


def rounded(shape: BaseGeometry, rounds: int = 1) -> BaseGeometry:
    """Corners cut (Chaikin), so that a staircase of a coast reads as a coast."""
    for _ in range(rounds):
        shape = shapely.multipolygons([_cut_corners(part) for part in shapely.get_parts(shape)])
    return shape


def _cut_corners(polygon: BaseGeometry) -> BaseGeometry:
    rings = [_cut_ring(ring) for ring in (polygon.exterior, *polygon.interiors)]
    return shapely.Polygon(rings[0], rings[1:])


def _cut_ring(ring: BaseGeometry) -> np.ndarray:
    corners = shapely.get_coordinates(ring)
    here, there = corners[:-1], corners[1:]
    return np.stack([0.75 * here + 0.25 * there, 0.25 * here + 0.75 * there], 1).reshape(-1, 2)

"""Datums: WGS-84 from and to what Chinese maps use (GCJ-02, BD-09); one pair or whole arrays.

The formulas are the commonly published ones; an inverse runs the forward formula until its answer
is reached, which closes to well under a millimetre.
"""

from collections.abc import Callable
from enum import StrEnum
from math import pi
from typing import overload

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

# Krasovsky 1940, the ellipsoid of the GCJ-02 formula.
AXIS_M, ECCENTRICITY_SQUARED = 6_378_245.0, 0.006_693_421_622_965_943
BD_STEP = pi * 3000 / 180
BD_EAST, BD_NORTH = 0.0065, 0.006
# Outside this rectangle the GCJ-02 formula leaves a position as it is.
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
ROUNDS = 7  # every round shrinks the error, 500 m at first, about a hundredfold


class Datum(StrEnum):
    """The datum that a sender says its positions are in."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"  # differs from WGS-84 by 0.1 mm: the same for us
    GCJ02 = "gcj02"
    BD09 = "bd09"


@overload
def to_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]: ...
@overload
def to_wgs84(lon: Degrees, lat: Degrees, datum: str) -> Pair: ...
def to_wgs84(lon: float | Degrees, lat: float | Degrees, datum: str) -> tuple[float, float] | Pair:
    """A position, or arrays of positions, in WGS-84; ValueError for an unknown datum."""
    forward = FORWARD[Datum(datum)]
    if forward is None:
        return lon, lat  # type: ignore[return-value]
    there = _inverse(forward, np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    return there if isinstance(lon, np.ndarray) else (float(there[0]), float(there[1]))


@overload
def from_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]: ...
@overload
def from_wgs84(lon: Degrees, lat: Degrees, datum: str) -> Pair: ...
def from_wgs84(
    lon: float | Degrees, lat: float | Degrees, datum: str
) -> tuple[float, float] | Pair:
    """A WGS-84 position, or arrays of them, in another datum."""
    forward = FORWARD[Datum(datum)]
    if forward is None:
        return lon, lat  # type: ignore[return-value]
    there = forward(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    return there if isinstance(lon, np.ndarray) else (float(there[0]), float(there[1]))


def _inverse(forward: Callable[[Degrees, Degrees], Pair], lon: Degrees, lat: Degrees) -> Pair:
    guess_lon, guess_lat = lon, lat
    for _ in range(ROUNDS):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + (lon - there_lon), guess_lat + (lat - there_lat)
    return guess_lon, guess_lat


def _gcj02(lon: Degrees, lat: Degrees) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    phi = np.radians(lat)
    magic = 1 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    meridian_m = AXIS_M * (1 - ECCENTRICITY_SQUARED) / magic**1.5
    parallel_m = AXIS_M / np.sqrt(magic) * np.cos(phi)
    inside = (lon > WEST) & (lon < EAST) & (lat > SOUTH) & (lat < NORTH)
    east = np.where(inside, np.degrees(_east_m(x, y) / parallel_m), 0.0)
    north = np.where(inside, np.degrees(_north_m(x, y) / meridian_m), 0.0)
    return lon + east, lat + north


def _east_m(x: Degrees, y: Degrees) -> Degrees:
    sums = 20 * np.sin(6 * pi * x) + 20 * np.sin(2 * pi * x)
    sums += 20 * np.sin(pi * x) + 40 * np.sin(pi / 3 * x)
    sums += 150 * np.sin(pi / 12 * x) + 300 * np.sin(pi / 30 * x)
    flat = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    shift: Degrees = flat + sums * 2 / 3
    return shift


def _north_m(x: Degrees, y: Degrees) -> Degrees:
    sums = 20 * np.sin(6 * pi * x) + 20 * np.sin(2 * pi * x)
    sums += 20 * np.sin(pi * y) + 40 * np.sin(pi / 3 * y)
    sums += 160 * np.sin(pi / 12 * y) + 320 * np.sin(pi / 30 * y)
    flat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    shift: Degrees = flat + sums * 2 / 3
    return shift


def _bd09(lon: Degrees, lat: Degrees) -> Pair:
    x, y = _gcj02(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * BD_STEP)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BD_STEP)
    return radius * np.cos(angle) + BD_EAST, radius * np.sin(angle) + BD_NORTH


FORWARD: dict[Datum, Callable[[Degrees, Degrees], Pair] | None] = {
    Datum.WGS84: None,
    Datum.CGCS2000: None,
    Datum.GCJ02: _gcj02,
    Datum.BD09: _bd09,
}

"""A place on the earth: WGS-84, longitude first."""

from math import asin, atan2, cos, degrees, radians, sin, sqrt
from typing import NamedTuple

# Mean earth radius, IUGG 1980.
EARTH_RADIUS_M = 6_371_008.8


class Point(NamedTuple):
    """WGS-84 degrees. RFC 7946 §3.1.1: longitude comes first."""

    lon: float
    lat: float


def distance_m(here: Point, there: Point) -> float:
    """Great-circle distance in metres (haversine)."""
    lat_a, lat_b = radians(here.lat), radians(there.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, radians(there.lon - here.lon) / 2
    chord = sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(chord))


def bearing_deg(here: Point, there: Point) -> float:
    """Initial course from here to there, clockwise from north, 0 ≤ bearing < 360."""
    lat_a, lat_b = radians(here.lat), radians(there.lat)
    delta = radians(there.lon - here.lon)
    east = sin(delta) * cos(lat_b)
    north = cos(lat_a) * sin(lat_b) - sin(lat_a) * cos(lat_b) * cos(delta)
    return degrees(atan2(east, north)) % 360

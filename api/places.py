"""Places in questions: `pos=110.33,20.02`."""

from math import isfinite

from city.refusal import Malformed
from geo.points import Point


def point_in(text: str) -> Point:
    """Longitude and latitude with a comma between; Malformed for anything else."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise _bad() from None
    if not (isfinite(lon) and isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise _bad()
    return Point(lon, lat)


def _bad() -> Malformed:
    why = ("应为 经度,纬度", "lon,lat is wanted, longitude first")
    return Malformed("malformed", what=("位置", "pos"), why=why)

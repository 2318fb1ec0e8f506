"""What people draw on the map: GeoJSON polygons, lines with a width, points with a radius."""

from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from geo.plane import Plane
from geo.points import Point

MOST_CORNERS, WIDEST_M = 2_000, 30_000.0
SHAPES = ("Polygon", "LineString", "Point")


class BadShape(ValueError):
    """A drawing that is no area; says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read(geometry: Any) -> Any:
    """The shape of a GeoJSON geometry; BadShape where it is none."""
    try:
        found = shape(geometry)
        corners = shapely.get_coordinates(found)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        raise BadShape("不是 GeoJSON 图形", "it is no GeoJSON geometry") from None
    if not ((abs(corners[:, 0]) <= 180) & (abs(corners[:, 1]) <= 90)).all():  # NaN is not either
        raise BadShape("坐标超出范围", "its positions are none")
    return found


def polygon_of(geometry: Any, radius_m: float, width_m: float) -> Mapping[str, Any]:
    """The area of what was drawn, as GeoJSON: points have a radius, lines a width in metres."""
    found = read(geometry)
    kind, corners = found.geom_type, len(shapely.get_coordinates(found))
    if kind not in SHAPES or not 0 < corners <= MOST_CORNERS:
        raise BadShape(f"须为 {', '.join(SHAPES)},至多 {MOST_CORNERS} 个点",
                       f"say {', '.join(SHAPES)} of at most {MOST_CORNERS} corners")  # fmt: skip
    if kind != "Polygon":
        found = widened(found, radius_m if kind == "Point" else width_m / 2)
    return checked(found)


def widened(line: Any, by_m: float) -> Any:
    """The strip around a line, or the disc around a point."""
    if not 0 < by_m <= WIDEST_M / 2:
        raise BadShape(f"半径须在 0 至 {WIDEST_M / 2:g} m 之间",
                       f"its radius must be above 0 and {WIDEST_M / 2:g} m at most")  # fmt: skip
    plane = plane_of(line)
    wide = shapely.transform(line, plane.metres).buffer(by_m, quad_segs=6)
    return shapely.transform(wide, plane.degrees)


def checked(polygon: Any) -> Mapping[str, Any]:
    """As GeoJSON, where it is an area of a size that can be meant."""
    if not polygon.is_valid or polygon.area == 0:
        raise BadShape("边界自相交或不成面", "its border crosses itself or encloses nothing")
    west, south, east, north = shapely.transform(polygon, plane_of(polygon).metres).bounds
    if max(east - west, north - south) > WIDEST_M:
        kilometres = f"{WIDEST_M / 1000:g} km"
        raise BadShape(f"大于 {kilometres}", f"it is wider than {kilometres}")
    found = mapping(shapely.transform(polygon, lambda corners: corners.round(6)))
    rings = [[list(corner) for corner in ring] for ring in found["coordinates"]]
    return {"type": found["type"], "coordinates": rings}


def plane_of(drawn: Any) -> Plane:
    """The flat map under a shape."""
    corners = shapely.get_coordinates(drawn)
    return Plane.under(corners[:, 0], corners[:, 1])


def middle_of(geometry: Any) -> Point:
    """A place within what was drawn."""
    found = read(geometry)
    if found.is_empty:
        raise BadShape("没有坐标", "it has no position")
    inside = found.representative_point()
    return Point(inside.x, inside.y)


def geojson(area: Any) -> Mapping[str, Any]:
    """An area as GeoJSON."""
    found: Mapping[str, Any] = mapping(area)
    return found


def disc(place: Point, radius_m: float) -> Any:
    """A circle on the earth (shapely, degrees)."""
    return widened(shapely.Point(*place), radius_m)

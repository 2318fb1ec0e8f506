"""A city in a few lines: the extent of its districts, and a drawing of coast and roads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shapely.geometry import shape

Feature = Mapping[str, Any]  # of GeoJSON
SIDE = 1000  # of the drawing's square
TOLERANCE_DEG = 0.002


def extents_of(districts: Iterable[Feature]) -> dict[str, Sequence[float]]:
    """West, south, east, north of each district, by its code."""
    return {str(one["properties"].get("code", "")): shape(one["geometry"]).bounds
            for one in districts}  # fmt: skip


def drawing_of(features: Iterable[Feature], bounds: Sequence[float]) -> str:
    """The lines of features as SVG path data on a square of 1000."""
    west, south, east, north = bounds
    scale = SIDE / min(east - west, north - south)
    shapes = (shape(one["geometry"]).simplify(TOLERANCE_DEG) for one in features)
    return "".join(path_of(line, west, north, scale) for one in shapes for line in lines_of(one))


def lines_of(geometry: Any) -> Iterator[Any]:
    """The lines of a geometry, the outer ones of areas."""
    for part in getattr(geometry, "geoms", (geometry,)):
        line = part.exterior if part.geom_type == "Polygon" else part
        if len(line.coords) > 1:
            yield line


def path_of(line: Any, west: float, north: float, scale: float) -> str:
    """One line in SVG."""
    points = ((round((x - west) * scale), round((north - y) * scale)) for x, y, *_ in line.coords)
    return "M" + "L".join(f"{x} {y}" for x, y in dict.fromkeys(points))

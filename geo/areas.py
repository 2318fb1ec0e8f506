"""Which area a position lies in: a raster of 100 m squares, and exact tests along the borders."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.cells import E7, Codes

STEP_E7 = 9_000  # about 100 m
BORDER = 0xFFFF_FFFF  # in the raster: ask the polygons


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle that the raster covers: its south-west corner and its size in squares."""

    west_e7: int
    south_e7: int
    rows: int
    columns: int

    @classmethod
    def around(cls, shapes: Sequence[BaseGeometry]) -> "Frame":
        """The least frame around all shapes, with two squares to spare; of none it is empty."""
        if not shapes:
            return cls(0, 0, 0, 0)
        west, south, east, north = np.round(shapely.total_bounds(shapes) * 1e7).astype(int)
        rows, columns = (north - south) // STEP_E7 + 5, (east - west) // STEP_E7 + 5
        return cls(int(west) - 2 * STEP_E7, int(south) - 2 * STEP_E7, int(rows), int(columns))


class AreaIndex:
    """Areas that do not overlap; where two share a border, the first has it."""

    def __init__(self, codes: Sequence[int], shapes: Sequence[BaseGeometry]) -> None:
        self.codes_of_areas, self._shapes = tuple(codes), tuple(shapes)
        shapely.prepare(self._shapes)
        self._frame = Frame.around(self._shapes)
        self._raster = np.zeros((self._frame.rows, self._frame.columns), np.uint32)
        for code, area in zip(self.codes_of_areas, self._shapes, strict=True):
            self._raster[_inside(self._frame, area)] = code
        for area in self._shapes:
            self._raster[_border(self._frame, area)] = BORDER

    @classmethod
    def from_features(cls, collection: Mapping[str, Any]) -> "AreaIndex":
        """The areas of a GeoJSON collection whose features carry a `code`."""
        features = collection["features"]
        codes = [int(feature["properties"]["code"]) for feature in features]
        return cls(codes, [shape(feature["geometry"]) for feature in features])

    def codes(self, lon_e7: E7, lat_e7: E7) -> Codes:
        """The area of each position; 0 outside all."""
        frame = self._frame
        row = (lat_e7.astype(np.int64) - frame.south_e7) // STEP_E7
        column = (lon_e7.astype(np.int64) - frame.west_e7) // STEP_E7
        known = (row >= 0) & (row < frame.rows) & (column >= 0) & (column < frame.columns)
        found = np.zeros(len(lon_e7), np.uint32)
        found[known] = self._raster[row[known], column[known]]
        doubtful = np.flatnonzero(found == BORDER)
        if len(doubtful):
            found[doubtful] = self._exact(lon_e7[doubtful] / 1e7, lat_e7[doubtful] / 1e7)
        return found

    def code(self, lon: float, lat: float) -> int:
        """The area of one position."""
        return int(self._exact(np.array([lon]), np.array([lat]))[0])

    def _exact(self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> Codes:
        found = np.zeros(len(lon), np.uint32)
        for code, area in zip(self.codes_of_areas, self._shapes, strict=True):
            found[(found == 0) & shapely.intersects_xy(area, lon, lat)] = code
        return found


def _inside(frame: Frame, area: BaseGeometry) -> npt.NDArray[np.bool_]:
    """Squares whose middle lies inside, by counting the edges crossed from the west."""
    crossings = np.zeros((frame.rows, frame.columns + 1), np.int32)
    middles = frame.south_e7 + (np.arange(frame.rows) + 0.5) * STEP_E7
    for ring in _rings(area):
        (x_a, y_a), (x_b, y_b) = ring[:-1].T * 1e7, ring[1:].T * 1e7
        edge, row = np.nonzero((y_a[:, None] > middles) != (y_b[:, None] > middles))
        share = (middles[row] - y_a[edge]) / (y_b[edge] - y_a[edge])
        x = x_a[edge] + share * (x_b[edge] - x_a[edge])
        column = np.ceil((x - frame.west_e7) / STEP_E7 - 0.5).astype(int)
        np.add.at(crossings, (row, column), 1)
    odd: npt.NDArray[np.bool_] = np.cumsum(crossings, axis=1)[:, :-1] % 2 == 1
    return odd


def _border(frame: Frame, area: BaseGeometry) -> npt.NDArray[np.bool_]:
    """Squares that the outline may touch: those of points along it, and their neighbours."""
    along = shapely.segmentize(area.boundary, STEP_E7 / 1e7 / 4)
    points = shapely.get_coordinates(along) * 1e7
    column = ((points[:, 0] - frame.west_e7) // STEP_E7).astype(int)
    row = ((points[:, 1] - frame.south_e7) // STEP_E7).astype(int)
    touched = np.zeros((frame.rows, frame.columns), np.bool_)
    for north in (-1, 0, 1):
        for east in (-1, 0, 1):
            touched[row + north, column + east] = True
    return touched


def _rings(area: BaseGeometry) -> Iterator[npt.NDArray[np.float64]]:
    for part in shapely.get_parts(area):
        for ring in (part.exterior, *part.interiors):
            yield shapely.get_coordinates(ring)

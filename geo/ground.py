"""The ground under a batch of records: area, cell, and whether a position can be ours at all."""

import numpy as np

from geo.areas import AreaIndex
from geo.cells import cell_name, cells

NOWHERE = -(2**31)  # as in city.records, which stands above us
OUT_OF_BOUNDS = 4  # as in city.quality


class Ground:
    """What the city's map says about positions."""

    def __init__(self, areas: AreaIndex, bounds: tuple[float, float, float, float]) -> None:
        self._areas = areas
        self._west, self._south, self._east, self._north = (round(edge * 1e7) for edge in bounds)

    def place(self, lon: float, lat: float) -> tuple[str, str]:
        """Area and cell of one position; empty where it lies in none."""
        area = self._areas.code(lon, lat)
        here = [np.array([round(degrees * 1e7)], np.int32) for degrees in (lon, lat)]
        return str(area) if area else "", cell_name(int(cells(*here)[0]))

    def areas(self, lon: np.ndarray, lat: np.ndarray) -> list[str]:
        """The area of each of many positions; empty where one lies in none."""
        codes = self._areas.codes(*((degrees * 1e7).astype(np.int32) for degrees in (lon, lat)))
        return [f"{code:06d}" if code else "" for code in codes.tolist()]

    def locate(self, records: np.ndarray) -> None:
        """Fills `area`, `cell` and OUT_OF_BOUNDS in place; without a position nothing changes."""
        placed = np.flatnonzero(records["lon"] != NOWHERE)
        if not len(placed):
            return
        lon, lat = records["lon"][placed], records["lat"][placed]
        records["area"][placed] = self._areas.codes(lon, lat)
        records["cell"][placed] = cells(lon, lat)
        outside = (lon < self._west) | (lon > self._east)
        outside |= (lat < self._south) | (lat > self._north)
        records["quality"][placed[outside]] |= OUT_OF_BOUNDS

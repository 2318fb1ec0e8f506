"""The supervision grid: squares of about 100 m, numbered from one fixed corner.

A cell is `row << 16 | column`. Rows count from the equator; columns count from 73° E, as wide as
the middle of their band of two degrees of latitude needs (98 to 102 m). 0 lies outside the grid,
which covers China.
"""

from math import cos, radians

import numpy as np
import numpy.typing as npt

E7 = npt.NDArray[np.int32]  # degrees × 10⁷
Codes = npt.NDArray[np.uint32]

WEST_E7 = 730_000_000
ROW_E7 = 9_000  # 100.1 m
BAND_E7 = 20_000_000
MOST = 0xFFFF
# Column width by band; band n spans the latitudes 2n−1 … 2n+1.
COLUMN_E7 = np.array([round(ROW_E7 / cos(radians(2 * band))) for band in range(31)])


def cells(lon_e7: E7, lat_e7: E7) -> Codes:
    """The cell of each position; 0 outside the grid."""
    row, column = lat_e7 // ROW_E7, (lon_e7.astype(np.int64) - WEST_E7) // _width_e7(lat_e7)
    inside = (row >= 0) & (row <= MOST) & (column >= 0) & (column <= MOST)
    codes = (row.astype(np.int64) << 16) | column
    return np.where(inside, codes, 0).astype(np.uint32)


def cell_name(code: int) -> str:
    """A cell as people read it, `22266-38742`; empty for none."""
    return f"{code >> 16:05d}-{code & MOST:05d}" if code else ""


def cell_code(name: str) -> int:
    """The cell that is read so."""
    row, column = name.split("-")
    return int(row) << 16 | int(column)


def cell_bounds(code: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a cell in degrees."""
    row, column = code >> 16, code & MOST
    south = row * ROW_E7
    width = int(_width_e7(np.array([south], np.int32))[0])
    west = WEST_E7 + column * width
    return west / 1e7, south / 1e7, (west + width) / 1e7, (south + ROW_E7) / 1e7


def cell_polygon(code: int) -> list[list[float]]:
    """The closed ring of a cell, counter-clockwise as RFC 7946 asks."""
    west, south, east, north = cell_bounds(code)
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _width_e7(lat_e7: E7) -> npt.NDArray[np.int64]:
    # The band is chosen by the row's southern edge, so that a row never changes its width inside.
    south = lat_e7.astype(np.int64) // ROW_E7 * ROW_E7
    band = (south + BAND_E7 // 2) // BAND_E7
    return COLUMN_E7[np.clip(band, 0, len(COLUMN_E7) - 1)]

"""Which things are asked for: by kind, box and area."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
import numpy.typing as npt

from city.records import DEGREE, NOWHERE
from city.sight import Sight
from store.newest import NewestTable

Box = tuple[float, float, float, float]


class BadBox(ValueError):
    """A text that is no box."""


def box_of(text: str) -> Box:
    """West, south, east, north; RFC 7946 §5.2: west may lie beyond east at 180 degrees."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadBox("four numbers: west,south,east,north") from None
    if not all(map(isfinite, (west, south, east, north))):
        raise BadBox("four finite numbers")
    if not -90 <= south <= north <= 90 or abs(west) > 180 or abs(east) > 180:
        raise BadBox("west,south,east,north in degrees, south below north")
    return west, south, east, north


def select(
    table: NewestTable, sight: Sight, kinds: Sequence[str] | None, box: Box | None, area: str | None
) -> list[int]:
    """Places in the table, of what may be seen."""
    chosen = table.seen(sight)
    if kinds:
        wanted = {one for kind in kinds for one in kind.split(",")}
        chosen &= np.fromiter((one.split("/", 2)[1] in wanted for one in table.ids), bool)
    if box:
        chosen &= inside(table.records, box)
    if area:
        chosen &= table.records["area"] == int(area)
    return [int(index) for index in np.flatnonzero(chosen)]


def inside(records: np.ndarray, box: Box) -> npt.NDArray[np.bool_]:
    """Things without a position lie in no box."""
    west, south, east, north = box
    lon, lat = records["lon"] / DEGREE, records["lat"] / DEGREE
    wide = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    placed: npt.NDArray[np.bool_] = records["lon"] != NOWHERE
    return placed & wide & (lat >= south) & (lat <= north)

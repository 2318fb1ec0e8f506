"""How far one gets within some minutes: areas around the stretches of road that are reached."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage

from geo.costs import Costs
from geo.network import Numbers
from geo.plane import Metres, Plane
from geo.search import Search
from geo.snapping import Marks, Spots, marks_of

SQUARE_M = 100.0
SIMPLE_M = 75.0
MARGIN = 4  # squares around all, so that closing gaps meets no border
BLOCK = np.ones((3, 3), bool)


def reached(costs: Costs, centre: Spots, lead_s: float, minutes: Sequence[float]) -> list[Any]:
    """For each number of minutes the area (shapely, degrees) from which the centre is reached."""
    marks = marks_of(costs.graph)
    seconds = lead_s + times_of_marks(costs, marks, centre)
    plane = costs.graph.plane
    own = np.concatenate([marks.metres, spot_metres(costs, centre)])
    times = np.append(seconds, lead_s)
    return [in_degrees(around(own[times <= one * 60]), plane) for one in minutes]


def times_of_marks(costs: Costs, marks: Marks, centre: Spots) -> Numbers:
    """Seconds from every mark along the roads to the centre."""
    piece = marks.piece
    share = np.clip(marks.before[piece] + marks.at * marks.part[piece], 0, 1)
    spots = Spots(marks.edge[piece], share, np.zeros(len(piece)))
    search = Search(costs, towards=True)
    return search.at(search.times(centre)[0], spots)


def spot_metres(costs: Costs, spot: Spots) -> Metres:
    """Where a spot lies, in metres of the plane."""
    graph, edge = costs.graph, spot.edge
    ends = [
        np.column_stack([graph.lon, graph.lat])[nodes[edge]] for nodes in (graph.start, graph.end)
    ]
    return graph.plane.metres(ends[0] + spot.share[:, None] * (ends[1] - ends[0]))


def around(metres: Metres) -> Any:
    """One area around many points: their squares, with gaps closed and holes filled."""
    squares = np.floor(metres / SQUARE_M).astype(np.int64)
    corner = squares.min(axis=0) - MARGIN
    grid = np.zeros(squares.max(axis=0) - corner + MARGIN + 1, bool)
    grid[tuple((squares - corner).T)] = True
    closed = ndimage.binary_closing(grid, BLOCK, iterations=2) | grid
    whole = ndimage.binary_fill_holes(closed)
    outline = borders(whole) * SQUARE_M + corner * SQUARE_M
    joined = shapely.build_area(shapely.multilinestrings(shapely.linestrings(outline)))
    return joined.simplify(SIMPLE_M)


def borders(grid: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Sides of squares (N × 2 × 2) with a square of the grid on one hand and none on the other."""
    sides = []
    for axis in (0, 1):
        before, after = np.roll(grid, 1, axis), grid
        low = np.argwhere(before != after)
        sides.append(np.stack([low, low + (np.arange(2) != axis)], axis=1))
    return np.concatenate(sides)


def in_degrees(area: Any, plane: Plane) -> Any:
    """An area of the plane in degrees, rounded to a decimetre."""
    return shapely.transform(area, lambda metres: np.round(plane.degrees(metres), 6))

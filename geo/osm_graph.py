"""Makes a graph of ways: cut at the crossings, the largest part that is connected both ways."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from geo.network import Numbers, RoadName
from geo.points import EARTH_RADIUS_M
from geo.roads import RoadGraph

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A way as it was drawn: its nodes, their positions (N × 2), seconds per metre each way."""

    nodes: Ids
    corners: Numbers
    road_class: int
    name: int
    ahead_s: float
    back_s: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch between two crossings."""

    stretch: Stretch
    low: int  # places in the stretch
    high: int

    @property
    def ends(self) -> tuple[int, int]:
        """The nodes at its ends."""
        return int(self.stretch.nodes[self.low]), int(self.stretch.nodes[self.high])


def graph_of(
    stretches: Sequence[Stretch], classes: Sequence[str], names: Sequence[RoadName]
) -> RoadGraph:
    """The roads from which every other can be reached."""
    cuts = list(connected(list(cut_at_crossings(stretches))))
    ends = np.array([cut.ends for cut in cuts])
    nodes, flat = np.unique(ends, return_inverse=True)
    start, end = flat.reshape(-1, 2).T.astype(np.int32)
    places = np.empty((len(nodes), 2))
    places[start] = [cut.stretch.corners[cut.low] for cut in cuts]
    places[end] = [cut.stretch.corners[cut.high] for cut in cuts]
    length = np.array([length_m(cut.stretch.corners[cut.low : cut.high + 1]) for cut in cuts])
    bends = [cut.stretch.corners[cut.low + 1 : cut.high] for cut in cuts]
    first = np.cumsum([0, *map(len, bends)]).astype(np.int32)
    ahead = np.array([cut.stretch.ahead_s for cut in cuts])
    back = np.array([cut.stretch.back_s for cut in cuts])
    return RoadGraph(
        places[:, 0], places[:, 1], start, end, length, length * ahead, length * back,
        np.array([cut.stretch.road_class for cut in cuts], np.uint8),
        np.array([cut.stretch.name for cut in cuts], np.int32),
        first, np.concatenate(bends), classes, names,
    )  # fmt: skip


def cut_at_crossings(stretches: Sequence[Stretch]) -> Iterator[Cut]:
    """The stretches in pieces; a node that is passed more than once is a crossing."""
    together = np.concatenate([one.nodes for one in stretches])
    _, place, times = np.unique(together, return_inverse=True, return_counts=True)
    is_crossing, first = times[place] > 1, 0
    for one in stretches:
        here = is_crossing[first : first + len(one.nodes)].copy()
        here[[0, -1]] = True
        first += len(one.nodes)
        for low, high in pairwise(np.flatnonzero(here).tolist()):
            yield from halves(Cut(one, low, high))


def halves(cut: Cut) -> Iterator[Cut]:
    """A loop back to its own crossing is cut in its middle, so that it has two ends."""
    middle = (cut.low + cut.high) // 2
    if cut.ends[0] != cut.ends[1]:
        yield cut
    elif middle > cut.low:
        yield Cut(cut.stretch, cut.low, middle)
        yield Cut(cut.stretch, middle, cut.high)


def connected(cuts: Sequence[Cut]) -> Iterator[Cut]:
    """Those of the largest part in which every node leads to every other."""
    nodes, flat = np.unique(np.array([cut.ends for cut in cuts]), return_inverse=True)
    start, end = flat.reshape(-1, 2).T
    ahead = np.isfinite([cut.stretch.ahead_s for cut in cuts])
    back = np.isfinite([cut.stretch.back_s for cut in cuts])
    tail = np.concatenate([start[ahead], end[back]])
    head = np.concatenate([end[ahead], start[back]])
    size = len(nodes)
    arcs = csr_matrix((np.ones(len(tail)), (tail, head)), shape=(size, size))
    _, part = connected_components(arcs, directed=True, connection="strong")
    largest = part == np.bincount(part).argmax()
    for cut, here, there in zip(cuts, largest[start], largest[end], strict=True):
        if here and there:
            yield cut


def length_m(corners: Numbers) -> float:
    """The length of a line on the earth, metres (haversine)."""
    lon, lat = np.radians(corners).T
    half_lat, half_lon = np.diff(lat) / 2, np.diff(lon) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(half_lon) ** 2
    return float((2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord))).sum())

"""Where on the roads a place lies: the nearest edge, how far along it, how far beside it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geo.network import Indices, Numbers
from geo.plane import Metres, Plane
from geo.roads import RoadGraph

STEP_M = 40.0  # between the marks along the roads by which the nearest edge is looked for
MARKS = 8  # nearest marks whose edges are measured exactly


@dataclass(frozen=True, slots=True)
class Spots:
    """Places on edges."""

    edge: Indices
    share: Numbers  # of the edge's length, from its start
    off_m: Numbers  # beside the road; inf where there are no roads

    def __len__(self) -> int:
        return len(self.edge)

    def some(self, which: npt.NDArray[np.intp]) -> "Spots":
        """Some of them."""
        return Spots(self.edge[which], self.share[which], self.off_m[which])


class Marks:
    """The straight pieces of all edges, with marks along them."""

    def __init__(self, graph: RoadGraph) -> None:
        self._plane: Plane = graph.plane
        self.edge, self.corners = pieces_of(graph)
        self._low, self._high = self.corners.min(axis=1).T, self.corners.max(axis=1).T
        flat = self._plane.metres(self.corners.reshape(-1, 2)).reshape(-1, 2, 2)
        self._from, self._along = flat[:, 0], flat[:, 1] - flat[:, 0]
        self._length = np.hypot(*self._along.T)
        self.before, self.part = shares(self.edge, self._length, len(graph.start))
        count = np.maximum(np.ceil(self._length / STEP_M), 1).astype(int)
        self.piece = np.repeat(np.arange(len(self.edge)), count)
        first = np.repeat(np.cumsum(count) - count, count)
        self.at = (np.arange(len(self.piece)) - first + 0.5) / count[self.piece]
        self.metres: Metres = self._from[self.piece] + self.at[:, None] * self._along[self.piece]
        self._tree = cKDTree(self.metres)

    def snap(self, points: npt.ArrayLike) -> Spots:
        """The nearest spot of each place (N × 2, longitude first)."""
        flat = self._plane.metres(points)
        near = self._tree.query(flat, k=min(MARKS, len(self.piece)))[1].reshape(len(flat), -1)
        piece = self.piece[near]
        gap = flat[:, None] - self._from[piece]
        along, length = self._along[piece], np.maximum(self._length[piece], 1e-6)
        at = np.clip((gap * along).sum(axis=2) / length**2, 0, 1)
        off = np.linalg.norm(gap - at[..., None] * along, axis=2)
        best = off.argmin(axis=1), np.arange(len(flat))
        chosen, at = piece[best[1], best[0]], at[best[1], best[0]]
        share = self.before[chosen] + at * self.part[chosen]
        return Spots(self.edge[chosen], np.clip(share, 0, 1), off[best[1], best[0]])

    def touching(self, bounds: tuple[float, float, float, float]) -> npt.NDArray[np.intp]:
        """The pieces whose boxes meet a box: west, south, east, north."""
        west, south, east, north = bounds
        near = (self._low[0] <= east) & (self._high[0] >= west)
        near &= (self._low[1] <= north) & (self._high[1] >= south)
        return np.flatnonzero(near)


def snap(graph: RoadGraph, points: npt.ArrayLike) -> Spots:
    """The nearest spot of each place (N × 2); without roads all are infinitely far off."""
    count = len(np.asarray(points, np.float64).reshape(-1, 2))
    if not len(graph.start):
        return Spots(np.zeros(count, np.int32), np.zeros(count), np.full(count, np.inf))
    if not count:
        return Spots(np.empty(0, np.int32), np.empty(0), np.empty(0))
    return marks_of(graph).snap(points)


@lru_cache(maxsize=4)
def marks_of(graph: RoadGraph) -> Marks:
    """The marks of a graph, made once."""
    return Marks(graph)


def pieces_of(graph: RoadGraph) -> tuple[Indices, Numbers]:
    """Edge and both corners (P × 2 × 2, degrees) of every straight piece, edge after edge."""
    edges, bends = len(graph.start), np.diff(graph.bend_first)
    first = graph.bend_first[:-1] + 2 * np.arange(edges)  # each edge has two ends more
    last = first + bends + 1
    corners = np.empty((len(graph.bends) + 2 * edges, 2))
    corners[first] = np.column_stack([graph.lon, graph.lat])[graph.start]
    corners[last] = np.column_stack([graph.lon, graph.lat])[graph.end]
    is_bend = np.ones(len(corners), bool)
    is_bend[first] = is_bend[last] = False
    corners[is_bend] = graph.bends
    begins = np.delete(np.arange(len(corners)), last)
    edge = np.repeat(np.arange(edges, dtype=np.int32), bends + 1)
    return edge, np.stack([corners[begins], corners[begins + 1]], axis=1)


def shares(edge: Indices, length: Metres, edges: int) -> tuple[Numbers, Numbers]:
    """Of each piece: the share of its edge that lies before it, and its own share."""
    whole = np.maximum(np.bincount(edge, length, edges), 1e-6)
    ends = np.cumsum(length)
    before = ends - length
    opening = before[np.searchsorted(edge, np.arange(edges))]
    return (before - opening[edge]) / whole[edge], length / whole[edge]

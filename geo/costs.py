"""What each edge costs now, in seconds: the free road, the hour, and what is closed or slowed.

A change makes a new row of numbers beside the graph; the graph itself is never built again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.network import Indices, Numbers
from geo.roads import RoadGraph
from geo.snapping import marks_of

CLOSED = 0.0
# Whoever is inside a closure, or sent into one, moves there at this share of the free speed.
WADING = 0.1


@dataclass(frozen=True, slots=True)
class Closure:
    """A stretch of the city whose roads are closed (factor 0) or slowed (a share of the speed)."""

    id: str
    shape: Any  # shapely, WGS-84
    speed_factor: float = CLOSED


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """The edges that a closure touches."""

    id: str
    edges: Indices
    speed_factor: float


@dataclass(frozen=True, eq=False)
class Costs:
    """Seconds per edge and direction; inf where it cannot be driven."""

    graph: RoadGraph
    free_forward_s: Numbers  # at this hour, without closures
    free_backward_s: Numbers
    hits: tuple[Hit, ...] = ()

    @cached_property
    def share(self) -> Numbers:
        """What is left of the speed on each edge."""
        left = np.ones(len(self.graph.start))
        for hit in self.hits:
            left[hit.edges] = np.minimum(left[hit.edges], hit.speed_factor)
        return left

    @cached_property
    def is_closed(self) -> npt.NDArray[np.bool_]:
        """Which edges nobody drives through."""
        return np.asarray(self.share == CLOSED)

    @cached_property
    def own_forward_s(self) -> Numbers:
        """From start to end, for whoever stands on that very edge: he wades where it is closed."""
        return self.free_forward_s / np.where(self.is_closed, WADING, self.share)

    @cached_property
    def own_backward_s(self) -> Numbers:
        """The same from end to start."""
        return self.free_backward_s / np.where(self.is_closed, WADING, self.share)

    @cached_property
    def forward_s(self) -> Numbers:
        """From start to end, for all others."""
        return np.where(self.is_closed, np.inf, self.own_forward_s)

    @cached_property
    def backward_s(self) -> Numbers:
        """From end to start, for all others."""
        return np.where(self.is_closed, np.inf, self.own_backward_s)

    @property
    def open_road(self) -> "Costs":
        """The same hour without closures."""
        return replace(self, hits=())


def costs_of(
    graph: RoadGraph, closures: Iterable[Closure] = (), pace: npt.ArrayLike = 1.0
) -> Costs:
    """The costs of now; `pace` is the share of the free speed, one number or one per edge."""
    share = np.maximum(np.broadcast_to(np.asarray(pace, np.float64), graph.start.shape), 0.01)
    hits = tuple(hit_of(graph, one) for one in closures)
    return Costs(graph, graph.forward_s / share, graph.backward_s / share, hits)


def hit_of(graph: RoadGraph, closure: Closure) -> Hit:
    """The edges that a closure touches, found by the boxes around their pieces."""
    if not len(graph.start):
        return Hit(closure.id, np.empty(0, np.int32), closure.speed_factor)
    marks = marks_of(graph)
    near = marks.touching(closure.shape.bounds)
    lines = shapely.linestrings(marks.corners[near])
    touched = shapely.intersects(closure.shape, lines)
    factor = min(max(closure.speed_factor, CLOSED), 1.0)
    return Hit(closure.id, np.unique(marks.edge[near][touched]), factor)

"""What each edge costs now, in seconds: the free road, the hour, and what is closed or slowed.

A change makes a new row of numbers beside the graph; the graph itself is never built again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.network import Indices, Numbers
from geo.roads import RoadGraph
from geo.snapping import pieces_of

CLOSED = 0.0
# Whoever is inside a closure, or sent into one, moves there at this share of the free speed.
WADING = 0.1

Ids = frozenset[str]


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
    relaxed: Ids = frozenset()  # closures that are waded through

    @cached_property
    def _slowness(self) -> Numbers:
        """By how much the time of each edge grows; inf where it is closed."""
        factor = np.ones(len(self.graph.start))
        for hit in self.hits:
            of_hit = WADING if hit.id in self.relaxed and not hit.speed_factor else hit.speed_factor
            factor[hit.edges] = np.minimum(factor[hit.edges], of_hit)
        with np.errstate(divide="ignore"):
            return 1 / factor

    @cached_property
    def forward_s(self) -> Numbers:
        """From the start of each edge to its end."""
        return self.free_forward_s * self._slowness

    @cached_property
    def backward_s(self) -> Numbers:
        """From the end of each edge to its start."""
        return self.free_backward_s * self._slowness

    @cached_property
    def arcs_s(self) -> Numbers:
        """Of each arc of the graph."""
        arcs = self.graph.arcs
        return np.where(arcs.is_backward, self.backward_s[arcs.edge], self.forward_s[arcs.edge])

    @cached_property
    def entering_s(self) -> Numbers:
        """The same in the order of the nodes they enter."""
        return self.arcs_s[self.graph.arcs.entering]

    @property
    def open_road(self) -> "Costs":
        """The same hour without closures."""
        return replace(self, hits=(), relaxed=frozenset())

    def wading(self, ids: Ids) -> "Costs":
        """The same, but these closures are waded through."""
        return replace(self, relaxed=ids) if ids else self

    def over(self, edges: Indices) -> list[Ids]:
        """Of each edge, what closes it."""
        closing = [(hit.id, set(hit.edges.tolist())) for hit in self.hits if not hit.speed_factor]
        return [frozenset(id for id, hit in closing if edge in hit) for edge in edges.tolist()]


def costs_of(
    graph: RoadGraph, closures: Iterable[Closure] = (), pace: npt.ArrayLike = 1.0
) -> Costs:
    """The costs of now; `pace` is the share of the free speed, one number or one per edge."""
    share = np.maximum(np.broadcast_to(np.asarray(pace, np.float64), graph.start.shape), 0.01)
    hits = tuple(hit_of(graph, one) for one in closures)
    return Costs(graph, graph.forward_s / share, graph.backward_s / share, hits)


def hit_of(graph: RoadGraph, closure: Closure) -> Hit:
    """The edges that a closure touches, found by the boxes around their pieces."""
    edge, corners = pieces_of(graph)
    west, south, east, north = closure.shape.bounds
    low, high = corners.min(axis=1), corners.max(axis=1)
    near = (low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (high[:, 1] >= south)
    lines = shapely.linestrings(corners[near])
    touched = shapely.intersects(closure.shape, lines)
    factor = min(max(closure.speed_factor, CLOSED), 1.0)
    return Hit(closure.id, np.unique(edge[near][touched]), factor)


def ids_of(sets: Sequence[Ids]) -> dict[Ids, npt.NDArray[np.intp]]:
    """Which places share the same closures."""
    found: dict[Ids, list[int]] = {}
    for number, ids in enumerate(sets):
        found.setdefault(ids, []).append(number)
    return {ids: np.array(numbers) for ids, numbers in found.items()}

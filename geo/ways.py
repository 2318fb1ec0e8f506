"""The quickest way between two spots on the roads: its edges, its line, when it passes where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from geo.costs import Costs
from geo.network import Numbers, RoadName
from geo.points import Point
from geo.roads import RoadGraph
from geo.search import HERE, PASSAGE, Search, Tree, along_s, near_s
from geo.snapping import Spots


class Leg(NamedTuple):
    """A stretch along one edge, as shares of its length."""

    edge: int
    here: float
    there: float


@dataclass(frozen=True, slots=True)
class Route:
    """A way; `points[i]` is passed `at_s[i]` seconds after the start.

    By road `roads` are their names in order; else the line is straight. Where there is no way the
    time is inf and the line empty. `closures_avoided` are those that the free way would have met.
    """

    points: tuple[Point, ...]
    at_s: tuple[float, ...]
    distance_m: float
    eta_s: float
    by_road: bool
    roads: tuple[RoadName, ...] = ()
    closures_avoided: tuple[str, ...] = ()


def legs_of(costs: Costs, here: Spots, there: Spots) -> list[Leg] | None:
    """The quickest way from one spot to another; None where there is none."""
    search = Search(costs, towards=False)
    tree, ends = search.tree(here), search.leaves(there)
    last_s = near_s(costs, there, leaving=False)
    by_end = [float(tree.seconds[node[0]] + seconds[0])
              for node, seconds in zip(ends, last_s, strict=True)]  # fmt: skip
    beside = inf_unless_same(costs, here, there)
    if not np.isfinite([*by_end, beside]).any():
        return None
    edge, share = int(there.edge[0]), float(there.share[0])
    if beside <= min(by_end):
        return [Leg(edge, float(here.share[0]), share)]
    side = int(np.argmin(by_end))
    return [*walked(search, tree, here, int(ends[side][0])), Leg(edge, float(side), share)]


def inf_unless_same(costs: Costs, here: Spots, there: Spots) -> float:
    """Seconds along the one edge on which both spots lie."""
    if here.edge[0] != there.edge[0]:
        return float("inf")
    return float(along_s(costs, here.edge, here.share, there.share)[0])


def walked(search: Search, tree: Tree, here: Spots, node: int) -> list[Leg]:
    """The legs from a spot to a node, by the tree that grew from the spot."""
    graph, base, steps = search.costs.graph, search.net.base, search.steps(tree)
    legs: list[Leg] = []
    while (edge := int(steps[node])) != HERE:
        before = int(tree.next[node])
        is_ahead = graph.start[edge] == base[before] and graph.end[edge] == base[node]
        if edge != PASSAGE:
            legs.append(Leg(edge, 0.0, 1.0) if is_ahead else Leg(edge, 1.0, 0.0))
        node = before
    edge, share = int(here.edge[0]), float(here.share[0])
    legs.append(Leg(edge, share, float(graph.end[edge] == base[node])))
    return legs[::-1]


def line_of(costs: Costs, legs: Sequence[Leg]) -> tuple[Numbers, Numbers]:
    """The line of a way (N × 2, longitude first), and the seconds at which it passes there."""
    points, seconds, before_s = [], [], 0.0
    for leg in legs:
        part, shares = stretch(costs.graph, leg)
        towards = np.broadcast_to(leg.here, shares.shape)
        at = along_s(costs, np.full(len(shares), leg.edge), towards, shares)
        points.append(part)
        seconds.append(before_s + at)
        before_s += float(at[-1])
    return np.concatenate(points), np.concatenate(seconds)


def stretch(graph: RoadGraph, leg: Leg) -> tuple[Numbers, Numbers]:
    """The line of a leg, and of each of its points the share of the edge."""
    shape = graph.shape(leg.edge)
    lengths = np.hypot(*np.diff(graph.plane.metres(shape), axis=0).T)
    shares = np.concatenate([[0.0], np.cumsum(lengths)]) / max(float(lengths.sum()), 1e-6)
    low, high = sorted((leg.here, leg.there))
    inside = shares[(shares > low) & (shares < high)]
    kept = np.array([low, *inside, high])
    if leg.there < leg.here:
        kept = kept[::-1]
    return np.column_stack([np.interp(kept, shares, column) for column in shape.T]), kept


def metres_of(graph: RoadGraph, legs: Sequence[Leg]) -> float:
    """The length of a way."""
    return sum(abs(leg.there - leg.here) * float(graph.length_m[leg.edge]) for leg in legs)


def roads_along(graph: RoadGraph, legs: Sequence[Leg]) -> tuple[RoadName, ...]:
    """The names of the roads of a way, each once where it is entered."""
    names = [graph.names[graph.name[leg.edge]] for leg in legs if leg.here != leg.there]
    named = [name for name in names if name.zh or name.en]
    return tuple(named[:1] + [there for here, there in pairwise(named) if here != there])


def avoided(costs: Costs, here: Spots, there: Spots) -> Iterator[str]:
    """The closures that the way would meet if there were none."""
    if not costs.hits:
        return
    free = legs_of(costs.open_road, here, there) or []
    edges, ends = [leg.edge for leg in free], [here.edge[0], there.edge[0]]
    for hit in costs.hits:
        if np.isin(edges, hit.edges).any() and not np.isin(ends, hit.edges).any():
            yield hit.id


def without_doubles(points: Numbers, seconds: Numbers) -> tuple[Numbers, Numbers]:
    """A line without points that follow themselves."""
    is_new = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    return points[is_new], seconds[is_new]

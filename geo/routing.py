"""How long units need, and which way they go: by road where both ends are near one.

A place farther than `snap_within_m` from every road is off the network; from or to it the way is
a straight line at a stated speed, and says so (`by_road` False). Who is inside a closure, or is
sent into one, wades through that closure and through no other; whoever else would have to cross
one is cut off, and his time is inf.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.costs import Costs, ids_of
from geo.isochrones import in_degrees, reached
from geo.network import Numbers
from geo.plane import Metres
from geo.points import Point
from geo.search import NEVER_S, Search, along_s
from geo.snapping import Spots, snap
from geo.ways import Route, avoided, legs_of, line_of, metres_of, roads_along, without_doubles

Flags = npt.NDArray[np.bool_]
SNAP_WITHIN_M, STRAIGHT_KMH = 500.0, 25.0


@dataclass(frozen=True, slots=True)
class Reach:
    """From or to many places, in their order; seconds and metres, inf where cut off."""

    eta_s: Numbers
    distance_m: Numbers
    by_road: Flags
    off_m: Numbers  # from each place to its road


@dataclass(frozen=True)
class Ends:
    """Places that are asked about, and where they meet the roads."""

    flat: Metres
    spots: Spots
    on_road: Flags
    off_s: Numbers  # from the place to its road, 0 off the network

    def __len__(self) -> int:
        return len(self.spots)

    def some(self, which: npt.NDArray[np.intp]) -> "Ends":
        """Some of them."""
        return Ends(self.flat[which], self.spots.some(which), self.on_road[which],
                    self.off_s[which])  # fmt: skip


@dataclass(frozen=True)
class Router:
    """Answers for one moment: the roads with what they cost then. Threads may share it."""

    costs: Costs
    snap_within_m: float = SNAP_WITHIN_M
    straight_kmh: float = STRAIGHT_KMH
    version: str = field(default="", compare=False)  # of the closures it knows

    def reach(self, target: Point, sources: npt.ArrayLike) -> Reach:
        """From each source (N × 2, longitude first) to the target."""
        return self._reach(self.ends([target]), self.ends(sources), towards=True)

    def spread(self, source: Point, targets: npt.ArrayLike) -> Reach:
        """From the source to each target (N × 2, longitude first)."""
        return self._reach(self.ends([source]), self.ends(targets), towards=False)

    def matrix(
        self, sources: npt.ArrayLike, targets: npt.ArrayLike, within_s: float = NEVER_S
    ) -> Numbers:
        """Seconds from every source to every target (S × T); inf beyond `within_s`."""
        here, there = self.ends(sources), self.ends(targets)
        found = self.straight_s(here, there)
        for waded, rows, columns in self.pairs(here, there):
            costs = self.costs.wading(waded)
            of_pair = table(costs, here.some(rows).spots, there.some(columns).spots, within_s)
            of_pair += here.off_s[rows][:, None] + there.off_s[columns]
            found[np.ix_(rows, columns)] = of_pair
        return np.where(found > within_s, np.inf, found)

    def nearest(
        self, sources: npt.ArrayLike, targets: npt.ArrayLike, within_s: float = NEVER_S
    ) -> Numbers:
        """Seconds to each target from the source that is quickest there; inf beyond `within_s`."""
        here, there = self.ends(sources), self.ends(targets)
        found = self.straight_s(here, there).min(axis=0, initial=np.inf)
        for waded, rows, columns in self.pairs(here, there):
            costs, roots, spots = (
                self.costs.wading(waded),
                here.some(rows),
                there.some(columns).spots,
            )
            seconds = Search(costs, towards=False).least(roots.spots, roots.off_s, within_s)
            through = by_ends(costs, seconds, spots, towards=False)
            beside = same_edge(costs, roots.spots, spots) + roots.off_s[:, None]
            of_pair = np.minimum(through, beside.min(axis=0)) + there.off_s[columns]
            found[columns] = np.minimum(found[columns], of_pair)
        return np.where(found > within_s, np.inf, found)

    def route(self, source: Point, target: Point) -> Route:
        """The quickest way from one place to another, with its line."""
        here, there = self.ends([source]), self.ends([target])
        if not (here.on_road[0] and there.on_road[0]):
            metres = float(np.linalg.norm(here.flat - there.flat))
            eta_s = metres / self.straight_mps
            return Route((source, target), (0.0, eta_s), metres, eta_s, by_road=False)
        ((waded, _, _),) = self.pairs(here, there)
        return self._by_road(self.costs.wading(waded), (source, here), (target, there))

    def isochrones(self, target: Point, minutes: Sequence[float]) -> list[Any]:
        """For each number of minutes the area (shapely) from which the target is reached."""
        there = self.ends([target])
        if not there.on_road[0]:
            far = [self.straight_mps * 60 * one for one in minutes]
            discs = [shapely.Point(there.flat[0]).buffer(metres) for metres in far]
            return [in_degrees(disc, self.costs.graph.plane) for disc in discs]
        ((waded, _, _),) = self.pairs(there, there)
        return reached(self.costs.wading(waded), there.spots, float(there.off_s[0]), minutes)

    def _by_road(self, costs: Costs, start: tuple[Point, Ends], end: tuple[Point, Ends]) -> Route:
        (source, here), (target, there) = start, end
        legs = legs_of(costs, here.spots, there.spots)
        shunned = tuple(avoided(costs, here.spots, there.spots))
        if legs is None:
            never = float("inf")
            return Route((), (), never, never, by_road=True, closures_avoided=shunned)
        line, at_s = line_of(costs, legs)
        before_s, after_s = float(here.off_s[0]), float(there.off_s[0])
        times = np.array([0.0, *(at_s + before_s), at_s[-1] + before_s + after_s])
        points, times = without_doubles(np.array([source, *line, target]), times)
        metres = metres_of(costs.graph, legs) + here.spots.off_m[0] + there.spots.off_m[0]
        return Route(tuple(Point(*one) for one in points.tolist()), tuple(times.tolist()),
                     float(metres), float(times[-1]), True,
                     roads_along(costs.graph, legs), shunned)  # fmt: skip

    def ends(self, points: npt.ArrayLike) -> Ends:
        """Where places meet the roads."""
        spots = snap(self.costs.graph, points)
        on_road = spots.off_m <= self.snap_within_m
        off_s = np.where(on_road, spots.off_m, 0.0) / self.straight_mps
        return Ends(self.costs.graph.plane.metres(points), spots, on_road, off_s)

    @cached_property
    def straight_mps(self) -> float:
        """How fast one gets on beside the roads."""
        return self.straight_kmh / 3.6

    def straight_s(self, here: Ends, there: Ends) -> Numbers:
        """Along straight lines, where one end is off the network; inf for pairs on it."""
        metres = np.linalg.norm(here.flat[:, None] - there.flat, axis=2)
        both = here.on_road[:, None] & there.on_road
        return np.where(both, np.inf, metres / self.straight_mps)

    def pairs(
        self, here: Ends, there: Ends
    ) -> list[tuple[frozenset[str], npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
        """What is waded through, with the sources and the targets on the roads that do so."""
        groups = [
            [
                (ids, on[which])
                for ids, which in ids_of(self.costs.over(ends.spots.edge[on])).items()
            ]
            for ends in (here, there)
            for on in (np.flatnonzero(ends.on_road),)
        ]
        return [(ours | theirs, rows, columns) for ours, rows in groups[0]
                for theirs, columns in groups[1]]  # fmt: skip

    def _reach(self, centre: Ends, others: Ends, *, towards: bool) -> Reach:
        here, there = (others, centre) if towards else (centre, others)
        eta = self.straight_s(here, there).ravel()
        metres = eta * self.straight_mps
        for waded, rows, columns in self.pairs(here, there):
            which = rows if towards else columns
            costs, spots = self.costs.wading(waded), others.some(which).spots
            seconds, on_road_m = around(costs, centre.spots, spots, towards=towards)
            eta[which] = seconds + others.off_s[which] + centre.off_s
            metres[which] = on_road_m + spots.off_m + centre.spots.off_m
        return Reach(eta, metres, others.on_road & centre.on_road, others.spots.off_m)


def table(costs: Costs, here: Spots, there: Spots, within_s: float) -> Numbers:
    """Seconds between spots (S × T), looked for from the side that has fewer."""
    towards = len(there) <= len(here)
    roots, leaves = (there, here) if towards else (here, there)
    seconds = Search(costs, towards).times(roots, within_s)
    through = by_ends(costs, seconds, leaves, towards=towards)
    beside = same_edge(costs, here, there)
    return np.asarray(np.minimum(through.T if towards else through, beside))


def around(costs: Costs, centre: Spots, others: Spots, *, towards: bool) -> tuple[Numbers, Numbers]:
    """Seconds and metres between one spot and others, along the quickest ways."""
    search = Search(costs, towards)
    tree = search.tree(centre)
    metres = search.metres(tree, centre)
    graph, edge = costs.graph, others.edge
    start_s, end_s = Search(costs, not towards).near_s(others)
    ways_s = np.stack([
        tree.seconds[graph.start[edge]] + start_s,
        tree.seconds[graph.end[edge]] + end_s,
        same_edge(costs, others, centre)[:, 0] if towards else same_edge(costs, centre, others)[0],
    ])  # fmt: skip
    length = graph.length_m[edge]
    ways_m = np.stack([
        metres[graph.start[edge]] + others.share * length,
        metres[graph.end[edge]] + (1 - others.share) * length,
        np.abs(others.share - centre.share) * length,
    ])  # fmt: skip
    best, every = ways_s.argmin(axis=0), np.arange(len(edge))
    seconds = ways_s[best, every]
    return seconds, np.where(np.isfinite(seconds), ways_m[best, every], np.inf)


def by_ends(costs: Costs, seconds: Numbers, spots: Spots, *, towards: bool) -> Numbers:
    """Seconds of spots by the better end of their edge, when those of the nodes are known."""
    start_s, end_s = Search(costs, not towards).near_s(spots)
    graph, edge = costs.graph, spots.edge
    by_start = seconds[..., graph.start[edge]] + start_s
    by_end = seconds[..., graph.end[edge]] + end_s
    return np.asarray(np.minimum(by_start, by_end))


def same_edge(costs: Costs, here: Spots, there: Spots) -> Numbers:
    """Seconds from spot to spot along the edge on which both lie (S × T); inf for other pairs."""
    found = np.full((len(here), len(there)), np.inf)
    rows, columns = np.nonzero(here.edge[:, None] == there.edge)
    edge = here.edge[rows]
    found[rows, columns] = along_s(costs, edge, here.share[rows], there.share[columns])
    return found

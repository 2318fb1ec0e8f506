"""How long units need, and which way they go: by road where both ends are near one.

A place farther than `snap_within_m` from every road is off the network; from or to it the way is
a straight line at a stated speed, and says so (`by_road` False). Who stands on a closed road, or is
sent to one, wades along the closed roads there (`geo.net`); whoever else would have to pass through
closed roads is cut off, and his time is inf.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.costs import Costs
from geo.isochrones import in_degrees, reached
from geo.network import Numbers
from geo.plane import Metres
from geo.points import Point
from geo.search import NEVER_S, Search, along_s, near_s
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
        rows, columns = np.flatnonzero(here.on_road), np.flatnonzero(there.on_road)
        if len(rows) and len(columns):
            by_road = table(self.costs, here.some(rows).spots, there.some(columns).spots, within_s)
            beside = here.off_s[rows][:, None] + there.off_s[columns]
            found[np.ix_(rows, columns)] = by_road + beside
        return np.where(found > within_s, np.inf, found)

    def nearest(
        self, sources: npt.ArrayLike, targets: npt.ArrayLike, within_s: float = NEVER_S
    ) -> Numbers:
        """Seconds to each target from the source that is quickest there; inf beyond `within_s`."""
        here, there = self.ends(sources), self.ends(targets)
        found = self.straight_s(here, there).min(axis=0, initial=np.inf)
        rows, columns = np.flatnonzero(here.on_road), np.flatnonzero(there.on_road)
        if len(rows) and len(columns):
            roots, leaves = here.some(rows), there.some(columns)
            search = Search(self.costs, towards=False)
            by_ends = search.at(search.least(roots.spots, roots.off_s, within_s), leaves.spots)
            beside = same_edge(self.costs, roots.spots, leaves.spots) + roots.off_s[:, None]
            by_road = np.minimum(by_ends, beside.min(axis=0)) + leaves.off_s
            found[columns] = np.minimum(found[columns], by_road)
        return np.where(found > within_s, np.inf, found)

    def route(self, source: Point, target: Point) -> Route:
        """The quickest way from one place to another, with its line."""
        here, there = self.ends([source]), self.ends([target])
        if not (here.on_road[0] and there.on_road[0]):
            metres = float(np.linalg.norm(here.flat - there.flat))
            eta_s = metres / self.straight_mps
            return Route((source, target), (0.0, eta_s), metres, eta_s, by_road=False)
        return self._by_road((source, here), (target, there))

    def isochrones(self, target: Point, minutes: Sequence[float]) -> list[Any]:
        """For each number of minutes the area (shapely) from which the target is reached."""
        there = self.ends([target])
        if not there.on_road[0]:
            far = [self.straight_mps * 60 * one for one in minutes]
            discs = [shapely.Point(there.flat[0]).buffer(metres) for metres in far]
            return [in_degrees(disc, self.costs.graph.plane) for disc in discs]
        return reached(self.costs, there.spots, float(there.off_s[0]), minutes)

    def _by_road(self, start: tuple[Point, Ends], end: tuple[Point, Ends]) -> Route:
        (source, here), (target, there), costs = start, end, self.costs
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

    def _reach(self, centre: Ends, others: Ends, *, towards: bool) -> Reach:
        here, there = (others, centre) if towards else (centre, others)
        eta = self.straight_s(here, there).ravel()
        metres = eta * self.straight_mps
        which = np.flatnonzero(others.on_road & centre.on_road)
        if len(which):
            spots = others.some(which).spots
            seconds, on_road_m = around(self.costs, centre.spots, spots, towards=towards)
            eta[which] = seconds + others.off_s[which] + centre.off_s
            metres[which] = on_road_m + spots.off_m + centre.spots.off_m
        return Reach(eta, metres, others.on_road & centre.on_road, others.spots.off_m)


def table(costs: Costs, here: Spots, there: Spots, within_s: float) -> Numbers:
    """Seconds between spots (S × T), looked for from the side that has fewer."""
    towards = len(there) <= len(here)
    roots, leaves = (there, here) if towards else (here, there)
    search = Search(costs, towards)
    through = search.at(search.times(roots, within_s), leaves)
    beside = same_edge(costs, here, there)
    return np.asarray(np.minimum(through.T if towards else through, beside))


def around(costs: Costs, centre: Spots, others: Spots, *, towards: bool) -> tuple[Numbers, Numbers]:
    """Seconds and metres between one spot and others, along the quickest ways."""
    search = Search(costs, towards)
    tree = search.tree(centre)
    metres, (starts, ends) = search.metres(tree, centre), search.leaves(others)
    start_s, end_s = near_s(costs, others, leaving=towards)
    beside = (
        same_edge(costs, others, centre)[:, 0] if towards else same_edge(costs, centre, others)[0]
    )
    ways_s = np.stack([tree.seconds[starts] + start_s, tree.seconds[ends] + end_s, beside])
    length = costs.graph.length_m[others.edge]
    ways_m = np.stack([
        metres[starts] + others.share * length,
        metres[ends] + (1 - others.share) * length,
        np.abs(others.share - centre.share) * length,
    ])  # fmt: skip
    best, every = ways_s.argmin(axis=0), np.arange(len(others))
    seconds = ways_s[best, every]
    return seconds, np.where(np.isfinite(seconds), ways_m[best, every], np.inf)


def same_edge(costs: Costs, here: Spots, there: Spots) -> Numbers:
    """Seconds from spot to spot along the edge on which both lie (S × T); inf for other pairs."""
    found = np.full((len(here), len(there)), np.inf)
    rows, columns = np.nonzero(here.edge[:, None] == there.edge)
    edge = here.edge[rows]
    found[rows, columns] = along_s(costs, edge, here.share[rows], there.share[columns])
    return found

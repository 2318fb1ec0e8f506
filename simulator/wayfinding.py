"""Ways over the road graph for units that were sent: around the places that stand under water."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite

import numpy as np

from geo.costs import Closure, costs_of
from geo.drawn import disc
from geo.points import Point
from geo.roads import RoadGraph
from geo.routing import Router
from simulator.errands import Line
from simulator.roster import Roster
from simulator.water import CLOSED_CM, Water

FLOODED_M = 80.0


@dataclass
class Wayfinder:
    """What a crew knows of the roads; it sees water for itself."""

    graph: RoadGraph
    ponds: Roster
    _seen: tuple[int, ...] = ()
    _router: Router | None = field(default=None)

    def line(self, here: Point, there: Point, water: Water) -> Line | None:
        """The way to a place; None where water cuts it off."""
        route = self._around(water).route(here, there)
        if not isfinite(route.eta_s):
            return None
        return steady(Line.of(route) if len(route.points) > 1 else standing(here))

    def home(self, here: Point, there: Point) -> Line:
        """The way back; nobody is kept from it."""
        route = Router(costs_of(self.graph)).route(here, there)
        is_way = isfinite(route.eta_s) and len(route.points) > 1
        return steady(Line.of(route) if is_way else straight(here, there))

    def _around(self, water: Water) -> Router:
        deep = tuple(np.flatnonzero(water.depth_cm >= CLOSED_CM).tolist())
        if self._router is None or deep != self._seen:
            closures = [Closure(self.ponds.ids[i], disc(self._pond(i), FLOODED_M)) for i in deep]
            self._seen, self._router = deep, Router(costs_of(self.graph, closures))
        return self._router

    def _pond(self, i: int) -> Point:
        return Point(float(self.ponds.lon[i]), float(self.ponds.lat[i]))


def standing(here: Point) -> Line:
    """No way at all: the unit is there already."""
    return straight(here, here)


def straight(here: Point, there: Point) -> Line:
    """Two points, half a minute apart."""
    return Line(np.array([here.lon, there.lon]), np.array([here.lat, there.lat]),
                np.array([0.0, 30.0]))  # fmt: skip


def steady(line: Line) -> Line:
    """With times that grow from point to point."""
    at_s = line.at_s.copy()
    for low, high in pairwise(range(len(at_s))):
        at_s[high] = max(at_s[high], at_s[low] + 1e-3)
    return Line(line.lon, line.lat, at_s)

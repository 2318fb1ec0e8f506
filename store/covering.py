"""How the city is covered by units of a kind, and what is lost when one goes."""

import threading
from collections.abc import Callable, Sequence

import numpy as np

from city.case_bounds import CityFacts
from city.coverage import Coverage, Places, Rows, coverage, squares
from city.ranking import is_sendable
from city.refusal import Conflict, say
from city.roles import Actor
from city.sight import sight_of
from city.units import Unit
from geo.ground import Ground
from geo.network import Numbers, RoadName
from geo.roads import RoadGraph
from store.roads import RoadStore
from store.units import UnitStore

say({
    "no_cover": ("“{kind}”没有设定覆盖时限", "No minutes are set to cover the city by {kind}"),
})  # fmt: skip

SQUARE_M = 1500.0


class Covering:
    """One per process; the places are chosen once for a road graph."""

    def __init__(
        self, units: UnitStore, roads: RoadStore, city: Callable[[], CityFacts],
        ground: Callable[[], Ground | None],
    ) -> None:  # fmt: skip
        self._units = units
        self._roads = roads
        self._city = city
        self._ground = ground
        self._places: tuple[RoadGraph, Places] | None = None
        self._choosing = threading.Lock()

    def now(self, kind: str, actor: Actor) -> Coverage:
        """How much of each area the units of a kind cover."""
        return self._cover(kind, self._free(kind, actor), actor)

    def without(self, unit_id: str, actor: Actor) -> Coverage:
        """What it means that this one goes."""
        unit = self._units.one(unit_id, actor.at_ms, sight_of(actor.seat))
        free = self._free(unit.kind, actor)
        leaving = next((row for row, one in enumerate(free) if one.id == unit_id), None)
        return self._cover(unit.kind, free, actor, leaving)

    def _cover(
        self, kind: str, units: Sequence[Unit], actor: Actor, leaving: int | None = None
    ) -> Coverage:
        within_min, router = self._within_min(kind), self._roads.router(actor.at_ms)
        places = self._chosen(router.costs.graph)
        here = np.array([one.point for one in units], np.float64).reshape(len(units), 2)
        times_s = router.matrix(here, places.points, within_min * 60)
        if leaving is None:
            return coverage(units, times_s, places, within_min)
        target = units[leaving].point
        to_leaving_s = router.reach(target, here).eta_s if target else None
        return coverage(units, times_s, places, within_min, leaving, to_leaving_s)

    def _within_min(self, kind: str) -> float:
        minutes = self._city().dispatch.cover.get(kind)
        if minutes is None:
            raise Conflict("no_cover", kind=kind)
        return minutes

    def _free(self, kind: str, actor: Actor) -> list[Unit]:
        rules = self._city().dispatch
        seen = self._units.all(actor.at_ms)
        return [one for one in seen if one.kind == kind and is_sendable(one, rules, actor.at_ms)]

    def _chosen(self, graph: RoadGraph) -> Places:
        with self._choosing:
            if self._places is None or self._places[0] is not graph:
                nodes, weight = squares(graph.lon, graph.lat, SQUARE_M)
                points = np.column_stack([graph.lon[nodes], graph.lat[nodes]])
                names = names_at(graph, nodes)
                self._places = graph, Places(points, weight, self._areas(points), names)
            return self._places[1]

    def _areas(self, points: Numbers) -> list[str]:
        ground = self._ground()
        return ground.areas(*points.T) if ground else [""] * len(points)


def names_at(graph: RoadGraph, nodes: Rows) -> list[RoadName]:
    """The name of the greatest road at each crossing."""
    name = np.zeros(len(graph.lon), np.int64)
    smallest_first = np.argsort(-graph.road_class.astype(np.int64), kind="stable")
    for ends in (graph.start, graph.end):  # of several roads the last, so the greatest, stays
        name[ends[smallest_first]] = graph.name[smallest_first]
    return [graph.names[one] for one in name[nodes].tolist()]

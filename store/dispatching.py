"""Who could be sent: candidates for a case or a place, for several cases at once, and what it
means for the city that a unit goes. Nothing is sent from here.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from city.candidates import Candidates, Need, WhatIf
from city.case_bounds import CityFacts
from city.case_scope import sees
from city.cases import Case
from city.coverage import Coverage
from city.dispatch_rules import DispatchRules
from city.joint import Joint, joint
from city.ranking import is_sendable, rank, reserve
from city.refusal import Conflict, Forbidden, Malformed, say
from city.roles import Actor
from city.sight import sight_of
from city.units import Unit
from geo.network import Numbers
from geo.points import Point
from geo.routing import Reach, Router
from store.cases import CaseStore
from store.covering import Covering
from store.roads import RoadStore
from store.units import UnitStore

say({
    "case_nowhere": (
        "案件 {case} 没有位置，无法推荐力量", "Case {case} has no place: nobody is near it",
    ),
    "too_many_cases": ("一次最多 {most} 件案件", "At most {most} cases at once"),
})  # fmt: skip

AS_IT_IS = WhatIf()
MOST_CASES = 100


class Dispatching:
    """The desk of the dispatcher; `declined` says which units did not take a case."""

    def __init__(
        self, units: UnitStore, cases: CaseStore, roads: RoadStore, covering: Covering,
        declined: Callable[[str], frozenset[str]], city: Callable[[], CityFacts],
    ) -> None:  # fmt: skip
        self._units = units
        self._cases = cases
        self._declined = declined
        self._roads = roads
        self._covering = covering
        self._city = city

    def for_case(self, case_id: str, actor: Actor, what_if: WhatIf = AS_IT_IS) -> Candidates:
        """The units for a case; Conflict where nobody knows where it is."""
        return self.for_need(self.need_of(case_id, actor), actor, what_if)

    def for_point(self, point: Point, actor: Actor, what_if: WhatIf = AS_IT_IS) -> Candidates:
        """The units for a place, whatever they can do."""
        return self.for_need(Need(point), actor, what_if)

    def for_need(self, need: Need, actor: Actor, what_if: WhatIf = AS_IT_IS) -> Candidates:
        """The units that the actor sees, ranked for a need."""
        began = time.perf_counter()
        rules = what_if.rules(self._city().dispatch)
        units = self._units.all(actor.at_ms, sight_of(actor.seat))
        router = self._router(what_if, actor)

        def ways_of(asked: Sequence[Unit]) -> Reach:
            return router.reach(need.point, places_of(asked, need.point))

        found = rank(what_if.need(need), units, ways_of, rules, actor.at_ms)
        if what_if.reserve:
            found = reserve(found, ways_of)
        return replace(
            found,
            took_ms=took_ms(began),
            what_if=what_if if what_if.is_supposed else None,
            is_by_road=bool(len(router.costs.graph.lon)),
        )

    def joint(self, case_ids: Sequence[str], actor: Actor) -> Joint:
        """One unit for each of several cases, beside what each would take alone."""
        began = time.perf_counter()
        if len(case_ids) > MOST_CASES:
            raise Malformed("too_many_cases", most=MOST_CASES)
        needs = [self.need_of(one, actor) for one in dict.fromkeys(case_ids)]
        return replace(self.for_needs(needs, actor), took_ms=took_ms(began))

    def for_needs(
        self, needs: Sequence[Need], actor: Actor, units: Sequence[Unit] | None = None
    ) -> Joint:
        """The same for needs in the order in which they wait, and perhaps only some units."""
        rules = self._city().dispatch
        seen = self._units.all(actor.at_ms, sight_of(actor.seat)) if units is None else units
        free = [one for one in seen if is_sendable(one, rules, actor.at_ms)]
        if not (needs and free):
            return joint(needs, free, np.empty((len(free), len(needs))), rules)
        here, there = places_of(free, needs[0].point), np.array([one.point for one in needs])
        within_s = rules.numbers.within_min * 60
        times_s = self._router(AS_IT_IS, actor).matrix(here, there, within_s)
        return joint(needs, free, times_s, rules)

    def coverage(self, unit_id: str, actor: Actor) -> Coverage:
        """What it means that a unit goes: which area loses its last, who could move up."""
        return self._covering.without(unit_id, actor)

    def covered(self, kind: str, actor: Actor) -> Coverage:
        """How much of each area the units of a kind cover now."""
        return self._covering.now(kind, actor)

    def need_of(self, case_id: str, actor: Actor) -> Need:
        """What a case needs, and where."""
        case = self._cases.get(case_id)
        if not sees(actor.seat, case):
            raise Forbidden("other_scope")
        if case.pos is None:
            raise Conflict("case_nowhere", case=case.id)
        need = need_of(case, self._city().dispatch)
        return replace(need, declined=self._declined(case_id))

    def _router(self, what_if: WhatIf, actor: Actor) -> Router:
        router = self._roads.router(actor.at_ms)
        if not what_if.closures_open:
            return router
        return replace(router, costs=router.costs.open_road)


def need_of(case: Case, rules: DispatchRules) -> Need:
    """What a case that has a place needs."""
    lon, lat = case.pos or (0.0, 0.0)
    skills = rules.needs_of(case.kind, case.type)
    return Need(Point(lon, lat), skills, case.id, case.severity)


def places_of(units: Sequence[Unit], otherwise: Point) -> Numbers:
    """Where units are (N × 2, longitude first); those nobody knows of stand anywhere."""
    places = [one.point or otherwise for one in units]
    return np.array(places, np.float64).reshape(len(units), 2)


def took_ms(began: float) -> float:
    """Milliseconds since then, with one decimal."""
    return round((time.perf_counter() - began) * 1000, 1)

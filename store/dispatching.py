"""Who could be sent: candidates for a case or a place, over units, roads and the city's rules.

Nothing is sent from here.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from city.candidates import Candidates, Need, WhatIf
from city.case_bounds import CityFacts
from city.case_scope import sees
from city.cases import Case
from city.dispatch_rules import DispatchRules
from city.ranking import Ways, rank
from city.refusal import Conflict, Forbidden, say
from city.roles import Actor
from city.sight import sight_of
from city.straight import straight_ways
from city.units import Unit
from geo.points import Point
from store.cases import CaseStore
from store.units import UnitStore

say({
    "case_nowhere": (
        "案件 {case} 没有位置，无法推荐力量", "Case {case} has no place: nobody is near it",
    ),
})  # fmt: skip

AS_IT_IS = WhatIf()


class Dispatching:
    """The desk of the dispatcher; `city` is asked each time."""

    def __init__(self, units: UnitStore, cases: CaseStore, city: Callable[[], CityFacts]) -> None:
        self._units = units
        self._cases = cases
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
        ways = self._ways(need.point, units, rules)
        found = rank(what_if.need(need), units, ways, rules, actor.at_ms)
        took_ms = (time.perf_counter() - began) * 1000
        supposed = what_if if what_if != AS_IT_IS else None
        return replace(found, took_ms=round(took_ms, 1), what_if=supposed)

    def need_of(self, case_id: str, actor: Actor) -> Need:
        """What a case needs, and where."""
        case = self._cases.get(case_id)
        if not sees(actor.seat, case):
            raise Forbidden("other_scope")
        if case.pos is None:
            raise Conflict("case_nowhere", case=case.id)
        return need_of(case, self._city().dispatch)

    def _ways(self, point: Point, units: Sequence[Unit], rules: DispatchRules) -> Ways:
        return straight_ways([one.point for one in units], point, rules.numbers.straight_kmh)


def need_of(case: Case, rules: DispatchRules) -> Need:
    """What a case that has a place needs."""
    lon, lat = case.pos or (0.0, 0.0)
    skills = rules.needs_of(case.kind, case.type)
    return Need(Point(lon, lat), skills, case.id, case.severity, area=case.area)

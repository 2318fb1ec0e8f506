"""What the phone page shows of a unit, gathered: its orders, their cases, plans, ways, readings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from api.field_words import Matter
from city.case_table import CaseState
from city.cases import Case
from city.dispatch_rules import Names
from city.order_table import OrderState
from city.orders import Order
from city.plan_runs import PlanTask, Run
from city.refusal import NotFound
from city.roles import Actor
from city.units import Unit
from geo.points import Point
from geo.routing import Router
from geo.ways import Route
from store.store import Store

A_DAY_MS = 86_400_000
MINUTE_MS = 60_000
STEP_DEGREES = 4  # decimals of a position within which a way is not looked for again: 11 m
MOST_WAYS = 2000
# What happened to an order without its unit's doing.
WITHOUT_US = {OrderState.RECALLED, OrderState.REDIRECTED, OrderState.EXPIRED}


class FieldDesk:
    """Reads the rooms for the phone page; keeps the ways that were found."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ways: dict[tuple[Any, ...], tuple[Route, int]] = {}
        self._router: Router | None = None  # by which they were found

    def unit_of(self, actor: Actor) -> Unit | None:
        """The unit that the actor serves on, as it stands."""
        unit_id = self._store.units.of_account(actor.seat.account)
        if not unit_id:
            return None
        try:
            return self._store.units.one(unit_id, actor.at_ms)
        except NotFound:
            return None

    def tag(self, unit: Unit | None, actor: Actor, lang: str) -> str:
        """By what an unchanged answer is known; the minute is in it, for ages and ways."""
        orders = self._orders(unit, actor) if unit else []
        cases = self._store.cases.some([one.case_id for one in orders])
        parts = [actor.seat.account, lang, unit.id if unit else "", unit.status if unit else "",
                 self._store.mode.standing(), actor.at_ms // MINUTE_MS,
                 *((one.id, one.version) for one in orders),
                 *((one.id, one.version) for one in cases)]  # fmt: skip
        return f'"{sha256(repr(parts).encode()).hexdigest()[:24]}"'

    def matters(self, unit: Unit, actor: Actor) -> list[Matter]:
        """The orders of a day with all that belongs to them, the newest first."""
        orders = [one for one in self._orders(unit, actor) if one.state not in WITHOUT_US]
        cases = {one.id: one for one in self._store.cases.some([one.case_id for one in orders])}
        return [self._matter(one, cases[one.case_id], unit, actor) for one in reversed(orders)
                if one.case_id in cases]  # fmt: skip

    def over(self, unit: Unit, actor: Actor) -> list[Order]:
        """Those that were taken away, the newest first."""
        found = [one for one in self._orders(unit, actor) if one.state in WITHOUT_US]
        return sorted(found, key=lambda one: -one.ended_ms)

    def _orders(self, unit: Unit, actor: Actor) -> list[Order]:
        found = self._store.orders.of_unit(unit.id)
        return [one for one in found if one.is_open or one.ended_ms > actor.at_ms - A_DAY_MS]

    def _matter(self, order: Order, case: Case, unit: Unit, actor: Actor) -> Matter:
        runs = self._store.plans.of_case(case.id)
        came_back = order.state is OrderState.DONE and case.state is CaseState.HANDLING
        route, route_ms = self._way(order, unit, actor.at_ms) if order.is_open else (None, 0)
        return Matter(
            order, case,
            log=self._store.cases.log(case.id) if came_back else (),
            task=task_of(order, runs),
            advice=self._advice(case, runs),
            partners=self._partners(order, actor),
            route=route, route_ms=route_ms,
            reading=self._reading(case.thing) if order.is_open else None,
        )  # fmt: skip

    def _advice(self, case: Case, runs: Sequence[Run]) -> Sequence[tuple[str, str]]:
        """What to heed: of the plan that runs, else of the one that fits best."""
        if runs:
            return [pair for run in runs for pair in run.advice]
        return next((plan.advice for plan in self._store.plans.fitting(case)), ())

    def _partners(self, order: Order, actor: Actor) -> list[tuple[Order, Names]]:
        others = [one for one in self._store.orders.of_case(order.case_id) if one.id != order.id]
        return [(one, self._name(one.unit, actor)) for one in others]

    def _name(self, unit_id: str, actor: Actor) -> Names:
        try:
            unit = self._store.units.one(unit_id, actor.at_ms)
        except NotFound:
            return unit_id, unit_id
        return unit.zh, unit.en

    def _way(self, order: Order, unit: Unit, at_ms: int) -> tuple[Route | None, int]:
        """The way to the case, not looked for again while neither end nor any road changed."""
        if unit.point is None or order.pos is None:
            return None, 0
        router = self._store.roads.router(at_ms)
        if router is not self._router or len(self._ways) >= MOST_WAYS:
            self._router, self._ways = router, {}
        known_as = (order.id, *(round(one, STEP_DEGREES) for one in unit.point))
        if known_as not in self._ways:
            self._ways[known_as] = router.route(unit.point, Point(*order.pos)), at_ms
        return self._ways[known_as]

    def _reading(self, thing: str) -> Mapping[str, Any] | None:
        """What a sensor said last."""
        live = self._store.live
        if not thing:
            return None
        live.refresh()
        with live.lock:
            index = live.table.index.get(thing)
            return None if index is None else live.table.properties(index, datetime.now(UTC))


def task_of(order: Order, runs: Iterable[Run]) -> PlanTask | None:
    """The step of a plan that an order is for."""
    found = (run.task(order.task) for run in runs) if order.task else iter(())
    return next((one for one in found if one), None)

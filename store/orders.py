"""Orders to units: each command is one transaction with the case's move and the message out.

An order that is sent lies in the field's outbox when the command returns; one that is refused to
the seat that asks leaves nothing but its record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from city.audit import Draft
from city.case_bounds import CityFacts
from city.order_moves import must_send, must_step, of_actor, sees
from city.order_table import OrderMove
from city.order_work import midnight_ms, work_of
from city.orders import Order, OrderStep, Sending, Wish, order_id_of
from city.refusal import Conflict
from city.roles import SYSTEM, Actor, Seat
from city.sight import sight_of
from city.units import Work
from store import keys
from store.books import Page
from store.client import Client
from store.ledger import Ledger
from store.order_acts import Crew, OrderActs
from store.order_hearing import OrderHearing
from store.order_pages import ORDER, count_in, ids_of, known, order_in, order_of, orders_in
from store.order_table import OrderTable
from store.properties import moment
from store.reach import reaching
from store.units import UnitStore

SHOWN_MS = 1_800_000  # so long an order that ended stays among the open ones


class OrderStore:
    """The room of orders; `city` is asked each time, since doors tell the store of it."""

    def __init__(
        self, client: Client, ledger: Ledger, acts: OrderActs, units: Callable[[], UnitStore],
        city: Callable[[], CityFacts],
    ) -> None:  # fmt: skip
        self._redis = client
        self._ledger = ledger
        self._acts = acts
        self._units = units
        self._city = city
        self.heard = OrderHearing(client, ledger, acts)  # what the field and the clock say
        self._table = OrderTable(client)
        self._work: tuple[Mapping[str, Order], int, Mapping[str, Work]] = {}, -1, {}

    def get(self, order_id: str) -> Order:
        """An order as it stands; NotFound where there is none."""
        with reaching():
            packed = self._redis.hget(keys.ORDERS, order_id)
        return known(packed, order_id)

    def of_case(self, case_id: str) -> list[Order]:
        """All orders of a case, the oldest first."""
        with reaching():
            count = int(self._redis.hget(keys.ORDER_NUMBERS, case_id) or 0)
        return self._some(ids_of(case_id, count))

    def of_unit(self, unit_id: str, most: int = 50) -> list[Order]:
        """The newest orders of a unit, the oldest of them first."""
        with reaching():
            ids = self._redis.lrange(keys.orders_of(unit_id), -most, -1)
        return self._some([one.decode() for one in ids])

    def recent(self, at_ms: int, seat: Seat = SYSTEM) -> list[Order]:
        """Open orders and those that ended within a day, as far as a seat sees them, by time."""
        found = self._table.refresh(at_ms).values()
        mine = [one for one in found if seat == SYSTEM or sees(seat, one)]
        return sorted(mine, key=lambda one: (one.sent_ms, one.id))

    def open(self, seat: Seat, at_ms: int) -> list[Order]:
        """What the desk looks at: open orders, and those that ended a moment ago."""
        return [one for one in self.recent(at_ms, seat)
                if one.is_open or one.ended_ms > at_ms - SHOWN_MS]  # fmt: skip

    def work(self, at_ms: int) -> Mapping[str, Work]:
        """What each unit has in hand and has done today; worked out when something changed."""
        orders = self._table.refresh(at_ms)
        since_ms = midnight_ms(moment(at_ms).astimezone(self._city().calendar.zone))
        of_orders, of_day_ms, work = self._work
        if orders is of_orders and since_ms == of_day_ms:
            return work
        work = work_of(orders.values(), since_ms)
        self._work = orders, since_ms, work
        return work

    def send(self, case_id: str, sending: Sending, actor: Actor) -> list[Order]:
        """Sends units to a case, all or none; the same `key` again gives the same orders."""
        crew = self._crew(sending.wishes, actor)

        def act(page: Page) -> list[Order]:
            if again := sent_before(page, case_id, sending.key):
                page.is_silent = True
                return again
            return self._acts.send(page, case_id, sending, crew, actor)

        draft = actor.draft(f"{ORDER}.send", f"case/{case_id}", units=list(crew))
        return self._ledger.write(act, draft, [(keys.CASES, case_id)])

    def step(self, order_id: str, step: OrderStep, actor: Actor) -> Order:
        """A move by hand, by the desk or by who serves on the unit; durable when it returns."""
        act = partial(self.step_in, order_id=order_id, step=step, actor=actor)
        return self._ledger.write(act, self._draft(order_id, step, actor),
                                  [(keys.ORDERS, order_id)])  # fmt: skip

    def step_in(self, page: Page, order_id: str, step: OrderStep, actor: Actor) -> Order:
        """The same within another command's transaction; a known `key` changes nothing."""
        order = order_in(page, order_id)
        page.subject = f"case/{order.case_id}"
        if order.knows(step.key):
            page.is_silent = True
            return order
        must_step(order, step, actor, serves(page, actor))
        return self._acts.step(page, order, step, of_actor(actor), actor)

    def redirect(
        self, order_id: str, case_id: str, actor: Actor, note: str = "", key: str = ""
    ) -> Order:
        """The unit goes to another case instead; gives the order that it has there."""
        old = self.get(order_id)
        if old.case_id == case_id:
            raise Conflict("same_case", order=order_id)
        wish = Wish(old.unit, note=note, came_from=order_id)
        step = OrderStep(OrderMove.REDIRECT, case_id, key=key)
        return self._instead(case_id, step, wish, actor)

    def hand_over(
        self, order_id: str, unit_id: str, actor: Actor, reason: str = "", key: str = ""
    ) -> Order:
        """Another unit does it instead; gives the order that it has."""
        old = self.get(order_id)
        if old.unit == unit_id:
            raise Conflict("same_unit", order=order_id, unit=unit_id)
        wish = Wish(unit_id, old.task, str(old.part), old.note, order_id)
        step = OrderStep(OrderMove.RECALL, reason or unit_id, key=key)
        return self._instead(old.case_id, step, wish, actor)

    def _instead(self, case_id: str, step: OrderStep, wish: Wish, actor: Actor) -> Order:
        """One order ends and another begins, or neither."""
        crew = self._crew((wish,), actor)

        def act(page: Page) -> Order:
            old = order_in(page, wish.came_from)
            page.subject = f"case/{old.case_id}"
            if old.knows(step.key):
                page.is_silent = True
                return order_in(page, old.went_to)
            must_step(old, step, actor, serves(page, actor))
            new_id = order_id_of(case_id, count_in(page, case_id) + 1)
            self._acts.step(page, replace(old, went_to=new_id), step, of_actor(actor), actor)
            return self._acts.send(page, case_id, Sending((wish,)), crew, actor)[0]

        return self._ledger.write(act, self._draft(wish.came_from, step, actor))

    def _crew(self, wishes: Sequence[Wish], actor: Actor) -> Crew:
        """The units that are to be sent, as they stand; each must be the actor's to send."""
        units, sight = self._units(), sight_of(actor.seat)
        crew = {one.unit: units.one(one.unit, actor.at_ms, sight) for one in wishes}
        for unit in crew.values():
            must_send(unit, actor.seat)
        return crew

    def _draft(self, order_id: str, step: OrderStep, actor: Actor) -> Draft:
        return actor.draft(f"{ORDER}.{step.move}", f"{ORDER}/{order_id}", reason=step.reason)

    def _some(self, order_ids: Sequence[str]) -> list[Order]:
        if not order_ids:
            return []
        with reaching():
            found = self._redis.hmget(keys.ORDERS, order_ids)
        return [order_of(one) for one in found if one]


def sent_before(page: Page, case_id: str, key: str) -> list[Order]:
    """The orders that a sender who repeats himself has sent already."""
    return [one for one in orders_in(page, case_id) if one.key == key] if key else []


def serves(page: Page, actor: Actor) -> str:
    """The unit that the actor is signed on to; empty for none."""
    return (page.get(keys.CREWS, actor.seat.account) or b"").decode()

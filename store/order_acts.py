"""What is written when an order is sent or goes on, with all that follows from it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from city.case_bounds import CityFacts
from city.case_scope import sees as sees_case
from city.cases import Case
from city.order_moves import Origin, Terms, begun, must_be_free, must_take, stepped
from city.orders import Order, OrderStep, Sending, Wish
from city.refusal import Forbidden
from city.roles import Actor
from city.units import Unit
from store import keys
from store.books import Page
from store.case_packing import known
from store.field import FieldStore
from store.order_follows import OrderFollows
from store.order_pages import in_hand, keep, next_id

SECOND_MS, MINUTE_MS = 1000, 60_000
Crew = Mapping[str, Unit]


class OrderActs:
    """Within the transaction of a command; `city` is asked each time."""

    def __init__(
        self, field: FieldStore, follows: OrderFollows, city: Callable[[], CityFacts]
    ) -> None:
        self._field = field
        self._follows = follows
        self._city = city

    def send(
        self, page: Page, case_id: str, sending: Sending, crew: Crew, actor: Actor
    ) -> list[Order]:
        """New orders, after the case itself was sent on its way."""
        case = known(page.get(keys.CASES, case_id), case_id)
        if not sees_case(actor.seat, case):
            raise Forbidden("other_scope")
        must_take(case, sending)
        for wish in sending.wishes:
            must_be_free(wish.unit, in_hand(page, wish.unit), case_id, sending.anyway)
        departments = [crew[wish.unit].department for wish in sending.wishes]
        case = self._follows.before(page, case, sending, departments, actor)
        orders = [self._begin(page, case, sending, wish, crew[wish.unit], actor)
                  for wish in sending.wishes]  # fmt: skip
        page.subject = f"case/{case_id}"
        page.detail["orders"] = [one.id for one in orders]
        return orders

    def step(
        self, page: Page, order: Order, step: OrderStep, origin: Origin, actor: Actor
    ) -> Order:
        """The order after a move; Conflict where it is illegal."""
        after = stepped(order, step, origin)
        keep(page, self._field, after)
        self._follows.after(page, after, actor)
        page.subject = f"case/{order.case_id}"
        page.detail |= {
            "order": order.id, "unit": order.unit, "source": str(origin.source),
            "order_before": str(order.state), "order_after": str(after.state),
        }  # fmt: skip
        return after

    def _begin(
        self, page: Page, case: Case, sending: Sending, wish: Wish, unit: Unit, actor: Actor
    ) -> Order:
        note = "\n".join(one for one in (sending.note, wish.note) if one)
        numbers = self._city().dispatch.numbers
        terms = Terms(round(numbers.answer_within_s * SECOND_MS),
                      round(numbers.order_holds_min * MINUTE_MS))  # fmt: skip
        order = begun(next_id(page, case.id), case, unit, wish, terms, actor)
        order = replace(order, note=note, key=sending.key, came_from=wish.came_from)
        keep(page, self._field, order)
        self._follows.after(page, order, actor)
        return order

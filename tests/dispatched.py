"""A case that waits for somebody, units around it, and a desk that sends them."""

from typing import Any

import msgspec

from city.case_table import Move
from city.cases import Case
from city.cases import Order as CaseOrder
from city.order_table import OrderMove
from city.orders import Ack, Order, OrderStep, Sending, Wish
from city.roles import Actor, Role
from store.field import Posted
from store.store import Store
from tests.desk import opening_order, seat
from tests.fleet import Fleet
from tests.publisher import now_ms
from tests.seats import actor as acting


def as_role(role: Role, name: str = "", department: str = "") -> Actor:
    """A seat with one post, at this moment."""
    return acting(seat=seat(role, name, department))


class Desk:
    """Sends units of a fleet to cases of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fleet = Fleet(store)
        self.dispatcher = as_role(Role.DISPATCHER)
        self._cases = 0

    def case(self, **changes: Any) -> Case:
        """A case that waits to be dispatched."""
        self._cases += 1
        cases = self.store.cases
        opened, _ = cases.create(
            opening_order(external_id=f"D-{self._cases}", **changes), as_role(Role.ACCEPTOR)
        )
        cases.move(opened.id, CaseOrder(Move.ACCEPT), as_role(Role.ACCEPTOR))
        return cases.move(opened.id, CaseOrder(Move.REGISTER), as_role(Role.CHIEF))

    def send(self, case: Case, *units: str, by: Actor | None = None, **more: Any) -> list[Order]:
        """Orders for some units."""
        sending = Sending(tuple(Wish(one) for one in units), **more)
        return self.store.orders.send(case.id, sending, by or self.dispatcher)

    def step(self, order: Order, move: OrderMove, by: Actor | None = None, **more: Any) -> Order:
        """A move by hand."""
        return self.store.orders.step(order.id, OrderStep(move, **more), by or self.dispatcher)

    def answer(self, order: Order, move: OrderMove, **more: Any) -> Order | None:
        """What the unit's device answers."""
        at_ms = now_ms()
        told: dict[str, Any] = {"at_ms": at_ms, "received_ms": at_ms, **more}
        ack = Ack(order.id, order.department, move, **told)
        return self.store.orders.heard.answered(ack)

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """What the field was told: topic and document."""
        posted: list[Posted] = self.store.field.read()
        return [(one.topic, msgspec.json.decode(one.payload)) for one in posted]

"""What becomes of orders without anybody at a desk: answers of devices, movements, and time."""

from functools import partial

from city.order_moves import Origin, is_legal, of_actor, of_clock
from city.order_table import OrderMove, OrderSource
from city.orders import Ack, Order, OrderStep
from city.roles import SYSTEM, Actor, Seat
from store import keys
from store.books import Page
from store.client import Client
from store.ledger import Ledger
from store.order_acts import OrderActs
from store.order_pages import ORDER, order_of
from store.properties import moment
from store.reach import reaching


class OrderHearing:
    """Each is told at least once; what is known already, or comes too late, changes nothing."""

    def __init__(self, client: Client, ledger: Ledger, acts: OrderActs) -> None:
        self._redis = client
        self._ledger = ledger
        self._acts = acts

    def answered(self, ack: Ack) -> Order | None:
        """A device answered on `ack`; None where that changed nothing."""
        order = self._found(ack.order_id)
        if order is None or order.department != ack.department:
            return None
        step = OrderStep(ack.move, ack.reason, ack.at_ms)
        seat = Seat(order.unit, ack.by or order.unit, frozenset(), department=ack.department)
        actor = Actor(seat, "", moment(ack.received_ms))
        return self._write(ack.order_id, step, of_actor(actor, OrderSource.ACK), actor)

    def moved(self, order: Order, step: OrderStep, received_ms: int) -> Order | None:
        """Its unit left, or is there."""
        seat = Seat(order.unit, order.unit, frozenset(), department=order.department)
        actor = Actor(seat, "", moment(received_ms))
        return self._write(order.id, step, of_actor(actor, OrderSource.MOVEMENT), actor)

    def time_in(self, page: Page, order_id: str, move: OrderMove, now_ms: int) -> None:
        """A limit has passed: `miss` or `expire`; silent where it was answered meanwhile."""
        actor = Actor(SYSTEM, "", moment(now_ms))
        self._step(page, order_id, OrderStep(move), of_clock(now_ms), actor)

    def _found(self, order_id: str) -> Order | None:
        with reaching():
            packed = self._redis.hget(keys.ORDERS, order_id)
        return order_of(packed) if packed else None

    def _write(self, order_id: str, step: OrderStep, origin: Origin, actor: Actor) -> Order | None:
        act = partial(self._step, order_id=order_id, step=step, origin=origin, actor=actor)
        draft = actor.draft(f"{ORDER}.{step.move}", f"{ORDER}/{order_id}", reason=step.reason)
        return self._ledger.write(act, draft, [(keys.ORDERS, order_id)])

    def _step(
        self, page: Page, order_id: str, step: OrderStep, origin: Origin, actor: Actor
    ) -> Order | None:
        packed = page.get(keys.ORDERS, order_id)
        order = order_of(packed) if packed else None
        if order is None or not is_legal(order, step.move, origin.source):
            page.is_silent = True
            return None
        return self._acts.step(page, order, step, origin, actor)

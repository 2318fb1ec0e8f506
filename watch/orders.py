"""Listens to the field for what becomes of orders: answers of devices, and units' movements."""

import logging
from dataclasses import dataclass

from city.order_movements import FOLLOWED, Fix, movement
from city.orders import Order, OrderStep
from store.field_words import acks_in, fixes_in
from store.following import Stretch
from store.store import Store

log = logging.getLogger("watch.orders")

Followed = dict[str, dict[str, Order]]  # unit → order → it as it stands


@dataclass(frozen=True)
class Answers:
    """Tells the room of orders what devices answer; what it knows already changes nothing."""

    store: Store

    def hear(self, stretch: Stretch) -> None:
        """The answers of a stretch, one after another."""
        for ack in acks_in(stretch):
            if self.store.orders.heard.answered(ack) is None:
                log.info("answer changes nothing order=%s move=%s", ack.order_id, ack.move)


@dataclass(frozen=True)
class Movements:
    """Tells it who has left and who is there."""

    store: Store

    def hear(self, stretch: Stretch) -> None:
        """The fixes of units that are on their way."""
        if stretch.is_empty or not len(stretch.batch):
            return
        newest_ms = int(stretch.batch.records["received_ms"].max())
        followed = followed_of(self.store.orders.recent(newest_ms))
        for fix in fixes_in(stretch, followed.keys()) if followed else ():
            self._take(fix, followed[fix.unit_id])

    def _take(self, fix: Fix, orders: dict[str, Order]) -> None:
        for order in list(orders.values()):
            move = movement(order, fix, self.store.city.dispatch.numbers)
            step = OrderStep(move, at_ms=fix.at_ms) if move else None
            after = self.store.orders.heard.moved(order, step, fix.received_ms) if step else None
            if after:
                orders[order.id] = after


def followed_of(orders: list[Order]) -> Followed:
    """Those whose units are followed, by unit."""
    found: Followed = {}
    for one in orders:
        if one.state in FOLLOWED:
            found.setdefault(one.unit, {})[one.id] = one
    return found

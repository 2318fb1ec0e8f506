"""The orders of these days in this process's memory; it follows what changes."""

import threading
from collections.abc import Iterable, Mapping

from city.case_bounds import DAY_MS
from city.orders import Order
from store import keys
from store.changes import Changes
from store.client import Client
from store.order_pages import ORDER, order_of
from store.reach import reaching
from store.tail import START

KEEP_MS = DAY_MS  # after its end


class OrderTable:
    """Open orders, and those that ended within a day; `refresh` reads what is new."""

    def __init__(self, client: Client) -> None:
        self._redis = client
        self._changes = Changes(client)
        self._orders: Mapping[str, Order] = {}
        self._following = threading.Lock()

    def refresh(self, at_ms: int) -> Mapping[str, Order]:
        """The orders as they stand now; what is given out is never changed.

        The same mapping again where nothing changed.
        """
        with self._following:
            if self._changes.place == START or self._changes.missed():
                self._load(at_ms)
            changed: set[str] = set()
            while found := self._changes.read():
                changed |= {one.name for one in found if one.subject == ORDER}
            if changed:
                both = {**self._orders, **self._read(sorted(changed))}
                self._orders = recent(both.values(), at_ms)
            return self._orders

    def _load(self, at_ms: int) -> None:
        self._changes.skip()
        with reaching():
            found = [order_of(packed)
                     for _, packed in self._redis.hscan_iter(keys.ORDERS, count=1000)]  # fmt: skip
        self._orders = recent(found, at_ms)

    def _read(self, order_ids: Iterable[str]) -> dict[str, Order]:
        wanted = list(order_ids)
        with reaching():
            found = self._redis.hmget(keys.ORDERS, wanted)
        return {name: order_of(one) for name, one in zip(wanted, found, strict=True) if one}


def recent(orders: Iterable[Order], at_ms: int) -> Mapping[str, Order]:
    """Without those that ended long ago."""
    return {one.id: one for one in orders if one.is_open or one.ended_ms > at_ms - KEEP_MS}

"""Learns from the vehicles that are under way how fast the roads are at this hour."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from city.traffic import seen
from store.store import Store


def now_ms() -> int:
    """The clock of duties."""
    return time.time_ns() // 1_000_000


@dataclass
class Traffic:
    """The duty: one look at all vehicles whose kinds tell the speed of traffic."""

    store: Store
    now_ms: Callable[[], int] = now_ms

    def look(self) -> bool:
        """Adds what is seen to what is known of this hour."""
        at_ms, rules = self.now_ms(), self.store.city.roads
        records = self.store.live.of_kinds(rules.traffic)
        roads = self.store.roads
        roads.learn(seen(roads.graph, records, rules.numbers.traffic_near_m, at_ms), at_ms)
        return False

"""What closes and opens roads by itself: water that rises and falls, and time."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from city.alarm_rules import Measure
from city.closures import RoadClosure, by_water
from city.roles import SYSTEM
from store import closures
from store.alarm_table import AlarmQuery
from store.books import Page
from store.closures import CLOSURE, EXPIRE
from store.store import Store
from watch.deadlines import Fired, Listed


def now_ms() -> int:
    """The clock of duties."""
    return time.time_ns() // 1_000_000


def expire(page: Page, fired: Fired) -> None:
    """The time of a closure is over."""
    closures.expire(page, fired.row.id, fired.now_ms)


CLOSURE_EFFECTS: Mapping[str, Listed] = {f"{CLOSURE} {EXPIRE}": Listed(expire)}


@dataclass
class Water:
    """The duty: alarms of ponding close roads, and open them when they clear."""

    store: Store
    now_ms: Callable[[], int] = now_ms
    is_fresh: bool = field(default=True, init=False)

    def look(self) -> bool:
        """Follows the alarms; nothing is written while they stay as they are."""
        moved = self.store.alarm_table.refresh()
        if moved or self.is_fresh:
            at_ms = self.now_ms()
            self.store.closures.follow(self.wanted(at_ms), at_ms)
            self.is_fresh = False
        return False

    def wanted(self, at_ms: int) -> dict[str, RoadClosure]:
        """What the water closes at this moment, by id."""
        rules = self.store.city.roads
        alarms = [
            alarm
            for kind in rules.ponding
            for alarm in self.store.alarm_table.find(AlarmQuery(kind=kind), SYSTEM, at_ms)
            if alarm.measure is Measure.VALUE
        ]
        found = (by_water(alarm, rules, at_ms) for alarm in alarms)
        return {one.id: one for one in found if one is not None}

"""What orders mean for units: what each has in hand, and how many it has done today."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from city.order_table import UNIT_STATUS, WAITING, OrderState
from city.orders import Order
from city.units import Assignment, Work

# After these the next unit is looked for, and this one is not suggested for the case again.
DECLINED = frozenset({OrderState.REFUSED, OrderState.UNANSWERED, OrderState.EXPIRED})


def work_of(orders: Iterable[Order], midnight_ms: int) -> Mapping[str, Work]:
    """The work of each unit that has any; `midnight_ms` is when the city's day began."""
    in_hand: dict[str, list[Order]] = {}
    done: Counter[str] = Counter()
    for one in orders:
        if one.is_open:
            in_hand.setdefault(one.unit, []).append(one)
        elif one.state is OrderState.DONE and one.ended_ms >= midnight_ms:
            done[one.unit] += 1
    units = in_hand.keys() | done.keys()
    return {unit: Work(assignments(in_hand.get(unit, ())), done[unit]) for unit in units}


def assignments(orders: Iterable[Order]) -> tuple[Assignment, ...]:
    """Open orders as the unit's status sees them, the oldest first."""
    oldest_first = sorted(orders, key=lambda one: (one.sent_ms, one.id))
    return tuple(Assignment(one.id, one.case_id, UNIT_STATUS[one.state], assigned_ms(one))
                 for one in oldest_first)  # fmt: skip


def assigned_ms(order: Order) -> int:
    """Since when the unit is in the status that its order gives it."""
    waits = order.state in WAITING or order.state is OrderState.ACCEPTED
    return order.sent_ms if waits else order.since_ms


def declined(orders: Iterable[Order]) -> frozenset[str]:
    """Units that did not take a case."""
    return frozenset(one.unit for one in orders if one.state in DECLINED)


def midnight_ms(at: datetime) -> int:
    """When the day of an instant began, in the instant's own zone."""
    return round(at.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)

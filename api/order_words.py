"""Orders in the words of the API."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.instants import written
from city.order_moves import allowed
from city.order_table import STATE_NAMES
from city.orders import Order, OrderEntry, Stamp
from city.roles import Actor

Json = dict[str, Any]


def sent(orders: Sequence[Order], actor: Actor) -> Json:
    """What was sent: the first as the contract has it, and all of them."""
    told = [order(one, actor) for one in orders]
    return {**told[0], "orders": told}


def order(one: Order, actor: Actor) -> Json:
    """An order as it stands, and what the seat may do with it."""
    zh, en = STATE_NAMES[one.state]
    return {
        "order_id": one.id,
        "state": str(one.state),
        "name": {"zh": zh, "en": en},
        "version": one.version,
        "case_id": one.case_id,
        "unit": one.unit,
        "department": one.department,
        "part": str(one.part),
        "task": one.task or None,
        "type": one.type,
        "title": one.title,
        "severity": one.severity,
        "pos": list(one.pos) if one.pos else None,
        "area": one.area or None,
        "note": one.note,
        "by": one.by,
        "sent_at": written(one.sent_ms),
        "answer_by": written(one.answer_by_ms),
        "expires_at": written(one.expires_ms),
        "ended_at": written(one.ended_ms),
        "came_from": one.came_from or None,
        "went_to": one.went_to or None,
        "times": times(one.times),
        "allowed": [str(move) for move in allowed(one, actor)],
    }


def times(found: Mapping[Any, Stamp]) -> Json:
    """When it came to each state, and by what that is known."""
    return {
        str(state): {"at": written(stamp.at_ms), "source": str(stamp.source)}
        for state, stamp in found.items()
    }


def detail(one: Order, actor: Actor) -> Json:
    """The same with its log."""
    return {**order(one, actor), "log": [entry(line) for line in one.log]}


def entry(line: OrderEntry) -> Json:
    """A line of the log: when it was so, and when we learnt it."""
    return {
        "move": str(line.move),
        "from": str(line.before) if line.before else None,
        "to": str(line.after),
        "at": written(line.at_ms),
        "received_at": written(line.received_ms),
        "source": str(line.source),
        "by": line.by,
        "name": line.name,
        "reason": line.reason or None,
    }

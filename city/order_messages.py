"""What the field is told of an order on `…/order/{id}/cmd`; whoever knows id and version has it."""

from datetime import UTC, datetime
from typing import Any

from city.order_table import OrderMove, OrderSource
from city.orders import Order

TOLD = frozenset({OrderMove.SEND, OrderMove.RECALL, OrderMove.REDIRECT, OrderMove.EXPIRE})


def is_told(order: Order) -> bool:
    """Whether the field has to hear of the last move: a new order, and any end but its own word."""
    last = order.log[-1]
    return last.move in TOLD or (not order.is_open and last.source is not OrderSource.ACK)


def command(order: Order) -> dict[str, Any]:
    """The order as its last move left it."""
    last = order.log[-1]
    return {
        "order_id": order.id,
        "case_id": order.case_id,
        "unit": order.unit,
        "move": str(last.move),
        "version": order.version,
        "state": str(order.state),
        "type": order.type,
        "title": order.title,
        "severity": order.severity,
        "pos": list(order.pos) if order.pos else None,
        "area": order.area,
        "note": order.note,
        "task": order.task or None,
        "part": str(order.part),
        "reason": last.reason or None,
        "went_to": order.went_to or None,
        "sent_at": written(order.sent_ms),
        "answer_by": written(order.answer_by_ms),
        "expires_at": written(order.expires_ms),
    }


def written(at_ms: int) -> str:
    """An instant by RFC 3339, in UTC."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""What a unit's own movement says of its order: it has left, or it is there."""

from typing import NamedTuple

from city.dispatch_rules import Numbers
from city.order_table import OrderMove, OrderState
from city.orders import Order
from city.units import Status
from geo.points import Point, distance_m

# Only who has accepted is followed: whoever has not may be driving for another reason.
FOLLOWED = frozenset({OrderState.ACCEPTED, OrderState.EN_ROUTE})


class Fix(NamedTuple):
    """A unit was heard of: where, when, and the status word that it said."""

    unit_id: str
    at_ms: int
    received_ms: int
    point: Point | None = None
    word: str = ""


def movement(order: Order, fix: Fix, numbers: Numbers) -> OrderMove | None:
    """The move that a fix shows, if it shows one."""
    if order.state not in FOLLOWED or fix.at_ms < order.since_ms:
        return None
    if is_there(order, fix, numbers):
        return OrderMove.ARRIVE
    if order.state is OrderState.ACCEPTED and has_left(order, fix, numbers):
        return OrderMove.DEPART
    return None


def is_there(order: Order, fix: Fix, numbers: Numbers) -> bool:
    """Near the place, or so it says."""
    if fix.word == Status.ON_SCENE:
        return True
    if fix.point is None or order.pos is None:
        return False
    return distance_m(fix.point, Point(*order.pos)) <= numbers.arrive_within_m


def has_left(order: Order, fix: Fix, numbers: Numbers) -> bool:
    """Away from where it stood when it was sent, or so it says."""
    if fix.word == Status.EN_ROUTE:
        return True
    if fix.point is None or order.stood is None:
        return False
    return distance_m(fix.point, Point(*order.stood)) > numbers.left_base_m

"""Orders as commands read and write them, within their transaction."""

import msgspec

from city.order_messages import command, is_told
from city.order_table import OrderMove
from city.orders import WHAT, Order, order_id_of
from city.refusal import NotFound
from store import keys
from store.books import Page, spelled
from store.field import FieldStore
from store.ledger import encode

ORDER, MISS, EXPIRE = "order", str(OrderMove.MISS), str(OrderMove.EXPIRE)
TELL_END_MS = 86_400_000  # so long the field is told that an order is over

order_of = msgspec.json.Decoder(Order).decode
_ids = msgspec.json.Decoder(tuple[str, ...]).decode


def known(packed: bytes | None, order_id: str) -> Order:
    """The order, or NotFound."""
    if packed is None:
        raise NotFound("not_found", name=order_id, what=WHAT)
    return order_of(packed)


def order_in(page: Page, order_id: str) -> Order:
    """An order as it stands; NotFound where there is none."""
    return known(page.get(keys.ORDERS, order_id), order_id)


def count_in(page: Page, case_id: str) -> int:
    """How many orders a case has had."""
    return int(page.get(keys.ORDER_NUMBERS, case_id) or 0)


def ids_of(case_id: str, count: int) -> list[str]:
    """The orders of a case, the oldest first."""
    return [order_id_of(case_id, number) for number in range(1, count + 1)]


def next_id(page: Page, case_id: str) -> str:
    """The id of a case's next order."""
    count = count_in(page, case_id) + 1
    page.put(keys.ORDER_NUMBERS, case_id, b"%d" % count)
    return order_id_of(case_id, count)


def orders_in(page: Page, case_id: str) -> list[Order]:
    """All orders of a case."""
    return [order_in(page, one) for one in ids_of(case_id, count_in(page, case_id))]


def in_hand(page: Page, unit_id: str) -> tuple[str, ...]:
    """The ids of a unit's open orders, the oldest first."""
    packed = page.get(keys.IN_HAND, unit_id)
    return _ids(packed) if packed else ()


def keep(page: Page, field: FieldStore, order: Order) -> None:
    """Writes an order, what its unit has in hand, what comes due, and what the field is told."""
    page.put(keys.ORDERS, order.id, encode(order))
    page.changed(ORDER, order.id, order.version)
    page.changed("unit", order.unit)
    if order.version == 1:
        page.append(keys.orders_of(order.unit), order.id.encode())
    keep_in_hand(page, order)
    keep_dues(page, order)
    if is_told(order):
        until_ms = order.expires_ms if order.is_open else order.ended_ms + TELL_END_MS
        field.post_in(page, order.topic, encode(command(order)), expires_ms=until_ms)


def keep_in_hand(page: Page, order: Order) -> None:
    """An open order is among those of its unit, an ended one is not."""
    before = in_hand(page, order.unit)
    if order.is_open and order.id in before:
        return
    rest = tuple(one for one in before if one != order.id)
    after = (*rest, order.id) if order.is_open else rest
    if after:
        page.put(keys.IN_HAND, order.unit, encode(after))
    else:
        page.drop(keys.IN_HAND, order.unit)


def keep_dues(page: Page, order: Order) -> None:
    """Until it is answered, its time runs."""
    last = order.log[-1]
    if last.move is OrderMove.SEND:
        page.due(spelled(ORDER, order.id, MISS), order.answer_by_ms)
        page.due(spelled(ORDER, order.id, EXPIRE), order.expires_ms)
        return
    page.undue(spelled(ORDER, order.id, MISS))
    if not order.is_waiting:
        page.undue(spelled(ORDER, order.id, EXPIRE))

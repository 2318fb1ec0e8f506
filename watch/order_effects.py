"""What time brings about with orders: no answer within the time for it, and the end of waiting."""

from collections.abc import Mapping

from city.order_table import OrderMove
from store.books import Page
from store.store import Store
from watch.deadlines import Fired, Listed


def order_effects(store: Store) -> Mapping[str, Listed]:
    """Both go on record."""

    def due(page: Page, fired: Fired) -> None:
        move = OrderMove(fired.row.what)
        store.orders.heard.time_in(page, fired.row.id, move, fired.now_ms)

    return {f"order {move}": Listed(due) for move in (OrderMove.MISS, OrderMove.EXPIRE)}

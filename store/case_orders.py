"""What the end of a case means for its orders, within the transaction of that move."""

from collections.abc import Iterator

from city.case_states import ENDED, CaseState
from city.cases import Case, Entry
from city.cases import Order as CaseOrder
from city.order_moves import of_actor, state_of_case, stepped
from city.order_table import OrderMove, OrderState
from city.orders import Order, OrderStep
from city.roles import Actor
from store.books import Page
from store.field import FieldStore
from store.order_follows import news_of
from store.order_pages import keep, orders_in

CLOSED = frozenset({CaseState.CLOSED, CaseState.FORCED_CLOSE})


class CaseOrders:
    """Nobody stays on the way to a case that is over (`store.cases.Attendant`)."""

    def __init__(self, field: FieldStore) -> None:
        self._field = field

    def after(self, page: Page, case: Case, entry: Entry, actor: Actor) -> Iterator[CaseOrder]:
        """Who is on the scene of a closed case is done, all others are called back.

        Those of a case that was merged go on: the place is the same.
        """
        if case.state not in ENDED or entry.before in ENDED or case.merged_into:
            return
        for order in orders_in(page, case.id):
            if order.is_open:
                yield self._end(page, case, order, actor)

    def _end(self, page: Page, case: Case, order: Order, actor: Actor) -> CaseOrder:
        is_done = order.state is OrderState.ON_SCENE and case.state in CLOSED
        move = OrderMove.FINISH if is_done else OrderMove.RECALL
        why = " / ".join(state_of_case(case))  # it is kept, so it is said to all
        ended = stepped(order, OrderStep(move, why), of_actor(actor))
        keep(page, self._field, ended)
        return news_of(ended)

"""What follows from orders, in their transaction: on the case they are of, and on its plans.

The case is sent on its way, signed for and fed back where that is legal; an order itself never
fails for what does not follow from it.
"""

from collections.abc import Iterable, Mapping, Sequence

from city.case_moves import role_for
from city.case_table import RULES, CaseState, Move
from city.cases import Case
from city.cases import Order as CaseOrder
from city.order_moves import in_its_name
from city.order_table import OrderMove, OrderState
from city.orders import Order, Sending
from city.plan_moves import left_to_do
from city.plan_runs import Deed, TaskOrder, shares
from city.refusal import Refusal
from city.roles import Actor
from store.books import Page
from store.case_packing import known
from store.cases import CaseStore
from store.keys import CASES
from store.order_pages import orders_in
from store.plan_pages import runs_in
from store.plans import PlanStore

O = OrderState  # noqa: E741
# What an order's new state is for its task.
DEEDS: Mapping[OrderState, Deed] = {
    O.SENT: Deed.ORDER,
    O.ON_SCENE: Deed.ARRIVE,
    O.DONE: Deed.DONE,
    O.REFUSED: Deed.RELEASE,
    O.RECALLED: Deed.RELEASE,
    O.REDIRECTED: Deed.RELEASE,
    O.EXPIRED: Deed.RELEASE,
}
# Whoever sets out has signed.
SIGNING = frozenset({OrderMove.ACCEPT, OrderMove.DEPART, OrderMove.ARRIVE, OrderMove.FINISH})


class OrderFollows:
    """Over the rooms of cases and plans."""

    def __init__(self, cases: CaseStore, plans: PlanStore) -> None:
        self._cases = cases
        self._plans = plans

    def before(
        self, page: Page, case: Case, sending: Sending, departments: Sequence[str], actor: Actor
    ) -> Case:
        """A case that waits for it is dispatched; departments new on it become co-units."""
        if case.state is CaseState.PENDING_DISPATCH and role_for(RULES[Move.DISPATCH], actor.seat):
            order = dispatch(page, case, sending, departments)
            return self._cases.move_in(page, case.id, order, actor)
        new = [one for one in departments if one not in (case.lead, *case.co)]
        if not new or not case.lead:
            return case
        self._try(page, case.id, CaseOrder(Move.ADD_CO, {"co": new}), actor)
        return known(page.get(CASES, case.id), case.id)

    def after(self, page: Page, order: Order, actor: Actor) -> None:
        """What one of its moves brings about."""
        move, task = order.log[-1].move, order.task
        self._cases.note_in(page, order.case_id, news_of(order), actor)
        if task and order.state in DEEDS:
            asked = TaskOrder(DEEDS[order.state], task, order_id=order.id)
            self._plans.follow_in(page, order.case_id, asked, actor)
        if move in SIGNING:
            self._sign(page, order, actor)
        if move is OrderMove.FINISH:
            self._feed_back(page, order, actor)

    def _sign(self, page: Page, order: Order, actor: Actor) -> None:
        case = known(page.get(CASES, order.case_id), order.case_id)
        move = Move.SIGN if case.lead == order.department else Move.CO_SIGN
        self._try(page, case.id, because(move, order), in_its_name(order, actor))

    def _feed_back(self, page: Page, order: Order, actor: Actor) -> None:
        """The last unit of its department is done; a task of a plan tells the co-unit's itself."""
        case = known(page.get(CASES, order.case_id), order.case_id)
        if any(one.is_open for one in orders_in(page, case.id)
               if one.department == order.department):  # fmt: skip
            return
        leads = case.lead == order.department
        if leads and order.task and left_to_do(runs_in(page, case.id), order.department):
            return  # the plan wants more of the lead unit
        if leads or not order.task:
            move = Move.FEEDBACK if leads else Move.CO_FEEDBACK
            self._try(page, case.id, because(move, order), in_its_name(order, actor))

    def _try(self, page: Page, case_id: str, asked: CaseOrder, actor: Actor) -> None:
        """Makes a move of the case where it is legal."""
        try:
            self._cases.move_in(page, case_id, asked, actor)
        except Refusal as refusal:
            page.detail.setdefault("not_followed", {})[str(asked.move)] = refusal.reason


def news_of(order: Order) -> CaseOrder:
    """What the log of the case says of it."""
    facts = {"order": order.id, "unit": order.unit, "stands": str(order.state)}
    return CaseOrder(Move.ORDER, {**facts, "reason": order.reason} if order.reason else facts)


def because(move: Move, order: Order) -> CaseOrder:
    """The move of the case, with the order that it follows from."""
    return CaseOrder(move, {"reason": order.id})


def dispatch(page: Page, case: Case, sending: Sending, departments: Sequence[str]) -> CaseOrder:
    """派遣: who leads as it is said, else by the plan, else the first unit's department."""
    planned = shares(runs_in(page, case.id)).lead
    lead = sending.lead or planned or departments[0]
    co = without(lead, (*sending.co, *departments))
    return CaseOrder(Move.DISPATCH, {"lead": lead, "co": co}, sending.version)


def without(lead: str, departments: Iterable[str]) -> list[str]:
    """The co-units, each once."""
    return [one for one in dict.fromkeys(departments) if one != lead]

"""Orders over HTTP: send units to a case, see what became of it, answer, take back, redirect.

| answer | when |
|---|---|
| 200, 201 | done; 200 for a `key` that was used before |
| 403 | the seat sends no orders, not this unit, or does not serve on it |
| 404 | no such case, unit or order, or not for this seat |
| 409 | not from this state, or the unit has another order in hand: see the sentence |
| 422 | a field is missing or cannot be read |
"""

from typing import Annotated, Any

from fastapi import Body, Depends, Query, Response
from fastapi.routing import APIRouter

from api import order_words
from api.context import Context
from api.finding import data_router
from api.order_bodies import answer_of, sending_of, step_of, words
from api.seating import needs
from city.case_scope import sees as sees_case
from city.order_moves import sees
from city.order_table import OrderState
from city.orders import REASON_MOST, Order
from city.refusal import Forbidden
from city.roles import Actor, Right
from store.store import Store

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
Sending = Annotated[Actor, Depends(needs(Right.SEND_ORDERS))]
Answering = Annotated[Actor, Depends(needs(Right.ANSWER_ORDERS))]
SendBody = Annotated[Json, Body(openapi_examples={
    "one": {"value": {"unit": "zhzf/patrol/P-012", "note": "带警示牌"}},
    "several": {"value": {"units": ["sw/pumptruck/PT-0001",
                                    {"unit": "ga/police/G-004", "note": "封东口"}], "key": "a1"}},
})]  # fmt: skip
MoveBody = Annotated[Json, Body(openapi_examples={
    "recall": {"value": {"move": "recall", "reason": "误派"}},
    "redirect": {"value": {"move": "redirect", "case": "HK20260906-00007"}},
    "hand over": {"value": {"move": "hand_over", "unit": "sw/pumptruck/PT-0002"}},
})]  # fmt: skip
AnswerBody = Annotated[Json, Body(openapi_examples={
    "accepted": {"value": {"status": "accepted", "ts": "2026-09-06T07:12:00+08:00"}},
})]  # fmt: skip
HAND_OVER, REDIRECT = "hand_over", "redirect"


def build(context: Context) -> APIRouter:
    """Send, list, read, move, answer."""
    router = data_router(context, "orders")
    orders = Orders(context.store)
    router.add_api_route("/cases/{case_id}/orders", orders.of_case)
    router.add_api_route("/cases/{case_id}/orders", orders.send, methods=["POST"], status_code=201)
    router.add_api_route("/orders", orders.all)
    router.add_api_route("/orders/{order_id}", orders.one)
    router.add_api_route("/orders/{order_id}/moves", orders.move, methods=["POST"])
    router.add_api_route("/orders/{order_id}/answers", orders.answer, methods=["POST"])
    return router


class Orders:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def send(self, actor: Sending, case_id: str, body: SendBody, response: Response) -> Json:
        """Sends `unit`, or all of `units` or none; a case that waits for it is dispatched by it,
        `lead` and `co` as they are said, else by its plan, else the first unit's department."""
        orders = self._store.orders.send(case_id, sending_of(body), actor)
        if orders[0].sent_ms != actor.at_ms:
            response.status_code = 200
        response.headers["Location"] = f"/api/v1/orders/{orders[0].id}"
        return order_words.sent(orders, actor)

    def of_case(self, actor: Looking, case_id: str) -> Json:
        """All orders of a case, the oldest first."""
        if not sees_case(actor.seat, self._store.cases.get(case_id)):
            raise Forbidden("other_scope")
        found = self._store.orders.of_case(case_id)
        return {"items": [order_words.order(one, actor) for one in found], "next": None}

    def all(
        self, actor: Looking,
        state: Annotated[list[OrderState] | None, Query()] = None,
        unit: str = "", case: str = "",
    ) -> Json:  # fmt: skip
        """Open orders and those that ended within a day, by time; of a `unit` its newest, of a
        `case` all."""
        found = [one for one in self._found(actor, unit, case) if not state or one.state in state]
        return {"items": [order_words.order(one, actor) for one in found], "next": None}

    def one(self, actor: Looking, order_id: str) -> Json:
        """An order with its log: each line with when it was so, when we learnt it, by what."""
        order = self._store.orders.get(order_id)
        if not sees(actor.seat, order):
            raise Forbidden("order_scope")
        return order_words.detail(order, actor)

    def move(self, actor: Sending, order_id: str, body: MoveBody) -> Json:
        """By hand: `accept` `refuse` `depart` `arrive` `finish` in the unit's name, `recall`;
        `redirect` to another `case` and `hand_over` to another `unit` answer with the new order."""
        said, key = words(body, "move", needed=True), words(body, "key")
        orders = self._store.orders
        if said == REDIRECT:
            case_id, note = words(body, "case", needed=True), words(body, "note")
            return order_words.detail(orders.redirect(order_id, case_id, actor, note, key), actor)
        if said == HAND_OVER:
            unit, why = words(body, "unit", needed=True), words(body, "reason", REASON_MOST)
            return order_words.detail(orders.hand_over(order_id, unit, actor, why, key), actor)
        return order_words.detail(orders.step(order_id, step_of(body), actor), actor)

    def answer(self, actor: Answering, order_id: str, body: AnswerBody) -> Json:
        """What the field's `ack` says, by who serves on the unit: `status` accepted, refused,
        arrived or done; `ts`, `reason`, and a `key` by which a repeated answer is known."""
        step = answer_of(body)
        return order_words.detail(self._store.orders.step(order_id, step, actor), actor)

    def _found(self, actor: Actor, unit: str, case: str) -> list[Order]:
        orders = self._store.orders
        found = orders.of_case(case) if case else orders.of_unit(unit) if unit else None
        if found is None:
            return orders.recent(actor.at_ms, actor.seat)
        return [one for one in found if sees(actor.seat, one) and unit in ("", one.unit)]

"""What is done at the page of dispatch besides sending: each deed says what became of it."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import Input, Output, no_update

from callbacks.asking import words_asked
from callbacks.desk import Desk
from callbacks.dispatch_desk import Json, commander
from callbacks.dispatch_orders import NEXT
from callbacks.dispatch_roads import draw_closure
from callbacks.wiring import wiring
from city.case_table import Move
from city.cases import Order
from city.order_table import OrderMove
from city.orders import OrderStep, Sending, Wish
from city.plan_runs import Deed as TaskDeed
from city.plan_runs import TaskOrder
from city.refusal import Refusal
from city.roles import Actor
from city.units import STATUS_NAMES, Status
from layouts import dispatch_ids
from layouts.words import Words

Does = Callable[[Desk, Json, Actor, Words], str]


@wiring.on(
    Output(dispatch_ids.DONE, "data"),
    Input(dispatch_ids.DEED, "data"),
    prevent_initial_call=True,
)
def carry_out(desk: Desk, asked: Json | None) -> Any:
    """Does it; a refusal is told where it was asked for."""
    if not asked or asked.get("what") not in DOES:
        return no_update
    actor, words = commander(desk), words_asked()
    try:
        said = DOES[str(asked["what"])](desk, asked, actor, words)
    except Refusal as refusal:
        return {"what": asked["what"], "why": refusal.said(words.lang), "at": asked.get("at")}
    return {"what": asked["what"], "said": said, "why": "", "at": asked.get("at")}


def note(desk: Desk, asked: Json, actor: Actor, _words: Words) -> str:
    """A line of the radio log: of a unit, else a comment in the log of the case."""
    text = str(asked.get("text", "")).strip()
    if asked.get("unit"):
        desk.store.units.note(str(asked["unit"]), text, actor)
        return ""
    fields = {"reason": text}
    desk.store.cases.move(str(asked["case"]), Order(Move.COMMENT, fields), actor)
    return ""


def give_back(desk: Desk, asked: Json, actor: Actor, words: Words) -> str:
    """退回立案: the case goes back to whoever filed it."""
    fields = {"reason": str(asked.get("reason", ""))}
    order = Order(Move.RETURN_TO_REGISTER, fields, asked.get("version"))
    desk.store.cases.move(str(asked["case"]), order, actor)
    return words("dispatch.returned", id=asked["case"])


def set_status(desk: Desk, asked: Json, actor: Actor, words: Words) -> str:
    """A unit's status by hand."""
    status = Status(str(asked["status"]))
    unit = desk.store.units.set_status(str(asked["unit"]), status, actor)
    return f"{unit.name(words.lang)} {words.pick(*STATUS_NAMES[status])}"


def start_plan(desk: Desk, asked: Json, actor: Actor, words: Words) -> str:
    """Its tasks begin to count."""
    desk.store.plans.start(str(asked["case"]), str(asked["plan"]), actor)
    return words("dispatch.plan_begun")


def act_on_task(desk: Desk, asked: Json, actor: Actor, words: Words) -> str:
    """A task by hand: done, left out, done again, or one item of its checklist."""
    deed = TaskDeed(str(asked["deed"]))
    order = TaskOrder(deed, str(asked["task"]), item=int(asked.get("item", -1)),
                      note=str(asked.get("reason", "")))  # fmt: skip
    desk.store.plans.act(str(asked["case"]), order, actor)
    return words("dispatch.task_text_done")


def take_back(desk: Desk, asked: Json, actor: Actor, words: Words) -> str:
    """Undoes what was just sent: each unit is told that it need not come."""
    names = []
    for order_id in map(str, asked.get("orders") or ()):
        step = OrderStep(OrderMove.RECALL, words("dispatch.undone_reason"))
        order = desk.store.orders.step(order_id, step, actor)
        names.append(desk.store.units.one(order.unit, actor.at_ms).name(words.lang))
    return words("dispatch.undone", units=words.pick("、", ", ").join(names))


def move_order(desk: Desk, asked: Json, actor: Actor, _words: Words) -> str:
    """A step of an order by hand; the next unit, or another case, takes its place."""
    order_id, move, *more = [str(asked["order"]), *str(asked["move"]).split()]
    reason, key = str(asked.get("reason") or ""), f"{asked.get('at')} {asked['move']}"
    if move == NEXT:
        send_next(desk, order_id, more[0], actor)
    elif move == OrderMove.REDIRECT:
        desk.store.orders.redirect(order_id, str(asked["case"]), actor, reason, key)
    else:
        desk.store.orders.step(order_id, OrderStep(OrderMove(move), reason, key=key), actor)
    return ""


def send_next(desk: Desk, order_id: str, unit_id: str, actor: Actor) -> None:
    """Another unit goes in the place of one that does not."""
    order = desk.store.orders.get(order_id)
    if order.is_open:
        desk.store.orders.hand_over(order_id, unit_id, actor)
        return
    wish = Wish(unit_id, order.task, str(order.part), order.note, order_id)
    desk.store.orders.send(order.case_id, Sending((wish,)), actor)


def close_road(desk: Desk, asked: Json, actor: Actor, words: Words) -> str:
    """A line or an area that nobody drives through until it is lifted."""
    reason, is_area = str(asked.get("reason") or ""), bool(asked.get("area"))
    draw_closure(desk, asked["points"], is_area, reason, actor)
    return words("dispatch.road_closed")


def open_road(desk: Desk, asked: Json, actor: Actor, words: Words) -> str:
    """Roads are free again."""
    desk.store.closures.lift(str(asked["closure"]), actor, str(asked.get("reason") or ""))
    return words("dispatch.road_opened")


DOES: Mapping[str, Does] = {
    "note": note,
    "return": give_back,
    "status": set_status,
    "start_plan": start_plan,
    "undo": take_back,
    "close_road": close_road,
    "open_road": open_road,
    "order": move_order,
    "task": act_on_task,
}

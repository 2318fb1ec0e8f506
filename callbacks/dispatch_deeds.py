"""What is done at the page of dispatch besides sending: each deed says what became of it."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import Input, Output, no_update

from callbacks.asking import words_asked
from callbacks.desk import Desk
from callbacks.dispatch_desk import Json, commander
from callbacks.wiring import wiring
from city.case_table import Move
from city.cases import Order
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


DOES: Mapping[str, Does] = {
    "note": note,
    "return": give_back,
    "status": set_status,
    "start_plan": start_plan,
    "task": act_on_task,
}

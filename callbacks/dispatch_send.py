"""Units are sent: by button, key, drag or typed command, all by this one callback."""

from typing import Any

from dash import Input, Output, no_update

from callbacks.asking import words_asked
from callbacks.desk import Desk
from callbacks.dispatch_desk import Json, commander
from callbacks.wiring import wiring
from city.orders import Order, Sending, Wish
from city.plans import Part
from city.refusal import Refusal
from city.roles import Actor
from layouts import dispatch_ids
from layouts.words import Words


@wiring.on(
    Output(dispatch_ids.SENT, "data"),
    Input(dispatch_ids.SEND, "data"),
    prevent_initial_call=True,
)
def send(desk: Desk, asked: Json | None) -> Any:
    """All units or none; the same key again sends nothing twice."""
    if not asked:
        return no_update
    actor, words = commander(desk), words_asked()
    return {"key": asked.get("key"), "case": asked.get("case"),
            **outcome(desk, asked, actor, words)}  # fmt: skip


def outcome(desk: Desk, asked: Json, actor: Actor, words: Words) -> dict[str, Any]:
    """The orders that went out, or why none did."""
    try:
        orders = sent(desk, asked, actor)
    except Refusal as refusal:
        return {"why": refusal.said(words.lang), "orders": []}
    said = words("dispatch.sent", units=names_of(desk, orders, actor, words))
    return {"why": "", "said": said, "orders": [one.id for one in orders]}


def sent(desk: Desk, asked: Json, actor: Actor) -> list[Order]:
    """The plan begins where tasks of it are given, then the orders go out."""
    case_id, tasks = str(asked["case"]), dict(asked.get("tasks") or {})
    begins = begin_plans(desk, case_id, sorted(tasks), actor)
    parts = parts_of(desk, case_id)
    task_of = {unit: task for task, unit in tasks.items()}
    wishes = tuple(
        Wish(unit, task_of.get(unit, ""), parts.get(task_of.get(unit, ""), ""))
        for unit in map(str, asked.get("units") or ())
    )
    sending = Sending(
        wishes, note=str(asked.get("note") or ""), key=str(asked.get("key") or ""),
        version=None if begins else asked.get("version"),
    )  # fmt: skip
    return desk.store.orders.send(case_id, sending, actor)


def begin_plans(desk: Desk, case_id: str, tasks: list[str], actor: Actor) -> bool:
    """Starts the plans of these tasks that do not go on yet."""
    going = {run.plan for run in desk.store.plans.of_case(case_id)}
    wanted = {task.partition("/")[0] for task in tasks} - going
    for plan in sorted(wanted):
        desk.store.plans.start(case_id, plan, actor)
    return bool(wanted)


def parts_of(desk: Desk, case_id: str) -> dict[str, str]:
    """Task → whose share it is."""
    runs = desk.store.plans.of_case(case_id)
    return {task.id: str(Part(task.part)) for run in runs for task in run.tasks}


def names_of(desk: Desk, orders: list[Order], actor: Actor, words: Words) -> str:
    """What the units are called."""
    units = [desk.store.units.one(one.unit, actor.at_ms) for one in orders]
    return words.pick("、", ", ").join(one.name(words.lang) for one in units)

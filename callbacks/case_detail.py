"""The open case lives: drawn when it is opened and when its version moves, never otherwise."""

from collections.abc import Mapping
from typing import Any

from dash import Input, Output, State, no_update

from callbacks.case_desk import is_new, looker, naming_asked, shown_case, shown_log
from callbacks.case_new import new_form
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.case_moves import allowed, open_moves
from city.case_steps import rounds
from city.case_table import Move
from city.masking import may_unmask
from layouts import case_ids, ids, parts
from layouts.panels import case_detail, case_facts, case_head, case_log, case_moves
from store.onlookers import Onlooker

CLOSED, OPEN = "panel case-detail is-empty", "panel case-detail"
Shown = Mapping[str, Any] | None


@wiring.on(
    Output(case_ids.PANEL, "children"),
    Output(case_ids.PANEL, "className"),
    Input(case_ids.OPEN, "data"),
    prevent_initial_call=True,
)
def open_case(desk: Desk, case_id: str | None) -> tuple[Any, str]:
    """The frame of the case that was chosen; its boxes fill themselves."""
    actor, words = looker(desk), naming_asked(desk).words
    if not case_id:
        return parts.empty(words("case.choose"), words("case.choose_hint")), CLOSED
    if is_new(case_id):
        return case_detail.new_frame(new_form(desk, case_id, actor.seat, naming_asked(desk))), OPEN
    case = shown_case(desk, actor, case_id)
    if case is None:
        return case_detail.missing(case_id, words), OPEN
    return case_detail.frame(case_log.comment_form(case.id, words), words), OPEN


@wiring.on(
    Output(case_ids.SHOWN, "data"),
    Input(case_ids.OPEN, "data"),
    Input(ids.pulse("cases"), "data"),
    Input(case_ids.DONE, "data"),
    State(case_ids.SHOWN, "data"),
    prevent_initial_call=True,
)
def watch_case(desk: Desk, case_id: str | None, _pulse: int, _done: Any, shown: Shown) -> Any:
    """Moves when there is something new to draw."""
    if not case_id or is_new(case_id):
        return None
    case = shown_case(desk, looker(desk), case_id)
    if case is None:
        return None
    now = {"id": case.id, "version": case.version}
    return no_update if now == shown else now


@wiring.on(
    Output(case_ids.TOP, "children"),
    Output(case_ids.FACTS, "children"),
    Output(case_ids.WORK, "children"),
    Input(case_ids.SHOWN, "data"),
    State(case_ids.OPEN, "data"),
)
def draw_case(desk: Desk, shown: Shown, case_id: str | None) -> Any:
    """Head, steps, facts, evidence, tasks."""
    actor, naming = looker(desk), naming_asked(desk)
    case = shown_case(desk, actor, case_id) if is_open(shown, case_id) else None
    if case is None:
        return no_update, no_update, no_update
    told, at = rounds(case, shown_log(desk, actor, case)), desk.now()
    facts = case_facts.facts(case, naming, may_unmask(actor.seat))
    may_attach = Move.ATTACH in open_moves(case, actor, desk.store.city)
    work = [case_facts.evidence(case, naming, at, may_attach), case_facts.tasks(case, naming, at)]
    return case_head.top(case, told, naming, at), facts, work


@wiring.on(
    Output(case_ids.SIDE, "children"),
    Output(case_ids.LOG, "children"),
    Input(case_ids.SHOWN, "data"),
    State(case_ids.OPEN, "data"),
)
def draw_side(desk: Desk, shown: Shown, case_id: str | None) -> Any:
    """What can be done, and what was done."""
    actor, naming = looker(desk), naming_asked(desk)
    case = shown_case(desk, actor, case_id) if is_open(shown, case_id) else None
    if case is None:
        return no_update, no_update
    found = allowed(case, actor, desk.store.city)
    side = case_moves.panel(case, found, actor.seat.roles, naming)
    return side, case_log.log(shown_log(desk, actor, case), naming, desk.now())


def is_open(shown: Shown, case_id: str | None) -> bool:
    """Whether what is to be drawn is what is open: frames come before what they hold, or after."""
    return bool(shown and case_id and shown["id"] == case_id)


@wiring.on(
    Output(case_ids.HEARD, "data"),
    Input(case_ids.BEAT, "data"),
    prevent_initial_call=True,
)
def tell_here(desk: Desk, beat: Mapping[str, str] | None) -> int:
    """This seat has the case open, or none."""
    actor, told = looker(desk), beat or {}
    seat = actor.seat
    here = Onlooker(told.get("case", ""), seat.account, seat.name, actor.at_ms,
                    told.get("move", ""))  # fmt: skip
    desk.store.onlookers.tell(here)
    return actor.at_ms


@wiring.on(
    Output(case_ids.HERE, "children"),
    Input(case_ids.HEARD, "data"),
    Input(ids.pulse("cases"), "data"),
    State(case_ids.OPEN, "data"),
    prevent_initial_call=True,
)
def meet_others(desk: Desk, _heard: int, _pulse: int, case_id: str | None) -> Any:
    """Who else has it open."""
    actor, naming = looker(desk), naming_asked(desk)
    found = desk.store.onlookers.at(case_id or "", actor.at_ms, actor.seat.account)
    met = [case_head.watcher(one.name, one.move, naming) for one in found]
    return case_head.watchers(met, naming)

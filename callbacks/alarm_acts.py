"""What is done with the open alarm: at once, or after its sheet was filled in."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State, no_update

from callbacks.alarm_rows import alarms_of, seen
from callbacks.alarm_sheets import SHEETS, case_order
from callbacks.asking import actor_asked, pressed, seat_asked, words_asked
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.alarm_desk import Act, waits
from city.alarm_orders import AlarmOrder
from city.alarms import Deed
from city.roles import Actor, Right
from layouts import ids
from layouts.panels.sheet import opened

CLOSED, OPEN = "alarm-sheet is-empty", "alarm-sheet"
Answers = Mapping[str, str]
Sheet = tuple[str, str]  # what is done, and the alarm it is done to


def acknowledge(desk: Desk, alarm_id: str, _answers: Answers, actor: Actor) -> None:
    """Seen, and mine."""
    desk.store.alarms.order(alarm_id, AlarmOrder(Deed.ACK), actor)


def shelve(desk: Desk, alarm_id: str, answers: Answers, actor: Actor) -> None:
    """Out of sight for a time."""
    minutes = int(answers.get("minutes") or 0)
    order = AlarmOrder(Deed.SHELVE, reason=answers.get("reason", ""), minutes=minutes)
    desk.store.alarms.order(alarm_id, order, actor)


def unshelve(desk: Desk, alarm_id: str, _answers: Answers, actor: Actor) -> None:
    """Back before its time."""
    desk.store.alarms.order(alarm_id, AlarmOrder(Deed.UNSHELVE), actor)


def find_false(desk: Desk, alarm_id: str, answers: Answers, actor: Actor) -> None:
    """There was nothing."""
    reason = " · ".join(filter(None, (answers.get("kind"), answers.get("reason"))))
    desk.store.alarms.order(alarm_id, AlarmOrder(Deed.CLEAR, reason=reason), actor)


def assign(desk: Desk, alarm_id: str, answers: Answers, actor: Actor) -> None:
    """Somebody else sees to it."""
    order = AlarmOrder(Deed.ASSIGN, assignee=answers.get("assignee", ""))
    desk.store.alarms.order(alarm_id, order, actor)


def comment(desk: Desk, alarm_id: str, answers: Answers, actor: Actor) -> None:
    """A line in its log."""
    order = AlarmOrder(Deed.COMMENT, reason=answers.get("reason", ""))
    desk.store.alarms.order(alarm_id, order, actor)


def file_case(desk: Desk, alarm_id: str, answers: Answers, actor: Actor) -> None:
    """A case is opened; pressed again it is the same case, by the number of the alarm."""
    alarm = seen(desk, actor.seat, alarm_id)
    desk.store.alarm_filing.file(alarm_id, case_order(alarm, answers), actor)


def merge(desk: Desk, alarm_id: str, answers: Answers, actor: Actor) -> None:
    """It belongs to a case that is there already."""
    order = AlarmOrder(Deed.LINK_CASE, case_id=answers.get("case", ""))
    desk.store.alarms.order(alarm_id, order, actor)


DOES: Mapping[Act, Callable[[Desk, str, Answers, Actor], None]] = {
    Act.ACKNOWLEDGE: acknowledge,
    Act.FILE: file_case,
    Act.MERGE: merge,
    Act.SHELVE: shelve,
    Act.UNSHELVE: unshelve,
    Act.FALSE: find_false,
    Act.ASSIGN: assign,
    Act.COMMENT: comment,
}


wiring.in_browser(
    ClientsideFunction("city_sheet", "leave"),
    Output(ids.SHEET, "data", allow_duplicate=True),
    Input(ids.QUEUE, "chosen"),
    State(ids.SHEET, "data"),
    prevent_initial_call=True,
)


@wiring.on(
    Output(ids.SHEET, "data"),
    Input(ids.DEED, "data"),
    prevent_initial_call=True,
    right=Right.HANDLE_ALARMS,
)
def act(desk: Desk, asked: tuple[str, str, int] | None) -> Any:
    """Does it, or opens its sheet."""
    if not asked:
        return no_update
    name, alarm_id, _at_ms = asked
    if name in SHEETS:
        return [name, alarm_id]
    DOES[Act(name)](desk, alarm_id, {}, actor_asked(desk))
    return None


@wiring.on(
    Output(ids.ALARM_SHEET, "children"),
    Output(ids.ALARM_SHEET, "className"),
    Input(ids.SHEET, "data"),
    Input(ids.QUEUE, "chosen"),
    prevent_initial_call=True,
    right=Right.HANDLE_ALARMS,
)
def show_sheet(desk: Desk, sheet: Sheet | None, chosen: str | None) -> tuple[list[Any], str]:
    """What has to be said before it is done; a sheet belongs to one alarm."""
    name, alarm_id = sheet or ("", "")
    if not name or alarm_id != chosen:
        return [], CLOSED
    words, seat = words_asked(), seat_asked(desk)
    alarm = seen(desk, seat, alarm_id)
    return opened(SHEETS[Act(name)](desk, alarm, seat, words), words), OPEN


@wiring.on(
    Output(ids.SHEET, "data", allow_duplicate=True),
    Input(ids.sheet_button(ALL), "n_clicks"),
    State(ids.SHEET, "data"),
    State(ids.sheet_field(ALL), "value"),
    State(ids.sheet_field(ALL), "id"),
    prevent_initial_call=True,
    right=Right.HANDLE_ALARMS,
)
def end_sheet(
    desk: Desk, _clicks: list[int], sheet: Sheet, values: list[Any], names: list[Any]
) -> Any:
    """Does what the sheet says, or leaves it; a refusal is told and the sheet stays."""
    button = pressed()
    if button == "do":
        answers = {one["name"]: str(value or "") for one, value in zip(names, values, strict=True)}
        DOES[Act(sheet[0])](desk, sheet[1], answers, actor_asked(desk))
    return no_update if button is None else None


@wiring.on(
    Output(ids.BULK, "data"),
    Input(ids.BULK, "data"),
    State(ids.SCOPE, "data"),
    prevent_initial_call=True,
    right=Right.HANDLE_ALARMS,
)
def acknowledge_all(desk: Desk, level: int | None, area: str | None) -> Any:
    """All of a level that wait in the scope, each on record."""
    if level is None:
        return no_update
    actor = actor_asked(desk)
    for alarm in alarms_of(desk, actor.seat, area or ""):
        if alarm.severity == level and waits(alarm, actor.at_ms):
            acknowledge(desk, alarm.id, {}, actor)
    return None

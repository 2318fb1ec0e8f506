"""The alarm queue lives: rows by tab and level, counts in the top bar, the open alarm's card."""

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State, no_update

from callbacks.alarm_rows import View, alarms_of, facts_of, queue_of
from callbacks.asking import pressed, seat_asked, words_asked
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.alarm_desk import Tab, order, waiting_by_level
from city.alarms import OPEN_STATES
from city.roles import Right, Seat, holders, named
from layouts import ids
from layouts.panels.alarm_card import opened
from layouts.panels.queue import LEVELS, forbidden, level_counts, shown
from layouts.words import Words

CLOSED, OPEN = "alarm-card is-empty", "alarm-card"

wiring.in_browser(
    ClientsideFunction("city_alarms", "hear"),
    Output(ids.ALARM_SHEET, "title"),
    Input(ids.QUEUE, "data"),
)


@wiring.on(
    Output(ids.QUEUE, "data"),
    Input(ids.pulse("alarms"), "data"),
    Input(ids.QUEUE_VIEW, "data"),
    Input(ids.SCOPE, "data"),
)
def refresh_queue(desk: Desk, version: int | None, view: Any, area: str | None) -> dict[str, Any]:
    """What the open tab shows, and the figures around it."""
    words, seat = words_asked(), seat_asked(desk)
    if not seat.may(Right.VIEW_ALARMS):
        return forbidden(who_may(words), words)
    asked = view_of(view, area)._replace(version=version)
    return shown(queue_of(desk, seat, asked, words), words)


@wiring.on(
    Output(ids.LEVEL_COUNTS, "children"),
    Input(ids.pulse("alarms"), "data"),
    Input(ids.SCOPE, "data"),
    right=Right.VIEW_ALARMS,
)
def count_levels(desk: Desk, version: int | None, area: str | None) -> list[Any]:
    """How many alarms of each level wait in the scope."""
    words, seat = words_asked(), seat_asked(desk)
    counts = waiting_by_level(alarms_of(desk, seat, area or "", version), desk.now_ms())
    return level_counts([counts[level][0] for level in LEVELS], words)


@wiring.on(
    Output(ids.ALARM_CARD, "children"),
    Output(ids.ALARM_CARD, "className"),
    Input(ids.QUEUE, "chosen"),
    Input(ids.pulse("alarms"), "data"),
    right=Right.VIEW_ALARMS,
)
def show_card(desk: Desk, chosen: str | None, _version: int) -> tuple[list[Any], str]:
    """Everything about the open alarm."""
    if not chosen:
        return [], CLOSED
    words = words_asked()
    return opened(facts_of(desk, seat_asked(desk), chosen, words), words), OPEN


@wiring.on(
    Output(ids.QUEUE, "chosen", allow_duplicate=True),
    Input(ids.MAP, "selected"),
    State(ids.QUEUE, "chosen"),
    prevent_initial_call="initial_duplicate",
)
def follow_choice(desk: Desk, thing: str | None, chosen: str | None) -> Any:
    """The alarm of the thing that was chosen on the map; the open one where it is of that thing."""
    seat = seat_asked(desk)
    alarm = desk.store.alarm_table.get(chosen) if chosen else None
    is_of_it = alarm is not None and alarm.thing == thing
    is_beside = alarm is not None and not thing and alarm.thing not in desk.table.index
    return no_update if is_of_it or is_beside else worst_of(desk, seat, thing)


@wiring.on(
    Output(ids.QUEUE, "chosen", allow_duplicate=True),
    Input(ids.close(ALL), "n_clicks"),
    prevent_initial_call=True,
)
def close_card(_desk: Desk, _clicks: list[int]) -> Any:
    """No alarm is open any more."""
    return None if pressed() == "inspector" else no_update


def worst_of(desk: Desk, seat: Seat, thing: str | None) -> str | None:
    """The worst open alarm of a thing."""
    if not thing or not seat.may(Right.VIEW_ALARMS):
        return None
    at_ms = desk.now_ms()
    mine = [
        a for a in alarms_of(desk, seat, "") if a.thing == thing and a.state(at_ms) in OPEN_STATES
    ]
    return min(mine, key=order).id if mine else None


def view_of(said: Any, area: str | None) -> View:
    """What the browser asks for."""
    said = said or {}
    tab = said.get("tab", Tab.ACTIVE)
    levels = frozenset(level for level in said.get("levels", ()) if level in LEVELS)
    return View(Tab(tab) if tab in set(Tab) else Tab.ACTIVE, levels, area or "")


def who_may(words: Words) -> str:
    """The posts that see alarms."""
    return words.pick(*named(holders(Right.VIEW_ALARMS)))

"""The list of things lives: the worst first, as the map shows them."""

from functools import lru_cache
from typing import Any

from dash import ClientsideFunction, Input, Output, State, no_update

from callbacks.asking import sight_asked, words_asked
from callbacks.census import Choice, worst_first
from callbacks.desk import Desk
from callbacks.naming import name_of, place_of, value_of
from callbacks.wiring import wiring
from city.roles import Right
from layouts import ids
from layouts.pages.situation import only_abnormal
from layouts.panels.things import Listing, ThingRow, foot, table
from layouts.words import Words
from store.presence import STATES

MOST_ROWS = 60
SHARED = 64

wiring.in_browser(
    ClientsideFunction("city_page", "hold"),
    Output(ids.THINGS_DUE, "data"),
    Input(ids.pulse("things"), "data"),
)


@wiring.on(
    Output(ids.THINGS, "children"),
    Output(ids.THINGS_COUNT, "children"),
    Output(ids.THINGS_FOOT, "children"),
    Input(ids.THINGS_DUE, "data"),
    Input(ids.MAP, "hidden"),
    Input(ids.MAP, "abnormalOnly"),
    Input(ids.MAP, "selected"),
    Input(ids.SCOPE, "data"),
    right=Right.VIEW_MAP,
)
def refresh_things(
    desk: Desk, due: int | None, hidden: list[str], abnormal: bool, selected: str | None, area: str
) -> tuple[Any, str, str]:
    """The rows, how many there are, and how they are sorted."""
    choice = Choice(sight_asked(desk), frozenset(hidden or ()), area or "", bool(abnormal))
    return drawn(desk, due or desk.now_ms() // 1000, choice, selected, words_asked())


@lru_cache(SHARED)
def drawn(
    desk: Desk, _version: int, choice: Choice, selected: str | None, words: Words
) -> tuple[Any, str, str]:
    """Drawn once for all browsers that show the same version of the same choice."""
    listing = listed(desk, choice, selected, words)
    shown = table(listing, desk.now_ms(), words)
    return shown, f"{listing.total:,}", foot(listing, words)


@wiring.on(
    Output(ids.MAP, "abnormalOnly", allow_duplicate=True),
    Input(ids.ABNORMAL_CHIP, "n_clicks"),
    State(ids.MAP, "abnormalOnly"),
    prevent_initial_call=True,
    right=Right.VIEW_MAP,
)
def toggle_abnormal(_desk: Desk, clicks: int | None, is_on: bool | None) -> Any:
    """Only what reaches a level, or everything."""
    return not is_on if clicks else no_update


@wiring.on(
    Output(ids.ONLY_ABNORMAL, "children"), Input(ids.MAP, "abnormalOnly"), right=Right.VIEW_MAP
)
def show_abnormal(_desk: Desk, is_on: bool | None) -> Any:
    """The chip says what the map does."""
    return only_abnormal(bool(is_on), words_asked())


def listed(desk: Desk, choice: Choice, selected: str | None, words: Words) -> Listing:
    """What the list shows of the table at this moment."""
    with desk.store.live.lock:
        now_ms = desk.now_ms()
        chosen = desk.census.chosen(desk.table, choice)
        first = worst_first(desk.table, chosen, now_ms)[:MOST_ROWS].tolist()
        states = desk.table.freshness(now_ms)
        rows = [thing_row(desk, index, STATES[states[index]], words) for index in first]
        seen = int(desk.table.seen(choice.sight).sum())
        return Listing(rows, len(chosen), seen, choice.only_abnormal, selected)


def thing_row(desk: Desk, index: int, state: str, words: Words) -> ThingRow:
    """One thing in plain values."""
    record = desk.table.records[index]
    return ThingRow(
        thing=desk.table.ids[index],
        level=int(desk.table.level[index]),
        name=name_of(desk, index, words),
        place=place_of(desk, index, words),
        value=value_of(desk, index),
        state=state,
        observed_ms=max(0, int(record["observed_ms"])),
        period_s=float(desk.table.period_s[index]),
    )

"""The inspector lives: opened by a choice on map, list or address, refreshed by each reading."""

from typing import Any

from dash import ALL, Input, Output, State, no_update

from callbacks.asking import pressed, words_asked
from callbacks.desk import Desk
from callbacks.facts import chart_series, chart_value, thing_facts
from callbacks.wiring import wiring
from city.roles import Right
from layouts import ids
from layouts.charts import clock_time, sparkline
from layouts.panels.inspector import ThingFacts, details, latest, missing, opened
from layouts.parts import mark
from layouts.words import Words

Reading = dict[str, Any] | None

CLOSED, OPEN = "inspector-body is-empty", "inspector-body"
MOST_POINTS = 600


@wiring.on(
    Output(ids.INSPECTOR, "children"),
    Output(ids.INSPECTOR, "className"),
    Input(ids.MAP, "selected"),
    Input(ids.THEME, "data"),
    right=Right.VIEW_MAP,
)
def open_inspector(desk: Desk, thing: str | None, theme: str | None) -> tuple[list[Any], str]:
    """Everything about the chosen thing."""
    if not thing:
        return [], CLOSED
    words = words_asked()
    facts = thing_facts(desk, thing, words)
    if facts is None:
        return missing(thing, words), OPEN
    series = chart_series(desk, facts)
    figure = sparkline(series, theme) if series.points else None
    return opened(facts, figure, desk.now(), words), OPEN


@wiring.on(
    Output(ids.INSPECTOR_NOW, "children"),
    Output(ids.INSPECTOR_FACTS, "children"),
    Output(ids.INSPECTOR_MARK, "children"),
    Input(ids.READING, "data"),
    State(ids.MAP, "selected"),
    prevent_initial_call=True,
    right=Right.VIEW_MAP,
)
def refresh_reading(desk: Desk, said: Reading, thing: str | None) -> tuple[Any, ...]:
    """Value, notices, facts and mark of the open thing."""
    words = words_asked()
    facts = said_of(desk, said, thing, words)
    if facts is None:
        return no_update, no_update, no_update
    now = desk.now()
    return latest(facts, now, words), details(facts, now, words), mark(facts.level, words)


@wiring.on(
    Output(ids.CHART, "extendData"),
    Input(ids.READING, "data"),
    State(ids.MAP, "selected"),
    State(ids.CHART, "figure"),
    prevent_initial_call=True,
    right=Right.VIEW_MAP,
)
def extend_chart(desk: Desk, said: Reading, thing: str | None, figure: Any) -> Any:
    """Appends the newest point, once."""
    facts = said_of(desk, said, thing, words_asked())
    if facts is None or facts.observed_at is None:
        return no_update
    at, known = clock_time(facts.observed_at), figure["data"][0]["x"]
    if known and at <= known[-1]:
        return no_update
    return [{"x": [[at]], "y": [[chart_value(facts)]]}, [0], MOST_POINTS]


@wiring.on(
    Output(ids.MAP, "selected", allow_duplicate=True),
    Input(ids.close(ALL), "n_clicks"),
    prevent_initial_call=True,
    right=Right.VIEW_MAP,
)
def close_inspector(_desk: Desk, _clicks: list[int]) -> Any:
    """Nothing is chosen any more."""
    return None if pressed() == "inspector" else no_update


def said_of(desk: Desk, said: Reading, thing: str | None, words: Words) -> ThingFacts | None:
    """The facts of the open thing, if it is the one that has just been read."""
    is_open = bool(thing and said and said["id"] == thing)
    return thing_facts(desk, thing, words) if is_open else None

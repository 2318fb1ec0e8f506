"""The readings that a case began with, around its time, with its own instants as flags."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dash import Input, Output, State, no_update

from callbacks.case_desk import looker, naming_asked, shown_case, shown_log
from callbacks.desk import Desk
from callbacks.facts import chart_series, thing_facts
from callbacks.wiring import wiring
from city.case_table import Move
from city.cases import Case, Entry
from layouts import case_ids, ids
from layouts.case_naming import Naming
from layouts.panels.case_chart import CaseChart, Flag, chart

BEFORE, AFTER = timedelta(minutes=75), timedelta(minutes=60)
MOST_POINTS = 600
FLAGGED = {
    Move.CREATE: "case_step.found",
    Move.REGISTER: "case_step.filed",
    Move.DISPATCH: "case_step.dispatched",
    Move.FEEDBACK: "case_step.handled",
    Move.CLOSE: "case_step.closed",
}


@wiring.on(
    Output(case_ids.CHART_BOX, "children"),
    Input(case_ids.SHOWN, "data"),
    Input(ids.THEME, "data"),
    State(case_ids.OPEN, "data"),
)
def draw_chart(desk: Desk, shown: Any, theme: str | None, case_id: str | None) -> Any:
    """Nothing where the case began with no sensor."""
    actor, naming = looker(desk), naming_asked(desk)
    case = shown_case(desk, actor, case_id) if shown and shown["id"] == case_id else None
    if case is None:
        return no_update
    drawn = chart_of(desk, case, shown_log(desk, actor, case), naming)
    return chart(drawn, theme, naming.words) if drawn else None


def chart_of(desk: Desk, case: Case, log: list[Entry], naming: Naming) -> CaseChart | None:
    """Series, limits, flags; none where it began with a report and no sensor."""
    facts = thing_facts(desk, case.thing, naming.words) if case.thing else None
    if facts is None:
        return None
    opened = datetime.fromtimestamp(case.opened_ms / 1000, UTC)
    series = chart_series(desk, facts, opened - BEFORE, opened + AFTER)
    flags = tuple(
        Flag(datetime.fromtimestamp(one.at_ms / 1000, UTC), naming.words(FLAGGED[one.move]))
        for one in log
        if one.move in FLAGGED
    )
    return CaseChart(facts.title, facts.quantity or facts.kind, series, flags)

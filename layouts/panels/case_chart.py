"""The linked readings of a case: the line, its limits, and what was done when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import dcc, html

from layouts import case_ids
from layouts.charts import CONFIG, PALETTES, Figure, Series, clock_time, sparkline
from layouts.figures import number
from layouts.panels.case_facts import block
from layouts.words import Words

FLAG_ROWS = 2  # names of flags stand in two rows, so that near ones do not cover one another
TOP_MARGIN = 34
HEIGHT = 190


@dataclass(frozen=True, slots=True)
class Flag:
    """An instant of the case on the chart."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class CaseChart:
    """What is drawn: the thing's name, what it measures, its readings, the flags."""

    thing: str
    quantity: str
    series: Series
    flags: Sequence[Flag] = ()


def chart(one: CaseChart, theme: str | None, words: Words) -> html.Section:
    """The chart in its block, with its newest value in words."""
    title = one.quantity or words("case.chart")
    if not one.series.points:
        none = html.P(words("case.chart_none"), className="meta")
        return block(title, one.thing, none, name="case-chart")
    last = next((value for _, value in reversed(one.series.points) if value is not None), None)
    small = [f"{one.thing} · ", html.B(number(last, one.series.unit), className="num value")]
    graph = dcc.Graph(id=case_ids.CHART, figure=figure(one, theme), config=CONFIG,
                      style={"height": f"{HEIGHT}px"})  # fmt: skip
    return block(title, small, graph, name="case-chart")


def figure(one: CaseChart, theme: str | None) -> Figure:
    """The house's sparkline with flags above it."""
    drawn = sparkline(one.series, theme)
    colours = PALETTES.get(theme or "dark", PALETTES["dark"])
    first, last = one.series.points[0][0], one.series.points[-1][0]
    shown = [flag for flag in one.flags if first <= flag.at <= last]
    layout = drawn["layout"]
    layout["margin"] = {**layout["margin"], "t": TOP_MARGIN}
    layout["shapes"] = [*layout["shapes"], *(flag_line(flag, colours["ink-3"]) for flag in shown)]
    names = [flag_name(flag, place % FLAG_ROWS, colours["ink-1"])
             for place, flag in enumerate(shown)]  # fmt: skip
    layout["annotations"] = [*layout["annotations"], *names]
    layout["uirevision"] = "case"
    return drawn


def flag_line(flag: Flag, colour: str) -> dict[str, Any]:
    """From the top to the bottom."""
    at = clock_time(flag.at)
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at,
            "line": {"color": colour, "width": 1, "dash": "dot"}}  # fmt: skip


def flag_name(flag: Flag, row: int, colour: str) -> dict[str, Any]:
    """Above the line, beside it."""
    return {"x": clock_time(flag.at), "yref": "paper", "y": 1, "yanchor": "bottom",
            "yshift": 14 * row, "xanchor": "left", "text": flag.name, "showarrow": False,
            "font": {"size": 12, "color": colour}}  # fmt: skip

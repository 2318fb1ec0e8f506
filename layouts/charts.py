"""Charts in the house's own look: plain figures, so that nothing heavy is loaded for them here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from layouts.figures import CHINA

Figure = dict[str, Any]
Limit = tuple[int, float]  # level, value

# Plotly cannot read CSS variables; tests hold these equal to assets/1-tokens.css.
PALETTES: Mapping[str, Mapping[str, str]] = {
    "dark": {
        "surface-overlay": "#22272B", "line-2": "#353C42", "ink-1": "#E9EBED", "ink-3": "#98A1A9",
        "series-1": "#C9D0D6",
        "severity-1-fill": "#D92D2F", "severity-1-on": "#FFFFFF", "severity-1-edge": "#F0575A",
        "severity-2-fill": "#F08A24", "severity-2-on": "#1B0F02", "severity-2-edge": "#F08A24",
        "severity-3-fill": "#F2D64B", "severity-3-on": "#1C1700", "severity-3-edge": "#F2D64B",
        "severity-4-fill": "#2F66C9", "severity-4-on": "#FFFFFF", "severity-4-edge": "#6C9CF2",
    },
    "light": {
        "surface-overlay": "#FFFFFF", "line-2": "#C2C7CC", "ink-1": "#14181B", "ink-3": "#515A62",
        "series-1": "#333C43",
        "severity-1-fill": "#C91F23", "severity-1-on": "#FFFFFF", "severity-1-edge": "#C91F23",
        "severity-2-fill": "#F08A24", "severity-2-on": "#1B0F02", "severity-2-edge": "#A85400",
        "severity-3-fill": "#F6DC4E", "severity-3-on": "#1C1700", "severity-3-edge": "#7F6B00",
        "severity-4-fill": "#2459BD", "severity-4-on": "#FFFFFF", "severity-4-edge": "#2459BD",
    },
}  # fmt: skip
FONT = "Inter, Noto Sans SC, Noto Sans CJK SC, City Sans Core, sans-serif"
NAME_SHARE = 0.19  # of the chart's height is what the name of a limit takes
CONFIG = {"displayModeBar": False, "doubleClick": "reset", "responsive": True}


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn: points in the order of time, and the limits of the four levels."""

    points: Sequence[tuple[datetime, float | None]]
    unit: str = ""
    limits: Sequence[float] = ()  # blue to red


def sparkline(series: Series, theme: str | None) -> Figure:
    """A line of recent readings with its limits as dashed lines named by their digit."""
    colours = PALETTES.get(theme or "dark", PALETTES["dark"])
    seen = reached(series)
    named = apart(seen, series)
    return {
        "data": [line(series, colours)],
        "layout": {
            **template(colours),
            "shapes": [limit_line(level, limit, colours) for level, limit in seen],
            "annotations": [limit_name(level, limit, colours) for level, limit in named],
        },
    }


def line(series: Series, colours: Mapping[str, str]) -> Figure:
    """The readings; a gap where there was none."""
    return {
        "type": "scatter",
        "mode": "lines" if len(series.points) > 1 else "markers",
        "x": [clock_time(at) for at, _ in series.points],
        "y": [value for _, value in series.points],
        "line": {"color": colours["series-1"], "width": 1.5},
        "marker": {"color": colours["series-1"], "size": 5},
        "connectgaps": False,
        "hovertemplate": f"%{{x|%H:%M:%S}}  <b>%{{y:.4~g}}</b> {series.unit}<extra></extra>",
    }


def clock_time(at: datetime) -> str:
    """The time on the wall; Plotly knows no zones."""
    return at.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M:%S")


def reached(series: Series) -> list[Limit]:
    """The limits worth drawing: those that were reached, and the next one."""
    values = [value for _, value in series.points if value is not None]
    if not values or not series.limits:
        return []
    falling = series.limits[0] > series.limits[-1]
    extreme = min(values) if falling else max(values)
    over = [extreme <= limit if falling else extreme >= limit for limit in series.limits]
    levels = range(4, 0, -1)
    shown = zip(levels, series.limits, [True, *over[:-1]], strict=True)
    return [(level, limit) for level, limit, is_shown in shown if is_shown]


def apart(seen: Sequence[Limit], series: Series) -> list[Limit]:
    """Those whose names do not cover one another, the worst first."""
    shown = [value for _, value in series.points if value is not None]
    shown += [limit for _, limit in seen]
    room = NAME_SHARE * (max(shown) - min(shown)) if shown else 0.0
    named: list[Limit] = []
    for level, limit in reversed(seen):
        if all(abs(limit - other) >= room for _, other in named):
            named.append((level, limit))
    return named[::-1]


def limit_line(level: int, limit: float, colours: Mapping[str, str]) -> Figure:
    """Across the whole chart."""
    stroke = {"color": colours[f"severity-{level}-edge"], "width": 1, "dash": "dot"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": limit, "y1": limit,
            "line": stroke, "layer": "below"}  # fmt: skip


def limit_name(level: int, limit: float, colours: Mapping[str, str]) -> Figure:
    """The digit of the level beside its line, and the limit."""
    return {
        "xref": "paper", "x": 1, "xanchor": "left", "xshift": 4, "y": limit, "showarrow": False,
        "text": f"<b> {level} </b>", "bgcolor": colours[f"severity-{level}-fill"],
        "font": {"size": 11, "color": colours[f"severity-{level}-on"]}, "hovertext": f"{limit:g}",
    }  # fmt: skip


def template(colours: Mapping[str, str]) -> Figure:
    """Grey is normal: no frame, few lines, the numbers of the page."""
    axis = {
        "showgrid": False, "zeroline": False, "showline": False, "ticks": "",
        "tickfont": {"size": 11, "color": colours["ink-3"]}, "fixedrange": True,
        "automargin": True,
    }  # fmt: skip
    return {
        "margin": {"l": 4, "r": 26, "t": 6, "b": 4},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 11, "color": colours["ink-3"]},
        "hoverlabel": {
            "bgcolor": colours["surface-overlay"],
            "bordercolor": colours["line-2"],
            "font": {"color": colours["ink-1"], "family": FONT, "size": 12},
        },
        "xaxis": {**axis, "nticks": 4, "tickformat": "%H:%M"},
        "yaxis": {**axis, "nticks": 4, "showgrid": True, "gridcolor": colours["line-2"]},
        "showlegend": False,
        "hovermode": "x",
        "uirevision": "thing",
    }

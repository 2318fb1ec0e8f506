"""The map of dispatch: what floats over it, and the tools that draw and measure."""

from collections.abc import Sequence
from typing import Any

from dash import html

from layouts import dispatch_ids, ids, parts
from layouts.map import LiveMap
from layouts.shell import SOCKET
from layouts.words import Words

# Tool, its key; assets/dispatch-draw.js does it.
TOOLS = (
    ("centre", "M"),
    ("rings", "I"),
    ("routes", "O"),
    ("measure", "L"),
    ("circle", "C"),
    ("polygon", "P"),
    ("close_road", "K"),
)
PRESSED = frozenset({"rings", "routes"})  # on at the start
Json = dict[str, Any]


def region(
    centre: Sequence[float], zoom: float, bounds: Sequence[float], credit: str,
    hidden: Sequence[str], words: Words,
) -> html.Div:  # fmt: skip
    """The map with its card, tools and what was drawn."""
    live_map = LiveMap(
        id=ids.MAP,
        feedUrl=SOCKET,
        center=list(centre),
        zoom=zoom,
        bounds=list(bounds),
        hidden=list(hidden),
        abnormalOnly=True,
        selected=None,
        credit=credit,
    )
    over: dict[str, Any] = {"data-over-map": "1"}
    return html.Div(
        [
            live_map,
            html.Div(id=dispatch_ids.HEAD, className="dispatch-head float", hidden=True),
            tools(words),
            html.Div(className="draw-bar float", role="status", hidden=True),
            html.Div(id=dispatch_ids.CARD, className="unit-card float is-empty", **over),
            html.Div(id=dispatch_ids.INSIDE, className="inside-card float is-empty", **over),
        ],
        className="map dispatch-map",
    )


def tools(words: Words) -> html.Div:
    """Buttons at the right edge."""
    return html.Div(
        [tool(name, key, words) for name, key in TOOLS],
        className="map-tools dispatch-tools",
        role="group",
        **{"aria-label": words("dispatch.tools")},
    )


def tool(name: str, key: str, words: Words) -> html.Button:
    """One tool."""
    label = words(f"dispatch.tool_{name}")
    attributes: dict[str, Any] = {"data-tool": name, "data-key": key, "aria-label": label}
    if name != "centre":
        attributes["aria-pressed"] = str(name in PRESSED).lower()
    return html.Button(parts.icon(f"tool-{name}"), type="button", className="icon-button",
                       title=f"{label}  {key}", **attributes)  # fmt: skip


def inside(title: str, rows: Sequence[tuple[str, str]], may_close: bool, words: Words) -> list[Any]:
    """What lies within what was drawn: names and how many, or a sentence that nothing does."""
    body = parts.facts(rows) if rows else html.P(words("dispatch.inside_none"), className="meta")
    close = parts.close_button(ids.close("inside"), words("inspector.close"))
    head = html.Div([html.B(title, className="value"), html.Span(className="spacer"), close],
                    className="card-head")  # fmt: skip
    shut = html.Button(words("dispatch.close_area"), type="button", className="button is-small",
                       **{"data-close-area": "1"})  # fmt: skip
    return [head, body, *([html.Div(shut, className="unit-acts")] if may_close else [])]

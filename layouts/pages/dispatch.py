"""指挥调度 Dispatch: what waits for a unit, which units there are, and whom to send."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from layouts import dispatch_ids
from layouts.pages.situation import View
from layouts.panels import dispatch_board, dispatch_map, dispatch_pick, dispatch_queue
from layouts.shell import City, shell
from layouts.words import Words

PATH = "/dispatch"
TABS = ("waiting", "map", "board", "pick")


def page(city: City, view: View, hidden: Sequence[str], words: Words) -> html.Div:
    """The whole page; `hidden` are the kinds that the map does not show as things."""
    middle = html.Div(
        [
            dispatch_map.region(view.centre, view.zoom, view.bounds, view.credit, hidden, words),
            dispatch_board.panel(words),
        ],
        className="middle",
    )
    main = html.Main(
        [
            dispatch_queue.panel(words),
            middle,
            dispatch_pick.panel(words),
            tabs(words),
            *(dcc.Store(id=name) for name in dispatch_ids.STORES),
        ],
        id="main",
        className="main dispatch",
        **{"data-tab": "waiting"},
    )
    return shell(city, words("dispatch.title"), words("dispatch.small"), main, words)


def tabs(words: Words) -> html.Div:
    """On a phone one region is seen at a time; assets/panels.js turns them."""
    return html.Div(
        [tab(name, name == "waiting", words) for name in TABS],
        className="tabs",
        role="tablist",
        **{"aria-label": words("map.tabs")},
    )


def tab(name: str, is_on: bool, words: Words) -> html.Button:
    """One region."""
    attributes: dict[str, Any] = {"data-turn": name, "aria-selected": str(is_on).lower()}
    return html.Button(words(f"dispatch.turn_{name}"), type="button", role="tab", **attributes)

"""态势 Situation: what is where now, what is abnormal, and how good the data are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from layouts import ids, parts
from layouts.map import LiveMap
from layouts.panels import feed, inspector, layers, queue
from layouts.shell import SOCKET, City, shell
from layouts.words import Words

PATH = "/situation"


@dataclass(frozen=True, slots=True)
class View:
    """Where the map begins."""

    centre: Sequence[float]
    zoom: float
    bounds: Sequence[float]
    credit: str


def page(city: City, view: View, words: Words) -> html.Div:
    """The whole page."""
    main = html.Main(
        [
            layers.panel(words),
            map_region(view, words),
            queue.panel(words),
            tabs(words),
            dcc.Store(id=ids.FEED_OPEN),
            dcc.Store(id=ids.THINGS_DUE),
        ],
        id="main",
        className="main situation",
        **{"data-tab": "map"},
    )
    return shell(city, words("page.situation"), words("page.situation_small"), main, words)


def tabs(words: Words) -> html.Div:
    """On a phone one region is seen at a time; assets/panels.js turns them."""
    names = (("map", "map.tab"), ("layers", "layers.title"), ("queue", "alarms.title"))
    return html.Div(
        [tab(name, words(key), name == "map") for name, key in names],
        className="tabs",
        role="tablist",
        **{"aria-label": words("map.tabs")},
    )


def tab(name: str, label: str, is_on: bool) -> html.Button:
    """One region."""
    attributes: dict[str, Any] = {"data-turn": name, "aria-selected": str(is_on).lower()}
    return html.Button(label, type="button", role="tab", **attributes)


def map_region(view: View, words: Words) -> html.Div:
    """The map and what floats over it."""
    live_map = LiveMap(
        id=ids.MAP,
        feedUrl=SOCKET,
        center=list(view.centre),
        zoom=view.zoom,
        bounds=list(view.bounds),
        hidden=[],
        abnormalOnly=False,
        selected=None,
        credit=view.credit,
    )
    chips = html.Div(only_abnormal(False, words), id=ids.ONLY_ABNORMAL, className="map-chips")
    return html.Div([live_map, chips, feed.panel(words), inspector.panel(words)], className="map")


def only_abnormal(is_on: bool, words: Words) -> html.Button:
    """Shows only what reaches a level, on the map and in the list."""
    attributes: dict[str, Any] = {"data-key": "E", "aria-pressed": str(is_on).lower()}
    return html.Button(
        [words("map.only_abnormal"), parts.keycap("E")],
        id=ids.ABNORMAL_CHIP,
        type="button",
        className="chip is-on" if is_on else "chip",
        **attributes,
    )

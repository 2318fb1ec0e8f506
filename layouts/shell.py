"""What stands around every page: rail, top bar, status bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from city.profile import Place
from city.roles import Right
from layouts import ids
from layouts.panels import mode_pill, sound
from layouts.parts import icon, keycap
from layouts.seat import EVERYBODY, Sitting, seat_menu, seat_over
from layouts.words import Words

SECONDS_TO_TYPE = 0.2
SOCKET = "/live"  # where the page hears what moved
UNITS = {"rate"}  # their word follows the figure


@dataclass(frozen=True, slots=True)
class City:
    """What the shell says of the city, and of the page it stands around."""

    name: str
    areas: Sequence[Place]
    datum: str
    is_demo: bool
    pages: Sequence[str] = ("situation",)  # names of the pages that this seat may open, in order
    here: str = "situation"
    sitting: Sitting = EVERYBODY


def shell(city: City, title: str, small: str, main: Any, words: Words) -> html.Div:
    """One page inside its frame."""
    stores = [dcc.Store(id=ids.pulse(name)) for name in ids.PULSES]
    stores += [dcc.Store(id=ids.READING), dcc.Store(id=ids.SCOPE, data=""), dcc.Store(id=ids.THEME)]
    stores += [dcc.Store(id=ids.COMMAND)]
    skip = html.A(words("nav.skip"), href="#main", className="skip")
    frame = [
        skip,
        rail(city, words),
        topbar(city, title, small, words),
        main,
        statusbar(city, words),
        mode_pill.line(words),
    ]
    # Shown by the browser while the server says that its store is away.
    away = html.Div(
        words("trouble.store"), className="notice is-lost store-away", role="alert", hidden=True
    )
    told = [away, seat_over(words), html.Div(id=ids.NOTICE, role="alert")]
    socket: dict[str, Any] = {"data-socket": SOCKET}
    return html.Div([*frame, *told, *stores], className="shell", **socket)


def rail_item(name: str, is_here: bool, words: Words) -> html.A:
    """The way to one page."""
    here: dict[str, Any] = {"aria-current": "page"} if is_here else {}
    return html.A(
        [icon(name), words(f"nav.{name}")],
        href=f"/{name}",
        className="rail-item is-current" if is_here else "rail-item",
        **here,
    )


def rail(city: City, words: Words) -> html.Nav:
    """Only pages that this seat may open, always in one order."""
    attributes: dict[str, Any] = {"aria-label": words("nav.label")}
    return html.Nav(
        [
            html.Div(icon("brand"), className="rail-brand"),
            *(rail_item(name, name == city.here, words) for name in city.pages),
            html.Div(className="spacer"),
            html.A([icon("api"), words("nav.api")], href="/api/docs", className="rail-item"),
            html.Button(
                [icon("keys"), words("nav.keys")],
                className="rail-item",
                type="button",
                **{"data-action": "keys"},
            ),
        ],
        className="rail",
        **attributes,
    )


def topbar(city: City, title: str, small: str, words: Words) -> html.Header:
    """Title, scope, search, counts, switches, clock."""
    demo = html.Span(
        words("topbar.demo"), className="tag is-demo", title=words("topbar.demo_title")
    )
    return html.Header(
        [
            html.H1([title, html.Small(small)], className="topbar-title"),
            *([demo] if city.is_demo else []),
            *(
                of_things(city, words)
                if city.sitting.sees_things
                else [html.Div(className="spacer")]
            ),
            *([sound.control(words)] if city.sitting.hears else []),
            mode_pill.control("mode" in city.pages, words),
            switch("theme", words),
            switch("lang", words),
            seat_menu(city.sitting, words),
            clock(),
        ],
        className="topbar",
    )


def of_things(city: City, words: Words) -> list[Any]:
    """Scope, search and counts, for seats that see things."""
    if not city.sitting.sees_things:
        return [html.Div(className="spacer")]
    scope = html.Div(scopes(city.areas, "", words), id=ids.SCOPES, className="topbar-scopes")
    label: dict[str, Any] = {"aria-label": words("topbar.counts")}
    counts = html.Div(id=ids.LEVEL_COUNTS, className="level-counts", role="group", **label)
    spacer = html.Div(className="spacer")
    seen = [counts] if city.sitting.sees_alarms else []
    return [scope, spacer, search(words), spacer, *seen]


def scopes(areas: Sequence[Place], chosen: str, words: Words) -> html.Div:
    """The whole city, or one district of it."""
    choices = [Place("", words("topbar.whole_city"), words("topbar.whole_city")), *areas]
    return html.Div(
        [scope(place, place.code == chosen, words) for place in choices],
        className="segmented",
        role="group",
        **{"aria-label": words("topbar.scope")},
    )


def scope(place: Place, is_on: bool, words: Words) -> html.Button:
    """One choice of the scope."""
    name = words.pick(place.zh.removesuffix("区"), place.en)
    return html.Button(
        name,
        id=ids.scope_choice(place.code),
        type="button",
        className="is-on" if is_on else "",
        **{"aria-pressed": str(is_on).lower()},
    )


def search(words: Words) -> html.Div:
    """`/` goes here; results open below."""
    field = dcc.Input(
        id=ids.SEARCH,
        type="search",
        placeholder=words("topbar.search"),
        className="search-input",
        debounce=SECONDS_TO_TYPE,
        autoComplete="off",
    )
    label = html.Span(words("topbar.search"), className="sr")
    return html.Div(
        [
            html.Label([icon("search"), label, field, keycap("/")], className="search-label"),
            html.Div(id=ids.FOUND, className="search-results float"),
        ],
        className="command-bar",
        role="search",
    )


def switch(name: str, words: Words) -> html.Button:
    """Theme or language; assets/keys.js does it."""
    return html.Button(
        words(f"topbar.{name}"),
        type="button",
        className="button is-quiet is-small",
        title=words(f"topbar.{name}_title"),
        **{"data-action": name},
    )


def clock() -> html.Div:
    """The server's time, ticked in the browser."""
    time: dict[str, Any] = {"data-clock": "time"}
    date: dict[str, Any] = {"data-clock": "date"}
    return html.Div(
        [html.B("--:--:--", className="num", **time), html.Span("", className="meta", **date)],
        className="clock",
    )


def statusbar(city: City, words: Words) -> html.Footer:
    """Connection, feeds, river, clock; filled by the socket every second."""
    connection = [
        html.I(className="status-dot"),
        html.B(words("status.connecting"), **{"data-status": "connection"}),
    ]
    sees_feeds = Right.VIEW_FEEDS in city.sitting.rights
    name: dict[str, Any] = {"id": ids.WORST_FEED} if sees_feeds else {}
    worst = html.Span(className="status-item status-worst", **name)
    return html.Footer(
        [
            html.Span(connection, className="status-item"),
            item("feeds", words),
            item("late", words, "is-late"),
            item("lost", words, "is-lost"),
            worst,
            item("rate", words),
            html.Span(className="rate-line", **{"data-spark": "rate", "aria-hidden": "true"}),
            item("delay", words),
            item("entities", words),
            html.Span(className="spacer"),
            item("offset", words),
            html.Span([words("status.datum"), html.B(city.datum)], className="status-item"),
            html.Button(
                [keycap("?"), words("status.keys")],
                type="button",
                className="status-item",
                **{"data-action": "keys"},
            ),
        ],
        className="statusbar",
        role="contentinfo",
        **{"aria-label": words("status.label")},
    )


def item(name: str, words: Words, state: str = "") -> html.Span:
    """One figure of the status bar."""
    figure = html.B("—", className="num", **{"data-status": name})
    parts = [words(f"status.{name}"), figure]
    return html.Span(
        parts[::-1] if name in UNITS else parts,
        className=f"status-item {state}",
        title=words.get(f"status.{name}_title", ""),
    )


def worst_item(text: str, words: Words) -> list[Any]:
    """The feed that has been silent longest."""
    return [words("status.worst"), html.B(text)]

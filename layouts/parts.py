"""Small parts that panels share: marks, ages, states, rows of facts."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from layouts.figures import NONE, span
from layouts.words import Words

ROMAN = ("", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")
LATE = {"late", "stale", "lost", "offline"}
Children = Any


def mark(level: int, words: Words) -> html.Span:
    """Severity as shape, digit and colour; its word for who cannot see it."""
    said = words("inspector.level", level=ROMAN[level]) if level else words("inspector.normal")
    attributes: dict[str, Any] = {"role": "img", "aria-label": said}
    return html.Span(str(level or ""), className=f"mark is-level-{level}", **attributes)


def icon(name: str) -> html.Span:
    """A drawing by name (assets/5-icons.css)."""
    return html.Span(className=f"icon is-{name}", **{"aria-hidden": "true"})


def keycap(key: str) -> html.Kbd:
    """The key that does the same."""
    return html.Kbd(key, className="keycap", **{"aria-hidden": "true"})


def age(at_ms: int | None, period_s: float, now_ms: int, state: str = "") -> html.Span:
    """An age that ticks in the browser; — where nothing was ever heard."""
    if not at_ms:
        return html.Span(NONE, className=f"age num {state}")
    ticking: dict[str, Any] = {"data-at": str(at_ms), "data-period": f"{period_s:g}"}
    text = span((now_ms - at_ms) / 1000)
    return html.Span(text, className=f"age num {state}", **ticking)


def state_word(state: str, words: Words) -> str:
    """The word of a state, with its shape where something is wrong."""
    shape = words.get(f"mark.{state}", "")
    return f"{shape} {words(f'state.{state}')}".strip()


def panel_head(title: str, small: str, *tools: Any) -> html.Div:
    """The head of a docked panel."""
    heading = html.H2([title, html.Small(small)], className="panel-title")
    return html.Div([heading, html.Span(className="spacer"), *tools], className="panel-head")


def empty(text: str, hint: str = "") -> html.Div:
    """Why there is nothing, and what to do next."""
    return html.Div([html.Strong(text), html.Span(hint)], className="empty")


def loading(text: str, rows: int = 6) -> html.Div:
    """A skeleton in the place of rows."""
    bars = [html.Div(className="skeleton") for _ in range(rows)]
    return html.Div(
        [html.Span(text, className="sr"), *bars], className="is-loading", **{"aria-busy": "true"}
    )


def notice(kind: str, text: str) -> html.P:
    """One sentence that must not be missed."""
    return html.P(text, className=f"notice is-{kind}", role="status")


def way_in(back: str, words: Words) -> html.P:
    """Who is logged out is told so, and finds the way in beside it."""
    link = html.A(words("seat.way_in"), href=f"/login?next={back}", className="button is-small")
    return html.P([words("seat.logged_out"), " ", link], className="notice is-late", role="alert")


def facts(rows: Iterable[tuple[str, Children]]) -> html.Dl:
    """Names and what they are."""
    found = [part for name, what in rows for part in (html.Dt(name), html.Dd(what))]
    return html.Dl(found, className="facts")


def close_button(target: Any, label: str) -> html.Button:
    """Closes by click and by Escape."""
    attributes: dict[str, Any] = {"aria-label": label, "data-key": "Escape", "title": label}
    return html.Button(
        icon("close"), id=target, type="button", className="icon-button", **attributes
    )


def json_links(links: Sequence[tuple[str, str]]) -> html.Div:
    """Where a machine reads the same."""
    return html.Div(
        [html.A(text, href=href, className="button is-small", target="_blank")
         for text, href in links],
        className="inspector-foot",
    )  # fmt: skip

"""The list of things, the worst first: what the map shows, for the keyboard and the ear."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from layouts import ids, parts
from layouts.words import Words

STRUCK = {"lost", "offline"}


@dataclass(frozen=True, slots=True)
class ThingRow:
    """One row."""

    thing: str
    level: int
    name: str
    place: str
    value: str
    state: str
    observed_ms: int
    period_s: float


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed, out of how many."""

    rows: Sequence[ThingRow]
    total: int
    of_all: int
    only_abnormal: bool
    selected: str | None = None


def body(words: Words) -> html.Div:
    """The list and its foot: the last tab of the queue."""
    loading = parts.loading(words("things.loading"), 16)
    return html.Div(
        [
            html.Div(loading, id=ids.THINGS, className="panel-body"),
            html.Div(id=ids.THINGS_FOOT, className="panel-foot"),
        ],
        className="things",
        **{"data-region": "things", "aria-label": words("things.title")},
    )


def table(listing: Listing, now_ms: int, words: Words) -> Any:
    """The rows, or why there are none."""
    if not listing.rows:
        return nothing(listing, words)
    heads = ("level", "name", "value", "age")
    return html.Table(
        [
            html.Thead(html.Tr([head(name, words) for name in heads])),
            html.Tbody([thing_row(row, listing.selected, now_ms, words) for row in listing.rows]),
        ],
        className="table",
    )


def head(name: str, words: Words) -> html.Th:
    """The head of a column; the list is sorted by level."""
    attributes: dict[str, Any] = {"aria-sort": "ascending"} if name == "level" else {}
    style = "is-number" if name in ("value", "age") else ""
    return html.Th(words(f"things.{name}"), className=style, scope="col", **attributes)


def thing_row(row: ThingRow, selected: str | None, now_ms: int, words: Words) -> html.Tr:
    """Click or Enter opens it."""
    chosen = row.thing == selected
    state = f"is-{row.state}" if row.state in parts.LATE else ""
    said = " · ".join([row.place] + [parts.state_word(row.state, words)] * bool(state))
    struck = "struck" if row.state in STRUCK else ""
    return html.Tr(
        [
            html.Td(parts.mark(row.level, words)),
            html.Td(
                [html.Div(row.name, className="clip value"), html.Div(said, className="clip meta")]
            ),
            html.Td(html.Span(row.value, className=struck), className="is-number num"),
            html.Td(parts.age(row.observed_ms, row.period_s, now_ms), className="is-number"),
        ],
        tabIndex=0,
        className=f"thing-row {state}" + (" is-selected" if chosen else ""),
        **{"aria-selected": str(chosen).lower(), "data-thing": row.thing},
    )  # fmt: skip


def nothing(listing: Listing, words: Words) -> html.Div:
    """Says whether a filter or the city is empty."""
    if not listing.of_all:
        return parts.empty(words("things.none"), words("things.none_hint"))
    if listing.only_abnormal:
        hint = words("things.none_abnormal_hint", total=f"{listing.of_all:,}")
        return parts.empty(words("things.none_abnormal"), hint)
    return parts.empty(words("things.none_here"), words("things.none_here_hint"))


def foot(listing: Listing, words: Words) -> str:
    """In what order, and how many of how many."""
    return words("things.foot", shown=f"{len(listing.rows):,}", total=f"{listing.total:,}")

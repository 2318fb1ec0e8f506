"""Results of the search in the top bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from layouts import parts
from layouts.words import Words


@dataclass(frozen=True, slots=True)
class Found:
    """One result."""

    thing: str
    level: int
    name: str
    place: str


def results(found: Sequence[Found], text: str, words: Words) -> list[Any]:
    """Rows to choose from by arrow keys; nothing for an empty question."""
    if not text.strip():
        return []
    if not found:
        return [parts.empty(words("search.none", text=text.strip()), words("search.none_hint"))]
    return [result(row, words) for row in found]


def result(row: Found, words: Words) -> html.Button:
    """Opens the thing."""
    return html.Button(
        [
            parts.mark(row.level, words),
            html.Span(row.name, className="clip"),
            html.Span(row.place, className="meta clip"),
        ],
        type="button",
        className="search-row",
        **{"data-thing": row.thing},
    )

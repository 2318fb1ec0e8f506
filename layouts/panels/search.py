"""Results of the command bar: alarms and cases, things, places, commands; each says its deed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from dash import html

from layouts import parts
from layouts.parts import keycap
from layouts.words import Words

KEYS = (("↑", ""), ("↓", "choose"), ("↵", "do"), ("Esc", "close"))


@dataclass(frozen=True, slots=True)
class Found:
    """One result. `does` is what the browser does with it: see assets/command.js."""

    thing: str
    level: int
    name: str
    place: str
    group: str = "things"
    icon: str = ""
    said: str = ""  # what will happen, where that is not simply to open it
    does: Mapping[str, Any] = field(default_factory=dict)


def results(found: Sequence[Found], text: str, words: Words) -> list[Any]:
    """Rows to choose from by arrow keys; nothing for an empty question."""
    if not text.strip():
        return []
    if not found:
        return [parts.empty(words("search.none", text=text.strip()), words("search.none_hint"))]
    shown: list[Any] = []
    for name, rows in groupby(found, key=lambda row: row.group):
        shown += [head(name, words), *(result(row, row is found[0], words) for row in rows)]
    return [*shown, foot(words)]


def head(name: str, words: Words) -> html.Div:
    """What the rows below are."""
    return html.Div(words(f"search.group_{name}"), className="section-label")


def result(row: Found, is_first: bool, words: Words) -> html.Button:
    """Says what it is, and what happens."""
    sign = parts.icon(row.icon) if row.icon else parts.mark(row.level, words)
    does: dict[str, Any] = {"data-does": json.dumps(row.does)} if row.does else {}
    said = row.said or words(f"search.open_{row.group}")
    return html.Button(
        [
            sign,
            html.Span(row.name, className="clip"),
            html.Span(row.place, className="meta clip"),
            html.Span(className="spacer"),
            html.Span(said, className="meta search-does"),
        ],
        type="button",
        className="search-row is-on" if is_first else "search-row",
        **{"data-thing": row.thing},
        **does,
    )


def foot(words: Words) -> html.Div:
    """The keys of the list."""
    keys = [[keycap(key), words(f"search.key_{word}") if word else ""] for key, word in KEYS]
    hint = html.Span(words("search.slash"), className="meta")
    flat = [one for pair in keys for one in pair]
    return html.Div([*flat, html.Span(className="spacer"), hint], className="panel-foot")

"""Ticked cases: what is lawful for all of them at once, and why others are out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import html

from city.case_bounds import CityFacts
from city.case_moves import Allowed, allowed
from city.case_table import Move
from city.cases import Case
from city.roles import Actor
from layouts.case_naming import Naming
from layouts.panels.case_form import Asking, form
from layouts.panels.case_moves import ELSEWHERE, is_shown

M = Move
# What is decided by looking at one case alone is not done to many.
ONE_BY_ONE = ELSEWHERE | {M.MERGE, M.UNMERGE, M.ESCALATE, M.RATE, M.ENDORSE, M.ASSIGN_INSIDE}


@dataclass(frozen=True, slots=True)
class Bulk:
    """The ticked cases with, for each move that any of them allows, those that it is open for."""

    cases: Sequence[Case]
    open: Mapping[Move, Sequence[Case]] = field(default_factory=dict)
    out: Mapping[Move, Sequence[tuple[Case, Allowed]]] = field(default_factory=dict)

    @property
    def is_mixed(self) -> bool:
        """Whether they stand at different places."""
        return len({case.state for case in self.cases}) > 1


def bulk_of(cases: Sequence[Case], actor: Actor, city: CityFacts) -> Bulk:
    """Looks at each of them as the engine does."""
    free: dict[Move, list[Case]] = {}
    out: dict[Move, list[tuple[Case, Allowed]]] = {}
    for case in cases:
        for one in allowed(case, actor, city):
            if one.move in ONE_BY_ONE or not is_shown(one):
                continue
            if one.why:
                out.setdefault(one.move, []).append((case, one))
            else:
                free.setdefault(one.move, []).append(case)
    return Bulk(cases, free, out)


def bar(bulk: Bulk, asked: Move | None, naming: Naming) -> list[Any]:
    """Count, moves, reasons; the form of the one that was pressed."""
    words = naming.words
    count = html.B(words("cases.ticked", n=len(bulk.cases)))
    untick = html.Button(words("cases.untick"), type="button", className="button is-quiet is-small",
                         **{"data-untick": "1"})  # fmt: skip
    if bulk.is_mixed:
        return [count, html.Span(words("cases.mixed"), className="meta"), untick]
    if not bulk.open:
        return [count, html.Span(words("cases.bulk_none"), className="meta"), untick]
    moves = [button(move, cases, naming) for move, cases in bulk.open.items()]
    line = html.Div([count, *moves, html.Span(className="spacer"), untick],
                    className="bulk-line")  # fmt: skip
    whys = [html.P(text, className="blocked") for text in reasons(bulk, naming)]
    shown = bulk.open.get(asked, ()) if asked else ()
    forms = [form(Asking(asked, shown), naming)] if asked and shown else []
    return [line, *whys, *forms]


def button(move: Move, cases: Sequence[Case], naming: Naming) -> html.Button:
    """One move, for how many."""
    return html.Button(
        [naming.move(move), html.B(str(len(cases)), className="num")],
        type="button",
        className="button is-small",
        **{"data-bulk": str(move)},
    )


def reasons(bulk: Bulk, naming: Naming) -> list[str]:
    """How many are out of each move, and the first reason."""
    words = naming.words
    return [
        words("cases.bulk_out", n=len(found), move=naming.move(move),
              why=found[0][1].reason(words.lang))
        for move, found in bulk.out.items()
        if move in bulk.open
    ]  # fmt: skip

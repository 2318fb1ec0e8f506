"""The card of a unit over the map: how it stands, who says so, what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from layouts import ids, parts
from layouts.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A unit in plain values."""

    id: str
    name: str
    glyph: str
    department: str
    facts: Sequence[tuple[str, str]]
    warnings: Sequence[str] = ()  # what would be missing without it
    statuses: Sequence[tuple[str, str]] = ()  # what this seat may set: word, label
    can_pick: bool = False
    may_note: bool = False
    notes: Sequence[tuple[str, str, str]] = ()  # when, who, text


def card(unit: UnitFacts, words: Words) -> list[Any]:
    """Head, facts, warnings, buttons, its radio log."""
    shown = [head(unit, words), parts.facts(unit.facts)]
    shown += [parts.notice("late", text) for text in unit.warnings]
    return [*shown, acts(unit, words), *([radio(unit, words)] if unit.may_note else [])]


def head(unit: UnitFacts, words: Words) -> html.Div:
    """Its sign, its name, whose it is."""
    return html.Div(
        [
            html.Span(unit.glyph, className="glyph"),
            html.B(unit.name, className="value"),
            html.Span(unit.department, className="meta clip"),
            html.Span(className="spacer"),
            parts.close_button(ids.close("unit"), words("inspector.close")),
        ],
        className="card-head",
    )


def acts(unit: UnitFacts, words: Words) -> html.Div:
    """Ticks it for the open case, or sets its status by hand."""
    pick = html.Button(
        words("dispatch.pick_this"), type="button", className="button is-primary is-small",
        **{"data-pick-unit": unit.id},
    )  # fmt: skip
    hand = [status(unit, word, label) for word, label in unit.statuses]
    return html.Div([*([pick] if unit.can_pick else []), *hand], className="unit-acts")


def status(unit: UnitFacts, word: str, label: str) -> html.Button:
    """One status by hand."""
    attributes: dict[str, Any] = {"data-set-status": word, "data-of": unit.id}
    return html.Button(label, type="button", className="button is-small", **attributes)


def radio(unit: UnitFacts, words: Words) -> html.Div:
    """What was said with it."""
    field = html.Form(
        [
            html.Label(words("dispatch.note_field"), htmlFor="unit-note", className="sr"),
            note_field(words),
            html.Button(words("dispatch.note_add"), className="button is-small"),
        ],
        className="radio-form",
        **{"data-radio": "1", "data-unit": unit.id},
    )
    lines = [html.Li([html.Span(at, className="num meta"), html.Span([html.B(who), " ", text])])
             for at, who, text in unit.notes]  # fmt: skip
    return html.Div([field, html.Ol(lines, className="radio-list")], className="radio")


def note_field(words: Words) -> Any:
    """A plain field of the form; assets/dispatch-acts.js reads it."""
    attributes: dict[str, Any] = {"data-note-field": "1"}
    return html.Textarea(
        id="unit-note", name="text", rows=1, maxLength=400, className="text-input",
        placeholder=words("dispatch.note_field"), **attributes,
    )  # fmt: skip

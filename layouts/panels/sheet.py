"""A sheet: what has to be said before something is done; Enter does it, Escape leaves it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import dcc, html

from layouts import ids
from layouts.parts import keycap
from layouts.words import Words

Option = tuple[str, str]  # value and label


@dataclass(frozen=True, slots=True)
class Field:
    """One question: with options it is chosen from them, else it is written."""

    name: str
    label: str
    value: str = ""
    options: Sequence[Option] = ()
    hint: str = ""
    is_list: bool = False  # too many options to show them all


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is asked, and what the button says will happen."""

    title: str
    fields: Sequence[Field] = ()
    does: str = ""
    note: str = ""
    why_not: str = ""  # it cannot be done now
    facts: Sequence[tuple[str, str]] = field(default=())


def opened(sheet: Sheet, words: Words) -> list[Any]:
    """The sheet as it is seen."""
    said = [html.P(sheet.why_not, className="notice is-late")] if sheet.why_not else []
    note = [html.P(sheet.note, className="meta")] if sheet.note else []
    return [
        html.H3(sheet.title, className="panel-title"),
        *(fact(name, text) for name, text in sheet.facts),
        *map(asked, sheet.fields),
        *note,
        *said,
        buttons(sheet, words),
    ]


def fact(name: str, text: str) -> html.Div:
    """What will be taken over as it is."""
    return html.Div([html.Span(name, className="meta"), html.Span(text)], className="sheet-fact")


def asked(one: Field) -> html.Div:
    """One question with its answer."""
    hint = [html.Span(one.hint, className="meta sheet-hint")] if one.hint else []
    label = html.Span(one.label, className="meta sheet-label")
    return html.Div([label, answer(one), *hint], className="sheet-field")


def answer(one: Field) -> Any:
    """A choice, or a line to write."""
    name = ids.sheet_field(one.name)
    options = [{"value": value, "label": label} for value, label in one.options]
    if one.is_list:
        return dcc.Dropdown(options, one.value or None, id=name, clearable=False)
    if options:
        return dcc.RadioItems(options, one.value or None, id=name, inline=True,
                              className="sheet-options")  # fmt: skip
    return dcc.Input(id=name, value=one.value, type="text", autoComplete="off",
                     className="sheet-input", maxLength=2000)  # fmt: skip


def buttons(sheet: Sheet, words: Words) -> html.Div:
    """Do it, or leave it."""
    leave = html.Button(
        [words("act.leave"), keycap("Esc")],
        id=ids.sheet_button("leave"),
        type="button",
        className="button is-quiet",
        **{"data-key": "Escape"},
    )
    do = html.Button(
        [sheet.does, keycap("↵")],
        id=ids.sheet_button("do"),
        type="button",
        className="button is-primary",
        **{"data-submit": ""},
    )
    return html.Div([leave] if sheet.why_not else [leave, do], className="sheet-buttons")

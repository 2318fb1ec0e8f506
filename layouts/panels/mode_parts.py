"""Fields and buttons that the switch and the command groups share."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from city.mode import PLAN_MOST, TEXT_MOST
from layouts import mode_ids, parts
from layouts.words import Words

Choices = Sequence[tuple[str, str]]  # value, label


def levels(name: str, words: Words) -> Any:
    """Ⅰ to Ⅳ."""
    options = [{"value": level, "label": f"{parts.ROMAN[level]} {words(f'mode.colour_{level}')}"}
               for level in (1, 2, 3, 4)]  # fmt: skip
    choice = dcc.RadioItems(options, None, id=mode_ids.field(name), inline=True,
                            className="account-checks mode-levels")  # fmt: skip
    return html.Fieldset([html.Legend(words("mode.level")), choice], className="account-roles")


def reason(name: str, words: Words) -> html.Label:
    """Why; kept with the decision."""
    hint = words("mode.reason_hint")
    text = dcc.Textarea(id=mode_ids.field(name), maxLength=TEXT_MOST, rows=2, placeholder=hint,
                        className="handover-orders")  # fmt: skip
    return labelled(words("mode.reason"), text)


def labelled(name: str, inside: Any) -> html.Label:
    """A field under its name."""
    return html.Label([html.Span(name), inside], className="account-field")


def box(target: Any, hint: str, kind: str = "text") -> dcc.Input:
    """A line to write."""
    return dcc.Input(id=target, type=kind, placeholder=hint, autoComplete="off",
                     maxLength=PLAN_MOST, className="sheet-input")  # fmt: skip


def deed(name: str, words: Words, kind: str = "") -> html.Button:
    """A button of the switch."""
    return html.Button(words(f"mode.do_{name}"), id=mode_ids.deed(name), type="button",
                       className=f"button {kind}".strip())  # fmt: skip


def acts(*buttons: html.Button, note: str = "") -> html.Div:
    """A row of buttons, with what should be known before."""
    told = [html.Span(note, className="meta"), html.Span(className="spacer")] if note else []
    return html.Div([*told, *buttons], className="acts")

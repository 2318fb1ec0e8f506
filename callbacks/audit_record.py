"""One record in full, and the verification of the whole chain."""

from typing import Any

from dash import ALL, Input, Output, State

from callbacks.asking import actor_asked, opened_asked, pressed, words_asked
from callbacks.audit_words import full_of
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.roles import Right
from layouts import audit_ids
from layouts.panels import audit as panel

CLOSED, OPEN = "main audit", "main audit has-open"


@wiring.on(
    Output(audit_ids.OPEN, "data"),
    Input(audit_ids.row(ALL), "n_clicks"),
    State(audit_ids.OPEN, "data"),
    right=Right.READ_AUDIT,
)
def choose_record(_desk: Desk, _clicks: list[int], now_open: int | None) -> int | None:
    """The record that was pressed; at first the one that the address names."""
    name = pressed()
    if name is not None:
        return int(name) or None
    asked = opened_asked()
    return now_open or (int(asked) if asked.isdecimal() else None)


@wiring.on(
    Output(audit_ids.RECORD, "children"),
    Output(audit_ids.MAIN, "className"),
    Input(audit_ids.OPEN, "data"),
    prevent_initial_call=True,
    right=Right.READ_AUDIT,
)
def show_record(desk: Desk, number: int | None) -> tuple[list[Any], str]:
    """Everything that stands in it."""
    if number is None:
        return [], CLOSED
    words = words_asked()
    return panel.opened(full_of(desk.store.audit.get(number), words), words), OPEN


@wiring.on(
    Output(audit_ids.VERDICT, "children"),
    Input(audit_ids.VERIFY, "n_clicks"),
    prevent_initial_call=True,
    running=[(Output(audit_ids.VERIFY, "disabled"), True, False)],
    right=Right.READ_AUDIT,
)
def verify(desk: Desk, _clicks: int) -> Any:
    """Recomputes the chain and says what came out."""
    found = desk.store.audit.verify(actor_asked(desk))
    said = panel.Found(desk.now(), found.count, found.head.number, found.head.digest,
                       found.start.number, found.broken)  # fmt: skip
    return panel.verdict(said, words_asked())

"""Moves live: the form that is asked for, and what becomes of what was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import Input, Output, State, no_update

from callbacks.case_desk import is_new, looker, naming_asked, seen_case
from callbacks.case_fields import fields_of
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.case_table import Move
from city.cases import Case, Order
from city.refusal import Refusal
from city.roles import Actor, Right
from layouts import case_ids
from layouts.case_naming import Naming
from layouts.panels import case_bulk, case_form
from store.unmasking import unmask as unmasked

Json = Mapping[str, Any]
MOST_AT_ONCE = 200


@wiring.on(
    Output(case_ids.FORM, "children"),
    Input(case_ids.ASKED, "data"),
    State(case_ids.OPEN, "data"),
    prevent_initial_call=True,
)
def ask(desk: Desk, asked: Json | None, case_id: str | None) -> Any:
    """The form of a move; nothing where none is asked for."""
    if is_new(case_id):
        return no_update
    if not asked or not asked.get("move") or not case_id:
        return None
    case = seen_case(desk, looker(desk), case_id)
    asking = case_form.Asking(Move(asked["move"]), (case,))
    return case_form.form(asking, naming_asked(desk))


@wiring.on(
    Output(case_ids.DONE, "data"),
    Input(case_ids.ORDER, "data"),
    prevent_initial_call=True,
)
def carry_out(desk: Desk, sent: Json | None) -> Any:
    """One case or several, a move or a new one; what was done and what was refused."""
    if not sent:
        return no_update
    actor, naming = looker(desk), naming_asked(desk)
    move = Move(sent["move"])
    if move is Move.CREATE:
        return opened(desk, sent, actor, naming)
    return told(move, [one_done(desk, move, one, sent, actor) for one in asked_for(sent)], naming)


def asked_for(sent: Json) -> list[tuple[str, int | None]]:
    """The cases with the version that was seen of each."""
    names = str(sent.get("cases", "")).split()[:MOST_AT_ONCE]
    versions: list[int | None] = [int(one) for one in str(sent.get("versions") or "").split()]
    return list(zip(names, versions + [None] * len(names), strict=False))


def one_done(
    desk: Desk, move: Move, one: tuple[str, int | None], sent: Json, actor: Actor
) -> tuple[str, Case | None, Refusal | None]:
    """One case: what it became, or why it did not."""
    case_id, version = one
    try:
        fields = fields_of(sent["fields"], desk.profile)
        return case_id, desk.store.cases.move(case_id, Order(move, fields, version), actor), None
    except Refusal as refusal:
        return case_id, None, refusal


Outcome = tuple[str, Case | None, Refusal | None]


def told(move: Move, outcomes: Sequence[Outcome], naming: Naming) -> Json:
    """For the browser: the sentence of each, and the version to go on from."""
    words = naming.words
    done = [case_id for case_id, case, _ in outcomes if case]
    refused = [(case_id, refusal) for case_id, _, refusal in outcomes if refusal]
    label = naming.move(move)
    if len(outcomes) == 1:
        said = words("case_form.sent", move=label) if done else ""
        why = refused[0][1].said(words.lang) if refused else ""
    else:
        said = words("cases.bulk_done", move=label, n=len(done)) if done else ""
        why = "; ".join(words("cases.bulk_refused", id=case_id, why=refusal.said(words.lang))
                        for case_id, refusal in refused)  # fmt: skip
    version = next((one.more.get("version") for _, one in refused), None)
    return {"move": str(move), "said": said, "why": kept(why, words), "done": done,
            "version": version}  # fmt: skip


def kept(why: str, words: Any) -> str:
    """Why not, and that nothing is lost."""
    if not why:
        return ""
    return f"{words('case_form.refused', why=why)} · {words('case_form.press_again')}"


def opened(desk: Desk, sent: Json, actor: Actor, naming: Naming) -> Json:
    """A new case, or why there is none."""
    words, move = naming.words, Move.CREATE
    try:
        actor.seat.require(Right.CREATE_CASES)
        fields = placed(desk, fields_of(sent["fields"], desk.profile))
        case = begun(desk, Order(move, fields), str(sent.get("alarm") or ""), actor)
    except Refusal as refusal:
        return {"move": str(move), "why": kept(refusal.said(words.lang), words), "done": []}
    said = words("case_form.sent", move=naming.move(move))
    return {"move": str(move), "said": said, "why": "", "done": [case.id], "open": case.id}


def begun(desk: Desk, order: Order, alarm_id: str, actor: Actor) -> Case:
    """A case of its own, or that of an alarm, which then says so."""
    if not alarm_id:
        return desk.store.cases.create(order, actor)[0]
    filed = Order(order.move, {**order.fields, "external_id": alarm_id})
    return desk.store.alarm_filing.file(alarm_id, filed, actor)


def placed(desk: Desk, fields: dict[str, Any]) -> dict[str, Any]:
    """With the district and cell of its position."""
    pos = fields.get("pos")
    if not pos or desk.ground is None:
        return fields
    area, cell = desk.ground.place(*pos)
    return {**fields, "cell": cell, **({"area": area} if area else {})}


@wiring.on(
    Output(case_ids.UNMASKED, "data"),
    Input(case_ids.UNMASK, "data"),
    prevent_initial_call=True,
)
def unmask(desk: Desk, asked: Json | None) -> Any:
    """Who told us, in clear, with a reason, on record; the browser hides it again."""
    if not asked or not str(asked.get("reason", "")).strip():
        return no_update
    actor = looker(desk)
    case = seen_case(desk, actor, str(asked["case"]))
    reporter = unmasked(desk.store.ledger, case, str(asked["reason"]), actor)
    return {"case": case.id, "name": reporter.name, "phone": reporter.phone}


@wiring.on(
    Output(case_ids.BULK, "children"),
    Input(case_ids.TICKED, "data"),
    Input(case_ids.ASKED, "data"),
    prevent_initial_call=True,
)
def show_bulk(desk: Desk, ticked: Sequence[str] | None, asked: Json | None) -> Any:
    """What can be done to all that are ticked, and why others are out."""
    if not ticked:
        return None
    actor, naming = looker(desk), naming_asked(desk)
    cases = desk.store.cases.some(list(ticked)[:MOST_AT_ONCE])
    bulk = case_bulk.bulk_of(cases, actor, desk.store.city)
    move = Move(asked["bulk"]) if asked and asked.get("bulk") else None
    return case_bulk.bar(bulk, move, naming)

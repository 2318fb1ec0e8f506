"""The handover page lives: the draft of now, signed sheets, and the two signatures."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from dash import ALL, Input, Output, State, no_update

from callbacks.asking import actor_asked, opened_asked, pressed, seat_asked, words_asked
from callbacks.desk import Desk
from callbacks.handover_lines import lines_of
from callbacks.wiring import wiring
from city.handover import Handover, Line, Part, Signature, Stand
from city.roles import ROLE_NAMES, Actor, Right, Role, Seat
from layouts import ids
from layouts.figures import instant
from layouts.pages.handover import LineView, PastRow, SheetView, SignatureView, past, sheet
from layouts.words import Words
from store.sessions import Attempt

FRESH_MS, SHARED = 2000, 32
FORM, DESK = "handover-form", "handover-desk"
PART_PATHS = {Part.CASES: "/cases/", Part.CALLBACKS: "/cases/"}


@wiring.on(
    Output(ids.HANDOVER_SHEET, "children"),
    Output(ids.HANDOVER_FORM, "className"),
    Output(ids.HANDOVER_DESK, "className"),
    Input(ids.pulse("handover"), "data"),
    Input(ids.pulse("cases"), "data"),
    Input(ids.pulse("alarms"), "data"),
    right=Right.HAND_OVER,
)
def show_sheet(desk: Desk, *_versions: int) -> tuple[list[Any], str, str]:
    """The sheet that is asked for: one of the past, the one that waits, or the draft of now."""
    words, seat = words_asked(), seat_asked(desk)
    signed = asked_for(desk)
    view = draft(desk, seat, words) if signed is None else signed_view(desk, signed, seat, words)
    is_draft = signed is None
    waits = signed is not None and signed.stand is Stand.SIGNED and view.is_mine
    return sheet(view, words), shown_if(FORM, is_draft), shown_if(DESK, waits)


@wiring.on(
    Output(ids.HANDOVER_PAST, "children"),
    Input(ids.pulse("handover"), "data"),
    right=Right.HAND_OVER,
)
def show_past(desk: Desk, _version: int) -> list[Any]:
    """The history, newest first."""
    words, here = words_asked(), opened_asked()
    found = desk.store.handovers.newest()
    return past([past_row(desk, one, here) for one in found], words)


@wiring.on(
    Output(ids.HANDOVER_ORDERS, "value"),
    Output(ids.HANDOVER_PASSWORD, "value"),
    Input(ids.handover(ALL), "n_clicks"),
    State(ids.HANDOVER_ORDERS, "value"),
    State(ids.HANDOVER_ACCOUNT, "value"),
    State(ids.HANDOVER_PASSWORD, "value"),
    prevent_initial_call=True,
    right=Right.HAND_OVER,
)
def do(desk: Desk, _clicks: list[int], orders: str, account: str, password: str) -> Any:
    """Signs, confirms, takes back; the page hears of it by its pulse."""
    name = pressed()
    if name is None:
        return no_update, no_update
    actor = actor_asked(desk)
    if name == "sign":
        desk.store.handovers.sign(lines_of(desk, actor.seat, words_asked()), orders or "", actor)
        return "", ""
    answer(desk, name, beside(desk, account, password, actor) if name == "desk" else actor)
    return no_update, ""


def answer(desk: Desk, name: str, actor: Actor) -> None:
    """What becomes of the sheet that waits: taken back, or taken over."""
    step = desk.store.handovers.withdraw if name == "withdraw" else desk.store.handovers.confirm
    step(waiting_number(desk), actor)


def beside(desk: Desk, account: str | None, password: str | None, actor: Actor) -> Actor:
    """Who takes over at the desk of who leaves: a login of a moment, with its lock and record."""
    attempt = Attempt(account or "", password or "", "", actor.address, actor.at_ms, desk.today())
    secret = desk.store.sessions.log_in(attempt, desk.rules)
    found = desk.store.sessions.find(secret)
    other = replace(actor, seat=found[1].seat) if found else actor
    desk.store.sessions.log_out(secret, other)
    return other


def asked_for(desk: Desk) -> Handover | None:
    """The sheet of the address, else the one that waits."""
    number = opened_asked()
    return desk.store.handovers.get(int(number)) if number.isdigit() else waiting(desk)


def waiting(desk: Desk) -> Handover | None:
    """The newest that nobody has confirmed yet."""
    found = desk.store.handovers.newest()
    return next((one for one in found if one.stand is Stand.SIGNED), None)


def waiting_number(desk: Desk) -> int:
    """The number of the sheet that is open; 0 where there is none."""
    found = asked_for(desk)
    return found.number if found else 0


def draft(desk: Desk, seat: Seat, words: Words) -> SheetView:
    """What would be signed now."""
    lines = drafted(desk, seat, words, desk.now_ms() // FRESH_MS)
    return SheetView(lines=by_part(desk, lines), at=instant(desk.now(), desk.now()))


@lru_cache(SHARED)
def drafted(desk: Desk, seat: Seat, words: Words, _moment: int) -> list[Line]:
    """Gathered once in a while, however many pulses come."""
    return lines_of(desk, seat, words)


def signed_view(desk: Desk, one: Handover, seat: Seat, words: Words) -> SheetView:
    """A sheet as it was signed."""
    incoming = one.incoming
    return SheetView(
        lines=by_part(desk, one.lines),
        at=instant(desk.at(one.leaving.at_ms), desk.now()),
        number=one.number,
        stand=one.stand,
        orders=one.orders,
        leaving=name_of(desk, one.leaving, words),
        incoming=name_of(desk, incoming, words) if incoming else None,
        is_mine=one.leaving.account == seat.account,
    )


def by_part(desk: Desk, lines: Any) -> dict[Part, list[LineView]]:
    """The lines of each part, said."""
    return {part: [said(desk, one) for one in lines if one.part == part] for part in Part}


def said(desk: Desk, one: Line) -> LineView:
    """One line, with the way to what it is about."""
    path = PART_PATHS.get(one.part)
    at = instant(desk.at(one.at_ms), desk.now())
    return LineView(
        one.title, one.place, one.level, at, one.note, f"{path}{one.id}" if path else ""
    )


def name_of(desk: Desk, one: Signature, words: Words) -> SignatureView:
    """Name, post and time."""
    posts = [words.pick(*ROLE_NAMES[Role(role)]) for role in one.role.split("+") if role]
    return SignatureView(one.name, "、".join(posts), instant(desk.at(one.at_ms), desk.now()))


def past_row(desk: Desk, one: Handover, here: str) -> PastRow:
    """One of the history."""
    names = f"{one.leaving.name} → {one.incoming.name if one.incoming else '…'}"
    at = instant(desk.at(one.leaving.at_ms), desk.now())
    return PastRow(one.number, names, at, one.stand, str(one.number) == here)


def shown_if(name: str, is_shown: bool) -> str:
    """The class of a part that is not always there."""
    return name if is_shown else f"{name} is-empty"

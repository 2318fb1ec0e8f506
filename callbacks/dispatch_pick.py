"""The right column of dispatch lives: the open case, who could go, what has to be done."""

from typing import Any

from dash import Input, Output, no_update

from callbacks.case_desk import naming_asked, shown_case, shown_log
from callbacks.desk import Desk
from callbacks.dispatch_desk import Json, commander, place_of
from callbacks.dispatch_ranked import candidates_of, picked
from callbacks.dispatch_tasks import tasked
from callbacks.wiring import wiring
from city.cameras import near
from city.case_moves import open_moves
from city.case_table import CaseState, Move
from city.cases import Case
from city.roles import Actor, Right, holders, named
from geo.points import Point
from layouts import dispatch_ids
from layouts.case_naming import Naming
from layouts.deadlines import deadline_of, moment
from layouts.figures import instant
from layouts.panels.dispatch_pick import CaseHead, Pick, distance, missing, nothing, shown

# Units may be sent to a case while it waits for them, and while it is worked on.
TAKES_UNITS = frozenset({CaseState.PENDING_DISPATCH, CaseState.PENDING_HANDLE, CaseState.HANDLING})
MOST_NOTES = 30


@wiring.on(
    Output(dispatch_ids.PICK, "data"),
    Input(dispatch_ids.OPEN, "data"),
    prevent_initial_call=True,
)
def compute(desk: Desk, asked: Json | None) -> Any:
    """Everything about the case that was chosen."""
    actor, naming = commander(desk), naming_asked(desk)
    if not asked:
        return no_update
    case_id = str(asked.get("case") or "")
    case = shown_case(desk, actor, case_id) if case_id else None
    if case is None:
        return missing(case_id, naming.words) if case_id else nothing(naming.words)
    return shown(pick_of(desk, case, asked, naming), naming.words)


def pick_of(desk: Desk, case: Case, asked: Json, naming: Naming) -> Pick:
    """The column of a case."""
    actor, supposed = commander(desk), frozenset(map(str, asked.get("what_if") or ()))
    found = candidates_of(desk, case, actor, supposed)
    return Pick(
        head=head_of(desk, case, actor, naming),
        what_if=supposed,
        notes=notes_of(desk, case, actor, naming),
        cameras=cameras_of(desk, case, naming),
        answer_within_s=round(desk.profile.dispatch.numbers.answer_within_s),
        **picked(desk, found, naming),
        **tasked(desk, case, str(asked.get("plan") or ""), actor, naming),
    )


def notes_of(desk: Desk, case: Case, actor: Actor, naming: Naming) -> list[tuple[str, str, str]]:
    """The radio log: comments of the case, the newest first."""
    entries = [one for one in shown_log(desk, actor, case) if one.move is Move.COMMENT]
    return [(instant(moment(one.at_ms), desk.now()), one.name, one.reason)
            for one in reversed(entries[-MOST_NOTES:])]  # fmt: skip


def cameras_of(desk: Desk, case: Case, naming: Naming) -> list[Json]:
    """Cameras around the case, the nearest first."""
    if case.pos is None:
        return []
    found = near(desk.profile.cameras, Point(*case.pos))
    return [
        {"id": one.id, "name": naming.words.pick(one.zh, one.en), "distance": distance(metres),
         "href": one.stream or one.still}
        for one, metres in found
    ]  # fmt: skip


def head_of(desk: Desk, case: Case, actor: Actor, naming: Naming) -> CaseHead:
    """The card of a case, and whether units may be sent to it now."""
    words = naming.words
    why_not = why_not_send(case, actor, naming)
    at = instant(moment(case.opened_ms), desk.now())
    stage = "dispatch" if case.state is CaseState.PENDING_DISPATCH else "handle"
    moves = open_moves(case, actor, desk.store.city)
    return CaseHead(
        id=case.id,
        version=case.version,
        level=case.severity,
        title=naming.title(case),
        meta=words("dispatch.meta", id=case.id, place=place_of(desk, case, naming), at=at),
        pos=case.pos,
        deadline=deadline_of(case, desk.now_ms(), naming),
        deadline_label=words(f"dispatch.deadline_{stage}"),
        can_send=not why_not,
        can_return=Move.RETURN_TO_REGISTER in moves,
        why_not=why_not,
    )


def why_not_send(case: Case, actor: Actor, naming: Naming) -> str:
    """Why no unit can be sent to it by this seat; empty where it can."""
    words = naming.words
    if not actor.seat.may(Right.SEND_ORDERS):
        return words("dispatch.only_who", who=words.pick(*named(holders(Right.SEND_ORDERS))))
    if case.state not in TAKES_UNITS:
        return words("dispatch.not_dispatchable", state=naming.state(case.state))
    return ""

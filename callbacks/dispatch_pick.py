"""The right column of dispatch lives: the open case, who could go, what has to be done."""

from typing import Any

from dash import Input, Output, State, no_update

from callbacks.case_desk import naming_asked, shown_case, shown_log
from callbacks.desk import Desk
from callbacks.dispatch_desk import Json, commander
from callbacks.dispatch_head import head_of
from callbacks.dispatch_orders import ordered
from callbacks.dispatch_ranked import candidates_of, picked, together
from callbacks.dispatch_resources import resources_of
from callbacks.dispatch_tasks import tasked
from callbacks.wiring import wiring
from city.cameras import near
from city.case_table import Move
from city.cases import Case
from city.roles import Actor
from geo.points import Point
from layouts import dispatch_ids, ids
from layouts.case_naming import Naming
from layouts.deadlines import moment
from layouts.figures import instant
from layouts.panels.dispatch_pick import Pick, distance, missing, nothing, shown

MOST_NOTES = 30
RANKED_ANEW_MS = 20_000  # units have moved meanwhile


@wiring.on(
    Output(dispatch_ids.SHOWN, "data"),
    Input(ids.pulse("cases"), "data"),
    Input(ids.pulse("orders"), "data"),
    Input(ids.pulse("plans"), "data"),
    Input(ids.pulse("closures"), "data"),
    Input(ids.pulse("fleet"), "data"),
    State(dispatch_ids.OPEN, "data"),
    State(dispatch_ids.SHOWN, "data"),
    prevent_initial_call=True,
)
def watch_open(
    desk: Desk, _c: int, _o: int, _p: int, roads: int, _t: int, asked: Json | None, shown: Any
) -> Any:  # fmt: skip
    """Moves when there is something new to draw of the case that is open."""
    now = standing(desk, str((asked or {}).get("case") or ""), roads)
    return no_update if now == shown else now


def standing(desk: Desk, case_id: str, roads: int | None) -> list[Any] | None:
    """What the column depends on: versions of the case, its orders, its plans, the roads."""
    if not case_id:
        return None
    found = desk.store.cases.some([case_id])
    orders = [one.version for one in desk.store.orders.of_case(case_id)]
    runs = [len(one.log) for one in desk.store.plans.of_case(case_id)]
    return [case_id, *(one.version for one in found), orders, runs, roads,
            desk.now_ms() // RANKED_ANEW_MS]  # fmt: skip


@wiring.on(
    Output(dispatch_ids.PICK, "data"),
    Input(dispatch_ids.OPEN, "data"),
    Input(dispatch_ids.SHOWN, "data"),
    prevent_initial_call=True,
)
def compute(desk: Desk, asked: Json | None, _shown: Any) -> Any:
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
    ranking = picked(desk, found, naming)
    orders = ordered(desk, case, ranking.get("rows", ()), actor, naming)
    moved = "".join(one.glyph for one in orders)
    return Pick(
        stamp=f"{asked.get('at')} {desk.now_ms() // RANKED_ANEW_MS} {moved}",
        orders=orders,
        head=head_of(desk, case, actor, naming),
        what_if=supposed,
        joint=together(desk, list(map(str, asked.get("several") or ())), actor, naming),
        notes=notes_of(desk, case, actor, naming),
        cameras=cameras_of(desk, case, naming),
        resources=resources_of(desk, case, actor, naming),
        answer_within_s=round(desk.profile.dispatch.numbers.answer_within_s),
        **ranking,
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

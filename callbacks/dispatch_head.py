"""The card of the open case: its clocks, and whether this seat may send units to it."""

from callbacks.desk import Desk
from callbacks.dispatch_desk import place_of
from city.case_moves import open_moves
from city.case_table import CaseState, Move
from city.cases import Case
from city.order_moves import NO_ORDERS
from city.plan_runs import PlanTask
from city.roles import Actor, Right, holders, named
from layouts.case_naming import Naming
from layouts.deadlines import deadline_of, moment
from layouts.figures import instant
from layouts.panels.dispatch_pick import CaseHead

TAKES_UNITS = frozenset(CaseState) - NO_ORDERS


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
        arrive_by=arrive_by(desk, case),
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


def arrive_by(desk: Desk, case: Case) -> str:
    """When the first unit has to be there by the plans that go on; empty where nothing is said."""
    tasks: list[PlanTask] = [
        task for run in desk.store.plans.of_case(case.id) if run.is_open for task in run.tasks
    ]
    waits = [one.arrive_by_ms for one in tasks if one.arrive_by_ms and not one.arrived_ms]
    return instant(moment(min(waits)), desk.now()) if waits else ""

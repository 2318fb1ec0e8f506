"""What can stand against a move that is legal: one small function per word of the table.

Each looks at what is asked and returns the Refusal, or None. Those of OF_FIELDS look at what was
filled in; the others are asked before, so that a button is grey with its reason.
"""

from collections.abc import Mapping

from city import case_reasons  # noqa: F401 - it says what is refused here
from city.case_asked import Asked, Guard
from city.case_bounds import DAY_MS, HOUR_MS
from city.case_field_guards import OF_FIELDS
from city.case_requests import kind_of
from city.cases import PENDING_DEPT
from city.refusal import Conflict, Forbidden, Refusal
from city.roles import Role


def not_asked_yet(asked: Asked) -> Refusal | None:
    """No request of that kind waits already."""
    waits = asked.case.asked(kind_of(asked.rule.move))
    return Conflict("asked_already", kind=asked.kind) if waits else None


def is_asked(asked: Asked) -> Refusal | None:
    """A request of that kind waits for a decision."""
    waits = asked.case.asked(kind_of(asked.rule.move))
    return None if waits else Conflict("not_asked", kind=asked.kind)


def is_endorsed(asked: Asked) -> Refusal | None:
    """A handler's request has passed his own department."""
    request = asked.case.asked(kind_of(asked.rule.move))
    waits = request is not None and request.status == PENDING_DEPT
    return Conflict("not_endorsed", kind=asked.kind) if waits else None


def another_person(asked: Asked) -> Refusal | None:
    """Whoever asked does not decide."""
    request = asked.case.asked(kind_of(asked.rule.move))
    is_same = request is not None and request.by == asked.actor.seat.account
    return Forbidden("same_person") if is_same else None


def no_open_task(asked: Asked) -> Refusal | None:
    """Every co-unit that must finish has finished."""
    unfinished = (
        task
        for task in asked.case.tasks
        if not task.is_lead and task.is_mandatory and task.state != "done"
    )
    task = next(unfinished, None)
    return Conflict("open_task", department=task.department) if task else None


def of_the_lead(asked: Asked) -> Refusal | None:
    """The seat belongs to the lead unit."""
    department = asked.actor.seat.department
    is_lead = bool(department) and department == asked.case.lead
    return None if is_lead else Forbidden("not_the_lead")


def of_a_co_unit(asked: Asked) -> Refusal | None:
    """The seat belongs to a co-unit."""
    department = asked.actor.seat.department
    return None if asked.case.task_of(department) else Forbidden("not_a_co_unit")


def task_waits(asked: Asked) -> Refusal | None:
    """The co-unit has not signed yet."""
    task = asked.case.task_of(asked.actor.seat.department)
    return None if task and task.state == "waiting" else Conflict("task_not_waiting")


def task_is_open(asked: Asked) -> Refusal | None:
    """The co-unit has not finished yet."""
    task = asked.case.task_of(asked.actor.seat.department)
    return None if task and task.state != "done" else Conflict("task_done")


def in_time_to_return(asked: Asked) -> Refusal | None:
    """No more than `return_within_h` since the dispatch."""
    hours = asked.city.bounds.return_within_h
    dispatched_ms = asked.case.dispatched_ms or asked.at_ms
    late = asked.at_ms - dispatched_ms > hours * HOUR_MS
    return Conflict("late_return", hours=f"{hours:g}") if late else None


def not_overdue(asked: Asked) -> Refusal | None:
    """The limit has not passed."""
    timer = asked.case.timer
    is_late = timer is not None and asked.at_ms >= timer.clock.due_ms
    return Conflict("is_overdue") if is_late else None


def extensions_left(asked: Asked) -> Refusal | None:
    """Fewer than `extensions` were granted."""
    count = asked.case.extended
    spent = count >= asked.city.bounds.extensions
    return Conflict("no_extension_left", count=count) if spent else None


def suspension_left(asked: Asked) -> Refusal | None:
    """Fewer than `suspensions` were granted."""
    spent = asked.case.suspended >= asked.city.bounds.suspensions
    return Conflict("no_suspension_left") if spent else None


def until_lies_ahead(asked: Asked) -> Refusal | None:
    """The day that was asked for has not passed meanwhile."""
    request = asked.case.asked("suspend")
    good = request is None or request.fields["until"] > asked.at_ms
    return None if good else Conflict("until_is_past")


def has_its_evidence(asked: Asked) -> Refusal | None:
    """The slots of the condition are filled, where the city's `evidence_needed` says so."""
    shown = {piece.slot for piece in asked.case.evidence}
    lacking = next((slot for slot in asked.case.slots if slot not in shown), None)
    if not lacking:
        return None
    return Conflict("no_evidence", slot=asked.city.filing.evidence.get(lacking, (lacking,) * 2))


def not_a_handler(asked: Asked) -> Refusal | None:
    """The seat has not worked on the case."""
    is_one = asked.actor.seat.account in asked.case.handlers
    return Forbidden("a_handler") if is_one else None


def own_if_unit(asked: Asked) -> Refusal | None:
    """A unit asks for its own cases only."""
    if asked.role != Role.UNIT:
        return None
    department = asked.actor.seat.department
    is_own = bool(department) and department in (asked.case.lead, *asked.case.co)
    return None if is_own else Forbidden("not_yours")


def not_rated_yet(asked: Asked) -> Refusal | None:
    """Nobody has rated it since it was closed."""
    return Conflict("rated") if asked.case.satisfaction else None


def not_merged(asked: Asked) -> Refusal | None:
    """It is not merged into another."""
    into = asked.case.merged_into
    return Conflict("merged", into=into) if into else None


def is_merged(asked: Asked) -> Refusal | None:
    """It is merged into another."""
    return None if asked.case.merged_into else Conflict("not_merged")


def was_dispatched(asked: Asked) -> Refusal | None:
    """A unit has had it."""
    return None if asked.case.lead else Conflict("never_dispatched")


def reopening_left(asked: Asked) -> Refusal | None:
    """It was handled again fewer than `reopenings` times."""
    spent = asked.case.reopened >= asked.city.bounds.reopenings
    return Conflict("reopened") if spent else None


def rated_unsatisfied(asked: Asked) -> Refusal | None:
    """Whoever reported it said that he is not satisfied."""
    return None if asked.case.satisfaction == "unsatisfied" else Conflict("not_unsatisfied")


def in_time_to_reopen(asked: Asked) -> Refusal | None:
    """No more than `reopen_within_d` days since it was closed."""
    days = asked.city.bounds.reopen_within_d
    since_ms = asked.at_ms - (asked.case.closed_ms or asked.at_ms)
    late = since_ms > days * DAY_MS
    return Conflict("late_reopening", days=f"{days:g}") if late else None


def not_an_incident(asked: Asked) -> Refusal | None:
    """It is no incident yet."""
    return Conflict("an_incident") if asked.case.incident else None


def has_no_children(asked: Asked) -> Refusal | None:
    """No other case is merged into it."""
    return Conflict("has_children") if asked.case.children else None


OF_CASE: Mapping[str, Guard] = {
    guard.__name__: guard
    for guard in (
        not_asked_yet, is_asked, is_endorsed, another_person, no_open_task,
        of_the_lead, of_a_co_unit, task_waits, task_is_open, in_time_to_return, not_overdue,
        extensions_left, suspension_left, until_lies_ahead, has_its_evidence, not_a_handler,
        own_if_unit, not_rated_yet, not_merged, is_merged, was_dispatched, reopening_left,
        rated_unsatisfied, in_time_to_reopen, not_an_incident, has_no_children,
    )
}  # fmt: skip
GUARDS: Mapping[str, Guard] = {**OF_CASE, **OF_FIELDS}

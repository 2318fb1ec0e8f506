"""What can stand against a move that is legal: one small function per word of the table.

Each looks at what is asked and returns the Refusal, or None. Those of OF_FIELDS look at what was
filled in; the others are asked before, so that a button is grey with its reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from city import case_reasons  # noqa: F401 - it says what is refused here
from city.case_bounds import DAY_MS, HOUR_MS, CityFacts
from city.case_requests import KINDS, kind_of
from city.case_scope import sees
from city.case_table import Rule
from city.cases import PENDING_DEPT, Case
from city.refusal import Conflict, Forbidden, Malformed, Refusal
from city.roles import Actor, Role
from geo.points import Point, distance_m


@dataclass(frozen=True, slots=True)
class Asked:
    """A move that somebody wants to make, with all that a guard may look at."""

    case: Case
    rule: Rule
    actor: Actor
    role: str
    city: CityFacts
    at_ms: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    parent: Case | None = None  # to merge into

    @property
    def kind(self) -> tuple[str, str]:
        """What the request is for, in words."""
        return KINDS[kind_of(self.rule.move)]


Guard = Callable[[Asked], Refusal | None]


def has_place(asked: Asked) -> Refusal | None:
    return None if asked.fields.get("pos") or asked.case.pos else Malformed("no_place")


def not_asked_yet(asked: Asked) -> Refusal | None:
    waits = asked.case.asked(kind_of(asked.rule.move))
    return Conflict("asked_already", kind=asked.kind) if waits else None


def is_asked(asked: Asked) -> Refusal | None:
    waits = asked.case.asked(kind_of(asked.rule.move))
    return None if waits else Conflict("not_asked", kind=asked.kind)


def is_endorsed(asked: Asked) -> Refusal | None:
    request = asked.case.asked(kind_of(asked.rule.move))
    waits = request is not None and request.status == PENDING_DEPT
    return Conflict("not_endorsed", kind=asked.kind) if waits else None


def awaits_endorsement(asked: Asked) -> Refusal | None:
    kind = asked.fields["request"]
    request = asked.case.asked(kind)
    waits = request is not None and request.status == PENDING_DEPT
    return None if waits else Conflict("nothing_to_endorse", kind=KINDS[kind])


def another_person(asked: Asked) -> Refusal | None:
    request = asked.case.asked(kind_of(asked.rule.move))
    is_same = request is not None and request.by == asked.actor.seat.account
    return Forbidden("same_person") if is_same else None


def no_open_task(asked: Asked) -> Refusal | None:
    unfinished = (
        task
        for task in asked.case.tasks
        if not task.is_lead and task.is_mandatory and task.state != "done"
    )
    task = next(unfinished, None)
    return Conflict("open_task", department=task.department) if task else None


def has_condition(asked: Asked) -> Refusal | None:
    name = asked.fields.get("condition")
    known = asked.city.conditions(asked.case.kind, asked.case.type)
    is_known = not name or name in {one.id for one in known}
    return None if is_known else Malformed("no_condition", name=name)


def known_type(asked: Asked) -> Refusal | None:
    case, code = asked.case, asked.fields.get("type")
    kind = asked.fields.get("kind") or case.kind
    is_known = not code or asked.city.filing.type_of(kind, code) is not None
    return None if is_known else Malformed("unknown_type", code=code)


def known_departments(asked: Asked) -> Refusal | None:
    lead, co = asked.fields["lead"], asked.fields.get("co", ())
    known = asked.city.departments
    unknown = next((one for one in (lead, *co) if known and one not in known), None)
    if unknown:
        return Malformed("unknown_department", name=unknown)
    if lead in co:
        return Malformed("lead_twice")
    stray = next((one for one in asked.fields.get("co_optional", ()) if one not in co), None)
    return Malformed("not_co", name=stray) if stray else None


def of_the_lead(asked: Asked) -> Refusal | None:
    department = asked.actor.seat.department
    is_lead = bool(department) and department == asked.case.lead
    return None if is_lead else Forbidden("not_the_lead")


def of_a_co_unit(asked: Asked) -> Refusal | None:
    department = asked.actor.seat.department
    return None if asked.case.task_of(department) else Forbidden("not_a_co_unit")


def task_waits(asked: Asked) -> Refusal | None:
    task = asked.case.task_of(asked.actor.seat.department)
    return None if task and task.state == "waiting" else Conflict("task_not_waiting")


def task_is_open(asked: Asked) -> Refusal | None:
    task = asked.case.task_of(asked.actor.seat.department)
    return None if task and task.state != "done" else Conflict("task_done")


def in_time_to_return(asked: Asked) -> Refusal | None:
    hours = asked.city.bounds.return_within_h
    dispatched_ms = asked.case.dispatched_ms or asked.at_ms
    late = asked.at_ms - dispatched_ms > hours * HOUR_MS
    return Conflict("late_return", hours=f"{hours:g}") if late else None


def not_overdue(asked: Asked) -> Refusal | None:
    timer = asked.case.timer
    is_late = timer is not None and asked.at_ms >= timer.clock.due_ms
    return Conflict("is_overdue") if is_late else None


def extensions_left(asked: Asked) -> Refusal | None:
    count = asked.case.extended
    spent = count >= asked.city.bounds.extensions
    return Conflict("no_extension_left", count=count) if spent else None


def suspension_left(asked: Asked) -> Refusal | None:
    spent = asked.case.suspended >= asked.city.bounds.suspensions
    return Conflict("no_suspension_left") if spent else None


def until_in_reach(asked: Asked) -> Refusal | None:
    days = asked.city.bounds.suspend_at_most_d
    ahead_ms = asked.fields["until"] - asked.at_ms
    good = 0 < ahead_ms <= days * DAY_MS
    return None if good else Conflict("until_out_of_reach", days=f"{days:g}")


def until_lies_ahead(asked: Asked) -> Refusal | None:
    request = asked.case.asked("suspend")
    good = request is None or request.fields["until"] > asked.at_ms
    return None if good else Conflict("until_is_past")


def has_its_evidence(asked: Asked) -> Refusal | None:
    shown = {piece.slot for piece in asked.case.evidence}
    lacking = next((slot for slot in asked.case.slots if slot not in shown), None)
    if not lacking:
        return None
    return Conflict("no_evidence", slot=asked.city.filing.evidence.get(lacking, (lacking,) * 2))


def not_a_handler(asked: Asked) -> Refusal | None:
    is_one = asked.actor.seat.account in asked.case.handlers
    return Forbidden("a_handler") if is_one else None


def collector_is_no_handler(asked: Asked) -> Refusal | None:
    is_one = asked.fields.get("collector") in asked.case.handlers
    return Conflict("collector_handled") if is_one else None


def close_to_the_case(asked: Asked) -> Refusal | None:
    here, there = asked.fields.get("pos"), asked.case.pos
    if not here or not there:
        return None
    metres, most = distance_m(Point(*here), Point(*there)), asked.city.bounds.check_within_m
    return Conflict("too_far", metres=round(metres), most=round(most)) if metres > most else None


def own_if_unit(asked: Asked) -> Refusal | None:
    if asked.role != Role.UNIT:
        return None
    department = asked.actor.seat.department
    is_own = bool(department) and department in (asked.case.lead, *asked.case.co)
    return None if is_own else Forbidden("not_yours")


def not_rated_yet(asked: Asked) -> Refusal | None:
    return Conflict("rated") if asked.case.satisfaction else None


def not_merged(asked: Asked) -> Refusal | None:
    into = asked.case.merged_into
    return Conflict("merged", into=into) if into else None


def is_merged(asked: Asked) -> Refusal | None:
    return None if asked.case.merged_into else Conflict("not_merged")


def was_dispatched(asked: Asked) -> Refusal | None:
    return None if asked.case.lead else Conflict("never_dispatched")


def reopening_left(asked: Asked) -> Refusal | None:
    spent = asked.case.reopened >= asked.city.bounds.reopenings
    return Conflict("reopened") if spent else None


def rated_unsatisfied(asked: Asked) -> Refusal | None:
    return None if asked.case.satisfaction == "unsatisfied" else Conflict("not_unsatisfied")


def in_time_to_reopen(asked: Asked) -> Refusal | None:
    days = asked.city.bounds.reopen_within_d
    since_ms = asked.at_ms - (asked.case.closed_ms or asked.at_ms)
    late = since_ms > days * DAY_MS
    return Conflict("late_reopening", days=f"{days:g}") if late else None


def not_an_incident(asked: Asked) -> Refusal | None:
    return Conflict("an_incident") if asked.case.incident else None


def has_no_children(asked: Asked) -> Refusal | None:
    return Conflict("has_children") if asked.case.children else None


def parent_is_open(asked: Asked) -> Refusal | None:
    into, parent = asked.fields["into"], asked.parent
    if into == asked.case.id:
        return Conflict("parent_is_itself")
    good = parent is not None and parent.is_open and sees(asked.actor.seat, parent)
    return None if good else Conflict("no_parent", into=into)


def not_corrected_yet(asked: Asked) -> Refusal | None:
    return Conflict("corrected") if asked.fields["about"] in asked.case.corrections else None


def time_to_warn(asked: Asked) -> Refusal | None:
    timer = asked.case.timer
    good = timer is not None and timer.clock.is_running and not timer.is_warned
    good = good and timer is not None and asked.at_ms >= timer.clock.warn_ms
    return None if good else Conflict("no_clock")


def time_is_over(asked: Asked) -> Refusal | None:
    timer = asked.case.timer
    good = timer is not None and timer.clock.is_running and asked.at_ms >= timer.clock.due_ms
    is_new = good and timer is not None and asked.fields["multiple"] > timer.multiple
    return None if is_new else Conflict("no_clock")


# Those that need what is filled in; a button is not grey for them.
OF_FIELDS: Mapping[str, Guard] = {
    guard.__name__: guard
    for guard in (
        has_place, known_type, awaits_endorsement, has_condition, known_departments, until_in_reach,
        collector_is_no_handler, close_to_the_case, parent_is_open, not_corrected_yet,
        time_to_warn, time_is_over,
    )
}  # fmt: skip
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

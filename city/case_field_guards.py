"""Guards of what is filled in: each returns the Refusal, or None; see `city.case_guards`."""

from collections.abc import Mapping

from city import case_reasons  # noqa: F401 - it says what is refused here
from city.case_asked import Asked, Guard
from city.case_bounds import DAY_MS
from city.case_requests import KINDS
from city.case_scope import sees
from city.cases import PENDING_DEPT
from city.refusal import Conflict, Malformed, Refusal
from geo.points import Point, distance_m


def has_place(asked: Asked) -> Refusal | None:
    """A report says where it is."""
    return None if asked.fields.get("pos") or asked.case.pos else Malformed("no_place")


def known_type(asked: Asked) -> Refusal | None:
    """The filing tables know the type."""
    case, code = asked.case, asked.fields.get("type")
    kind = asked.fields.get("kind") or case.kind
    is_known = not code or asked.city.filing.type_of(kind, code) is not None
    return None if is_known else Malformed("unknown_type", code=code)


def awaits_endorsement(asked: Asked) -> Refusal | None:
    """A handler's request of that kind waits for his department."""
    kind = asked.fields["request"]
    request = asked.case.asked(kind)
    waits = request is not None and request.status == PENDING_DEPT
    return None if waits else Conflict("nothing_to_endorse", kind=KINDS[kind])


def has_condition(asked: Asked) -> Refusal | None:
    """The condition is one of the type; none given takes the first."""
    name = asked.fields.get("condition")
    known = asked.city.conditions(asked.case.kind, asked.case.type)
    is_known = not name or name in {one.id for one in known}
    return None if is_known else Malformed("no_condition", name=name)


def known_departments(asked: Asked) -> Refusal | None:
    """Every unit exists, the lead is no co-unit, what is optional is one."""
    lead, co = asked.fields["lead"], asked.fields.get("co", ())
    known = asked.city.departments
    unknown = next((one for one in (lead, *co) if known and one not in known), None)
    if unknown:
        return Malformed("unknown_department", name=unknown)
    if lead in co:
        return Malformed("lead_twice")
    stray = next((one for one in asked.fields.get("co_optional", ()) if one not in co), None)
    return Malformed("not_co", name=stray) if stray else None


def new_co_units(asked: Asked) -> Refusal | None:
    """Every unit exists and has no share in the case yet."""
    case, co, known = asked.case, asked.fields["co"], asked.city.departments
    if unknown := next((one for one in co if known and one not in known), None):
        return Malformed("unknown_department", name=unknown)
    if has_one := next((one for one in co if one in (case.lead, *case.co)), None):
        return Conflict("has_a_share", name=has_one)
    stray = next((one for one in asked.fields.get("co_optional", ()) if one not in co), None)
    return Malformed("not_co", name=stray) if stray else None


def another_lead(asked: Asked) -> Refusal | None:
    """The unit exists, and does not lead already."""
    lead, known = asked.fields["lead"], asked.city.departments
    if known and lead not in known:
        return Malformed("unknown_department", name=lead)
    return Conflict("leads_already", name=lead) if lead == asked.case.lead else None


def until_in_reach(asked: Asked) -> Refusal | None:
    """It ends within `suspend_at_most_d` days."""
    days = asked.city.bounds.suspend_at_most_d
    ahead_ms = asked.fields["until"] - asked.at_ms
    good = 0 < ahead_ms <= days * DAY_MS
    return None if good else Conflict("until_out_of_reach", days=f"{days:g}")


def collector_is_no_handler(asked: Asked) -> Refusal | None:
    """The collector who is sent has not worked on the case."""
    is_one = asked.fields.get("collector") in asked.case.handlers
    return Conflict("collector_handled") if is_one else None


def close_to_the_case(asked: Asked) -> Refusal | None:
    """Whoever says where he stood stood within `check_within_m`."""
    here, there = asked.fields.get("pos"), asked.case.pos
    if not here or not there:
        return None
    metres, most = distance_m(Point(*here), Point(*there)), asked.city.bounds.check_within_m
    return Conflict("too_far", metres=round(metres), most=round(most)) if metres > most else None


def parent_is_open(asked: Asked) -> Refusal | None:
    """The other case is open, seen by the seat, and not this one."""
    into, parent = asked.fields["into"], asked.parent
    if into == asked.case.id:
        return Conflict("parent_is_itself")
    good = parent is not None and parent.is_open and sees(asked.actor.seat, parent)
    return None if good else Conflict("no_parent", into=into)


def not_corrected_yet(asked: Asked) -> Refusal | None:
    """No appeal about that was granted before."""
    return Conflict("corrected") if asked.fields["about"] in asked.case.corrections else None


def time_to_warn(asked: Asked) -> Refusal | None:
    """Three quarters of the running limit are spent, and nobody was warned."""
    timer = asked.case.timer
    good = timer is not None and timer.clock.is_running and not timer.is_warned
    good = good and timer is not None and asked.at_ms >= timer.clock.warn_ms
    return None if good else Conflict("no_clock")


def time_is_over(asked: Asked) -> Refusal | None:
    """The running limit has passed, more often than was told."""
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
        new_co_units, another_lead,
        time_to_warn, time_is_over,
    )
}  # fmt: skip

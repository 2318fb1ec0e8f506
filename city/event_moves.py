"""What people may do to events: merge, take apart, split off; and why it is refused."""

from city.events import Event
from city.refusal import Conflict, Forbidden, NotFound, say
from city.roles import Right, Seat

EVENT = "事件", "event"

say(
    {
        "same_event": ("不能把事件并入它自己", "An event cannot be merged into itself"),
        "is_merged": (
            "事件 {name} 已并入 {into},请对 {into} 操作",
            "Event {name} is part of {into}: act on {into}",
        ),
        "not_part": ("事件 {other} 没有并入 {name}", "Event {other} is not part of {name}"),
        "not_a_member": ("{member} 不在事件 {name} 中", "{member} is not in event {name}"),
        "only_member": (
            "事件 {name} 只有这一条,无需拆分",
            "It is all there is in event {name}: nothing to split",
        ),
        "opened_by": (
            "案件 {case} 由这条上报生成,请拆分其他上报",
            "Case {case} was opened from this report: split off the others",
        ),
    }
)


def check_right(seat: Seat, *events: Event) -> None:
    """Raises Forbidden where the seat may not merge, or not there."""
    seat.require(Right.MERGE)
    for event in events:
        if not seat.covers(event.area):
            raise Forbidden("out_of_scope", scope=", ".join(seat.areas))


def found(event: Event | None, event_id: str) -> Event:
    """The event, or NotFound."""
    if event is None:
        raise NotFound("not_found", what=EVENT, name=event_id)
    return event


def standing(event: Event) -> Event:
    """The event, or Conflict where it is part of another."""
    if event.is_merged:
        raise Conflict("is_merged", name=event.id, into=event.into)
    return event


def which_stays(into: Event, other: Event) -> tuple[Event, Event]:
    """Who stays and who goes in: what has a case stays before what has none."""
    if into.id == other.id:
        raise Conflict("same_event")
    return (other, into) if other.case_id and not into.case_id else (into, other)


def check_parting(event: Event, other: str) -> None:
    """Raises Conflict unless one was merged into the other."""
    if other not in event.merged:
        raise Conflict("not_part", other=other, name=event.id)


def check_split(event: Event, member_id: str, opener: str) -> None:
    """Raises Conflict unless a member can go; `opener` is the report the case was opened from."""
    if not event.has(member_id):
        raise Conflict("not_a_member", member=member_id, name=event.id)
    if len(event.members) == 1:
        raise Conflict("only_member", name=event.id)
    if event.case_id and member_id == opener:
        raise Conflict("opened_by", case=event.case_id)

"""What a seat may do with an alarm, and what becomes of it; a refusal says why not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from city.alarms import MINUTE_MS, Alarm, AlarmState, Deed, logged
from city.refusal import Conflict, Forbidden, Malformed, NotFound, say
from city.roles import Actor, Right, Seat

WHAT = ("告警", "alarm")
SHELVE_MOST_MIN = 480  # ux-spec §4.1: a period of at most eight hours
NOTE_MOST = 2000

say({
    "alarm_acked": ("{who} 已确认这条告警", "{who} has acknowledged this alarm already"),
    "alarm_false": ("这条告警已判为误报({who})", "This alarm was found false by {who}"),
    "alarm_withdrawn": ("这条告警已撤回:迟到的读数表明它不成立",
                        "This alarm was withdrawn: a late reading shows that it was none"),
    "alarm_cleared": ("这条告警已恢复,不能搁置", "This alarm has cleared and cannot be shelved"),
    "alarm_not_shelved": ("这条告警没有搁置", "This alarm is not shelved"),
    "alarm_linked": ("这条告警已立案 {case}", "This alarm has become case {case} already"),
    "shelve_too_long": ("搁置须在 1 分钟至 {hours} 小时之间",
                        "An alarm is shelved for one minute to {hours} hours"),
    "too_long": ("“{what}”不得超过 {most} 字", "`{what}` must not exceed {most} characters"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class AlarmOrder:
    """What somebody wants to be done; which fields are needed depends on the deed."""

    deed: Deed
    reason: str = ""  # of shelving and of finding it false; the text of a comment
    minutes: int = 0
    assignee: str = ""
    case_id: str = ""
    event_id: str = ""


def sees(seat: Seat, alarm: Alarm) -> bool:
    """Whether an alarm lies in the seat's part of the city."""
    own = not seat.own_department_only or alarm.department == seat.department
    lent = seat.reaches(Right.VIEW_ALARMS, alarm.department)
    return (own or lent) and seat.covers(alarm.area)


def ordered(alarm: Alarm, order: AlarmOrder, actor: Actor) -> Alarm:
    """The alarm after the order; Refusal where it cannot be done, or not by this seat."""
    actor.seat.require(Right.HANDLE_ALARMS)
    if not sees(actor.seat, alarm):
        raise NotFound("not_found", name=alarm.id, what=WHAT)
    if alarm.withdrawn_ms is not None:
        raise Conflict("alarm_withdrawn")
    if alarm.false_ms is not None and order.deed != Deed.COMMENT:
        raise Conflict("alarm_false", who=alarm.false_by)
    if len(order.reason) > NOTE_MOST:
        raise Malformed("too_long", what="reason", most=NOTE_MOST)
    do = ORDERS.get(order.deed)
    if do is None:
        raise Forbidden("forbidden", who=("系统", "the system"), what=(order.deed, order.deed))
    after = do(alarm, order, actor)
    if after is alarm:
        return alarm
    after = replace(after, updated_at_ms=actor.at_ms)
    return logged(after, order.deed, actor.seat, actor.at_ms, note_of(order))


def note_of(order: AlarmOrder) -> str:
    """What the log says beside the deed."""
    about = order.case_id or order.event_id or order.assignee
    said = f"{order.minutes} min · {order.reason}" if order.minutes else order.reason
    return " · ".join(part for part in (about, said) if part)


def ack(alarm: Alarm, _order: AlarmOrder, actor: Actor) -> Alarm:
    """Seen, and somebody's own from now on; again by the same person changes nothing."""
    if not alarm.is_acknowledged:
        return acknowledged(alarm, actor)
    if alarm.acked_by != actor.seat.account:
        raise Conflict("alarm_acked", who=alarm.acked_name)
    return alarm


def acknowledged(alarm: Alarm, actor: Actor) -> Alarm:
    """With who has seen it, at which severity."""
    return replace(
        alarm, acked_ms=actor.at_ms, acked_by=actor.seat.account, acked_name=actor.seat.name,
        acked_severity=alarm.span.highest,
    )  # fmt: skip


def comment(alarm: Alarm, order: AlarmOrder, actor: Actor) -> Alarm:
    """A line in its log."""
    needed(order.reason, "text")
    return replace(alarm, updated_at_ms=actor.at_ms)


def assign(alarm: Alarm, order: AlarmOrder, _actor: Actor) -> Alarm:
    """Somebody else's from now on (转办)."""
    needed(order.assignee, "assignee")
    return replace(alarm, assignee=order.assignee)


def shelve(alarm: Alarm, order: AlarmOrder, actor: Actor) -> Alarm:
    """Out of the queue for a time, and back by itself."""
    needed(order.reason, "reason")
    if alarm.state(actor.at_ms) in (AlarmState.CLEARED, AlarmState.OVER):
        raise Conflict("alarm_cleared")
    if not 1 <= order.minutes <= SHELVE_MOST_MIN:
        raise Malformed("shelve_too_long", hours=SHELVE_MOST_MIN // 60)
    until = actor.at_ms + order.minutes * MINUTE_MS
    return replace(alarm, shelved_until_ms=until, shelved_by=actor.seat.account,
                   reason=order.reason)  # fmt: skip


def unshelve(alarm: Alarm, _order: AlarmOrder, actor: Actor) -> Alarm:
    """Back in the queue before its time."""
    if not alarm.is_shelved(actor.at_ms):
        raise Conflict("alarm_not_shelved")
    return replace(alarm, shelved_until_ms=None, shelved_by="", reason="")


def clear(alarm: Alarm, order: AlarmOrder, actor: Actor) -> Alarm:
    """Found to be false (误报): over, whatever the sensor goes on to say."""
    needed(order.reason, "reason")
    return replace(alarm, false_ms=actor.at_ms, false_by=actor.seat.name, reason=order.reason)


def link_case(alarm: Alarm, order: AlarmOrder, actor: Actor) -> Alarm:
    """It has become a case (立案), which also says that it was seen."""
    needed(order.case_id, "case_id")
    if alarm.case_id and alarm.case_id != order.case_id:
        raise Conflict("alarm_linked", case=alarm.case_id)
    seen = alarm if alarm.is_acknowledged else acknowledged(alarm, actor)
    return replace(seen, case_id=order.case_id)


def link_event(alarm: Alarm, order: AlarmOrder, _actor: Actor) -> Alarm:
    """It belongs to an event (并案)."""
    needed(order.event_id, "event_id")
    return replace(alarm, event_id=order.event_id)


def needed(said: str, what: str) -> None:
    """Refuses an order that leaves something out."""
    if not said.strip():
        raise Malformed("missing", what=what)


ORDERS: Mapping[Deed, Callable[[Alarm, AlarmOrder, Actor], Alarm]] = {
    Deed.ACK: ack,
    Deed.COMMENT: comment,
    Deed.ASSIGN: assign,
    Deed.SHELVE: shelve,
    Deed.UNSHELVE: unshelve,
    Deed.CLEAR: clear,
    Deed.LINK_CASE: link_case,
    Deed.LINK_EVENT: link_event,
}

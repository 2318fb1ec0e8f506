"""What people do with units besides sending them: status, rest, signing on; who may."""

from dataclasses import dataclass, replace

from city.refusal import Conflict, Forbidden, Malformed, NotFound, say
from city.roles import RIGHT_NAMES, Right, Seat, holders, named
from city.unit_status import UnitNote
from city.units import WHAT, Unit

LONGEST_REST_MIN = 24 * 60
LONGEST_NOTE = 500  # characters
MINUTE_MS = 60_000

say({
    "other_department": ("{unit} 属于其他部门", "{unit} belongs to another department"),
    "unit_has_orders": (
        "{unit} 有未完成的派遣单 {orders}，请先完成或撤回",
        "{unit} has open orders {orders}: finish or recall them first",
    ),
    "unit_note": ("记录须为 1 至 {most} 字", "A note has 1 to {most} characters"),
    "rest_minutes": ("休息时间须为 0 至 {most} 分钟", "A rest is 0 to {most} minutes"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """One line of a unit's log: what a person did with it, or heard on the radio."""

    what: str  # status, rest, sign_on, sign_off, note
    by: str
    name: str
    at_ms: int
    text: str = ""  # the new status, minutes of rest, the words of a note
    reason: str = ""


def may_lead(seat: Seat, unit: Unit) -> bool:
    """Whether a seat sends this unit, or serves on it."""
    mine = seat.department == unit.department
    sends = seat.reaches(Right.SEND_ORDERS, unit.department)
    return sends or (seat.may(Right.ANSWER_ORDERS) and mine)


def require_lead(seat: Seat, unit: Unit) -> None:
    """Raises Forbidden where a seat has no say over a unit."""
    if may_lead(seat, unit):
        return
    if not (seat.may(Right.SEND_ORDERS) or seat.may(Right.ANSWER_ORDERS)):
        who = named(holders(Right.SEND_ORDERS))
        raise Forbidden("forbidden", who=who, what=RIGHT_NAMES[Right.SEND_ORDERS])
    raise Forbidden("other_department", unit=unit.id)


def require_idle(unit: Unit) -> None:
    """Raises Conflict while a unit has orders: then its status is theirs."""
    if unit.work.open:
        raise Conflict("unit_has_orders", unit=unit.id, orders=", ".join(unit.order_ids))


def rested(note: UnitNote, minutes: int, at_ms: int) -> UnitNote:
    """A rest of so many minutes from now; 0 ends one."""
    if not 0 <= minutes <= LONGEST_REST_MIN:
        raise Malformed("rest_minutes", most=LONGEST_REST_MIN)
    return replace(note, rest_until_ms=at_ms + minutes * MINUTE_MS if minutes else 0)


def signed_on(note: UnitNote, account: str) -> UnitNote:
    """One more in the crew."""
    return replace(note, crew=(*(one for one in note.crew if one != account), account))


def signed_off(note: UnitNote, account: str) -> UnitNote:
    """One fewer in the crew."""
    return replace(note, crew=tuple(one for one in note.crew if one != account))


def note_text(text: str) -> str:
    """The words of a radio note; Malformed for none, or too many."""
    words = text.strip()
    if not 0 < len(words) <= LONGEST_NOTE:
        raise Malformed("unit_note", most=LONGEST_NOTE)
    return words


def unknown(unit_id: str) -> NotFound:
    """There is no such unit, or not for this seat."""
    return NotFound("not_found", name=unit_id, what=WHAT)

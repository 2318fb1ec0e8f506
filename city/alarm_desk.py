"""The desk of an alarm: in which tab of the queue it stands, and what a seat may do with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from city.alarm_orders import sees
from city.alarms import OPEN_STATES, Alarm, AlarmState
from city.roles import Right, Seat

OVER_STATES = (AlarmState.CLEARED, AlarmState.OVER, AlarmState.FALSE)
CLEARED_FOR_MS = 8 * 3_600_000  # how long the queue shows what is over: a shift
SHELVE_MINUTES = (30, 60, 120, 240, 480)


class Tab(StrEnum):
    """What is seen of all alarms."""

    ACTIVE = "active"
    MINE = "mine"
    SHELVED = "shelved"
    CLEARED = "cleared"


class Act(StrEnum):
    """What an operator does with an alarm."""

    ACKNOWLEDGE = "acknowledge"
    FILE = "file"  # 立案
    MERGE = "merge"  # 并案: it belongs to a case that is there already
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    FALSE = "false"  # 误报
    ASSIGN = "assign"  # 转办
    COMMENT = "comment"


# Key of each act, as printed on its button; one key may mean one of two that exclude each other.
KEYS: Mapping[Act, str] = {
    Act.ACKNOWLEDGE: "A", Act.FILE: "L", Act.MERGE: "M", Act.SHELVE: "S", Act.UNSHELVE: "S",
    Act.FALSE: "X", Act.ASSIGN: "T", Act.COMMENT: "C",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a case that begins with an alarm is probably about; a person decides."""

    kind: str
    code: str  # four digits of the catalogue


# Kind of sensor → type of case: a proposal of this project, by what the kind measures.
TYPE_OF_KIND: Mapping[str, Suggestion] = {
    "waterlogging": Suggestion("event", "0406"),
    "waterlevel": Suggestion("event", "0114"),
    "pump": Suggestion("event", "0404"),
    "gas": Suggestion("event", "0403"),
    "noise": Suggestion("event", "0508"),
    "aqi": Suggestion("event", "0302"),
    "power": Suggestion("component", "0116"),
    "lamp": Suggestion("component", "0118"),
    "cover": Suggestion("component", "0103"),
    "signal": Suggestion("component", "0210"),
}
OTHERWISE = Suggestion("component", "0214")


def suggested(alarm: Alarm) -> Suggestion:
    """The type of case an alarm of this kind usually becomes."""
    return TYPE_OF_KIND.get(alarm.kind, OTHERWISE)


def tabs_of(alarm: Alarm, account: str, at_ms: int) -> tuple[Tab, ...]:
    """The tabs that show it."""
    state = alarm.state(at_ms)
    is_open, is_shelved = state in OPEN_STATES, state is AlarmState.SHELVED
    is_over = state in OVER_STATES and over_ms(alarm) > at_ms - CLEARED_FOR_MS
    found = {
        Tab.ACTIVE: is_open,
        Tab.MINE: (is_open or is_shelved) and alarm.is_mine(account),
        Tab.SHELVED: is_shelved,
        Tab.CLEARED: is_over,
    }
    return tuple(tab for tab, is_shown in found.items() if is_shown)


def over_ms(alarm: Alarm) -> int:
    """Since when it is over."""
    return alarm.false_ms or alarm.span.cleared_ms or alarm.updated_at_ms


def waits(alarm: Alarm, at_ms: int) -> bool:
    """Whether nobody has acknowledged it yet."""
    return alarm.state(at_ms) in OPEN_STATES and not alarm.is_acknowledged


def order(alarm: Alarm) -> tuple[int, bool, int, str]:
    """By level, what waits first, then the newest; of one instant always the same first."""
    return alarm.severity, alarm.is_acknowledged, -alarm.raised_at_ms, alarm.id


def waiting_by_level(alarms: Iterable[Alarm], at_ms: int) -> dict[int, tuple[int, int]]:
    """Level → how many wait, and how many are open."""
    found = {level: (0, 0) for level in (1, 2, 3, 4)}
    for alarm in alarms:
        if alarm.state(at_ms) in OPEN_STATES:
            waiting, of_all = found[alarm.severity]
            found[alarm.severity] = waiting + (not alarm.is_acknowledged), of_all + 1
    return found


def lawful(alarm: Alarm, seat: Seat, at_ms: int) -> tuple[Act, ...]:
    """What this seat may do with it now, in the order of the buttons."""
    state = alarm.state(at_ms)
    if not seat.may(Right.HANDLE_ALARMS) or not sees(seat, alarm):
        return ()
    if state in (AlarmState.WITHDRAWN, AlarmState.FALSE):
        return (Act.COMMENT,) if state is AlarmState.FALSE else ()
    is_open = state in OPEN_STATES
    can_file = not alarm.case_id and seat.may(Right.CREATE_CASES)
    may = {
        Act.ACKNOWLEDGE: is_open and not alarm.is_acknowledged,
        Act.FILE: can_file,
        Act.MERGE: can_file,
        Act.SHELVE: state is AlarmState.ACTIVE,
        Act.UNSHELVE: state is AlarmState.SHELVED,
        Act.FALSE: True,
        Act.ASSIGN: is_open,
        Act.COMMENT: True,
    }
    return tuple(act for act, is_lawful in may.items() if is_lawful)

"""An alarm: what the judge says of it, what people did with it, and how it stands at an instant.

The judge writes the span and what belongs to it, people everything else; neither touches the
other's, so that a reading that comes late never undoes an acknowledgement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from city.alarm_rules import Measure, Rule
from city.judgement import Span
from city.kinds import BY_NAME
from city.naming import EN, ZH, name_in
from city.records import DEGREE, NOWHERE
from city.roles import SYSTEM, Role, Seat
from city.things import ThingKey

MINUTE_MS = 60_000
FLOOD_WINDOW_MS = 600_000  # ux-spec §7: alarms in ten minutes against the limit of a seat
LOG_KEPT = 100


class AlarmState(StrEnum):
    """How an alarm stands; the first that holds."""

    WITHDRAWN = "withdrawn"  # a reading that came late shows that it was none
    FALSE = "false"  # 误报: somebody said so
    SUPPRESSED = "suppressed"  # 抑制: maintenance, or part of an outage
    SHELVED = "shelved"  # 搁置: for a time, with a reason
    ACTIVE = "active"
    CLEARED = "cleared"  # 已恢复, and nobody has acknowledged it yet
    OVER = "over"  # cleared and acknowledged


# What still needs somebody.
OPEN_STATES = (AlarmState.ACTIVE, AlarmState.CLEARED)


class Deed(StrEnum):
    """What is done with an alarm."""

    RAISE = "raise"
    AGAIN = "again"  # it came back
    LEVEL = "level"
    CLEARED = "cleared"
    WITHDRAW = "withdraw"
    ESCALATE = "escalate"
    ACK = "ack"
    COMMENT = "comment"
    ASSIGN = "assign"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    CLEAR = "clear"  # 误报
    LINK_CASE = "link_case"
    LINK_EVENT = "link_event"


class Done(NamedTuple):
    """One line of an alarm's log."""

    at_ms: int
    deed: Deed
    account: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One row of the queue. Times in ms since 1970 UTC; severity 1 (Ⅰ red) … 4 (Ⅳ blue)."""

    id: str
    rule: str
    version: str  # of the rule when it was raised
    measure: Measure
    thing: str
    department: str
    kind: str
    zh: str  # what is wrong
    en: str
    name_zh: str  # of the thing
    name_en: str
    unit: str
    limit: float  # that was reached at the highest severity
    span: Span
    raised_at_ms: int  # when it was written; the span tells when it began in the world
    updated_at_ms: int
    area: str = ""
    cell: int = 0
    pos: tuple[float, float] | None = None  # longitude, latitude, WGS-84
    lists: tuple[str, ...] = ()  # watch lists that the thing stands on
    in_flood: bool = False  # it was raised while more came than a seat can take
    withdrawn_ms: int | None = None
    into: str = ""  # the alarm that it turned out to be part of
    maintenance: str = ""
    suppressed_until_ms: int | None = None
    parent: str = ""
    children: int = 0
    acked_ms: int | None = None
    acked_by: str = ""
    acked_name: str = ""
    acked_severity: int = 0
    assignee: str = ""
    shelved_until_ms: int | None = None
    shelved_by: str = ""
    reason: str = ""  # of shelving, or of being false
    false_ms: int | None = None
    false_by: str = ""
    case_id: str = ""
    event_id: str = ""
    escalation: int = 0  # steps of the ladder taken
    log: tuple[Done, ...] = ()

    @property
    def is_acknowledged(self) -> bool:
        """Whether somebody has seen it at its highest severity."""
        return self.acked_ms is not None and self.acked_severity <= self.span.highest

    @property
    def severity(self) -> int:
        """What it counts as: its severity now, or the highest once it has cleared."""
        return self.span.severity or self.span.highest

    def is_suppressed(self, at_ms: int) -> bool:
        """Whether it is counted but not shown on its own."""
        until = self.suppressed_until_ms
        return bool(self.parent) or (until is not None and at_ms < until)

    def is_shelved(self, at_ms: int) -> bool:
        """Whether somebody has put it aside for now."""
        return self.shelved_until_ms is not None and at_ms < self.shelved_until_ms

    def state(self, at_ms: int) -> AlarmState:
        """How it stands at an instant."""
        if self.withdrawn_ms is not None:
            return AlarmState.WITHDRAWN
        if self.false_ms is not None:
            return AlarmState.FALSE
        if self.is_suppressed(at_ms):
            return AlarmState.SUPPRESSED
        if self.span.cleared_ms is not None:
            return AlarmState.OVER if self.is_acknowledged else AlarmState.CLEARED
        return AlarmState.SHELVED if self.is_shelved(at_ms) else AlarmState.ACTIVE

    def is_mine(self, account: str) -> bool:
        """Whether somebody has taken it on, or was given it."""
        return account in (self.assignee, self.acked_by)


def raised(alarm_id: str, rule: Rule, thing: str, span: Span, at_ms: int) -> Alarm:
    """A new alarm, without what only the city knows of the thing."""
    department, kind, name = ThingKey.parse(thing)
    return Alarm(
        alarm_id, rule.id, rule.version, rule.measure, thing, department, kind,
        zh=rule.zh, en=rule.en, name_zh=name, name_en=name, unit=rule.unit,
        limit=rule.limit_of(span.highest), span=span, raised_at_ms=at_ms, updated_at_ms=at_ms,
        log=(Done(at_ms, Deed.RAISE, SYSTEM.account, SYSTEM.name, str(span.severity)),),
    )  # fmt: skip


class Known(NamedTuple):
    """What the city knows of a thing beside its readings."""

    name: Mapping[str, str] | str | None = None
    area: int = 0
    cell: int = 0
    pos: tuple[float, float] | None = None


def placed(alarm: Alarm, known: Known) -> Alarm:
    """With the name and the place that the thing was registered with, or measured at."""
    span = alarm.span
    zh, en = name_in(known.name, ZH), name_in(known.name, EN)
    is_measured = span.lon != NOWHERE and (span.lon, span.lat) != (0, 0)
    area = span.area or known.area
    return replace(
        alarm, name_zh=zh or alarm.name_zh, name_en=en or alarm.name_en,
        area=f"{area:06d}" if area else "", cell=span.cell or known.cell,
        pos=(span.lon / DEGREE, span.lat / DEGREE) if is_measured else known.pos,
    )  # fmt: skip


def revised(alarm: Alarm, rule: Rule, span: Span, at_ms: int) -> Alarm:
    """What the judge says of it now."""
    changed = replace(
        alarm, span=span, limit=rule.limit_of(span.highest), updated_at_ms=at_ms,
        withdrawn_ms=None, into="",
    )  # fmt: skip
    deed = deed_of(alarm.span, span)
    return logged(changed, deed, SYSTEM, at_ms, str(span.severity)) if deed else changed


def deed_of(before: Span, span: Span) -> Deed | None:
    """What happened between two words of the judge."""
    if span.times > before.times:
        return Deed.AGAIN
    if span.severity == before.severity:
        return None
    return Deed.LEVEL if span.severity else Deed.CLEARED


def withdrawn(alarm: Alarm, into: str, at_ms: int) -> Alarm:
    """It turned out to be none, or part of another; what was done with it stays on record."""
    gone = replace(alarm, withdrawn_ms=at_ms, into=into, updated_at_ms=at_ms)
    return logged(gone, Deed.WITHDRAW, SYSTEM, at_ms, into)


def logged(alarm: Alarm, deed: Deed, seat: Seat, at_ms: int, note: str = "") -> Alarm:
    """With one more line; of very many the first and the newest are kept."""
    lines = (*alarm.log, Done(at_ms, deed, seat.account, seat.name, note))
    if len(lines) > LOG_KEPT:
        lines = (lines[0], *lines[1 - LOG_KEPT :])
    return replace(alarm, log=lines)


# Severity → who is told when nobody has acknowledged it, after how many minutes. A proposal of
# this project; a leader hears of an unheeded red alarm after five minutes.
LADDER: Mapping[int, tuple[tuple[int, Role], ...]] = {
    1: ((2, Role.CHIEF), (5, Role.LEADER)),
    2: ((5, Role.CHIEF), (15, Role.LEADER)),
    3: ((30, Role.CHIEF),),
    4: (),
}


def next_escalation(alarm: Alarm) -> tuple[int, Role] | None:
    """When (ms) the next step of the ladder is due, and whom it reaches; None when none is."""
    steps = LADDER[alarm.severity]
    ends = alarm.withdrawn_ms is not None or alarm.false_ms is not None
    if ends or alarm.is_acknowledged or alarm.escalation >= len(steps):
        return None
    minutes, role = steps[alarm.escalation]
    return alarm.raised_at_ms + minutes * MINUTE_MS, role


def escalated(alarm: Alarm, at_ms: int) -> Alarm:
    """One step up the ladder; the same where nobody has to be told any more."""
    due = next_escalation(alarm)
    if due is None or due[0] > at_ms or alarm.state(at_ms) not in OPEN_STATES:
        return alarm
    higher = replace(alarm, escalation=alarm.escalation + 1, updated_at_ms=at_ms)
    return logged(higher, Deed.ESCALATE, SYSTEM, at_ms, due[1].value)


class Load(NamedTuple):
    """What comes in, against what a seat can take."""

    recent: int  # raised in the last ten minutes
    limit: int
    chattering: tuple[tuple[str, int], ...]  # alarm → times it came, worst first
    by_severity: tuple[int, int, int, int]  # of the last ten minutes, Ⅰ to Ⅳ
    suppressed: int
    shelved: int

    @property
    def is_flood(self) -> bool:
        """Whether more came than one seat can take (告警洪峰)."""
        return self.recent > self.limit


def load_of(alarms: Iterable[Alarm], at_ms: int, limit: int, most: int = 10) -> Load:
    """The load of one seat: of the alarms that it would see."""
    here = list(alarms)
    states = [alarm.state(at_ms) for alarm in here]
    fresh = [
        alarm for alarm, state in zip(here, states, strict=True)
        if alarm.raised_at_ms > at_ms - FLOOD_WINDOW_MS and state not in HIDDEN
    ]  # fmt: skip
    counts = [sum(alarm.span.highest == one for alarm in fresh) for one in (1, 2, 3, 4)]
    chatter = sorted(
        ((alarm.id, alarm.span.times) for alarm in here if alarm.span.chatters),
        key=lambda one: -one[1],
    )
    return Load(
        len(fresh), limit, tuple(chatter[:most]), (counts[0], counts[1], counts[2], counts[3]),
        states.count(AlarmState.SUPPRESSED), states.count(AlarmState.SHELVED),
    )  # fmt: skip


HIDDEN = (AlarmState.WITHDRAWN, AlarmState.SUPPRESSED)


def title_of(alarm: Alarm, lang: str) -> str:
    """What and where, in one language: the kind tells a rule's quantity from another's."""
    what, name = (alarm.en, alarm.name_en) if lang == EN else (alarm.zh, alarm.name_zh)
    kind = BY_NAME.get(alarm.kind)
    if alarm.measure in (Measure.SILENCE, Measure.FROZEN) and kind is not None:
        what = f"{kind.en} · {what}" if lang == EN else f"{kind.zh}·{what}"
    return f"{name} {what}" if lang == EN else f"{name}{what}"

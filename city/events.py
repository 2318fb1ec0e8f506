"""An event (事件): something is happening in the city; what reports and alarms tell of it.

An event is the fold of its log. Members join by a rule or by a person, leave again, and whole
events are merged and parted: nothing is forgotten, and what was merged can be taken apart. What an
event looks like (type, place, times, severity) follows from who its members are, so that a merge
that is undone leaves no trace in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from city import merging
from city.alarm_rules import Measure
from city.alarms import Alarm
from city.cases import Case
from city.merging import Sign, Words
from city.reports import Report
from city.roles import SYSTEM
from geo.points import Point

EXCERPT = 200  # characters of a description that merging reads


class Deed(StrEnum):
    """What is written in an event's log."""

    JOIN = "join"
    LEAVE = "leave"  # a member was split off
    MERGE = "merge"  # the members of another event came in
    UNMERGE = "unmerge"  # they went back
    ABSORBED = "absorbed"  # this event went into another
    RELEASED = "released"  # and came back
    CASE = "case"  # a case was opened for it


DEEDS: Mapping[Deed, Words] = {
    Deed.JOIN: ("并入上报", "Joined"),
    Deed.LEAVE: ("拆出上报", "Split off"),
    Deed.MERGE: ("并入事件", "Event merged in"),
    Deed.UNMERGE: ("撤销并单", "Merge undone"),
    Deed.ABSORBED: ("并入其他事件", "Merged into another"),
    Deed.RELEASED: ("恢复为独立事件", "Stands alone again"),
    Deed.CASE: ("生成案件", "Case opened"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """A report or an alarm in an event, and what it said when it came."""

    id: str  # report/… or alarm/…
    what: str  # see city.affinity
    at_ms: int
    title: str
    excerpt: str = ""
    pos: tuple[float, float] | None = None
    area: str = ""
    severity: int = 4
    title_en: str = ""  # of an alarm, which has both
    via: str = ""  # the event that it was merged in with

    @property
    def is_alarm(self) -> bool:
        """Whether a sensor said it."""
        return self.what.startswith("sensor/")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an event's log: what was done, by whom or by which rule, and why."""

    deed: Deed
    at_ms: int
    by: str = SYSTEM.account
    name: str = SYSTEM.name
    role: str = ""
    reason: str = ""  # what a person gave
    rule: str = ""  # of an automatic step
    score: float | None = None
    because: tuple[Words, ...] = ()  # the reasons of the score
    member: Member | None = None
    members: tuple[Member, ...] = ()
    other: str = ""  # the other event, or the case

    @property
    def is_automatic(self) -> bool:
        """Whether no person did it."""
        return self.by == SYSTEM.account


@dataclass(frozen=True, slots=True)
class Event:
    """The fold of a log. Members in the order of what happened."""

    id: str
    members: tuple[Member, ...] = ()
    case_id: str = ""
    into: str = ""  # the event that it was merged into
    merged: tuple[str, ...] = ()  # the events that were merged into it
    version: int = 0  # number of log entries
    updated_ms: int = 0

    @property
    def lead(self) -> Member | None:
        """Who gives the event its name: the first report, or else the first alarm."""
        told = [member for member in self.members if not member.is_alarm]
        return next(iter(told or self.members), None)

    @property
    def what(self) -> str:
        """Its kind of sign."""
        return self.lead.what if self.lead else ""

    @property
    def title(self) -> str:
        """What it is called."""
        return self.lead.title if self.lead else ""

    @property
    def area(self) -> str:
        """Where most of its members are."""
        areas = [member.area for member in self.members if member.area]
        return max(sorted(set(areas)), key=areas.count, default="")

    @property
    def severity(self) -> int:
        """The gravest that a member says."""
        return min((member.severity for member in self.members), default=4)

    @property
    def centre(self) -> Point | None:
        """The middle of its members' places."""
        places = [member.pos for member in self.members if member.pos]
        if not places:
            return None
        count = len(places)
        return Point(sum(lon for lon, _ in places) / count, sum(lat for _, lat in places) / count)

    @property
    def first_ms(self) -> int:
        """When it was first noticed."""
        return min((member.at_ms for member in self.members), default=self.updated_ms)

    @property
    def last_ms(self) -> int:
        """When it was last told of."""
        return max((member.at_ms for member in self.members), default=self.updated_ms)

    @property
    def is_merged(self) -> bool:
        """Whether it is part of another now."""
        return bool(self.into)

    @property
    def signs(self) -> list[Sign]:
        """Its members as merging looks at them."""
        return [sign_of(member) for member in self.members]

    def has(self, member_id: str) -> bool:
        """Whether somebody is a member."""
        return any(member.id == member_id for member in self.members)


def begin(event_id: str) -> Event:
    """An event before its first entry."""
    return Event(event_id)


def fold(event_id: str, entries: Iterable[Entry]) -> Event:
    """The event that a log tells of."""
    event = begin(event_id)
    for entry in entries:
        event = apply(event, entry)
    return event


def apply(event: Event, entry: Entry) -> Event:
    """The event after one more entry."""
    changed = _APPLY[entry.deed](event, entry)
    return replace(changed, version=event.version + 1, updated_ms=entry.at_ms)


def came_with(event: Event, other: str) -> tuple[Member, ...]:
    """Its members that came with another event and go back with it."""
    return tuple(member for member in event.members if member.via == other)


def member_of(report: Report) -> Member:
    """A report as a member."""
    return Member(
        id=report.member_id,
        what=report.what,
        at_ms=report.at_ms,
        title=report.title,
        excerpt=report.description[:EXCERPT],
        pos=report.pos,
        area=report.area,
        severity=report.severity,
    )


def of_alarm(alarm: Alarm) -> Member:
    """An alarm as a member."""
    return Member(
        id=f"alarm/{alarm.id}",
        what=f"sensor/{alarm.kind}",
        at_ms=alarm.span.raised_ms,
        title=f"{alarm.name_zh} · {alarm.zh}",
        pos=alarm.pos,
        area=alarm.area,
        severity=alarm.severity,
        title_en=f"{alarm.name_en} · {alarm.en}",
    )


def tells_of_something(alarm: Alarm) -> bool:
    """Whether it speaks of the city: what is silent or frozen speaks of the sensor."""
    return alarm.measure in (Measure.VALUE, Measure.RISE) and not alarm.parent


def is_nothing(alarm: Alarm) -> bool:
    """Whether it turned out to be none."""
    return alarm.withdrawn_ms is not None or alarm.false_ms is not None


def of_case(case: Case) -> Member:
    """The report that a case was opened from, as a member."""
    identity = f"{case.source}|{case.external_id}" if case.external_id else f"case|{case.id}"
    return Member(
        id=f"report/{identity}",
        what=f"{case.kind}/{case.type}",
        at_ms=case.opened_ms,
        title=case.title,
        excerpt=case.description[:EXCERPT],
        pos=case.pos,
        area=case.area,
        severity=case.severity,
    )


def sign_of(member: Member) -> Sign:
    """A member as merging looks at it."""
    point = Point(*member.pos) if member.pos else None
    text = f"{member.title} {member.excerpt}"
    return merging.sign(member.id, member.what, member.at_ms, point, text)


def _ordered(members: Iterable[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda member: (member.at_ms, member.id)))


def _join(event: Event, entry: Entry) -> Event:
    assert entry.member
    others = [member for member in event.members if member.id != entry.member.id]
    return replace(event, members=_ordered([*others, entry.member]))


def _leave(event: Event, entry: Entry) -> Event:
    assert entry.member
    gone = entry.member.id
    return replace(event, members=tuple(one for one in event.members if one.id != gone))


def _merge(event: Event, entry: Entry) -> Event:
    come = [replace(member, via=entry.other) for member in entry.members]
    members = _ordered([*event.members, *come])
    return replace(event, members=members, merged=(*event.merged, entry.other))


def _unmerge(event: Event, entry: Entry) -> Event:
    merged = tuple(one for one in event.merged if one != entry.other)
    stay = tuple(member for member in event.members if member.via != entry.other)
    return replace(event, members=stay, merged=merged)


def _absorbed(event: Event, entry: Entry) -> Event:
    return replace(event, into=entry.other)


def _released(event: Event, entry: Entry) -> Event:
    """Those who were split off meanwhile do not come back."""
    back = {member.id for member in entry.members}
    return replace(event, into="", members=tuple(one for one in event.members if one.id in back))


def _case(event: Event, entry: Entry) -> Event:
    return replace(event, case_id=entry.other)


_APPLY = {
    Deed.JOIN: _join,
    Deed.LEAVE: _leave,
    Deed.MERGE: _merge,
    Deed.UNMERGE: _unmerge,
    Deed.ABSORBED: _absorbed,
    Deed.RELEASED: _released,
    Deed.CASE: _case,
}

"""A case (案件): the file of work opened for an event, and the log it is the fold of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from city.case_table import OPEN, CaseState, Move
from city.deadlines import Clock


class Source(StrEnum):
    """Who found it (信息来源)."""

    HOTLINE = "hotline"
    PUBLIC = "public"
    COLLECTOR = "collector"
    SENSOR = "sensor"
    CAMERA = "camera"
    ASSIGNED = "assigned"
    DEPARTMENT = "department"


SOURCES: Mapping[Source, tuple[str, str]] = {
    Source.HOTLINE: ("12345 热线", "12345 hotline"),
    Source.PUBLIC: ("公众举报", "Public"),
    Source.COLLECTOR: ("采集员", "Collector"),
    Source.SENSOR: ("物联感知", "Sensor"),
    Source.CAMERA: ("视频监控", "Camera"),
    Source.ASSIGNED: ("领导交办", "Assigned"),
    Source.DEPARTMENT: ("部门", "Department"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What a seat asks to be done to a case. `version` is what it saw, if it says so."""

    move: Move
    fields: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's log: what was done, by whom, when, with what; never changed."""

    move: Move
    before: CaseState | None
    after: CaseState
    by: str  # account; `system` where nobody did it
    name: str
    role: str
    at_ms: int
    department: str = ""
    reason: str = ""
    rule: str = ""  # of an automatic step: which rule
    facts: Mapping[str, Any] = field(default_factory=dict)  # what the move brought with it

    @property
    def is_automatic(self) -> bool:
        """Whether no person did it."""
        return self.by == "system"


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who told us; personal data, masked for most."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A unit's share of the work: 主办 (lead) or 协办 (co)."""

    department: str
    is_lead: bool
    is_mandatory: bool = True
    state: str = "waiting"  # waiting, handling, done
    assignee: str = ""
    due_ms: int | None = None
    done_ms: int | None = None


PENDING_DEPT, PENDING, APPROVED, REJECTED = "pending_dept", "pending", "approved", "rejected"
LAPSED = "lapsed"  # the case went on without a decision


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for and waits for a decision, or what was decided (回退 延期 挂账 作废 …)."""

    kind: str  # return, extension, suspend, void, settle, force_close, appeal
    status: str  # pending_dept, pending, approved, rejected, lapsed
    by: str
    name: str
    at_ms: int
    reason: str
    department: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    decided_by: str = ""
    decided_ms: int | None = None
    opinion: str = ""

    @property
    def is_waiting(self) -> bool:
        """Whether it is not decided yet."""
        return self.status in (PENDING_DEPT, PENDING)


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock of a case, and what was said of it already."""

    clock: Clock
    is_warned: bool = False
    multiple: int = 0  # how many times its limit it was found to be over


@dataclass(frozen=True, slots=True)
class Evidence:
    """A photo or file: what is known of it; its bytes lie elsewhere under `digest`."""

    digest: str  # SHA-256 of the bytes
    media_type: str
    size: int
    slot: str  # before_photo, guard_photo, after_photo, decision; found, check, other
    by: str
    at_ms: int
    taken_ms: int | None = None  # EXIF
    pos: tuple[float, float] | None = None  # EXIF, WGS-84
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """The fold of a log. Positions are [lon, lat] WGS-84, times ms since 1970 UTC."""

    id: str
    kind: str  # event, component
    type: str  # class + sub-class, four digits
    title: str
    source: str
    external_id: str
    severity: int  # 1 (Ⅰ red) … 4 (Ⅳ blue)
    state: CaseState
    version: int  # number of log entries
    opened_ms: int
    updated_ms: int
    description: str = ""
    pos: tuple[float, float] | None = None
    area: str = ""
    cell: str = ""
    thing: str = ""  # the sensor it began with
    reporter: Reporter = field(default_factory=Reporter)
    author: str = ""
    condition: str = ""  # filing condition
    limit: str = ""  # of handling, as the condition had it when the case was filed
    lead: str = ""
    co: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    timers: tuple[Timer, ...] = ()
    requests: tuple[Request, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    handlers: tuple[str, ...] = ()  # accounts that worked on it: they never check or close it
    collector: str = ""  # who was asked to check
    slots: tuple[str, ...] = ()  # of evidence that must be filled before feedback
    dispatched_ms: int | None = None
    suspended_until_ms: int | None = None
    returned: int = 0
    reworked: int = 0
    reopened: int = 0
    extended: int = 0
    suspended: int = 0
    urged: int = 0
    wrong_dispatches: int = 0
    supervised: Mapping[str, Any] | None = None
    incident: Mapping[str, Any] | None = None  # class and level once raised to an incident
    satisfaction: str = ""
    in_time: bool | None = None  # whether the feedback came in time
    corrections: Mapping[str, Any] = field(default_factory=dict)  # appealed → was, now
    merged_into: str = ""
    merged_from: str = ""  # the state it had before that
    children: tuple[str, ...] = ()  # cases merged into this one
    event_id: str = ""
    closed_ms: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is work to do on it."""
        return self.state in OPEN

    @property
    def timer(self) -> Timer | None:
        """The one clock that is not stopped; at most one is not."""
        return next((one for one in self.timers if one.clock.stopped_ms is None), None)

    def asked(self, kind: str) -> Request | None:
        """The request of that kind that waits for a decision."""
        waiting = (one for one in self.requests if one.kind == kind and one.is_waiting)
        return next(waiting, None)

    def task_of(self, department: str) -> Task | None:
        """A co-unit's share."""
        return next(
            (one for one in self.tasks if one.department == department and not one.is_lead), None
        )

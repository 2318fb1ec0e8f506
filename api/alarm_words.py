"""An alarm, a rule and a load in the words of the API."""

from typing import Any

from api.instants import written
from city.alarm_rules import Rule
from city.alarms import Alarm, Load
from geo.cells import cell_name

Json = dict[str, Any]


def summary(alarm: Alarm, at_ms: int) -> Json:
    """One row of a list."""
    span = alarm.span
    return {
        "id": alarm.id,
        "state": alarm.state(at_ms).value,
        "acknowledged": alarm.is_acknowledged,
        "severity": alarm.severity,
        "highest": span.highest,
        "title": {"zh": alarm.zh, "en": alarm.en},
        "name": {"zh": alarm.name_zh, "en": alarm.name_en},
        "rule": alarm.rule,
        "version": alarm.version,
        "thing": alarm.thing,
        "department": alarm.department,
        "kind": alarm.kind,
        "area": alarm.area or None,
        "cell": cell_name(alarm.cell) or None,
        "pos": list(alarm.pos) if alarm.pos else None,
        "value": span.value,
        "peak": span.peak,
        "limit": alarm.limit,
        "unit": alarm.unit,
        "times": span.times,
        "chattering": span.chatters,
        "in_flood": alarm.in_flood,
        "observed_at": written(span.raised_ms),
        "received_at": written(span.received_ms),
        "raised_at": written(alarm.raised_at_ms),
        "updated_at": written(alarm.updated_at_ms),
        "cleared_at": instant(span.cleared_ms),
        "lists": list(alarm.lists),
        **handled(alarm),
    }


def handled(alarm: Alarm) -> Json:
    """What people did with it, and what stands above and below it."""
    return {
        "acknowledged_at": instant(alarm.acked_ms),
        "owner": alarm.acked_by or None,
        "owner_name": alarm.acked_name or None,
        "assignee": alarm.assignee or None,
        "shelved_until": instant(alarm.shelved_until_ms),
        "shelved_by": alarm.shelved_by or None,
        "reason": alarm.reason or None,
        "false_by": alarm.false_by or None,
        "maintenance": alarm.maintenance or None,
        "suppressed_until": instant(alarm.suppressed_until_ms),
        "parent": alarm.parent or None,
        "children": alarm.children,
        "into": alarm.into or None,
        "case": alarm.case_id or None,
        "event": alarm.event_id or None,
        "escalation": alarm.escalation,
    }


def detail(alarm: Alarm, at_ms: int) -> Json:
    """The whole of it, with what was done and by whom."""
    levels = [{"at": written(at), "severity": severity} for at, severity in alarm.span.levels]
    log = [
        {"at": written(one.at_ms), "deed": one.deed, "by": one.account, "name": one.name,
         "note": one.note}
        for one in alarm.log
    ]  # fmt: skip
    return {**summary(alarm, at_ms), "levels": levels, "log": log}


def rule(one: Rule) -> Json:
    """A row of the registry; a limit that a rule does not have is null."""
    limits = [one.limit_of(severity) for severity in (4, 3, 2, 1)]
    return {
        "id": one.id, "version": one.version, "owner": one.owner or None,
        "title": {"zh": one.zh, "en": one.en}, "measure": one.measure, "kind": one.kind or None,
        "unit": one.unit, "limits": [x if abs(x) != float("inf") else None for x in limits],
        "hold_s": one.hold_s, "clear": one.clear, "basis": one.basis, "source": one.source or None,
        "verified": one.verified, "valid_from": one.valid_from, "things": list(one.things),
    }  # fmt: skip


def load(one: Load) -> Json:
    """What comes in, against what a seat can take."""
    return {
        "recent": one.recent, "limit": one.limit, "flood": one.is_flood,
        "by_severity": dict(zip("1234", one.by_severity, strict=True)),
        "chattering": [{"id": alarm_id, "times": times} for alarm_id, times in one.chattering],
        "suppressed": one.suppressed, "shelved": one.shelved,
    }  # fmt: skip


def instant(ms: int | None) -> str | None:
    """RFC 3339, or nothing."""
    return None if ms is None else written(ms)

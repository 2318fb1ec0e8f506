"""What systems outside are told of a case: CloudEvents 1.0 in structured JSON.

Names of events are ours, grouped as running systems group the steps of a case. `source` and `id`
together are unique (CloudEvents 1.0 §source, §id): whoever receives one twice keeps one.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from city.case_table import Move
from city.cases import Case, Entry
from city.masking import free_text

M = Move
# What is missing is no step of the case: requests, comments, photos, drafts, a co-unit's own work.
NEWS: Mapping[Move, str] = {
    M.REPORT: "reported",
    M.CREATE: "reported",
    M.SEND_VERIFY: "verifying",
    M.VERIFY_TRUE: "verified",
    M.VERIFY_FALSE: "rejected",
    M.DECLINE: "rejected",
    M.REFUSE_REGISTER: "rejected",
    M.ACCEPT: "admitted",
    M.REGISTER: "registered",
    M.DISPATCH: "dispatched",
    M.SIGN: "accepted",
    M.RETURN_TO_ACCEPT: "returned",
    M.RETURN_TO_REGISTER: "returned",
    M.GRANT_RETURN: "returned",
    M.RETURN_TO_CHECK: "returned",
    M.GRANT_EXTENSION: "extended",
    M.GRANT_SUSPEND: "suspended",
    M.RESUME: "resumed",
    M.FEEDBACK: "handled",
    M.SEND_CHECK: "checking",
    M.CHECK_PASS: "checked",
    M.CHECK_FAIL: "reworked",
    M.REJECT_FEEDBACK: "reworked",
    M.REOPEN: "reworked",
    M.CLOSE: "closed",
    M.GRANT_SETTLE: "closed",
    M.GRANT_FORCE_CLOSE: "closed",
    M.MERGE: "merged",
    M.UNMERGE: "unmerged",
    M.GRANT_VOID: "cancelled",
    M.ESCALATE: "escalated",
    M.SUPERVISE: "supervised",
    M.URGE: "urged",
    M.WARN: "warned",
    M.OVERDUE: "overdue",
    M.RATE: "rated",
    M.GRANT_APPEAL: "corrected",
    M.ADD_CO: "assisted",
    M.HAND_OVER: "handed_over",
    M.START_PLAN: "plan_started",
    M.ISSUE_WARNING: "warning_issued",
    M.ORDER: "order",
}
# Facts that are told as they are.
SAID = ("plan", "edition", "linkage", "warning", "message", "order", "unit", "stands")
EVENTS = tuple(sorted(set(NEWS.values())))


def cloud_event(source: str, entry: Entry, case: Case) -> dict[str, Any]:
    """The event of one line of a log; `case` as that line left it."""
    return {
        "specversion": "1.0",
        "id": f"{case.id}/{case.version}",
        "source": source,
        "type": f"cn.citybrain.case.{NEWS[entry.move]}.v1",
        "subject": case.id,
        "time": written(entry.at_ms),
        "datacontenttype": "application/json",
        "data": {**told(case), **done(entry)},
    }


def done(entry: Entry) -> dict[str, Any]:
    """What was done; which person did it is nobody's business outside."""
    return {
        "move": str(entry.move),
        "before": str(entry.before) if entry.before else None,
        "after": str(entry.after),
        "role": entry.role,
        "department": entry.department,
        "is_automatic": entry.is_automatic,
        "reason": free_text(entry.reason),
        **{name: entry.facts[name] for name in SAID if name in entry.facts},
    }


def told(case: Case) -> dict[str, Any]:
    """The case, without who reported it, with personal data in its texts masked."""
    timer = case.timer
    return {
        "case": case.id,
        "version": case.version,
        "kind": case.kind,
        "type": case.type,
        "title": free_text(case.title),
        "description": free_text(case.description),
        "severity": case.severity,
        "found_by": case.source,
        "external_id": case.external_id,
        "pos": list(case.pos) if case.pos else None,
        "area": case.area,
        "cell": case.cell,
        "thing": case.thing,
        "lead": case.lead,
        "co": list(case.co),
        "merged_into": case.merged_into or None,
        "satisfaction": case.satisfaction or None,
        "opened_at": written(case.opened_ms),
        "due_at": written(timer.clock.due_ms) if timer else None,
        "closed_at": written(case.closed_ms) if case.closed_ms is not None else None,
    }


def written(at_ms: int) -> str:
    """An instant by RFC 3339, in UTC."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

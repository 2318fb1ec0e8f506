"""Cases in the words of the API: what is told of one, and of its log."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from api.instants import written
from city.case_bounds import CityFacts
from city.case_moves import allowed
from city.case_scope import sees
from city.cases import Case, Entry, Evidence, Request, Task, Timer
from city.deadlines import multiple
from city.evidence import Media
from city.masking import free_text
from city.masking import reporter as masked_reporter
from city.reports import Report
from city.roles import Actor
from geo.points import Point, distance_m

Json = dict[str, Any]
# These are the clockwork's own, or personal, or said elsewhere.
UNTOLD = frozenset({"id", "timers", "reporter", "slots"})


def summary(case: Case, at_ms: int) -> Json:
    """A case as a list shows it."""
    timer = case.timer
    due_ms = timer.clock.due_ms if timer else None
    return {
        "id": case.id,
        "state": str(case.state),
        "version": case.version,
        "kind": case.kind,
        "type": case.type,
        "title": case.title,
        "severity": case.severity,
        "source": case.source,
        "external_id": case.external_id,
        "pos": list(case.pos) if case.pos else None,
        "area": case.area,
        "cell": case.cell,
        "lead": case.lead,
        "co": list(case.co),
        "opened_at": written(case.opened_ms),
        "updated_at": written(case.updated_ms),
        "closed_at": written(case.closed_ms),
        "due_at": written(due_ms),
        "clock": str(timer.clock.state(at_ms)) if timer else "done",
        "overdue": bool(timer and timer.clock.is_running and at_ms >= timer.clock.due_ms),
        "supervised": case.supervised is not None,
        "merged_into": case.merged_into or None,
        "event_id": case.event_id or None,
    }


def detail(case: Case, log: Iterable[Entry], actor: Actor, city: CityFacts) -> Json:
    """Everything a seat may know of a case, and what it may do with it."""
    at_ms = max(actor.at_ms, case.updated_ms)
    return {
        **summary(case, at_ms),
        **described(case),
        **history(case),
        **may_do(case, actor, city),
        "log": [entry(one) for one in log],
        "deadlines": [deadline(one, at_ms, city) for one in case.timers],
        "tasks": [task(one) for one in case.tasks],
        "requests": [request(one) for one in case.requests],
        "evidence": [piece(one, case) for one in case.evidence],
    }


def may_do(case: Case, actor: Actor, city: CityFacts) -> Json:
    """`allowed`: what may be done now; `moves`: the same with words, and what is grey with why."""
    found = allowed(case, actor, city) if sees(actor.seat, case) else ()
    moves = [
        {
            "move": str(one.move),
            "zh": one.label[0],
            "en": one.label[1],
            "needs": list(one.needs),
            "may": list(one.may),
            "why_not": {"zh": one.reason("zh"), "en": one.reason("en")} if one.why else None,
        }
        for one in found
    ]
    return {"allowed": [str(one.move) for one in found if not one.why], "moves": moves}


def described(case: Case) -> Json:
    """What the matter is."""
    return {
        "description": case.description,
        "thing": case.thing or None,
        "reporter": {"name": case.reporter.name, "phone": case.reporter.phone},
        "condition": case.condition or None,
        "limit": case.limit or None,
        "collector": case.collector or None,
        "supervision": told_times(case.supervised),
        "incident": told_times(case.incident),
        "children": list(case.children),
        "satisfaction": case.satisfaction or None,
        "in_time": case.in_time,
    }


def history(case: Case) -> Json:
    """How often what happened to it."""
    return {
        "returned": case.returned,
        "reworked": case.reworked,
        "reopened": case.reopened,
        "extended": case.extended,
        "suspended": case.suspended,
        "suspended_until": written(case.suspended_until_ms),
        "urged": case.urged,
        "wrong_dispatches": case.wrong_dispatches,
        "corrections": dict(case.corrections),
    }


def told_times(facts: Mapping[str, Any] | None) -> Json | None:
    """The same with instants instead of milliseconds."""
    if facts is None:
        return None
    renamed = {"at_ms": "at", "until": "until"}
    return {
        renamed.get(name, name): written(value) if name in renamed else value
        for name, value in facts.items()
    }


def without_untold(one: Entry) -> Entry:
    """The entry with those facts that are told of it."""
    facts = {name: value for name, value in one.facts.items() if name not in UNTOLD}
    return replace(one, facts=facts)


def entry(one: Entry) -> Json:
    """A line of the log."""
    facts = dict(one.facts)
    if "until" in facts:
        facts["until"] = written(facts["until"])
    return {
        "move": str(one.move),
        "from": str(one.before) if one.before else None,
        "to": str(one.after),
        "by": one.by,
        "name": one.name,
        "role": one.role,
        "department": one.department or None,
        "at": written(one.at_ms),
        "reason": one.reason or None,
        "facts": facts,
    }


def deadline(timer: Timer, at_ms: int, city: CityFacts) -> Json:
    """A clock and how it stands; `used` is its share of the limit, 1 at the end."""
    clock = timer.clock
    return {
        "stage": clock.stage,
        "limit": str(clock.limit),
        "started_at": written(clock.started_ms),
        "warn_at": written(clock.warn_ms),
        "due_at": written(clock.due_ms),
        "stopped_at": written(clock.stopped_ms),
        "paused_at": written(clock.paused_ms),
        "extended_from": [written(one) for one in clock.extended],
        "state": str(clock.state(at_ms)),
        "used": round(multiple(clock, at_ms, city.calendar), 3),
        "times_overdue": timer.multiple,
    }


def task(one: Task) -> Json:
    """A unit's share."""
    return {
        "department": one.department,
        "part": "lead" if one.is_lead else "co",
        "mandatory": one.is_mandatory,
        "state": one.state,
        "assignee": one.assignee or None,
        "due_at": written(one.due_ms),
        "done_at": written(one.done_ms),
    }


def request(one: Request) -> Json:
    """Something asked for, and what became of it."""
    fields = {name: written(value) if name == "until" else value
              for name, value in one.fields.items()}  # fmt: skip
    return {
        "kind": one.kind,
        "status": one.status,
        "by": one.by,
        "name": one.name,
        "department": one.department or None,
        "at": written(one.at_ms),
        "reason": one.reason,
        "fields": fields,
        "decided_by": one.decided_by or None,
        "decided_at": written(one.decided_ms),
        "opinion": one.opinion or None,
    }


def piece(one: Evidence, case: Case) -> Json:
    """A piece of evidence; where it was taken is told only as how far from the case (metres)."""
    path = f"/api/v1/cases/{case.id}/evidence/{one.digest}"
    is_picture = Media(one.media_type).is_picture
    away = distance_m(Point(*one.pos), Point(*case.pos)) if one.pos and case.pos else None
    return {
        "digest": one.digest,
        "media_type": one.media_type,
        "size": one.size,
        "slot": one.slot,
        "by": one.by,
        "at": written(one.at_ms),
        "taken_at": written(one.taken_ms),
        "distance_m": round(away) if away is not None else None,
        "caption": one.caption,
        "view": f"{path}?size=view",
        "thumb": f"{path}?size=thumb" if is_picture else None,
    }


def report(case: Case) -> Json:
    """What somebody told, as one of the reports of a case."""
    return {
        "case": case.id,
        "source": case.source,
        "external_id": case.external_id or None,
        "title": case.title,
        "description": case.description,
        "at": written(case.opened_ms),
        "reporter": {"name": case.reporter.name, "phone": case.reporter.phone},
    }


def joined_report(told: Report, case: Case) -> Json:
    """What somebody told of the same, after the case was opened."""
    return {
        "case": case.id,
        "source": told.source,
        "external_id": told.external_id,
        "title": free_text(told.title),
        "description": free_text(told.description),
        "at": written(told.at_ms),
        "reporter": asdict(masked_reporter(told.reporter)),
    }

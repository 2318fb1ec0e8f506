"""Plans in the words of the API: the library, and what is under way."""

from typing import Any

from api.instants import written
from city.notices import Notice, Seen
from city.plan_runs import PlanTask, Run, RunEntry, Tick
from city.plans import Linkage, Plan, Step, Words

Json = dict[str, Any]


def said(words: Words) -> Json:
    """A text in both languages."""
    return {"zh": words[0], "en": words[1]}


def plan(one: Plan) -> Json:
    """A plan of the library."""
    return {
        "id": one.id,
        "zh": one.zh,
        "en": one.en,
        "version": one.version,
        "types": list(one.types),
        "mildest": one.mildest,
        "steps": [step(each, number) for number, each in enumerate(one.steps, 1)],
        "advice": [said(each) for each in one.advice],
        "origin": one.origin._asdict(),
    }


def step(one: Step, number: int) -> Json:
    """One step; limits in minutes after the start."""
    return {
        "id": one.id,
        "number": number,
        "zh": one.zh,
        "en": one.en,
        "part": str(one.part),
        "department": one.department or None,
        "skills": list(one.skills),
        "after": list(one.after),
        "arrive_within_min": one.arrive_within_min,
        "handle_within_min": one.handle_within_min,
        "mandatory": one.is_mandatory,
        "checklist": [said(each) for each in one.checklist],
    }


def linkage(one: Linkage) -> Json:
    """A linkage list."""
    return {
        "id": one.id,
        "zh": one.zh,
        "en": one.en,
        "types": list(one.types),
        "sources": list(one.sources),
        "mildest": one.mildest,
        "plan": one.plan,
        "inform": list(one.inform),
    }


def run(one: Run) -> Json:
    """A plan on a case."""
    return {
        "plan": one.plan,
        "version": one.version,
        "zh": one.zh,
        "en": one.en,
        "started_at": written(one.started_ms),
        "by": one.by,
        "name": one.by_name,
        "linkage": one.linkage or None,
        "ended_at": written(one.ended_ms),
        "advice": [said(each) for each in one.advice],
        "tasks": [task(each) for each in one.tasks],
        "log": [entry(each) for each in one.log],
    }


def task(one: PlanTask) -> Json:
    """One task; `late` names the limits that were not kept."""
    return {
        "id": one.id,
        "number": one.number,
        "zh": one.zh,
        "en": one.en,
        "part": str(one.part),
        "department": one.department or None,
        "state": str(one.state),
        "skills": list(one.skills),
        "after": list(one.after),
        "mandatory": one.is_mandatory,
        "arrive_by": written(one.arrive_by_ms),
        "due_at": written(one.due_ms),
        "ready_at": written(one.ready_ms),
        "arrived_at": written(one.arrived_ms),
        "done_at": written(one.done_ms),
        "done_by": one.done_by or None,
        "done_name": one.done_name or None,
        "orders": list(one.order_ids),
        "late": list(one.late),
        "checklist": [tick(each) for each in one.checklist],
    }


def tick(one: Tick) -> Json:
    """One item of a checklist."""
    return {"zh": one.zh, "en": one.en, "by": one.by or None, "name": one.name or None,
            "at": written(one.at_ms)}  # fmt: skip


def entry(one: RunEntry) -> Json:
    """One line of what happened."""
    return {"at": written(one.at_ms), "by": one.by, "name": one.name, "deed": one.deed,
            "task": one.task or None, "note": one.note or None}  # fmt: skip


def notice(one: Notice, seen: Seen | None) -> Json:
    """What a department was told."""
    return {
        "id": one.id,
        "case_id": one.case_id,
        "department": one.department,
        "zh": one.zh,
        "en": one.en,
        "at": written(one.at_ms),
        "task": one.task or None,
        "due_at": written(one.due_ms),
        "seen_by": seen.by if seen else None,
        "seen_at": written(seen.at_ms) if seen else None,
    }

"""What each move changes of a case beside its state: one small function, one line of the table."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from city.case_table import Move
from city.cases import Case, Entry, Evidence, Task

Effect = Callable[[Case, Entry], Case]


def unchanged(case: Case, _entry: Entry) -> Case:
    """A move that only leads from state to state."""
    return case


def sent_back(case: Case, _entry: Entry) -> Case:
    """Once more a desk gave it back."""
    return replace(case, returned=case.returned + 1)


def filed(case: Case, entry: Entry) -> Case:
    """The condition is chosen, and with it the limit."""
    facts = entry.facts
    return replace(
        case,
        condition=facts.get("condition", ""),
        limit=facts.get("limit", ""),
        slots=tuple(facts.get("slots", ())),
    )


def dispatched(case: Case, entry: Entry) -> Case:
    """Lead and co-units have their shares, due with the clock of handling."""
    facts = entry.facts
    co, optional = tuple(facts.get("co", ())), set(facts.get("co_optional", ()))
    due_ms = facts["timers"][-1][1]["clock"]["due_ms"]
    lead = Task(facts["lead"], is_lead=True, due_ms=due_ms)
    helping = [Task(one, False, one not in optional, due_ms=due_ms) for one in co]
    return replace(
        case, lead=facts["lead"], co=co, tasks=(lead, *helping), dispatched_ms=entry.at_ms
    )


def misdirected(case: Case, _entry: Entry) -> Case:
    """The dispatch was wrong; nobody has the case until the next."""
    return replace(
        case, lead="", co=(), tasks=(), dispatched_ms=None, returned=case.returned + 1,
        wrong_dispatches=case.wrong_dispatches + 1,
    )  # fmt: skip


def signed(case: Case, _entry: Entry) -> Case:
    """The lead unit works on it."""
    return with_task(case, case.lead, state="handling")


def assigned(case: Case, entry: Entry) -> Case:
    """Somebody of the lead unit has it."""
    return with_task(case, case.lead, assignee=entry.facts["assignee"])


def fed_back(case: Case, entry: Entry) -> Case:
    """The lead unit is done, in time or not."""
    timer = case.timer
    in_time = timer is None or entry.at_ms <= timer.clock.due_ms
    done = with_task(case, case.lead, state="done", done_ms=entry.at_ms)
    return replace(done, in_time=in_time)


def co_signed(case: Case, entry: Entry) -> Case:
    """A co-unit works on it."""
    return with_task(case, entry.department, state="handling")


def co_fed_back(case: Case, entry: Entry) -> Case:
    """A co-unit is done."""
    return with_task(case, entry.department, state="done", done_ms=entry.at_ms)


def helped(case: Case, entry: Entry) -> Case:
    """More co-units, due with the lead unit."""
    co, optional = tuple(entry.facts["co"]), set(entry.facts.get("co_optional", ()))
    due_ms = next((one.due_ms for one in case.tasks if one.is_lead), None)
    more = [Task(one, False, one not in optional, due_ms=due_ms) for one in co]
    return replace(case, co=(*case.co, *co), tasks=(*case.tasks, *more))


def handed_over(case: Case, entry: Entry) -> Case:
    """Another unit leads, within the same limit; if it helped before, it does no more."""
    lead = entry.facts["lead"]
    due_ms = next((one.due_ms for one in case.tasks if one.is_lead), None)
    helping = [one for one in case.tasks if not one.is_lead and one.department != lead]
    return replace(
        case, lead=lead, co=tuple(one for one in case.co if one != lead),
        tasks=(Task(lead, is_lead=True, due_ms=due_ms), *helping), dispatched_ms=entry.at_ms,
    )  # fmt: skip


def with_task(case: Case, department: str, **changes: Any) -> Case:
    """The same case with one unit's share changed."""
    tasks = [replace(one, **changes) if one.department == department else one for one in case.tasks]
    return replace(case, tasks=tuple(tasks))


def to_redo(case: Case, _entry: Entry) -> Case:
    """The lead unit is not done after all."""
    return with_task(case, case.lead, state="handling", done_ms=None)


def failed_check(case: Case, entry: Entry) -> Case:
    """返工: it is done again."""
    return replace(to_redo(case, entry), reworked=case.reworked + 1)


def reopened(case: Case, entry: Entry) -> Case:
    """重办: it counts as work done again, and the reporter will be asked again."""
    return replace(
        to_redo(case, entry), reopened=case.reopened + 1, reworked=case.reworked + 1,
        satisfaction="",
    )  # fmt: skip


def extended(case: Case, entry: Entry) -> Case:
    """The lead unit has more time."""
    due_ms = entry.facts["timers"][-1][1]["clock"]["due_ms"]
    longer = with_task(case, case.lead, due_ms=due_ms)
    return replace(longer, extended=case.extended + 1)


def suspended(case: Case, _entry: Entry) -> Case:
    """挂账 until the day that was asked for."""
    request = case.asked("suspend")
    until_ms = request.fields["until"] if request else None
    return replace(case, suspended=case.suspended + 1, suspended_until_ms=until_ms)


def resumed(case: Case, _entry: Entry) -> Case:
    """It goes on."""
    return replace(case, suspended_until_ms=None)


def to_check(case: Case, entry: Entry) -> Case:
    """Somebody may be named to check it."""
    return replace(case, collector=entry.facts.get("collector", ""))


def rated(case: Case, entry: Entry) -> Case:
    """What the reporter said."""
    return replace(case, satisfaction=entry.facts["satisfaction"])


def supervised(case: Case, entry: Entry) -> Case:
    """督办: shown red, with who, why and until when."""
    facts = {name: entry.facts[name] for name in ("until", "level") if name in entry.facts}
    by = {"by": entry.by, "name": entry.name, "at_ms": entry.at_ms, "reason": entry.reason}
    return replace(case, supervised={**by, **facts})


def urged(case: Case, _entry: Entry) -> Case:
    """催办."""
    return replace(case, urged=case.urged + 1)


def escalated(case: Case, entry: Entry) -> Case:
    """平→急: an incident with class and level."""
    facts = {name: entry.facts[name] for name in ("class", "level")}
    return replace(case, incident={**facts, "by": entry.by, "at_ms": entry.at_ms})


def merged(case: Case, entry: Entry) -> Case:
    """Closed as a duplicate, and where it came from."""
    return replace(case, merged_into=entry.facts["into"], merged_from=case.state)


def unmerged(case: Case, _entry: Entry) -> Case:
    """It stands on its own again."""
    return replace(case, merged_into="", merged_from="")


def absorbing(case: Case, entry: Entry) -> Case:
    """Another case is merged into it."""
    return replace(case, children=(*case.children, entry.facts["child"]))


def releasing(case: Case, entry: Entry) -> Case:
    """Another case is no longer merged into it."""
    left = tuple(one for one in case.children if one != entry.facts["child"])
    return replace(case, children=left)


def corrected(case: Case, _entry: Entry) -> Case:
    """The figure is put right; what it was is kept beside it."""
    request = case.asked("appeal")
    about = request.fields["about"] if request else "overdue"
    was_now = {
        "overdue": {"was": case.in_time, "now": True},
        "rework": {"was": case.reworked, "now": max(0, case.reworked - 1)},
    }
    return replace(case, corrections={**case.corrections, about: was_now[about]})


def attached(case: Case, entry: Entry) -> Case:
    """More evidence."""
    pieces = [piece_of(plain, entry) for plain in entry.facts["evidence"]]
    return replace(case, evidence=(*case.evidence, *pieces))


def piece_of(plain: Mapping[str, Any], entry: Entry) -> Evidence:
    """A piece of evidence as an order describes it."""
    given: dict[str, Any] = {"media_type": "", "size": 0, "slot": "other", **plain, "by": entry.by,
             "at_ms": entry.at_ms}  # fmt: skip
    known = {name: given[name] for name in Evidence.__dataclass_fields__ if name in given}
    pos = known.get("pos")
    known["pos"] = (pos[0], pos[1]) if isinstance(pos, (list, tuple)) else None
    return Evidence(**known)


EFFECTS: Mapping[Move, Effect] = {
    Move.RETURN_TO_ACCEPT: sent_back,
    Move.REGISTER: filed,
    Move.DISPATCH: dispatched,
    Move.RETURN_TO_REGISTER: sent_back,
    Move.SIGN: signed,
    Move.GRANT_RETURN: misdirected,
    Move.ASSIGN_INSIDE: assigned,
    Move.GRANT_EXTENSION: extended,
    Move.GRANT_SUSPEND: suspended,
    Move.RESUME: resumed,
    Move.FEEDBACK: fed_back,
    Move.CO_SIGN: co_signed,
    Move.CO_FEEDBACK: co_fed_back,
    Move.REJECT_FEEDBACK: to_redo,
    Move.ADD_CO: helped,
    Move.HAND_OVER: handed_over,
    Move.SEND_CHECK: to_check,
    Move.CHECK_FAIL: failed_check,
    Move.RATE: rated,
    Move.REOPEN: reopened,
    Move.SUPERVISE: supervised,
    Move.URGE: urged,
    Move.ESCALATE: escalated,
    Move.MERGE: merged,
    Move.UNMERGE: unmerged,
    Move.ABSORB: absorbing,
    Move.RELEASE: releasing,
    Move.GRANT_APPEAL: corrected,
    Move.ATTACH: attached,
}

"""The clocks of a case: which one runs in which state, and what a move does to it.

At most one runs. What it came to is written into the log with the move, so that a calendar that
changes later does not change what was promised, and a log replayed gives the same ends.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from city import deadlines
from city.case_bounds import UNSTATED_LIMIT, URGENT, CityFacts
from city.case_table import CaseState, Move
from city.cases import Case, Timer
from city.deadlines import Clock, from_ms, to_ms
from city.limits import Limit, after

S = CaseState
HANDLE = "handle"
STAGES: Mapping[CaseState, str] = {
    S.REPORTED: "accept",
    S.VERIFYING: "verify",
    S.PENDING_REGISTER: "file",
    S.PENDING_DISPATCH: "dispatch",
    S.PENDING_HANDLE: HANDLE,
    S.HANDLING: HANDLE,
    S.SUSPENDED: HANDLE,
    S.PENDING_CHECK: "check",
    S.CHECKING: "check",
    S.PENDING_CLOSE: "close",
}
STAGE_NAMES: Mapping[str, tuple[str, str]] = {
    "accept": ("受理", "acceptance"),
    "verify": ("核实", "verification"),
    "file": ("立案", "filing"),
    "dispatch": ("派遣", "dispatch"),
    HANDLE: ("处置", "handling"),
    "check": ("核查", "check"),
    "close": ("结案", "closing"),
}
REDONE = frozenset({Move.CHECK_FAIL, Move.REOPEN})  # handled again, in a shorter time
TAKEN_UP = frozenset({Move.REJECT_FEEDBACK, Move.UNMERGE})  # goes on where its clock stopped
Changes = dict[int, Timer]  # place among a case's timers → what stands there now


def clocked(case: Case, move: Move, target: CaseState, at_ms: int, city: CityFacts) -> Changes:
    """What a move from state to state does to the clocks."""
    before, stage = STAGES.get(case.state), STAGES.get(target)
    if stage != before:
        return {**stopped(case, at_ms, city), **begun(case, move, target, at_ms, city)}
    if target is S.SUSPENDED and case.state is not target:
        return changed(case, lambda clock: deadlines.pause(clock, at_ms))
    if case.state is S.SUSPENDED and target is not case.state:
        return changed(case, lambda clock: deadlines.resume(clock, at_ms, city.calendar))
    return {}


def stopped(case: Case, at_ms: int, city: CityFacts) -> Changes:
    """The stage that ends here."""
    return changed(case, lambda clock: deadlines.stop(clock, at_ms, city.calendar))


def changed(case: Case, change: Any) -> Changes:
    """The running timer with another clock; nothing where none runs."""
    for place, timer in enumerate(case.timers):
        if timer.clock.stopped_ms is None:
            return {place: replace(timer, clock=change(timer.clock))}
    return {}


def begun(case: Case, move: Move, target: CaseState, at_ms: int, city: CityFacts) -> Changes:
    """The stage that begins here."""
    stage = STAGES.get(target)
    if stage is None:
        return {}
    if move in TAKEN_UP and (former := last_of(case, stage)) is not None:
        return {former: taken_up(case.timers[former], at_ms, city)}
    limit = limit_of(case, move, stage, city)
    return {len(case.timers): Timer(deadlines.start(stage, limit, at_ms, city.calendar))}


def last_of(case: Case, stage: str) -> int | None:
    """Where the newest timer of a stage stands."""
    places = [place for place, timer in enumerate(case.timers) if timer.clock.stage == stage]
    return places[-1] if places else None


def taken_up(timer: Timer, at_ms: int, city: CityFacts) -> Timer:
    """It goes on with what was left when it was stopped; the time between is not charged."""
    waiting = replace(timer.clock, paused_ms=timer.clock.stopped_ms, stopped_ms=None)
    return replace(timer, clock=deadlines.resume(waiting, at_ms, city.calendar))


def limit_of(case: Case, move: Move, stage: str, city: CityFacts) -> Limit:
    """How long a stage may take."""
    is_urgent = case.severity <= URGENT or case.incident is not None
    if stage != HANDLE:
        return city.in_its_time(city.stage_limit(stage, case.severity), is_urgent)
    limit = Limit.parse(case.limit or UNSTATED_LIMIT)
    share = city.bounds.rework_share if move in REDONE else 1
    return city.in_its_time(Limit(limit.value * share, limit.unit), is_urgent)


def extended(case: Case, by: str, at_ms: int, city: CityFacts) -> Changes:
    """延期: the running clock ends later, and will warn again."""
    longer = changed(
        case, lambda clock: deadlines.extend(clock, Limit.parse(by), at_ms, city.calendar)
    )
    return {place: replace(timer, is_warned=False, multiple=0) for place, timer in longer.items()}


def due_rows(case: Case, city: CityFacts) -> dict[str, int]:
    """What has to be done to a case when, by time alone: warn, overdue, resume."""
    timer = case.timer
    if timer is None:
        return {}
    if case.state is S.SUSPENDED:
        return {"resume": case.suspended_until_ms} if case.suspended_until_ms else {}
    rows = timer.clock.rows()
    if timer.is_warned or timer.multiple:
        rows.pop("warn", None)
    if timer.multiple:
        rows.pop("overdue", None)
    if 0 < timer.multiple < city.bounds.multiples:
        rows["overdue"] = over_ms(timer.clock, timer.multiple + 1, city)
    return rows


def over_ms(clock: Clock, multiple: int, city: CityFacts) -> int:
    """When a clock will have taken so many times its limit; once is its end."""
    more = clock.limit.amount * (multiple - 1)
    due = from_ms(clock.due_ms)
    return to_ms(after(due, more, clock.limit.unit, city.calendar)) if more else clock.due_ms


def times_over(timer: Timer, at_ms: int, city: CityFacts) -> int:
    """How many times its limit a clock is over at an instant; 0 before its end."""
    count = timer.multiple
    most = city.bounds.multiples
    while count < most and over_ms(timer.clock, count + 1, city) <= at_ms:
        count += 1
    return count


def told(changes: Changes) -> list[list[Any]]:
    """The changes as a log entry keeps them."""
    return [
        [place, {"clock": timer.clock.plain(), "is_warned": timer.is_warned,
                 "multiple": timer.multiple}]
        for place, timer in changes.items()
    ]  # fmt: skip


def timers_after(case: Case, facts: Mapping[str, Any]) -> tuple[Timer, ...]:
    """The timers of a case with the changes that an entry tells."""
    timers = list(case.timers)
    for place, plain in facts.get("timers", ()):
        timer = Timer(Clock.of(plain["clock"]), plain["is_warned"], plain["multiple"])
        timers[place : place + 1] = [timer]
    return tuple(timers)

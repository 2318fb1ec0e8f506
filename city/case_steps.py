"""The seven steps of a case as its log tells them: what is done, what is under way, what comes.

A case that goes back begins a new row; what was done before is never overwritten (返工 ×1).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from city.case_table import ENDED, RULES, STATES, CaseState, Move, Stage
from city.cases import Case, Entry
from city.roles import Role

STAGES: tuple[Stage, ...] = tuple(Stage)
PLACE: Mapping[Stage, int] = {stage: place for place, stage in enumerate(STAGES)}
# The move that ends a step, and so names who has to make it.
ENDS: Mapping[Stage, Move] = {
    Stage.FOUND: Move.ACCEPT,
    Stage.FILED: Move.REGISTER,
    Stage.DISPATCHED: Move.DISPATCH,
    Stage.HANDLED: Move.FEEDBACK,
    Stage.CHECKED: Move.CHECK_PASS,
    Stage.CLOSED: Move.CLOSE,
    Stage.RATED: Move.RATE,
}
# What is worth a line inside a step.
NOTED = frozenset({Move.SIGN, Move.FEEDBACK, Move.ACCEPT, Move.SEND_CHECK, Move.CO_FEEDBACK})
DONE, NOW, NEXT, ENDED_HERE = "done", "now", "next", "ended"
PAST = "past"  # of an earlier pass


@dataclass(frozen=True, slots=True)
class Step:
    """One of the seven: `since_ms` is when it began, `at_ms` when it was done."""

    stage: Stage
    state: str = NEXT
    entry: Entry | None = None  # by which it was done
    since_ms: int | None = None
    notes: Sequence[Entry] = ()
    who: Sequence[Role] = ()  # may make the move that ends it

    @property
    def lasted_ms(self) -> int | None:
        """How long it took."""
        if self.entry is None or self.since_ms is None:
            return None
        return self.entry.at_ms - self.since_ms


@dataclass(frozen=True, slots=True)
class Round:
    """One pass through the steps; `back` is the entry that sent the case back, if one did."""

    back: Entry | None
    steps: Mapping[Stage, Step] = field(default_factory=dict)

    def with_step(self, step: Step) -> "Round":
        """The same with one step changed."""
        return replace(self, steps={**self.steps, step.stage: step})


def place_of(state: CaseState) -> int:
    """0 for 发现 … 6 for 评价."""
    return PLACE[STATES[state][2]]


def rounds(case: Case, log: Sequence[Entry]) -> list[Round]:
    """All passes, the newest last; the newest tells where the case stands and what is to come."""
    told = list(walked(log))
    if not told:
        return [Round(None)]
    told[-1] = finished(case, told[-1])
    return told


def walked(log: Sequence[Entry]) -> Iterator[Round]:
    """The log, parted where the case goes back."""
    now, since_ms, here = Round(None), 0, 0
    for entry in log:
        there = place_of(entry.after)
        if entry.before is None:
            now, since_ms, here = begun(now, entry), entry.at_ms, there
        elif there < here:
            yield now
            now, since_ms, here = Round(entry), entry.at_ms, there
        elif there > here:
            now = passed(now, entry, range(here, there), since_ms)
            since_ms, here = entry.at_ms, there
        now = noted(now, entry)
    yield now.with_step(opened(now, STAGES[here], since_ms))


def begun(now: Round, entry: Entry) -> Round:
    """发现 is done the moment that a case is opened."""
    return now.with_step(Step(Stage.FOUND, DONE, entry))


def passed(now: Round, entry: Entry, places: range, since_ms: int) -> Round:
    """The steps that an entry ends; one that was leapt over has no time of its own."""
    for place in places:
        stage = STAGES[place]
        former = now.steps.get(stage, Step(stage))
        if former.state == DONE:
            continue
        own_ms = since_ms if place == places[0] else None
        now = now.with_step(replace(former, state=DONE, entry=entry, since_ms=own_ms))
    return now


def noted(now: Round, entry: Entry) -> Round:
    """A line inside the step that is under way."""
    if entry.move not in NOTED or entry.before is None:
        return now
    stage = max(STATES[entry.before][2], Stage.FILED, key=PLACE.__getitem__)
    step = now.steps.get(stage, Step(stage))
    return now.with_step(replace(step, notes=(*step.notes, entry)))


def opened(now: Round, stage: Stage, since_ms: int) -> Step:
    """The step that is under way since then; what is found waits to be filed."""
    stage = Stage.FILED if stage is Stage.FOUND else stage
    step = now.steps.get(stage, Step(stage))
    state = NOW if step.state == NEXT else step.state
    return replace(step, state=state, since_ms=step.since_ms or since_ms)


def finished(case: Case, last: Round) -> Round:
    """The newest pass with what is to come, or with its end."""
    here = max(place_of(case.state), PLACE[Stage.FILED])
    if case.state in ENDED and STAGES[here] is not Stage.RATED:
        step = last.steps.get(STAGES[here], Step(STAGES[here]))
        return last.with_step(replace(step, state=ENDED_HERE))
    if case.satisfaction:
        step = last.steps.get(Stage.RATED, Step(Stage.RATED))
        last = last.with_step(replace(step, state=DONE))
    for stage in STAGES:
        step = last.steps.get(stage, Step(stage))
        if PLACE[stage] >= here:
            step = replace(step, who=enders(case, stage))
        elif step.state == NEXT:
            step = replace(step, state=PAST)
        last = last.with_step(step)
    return last


def enders(case: Case, stage: Stage) -> tuple[Role, ...]:
    """The posts that can end a step; a case that was only found is accepted first."""
    is_new = stage is Stage.FILED and place_of(case.state) == PLACE[Stage.FOUND]
    move = Move.ACCEPT if is_new else ENDS[stage]
    return tuple(role for role in Role if role in RULES[move].roles)

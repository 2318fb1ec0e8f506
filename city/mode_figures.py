"""Figures of a span of time: cases, alarms, orders; the same for an emergency as for any day.

What counts is when a thing began: a case or alarm belongs to the mode in which it was opened, so
the figures of the modes add up to the whole, and an exercise never stands among the real ones.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from city.alarms import Alarm
from city.case_table import CaseState
from city.cases import Case
from city.mode import Mode, Span, mode_at

NINE_TENTHS = 0.9
LEVELS = (1, 2, 3, 4)
CLOSED = frozenset({CaseState.CLOSED, CaseState.FORCED_CLOSE})
NOT_COUNTED = frozenset({CaseState.DRAFT, CaseState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Durations:
    """How long something took, in ms: how often, the middle, nine in ten, the longest."""

    count: int = 0
    median_ms: int | None = None
    p90_ms: int | None = None
    longest_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Cases that were opened in a span, and how far they are."""

    opened: int = 0
    by_level: Mapping[int, int] = field(default_factory=dict)
    by_area: Mapping[str, int] = field(default_factory=dict)
    by_type: Mapping[str, int] = field(default_factory=dict)
    closed: int = 0
    open: int = 0
    in_time: int = 0  # of those whose handling has ended
    late: int = 0
    stages: Mapping[str, Durations] = field(default_factory=dict)  # stages that have ended


@dataclass(frozen=True, slots=True)
class AlarmFigures:
    """Alarms that were raised in a span."""

    raised: int = 0
    by_level: Mapping[int, int] = field(default_factory=dict)
    acknowledged: Durations = field(default_factory=Durations)
    unacknowledged: int = 0
    escalated: int = 0
    filed: int = 0
    false: int = 0


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """An order as figures need it: when each step was reached, 0 for never."""

    sent_ms: int
    accepted_ms: int = 0
    on_scene_ms: int = 0
    done_ms: int = 0
    is_refused: bool = False
    is_unanswered: bool = False


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """Orders that were sent in a span."""

    sent: int = 0
    refused: int = 0
    unanswered: int = 0
    done: int = 0
    answered: Durations = field(default_factory=Durations)
    arrived: Durations = field(default_factory=Durations)
    finished: Durations = field(default_factory=Durations)


@dataclass(frozen=True, slots=True)
class Figures:
    """All of a span."""

    cases: CaseFigures = field(default_factory=CaseFigures)
    alarms: AlarmFigures = field(default_factory=AlarmFigures)
    orders: OrderFigures = field(default_factory=OrderFigures)


def durations(spans: Iterable[int]) -> Durations:
    """Of some spans in ms; those below zero (a clock that was wrong) are left out."""
    known = sorted(one for one in spans if one >= 0)
    if not known:
        return Durations()
    return Durations(len(known), at_share(known, 0.5), at_share(known, NINE_TENTHS), known[-1])


def at_share(known: Sequence[int], share: float) -> int:
    """The value below or at which so many lie (nearest rank)."""
    rank = -(-len(known) * round(share * 1000) // 1000)
    return known[max(0, min(len(known), rank) - 1)]


def figures(
    cases: Iterable[Case], alarms: Iterable[Alarm], orders: Iterable[OrderTimes] = ()
) -> Figures:
    """Everything that began in a span."""
    return Figures(case_figures(list(cases)), alarm_figures(list(alarms)),
                   order_figures(list(orders)))  # fmt: skip


def case_figures(cases: Sequence[Case]) -> CaseFigures:
    """Of some cases; drafts and voided ones do not count."""
    counted = [one for one in cases if one.state not in NOT_COUNTED]
    judged = [one.in_time for one in counted if one.in_time is not None]
    return CaseFigures(
        opened=len(counted),
        by_level=by_level(one.severity for one in counted),
        by_area=most_first(one.area for one in counted),
        by_type=most_first(one.type for one in counted),
        closed=sum(one.state in CLOSED for one in counted),
        open=sum(one.is_open for one in counted),
        in_time=sum(judged),
        late=len(judged) - sum(judged),
        stages=stage_figures(counted),
    )


def stage_figures(cases: Iterable[Case]) -> Mapping[str, Durations]:
    """How long each stage took, pauses left out."""
    spans: dict[str, list[int]] = {}
    for case in cases:
        for stage, span in ended_stages(case):
            spans.setdefault(stage, []).append(span)
    return {stage: durations(found) for stage, found in spans.items()}


def ended_stages(case: Case) -> Iterator[tuple[str, int]]:
    """The stages of a case that are over, and how many ms they took."""
    for one in (timer.clock for timer in case.timers):
        if one.stopped_ms is not None:
            paused = sum(end - start for start, end in one.pauses)
            yield one.stage, one.stopped_ms - one.started_ms - paused


def alarm_figures(alarms: Sequence[Alarm]) -> AlarmFigures:
    """Of some alarms; those that turned out to be none do not count."""
    counted = [one for one in alarms if one.withdrawn_ms is None]
    seen = [one.acked_ms - one.raised_at_ms for one in counted if one.acked_ms is not None]
    return AlarmFigures(
        raised=len(counted),
        by_level=by_level(one.span.highest for one in counted),
        acknowledged=durations(seen),
        unacknowledged=len(counted) - len(seen),
        escalated=sum(one.escalation > 0 for one in counted),
        filed=sum(bool(one.case_id) for one in counted),
        false=sum(one.false_ms is not None for one in counted),
    )


def order_figures(orders: Sequence[OrderTimes]) -> OrderFigures:
    """Of some orders."""
    return OrderFigures(
        sent=len(orders),
        refused=sum(one.is_refused for one in orders),
        unanswered=sum(one.is_unanswered for one in orders),
        done=sum(bool(one.done_ms) for one in orders),
        answered=durations(one.accepted_ms - one.sent_ms for one in orders if one.accepted_ms),
        arrived=durations(one.on_scene_ms - one.sent_ms for one in orders if one.on_scene_ms),
        finished=durations(one.done_ms - one.sent_ms for one in orders if one.done_ms),
    )


def by_level(levels: Iterable[int]) -> Mapping[int, int]:
    """How many of each level, the worst first; none is said as 0."""
    found = Counter(levels)
    return {level: found[level] for level in LEVELS}


def most_first(words: Iterable[str]) -> Mapping[str, int]:
    """How many of each, the most first."""
    return dict(Counter(words).most_common())


def apart(
    cases: Iterable[Case],
    alarms: Iterable[Alarm],
    orders: Iterable[OrderTimes],
    spans: Sequence[Span],
) -> Mapping[Mode, Figures]:
    """The same of each mode: everything stands in the one in which it began, and in no other."""
    by_case: dict[Mode, list[Case]] = {mode: [] for mode in Mode}
    by_alarm: dict[Mode, list[Alarm]] = {mode: [] for mode in Mode}
    by_order: dict[Mode, list[OrderTimes]] = {mode: [] for mode in Mode}
    for case in cases:
        by_case[mode_at(spans, case.opened_ms)].append(case)
    for alarm in alarms:
        by_alarm[mode_at(spans, alarm.raised_at_ms)].append(alarm)
    for order in orders:
        by_order[mode_at(spans, order.sent_ms)].append(order)
    return {mode: figures(by_case[mode], by_alarm[mode], by_order[mode]) for mode in Mode}

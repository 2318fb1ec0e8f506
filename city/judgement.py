"""The judgement: a pure fold of the readings of one thing by one rule, in the order of the world.

The order is (observed, sequence); whoever calls sees to it (`city.watching`). A level is on from
the reading that reaches its limit until one falls back beyond the limit by the rule's `clear`;
it counts once it has been on for `hold_s`. What returns soon after it cleared is the same alarm
once more (×n), so that a chattering sensor is one row.
"""

from typing import NamedTuple

from city.alarm_rules import Measure, Rule

REPEAT_MS = 600_000  # what returns within this is the same alarm again
CHATTERS_FROM = 3  # episodes within REPEAT_MS
LEVELS_KEPT = 32
MINUTE_MS = 60_000.0
FORGET_MS = 3_600_000  # a reading further back than this says nothing of the next one

Since = int | None
Levels = tuple[Since, Since, Since, Since]  # blue to red
ALL_OFF: Levels = (None, None, None, None)


class Fact(NamedTuple):
    """A reading as the judge needs it: times in ms, position in 1e-7 degrees."""

    at_ms: int
    seq: int
    value: float = float("nan")
    lon: int = 0
    lat: int = 0
    cell: int = 0
    area: int = 0
    received_ms: int = 0

    @property
    def key(self) -> tuple[int, int]:
        """Its place in the order, and its identity."""
        return self.at_ms, self.seq


class Span(NamedTuple):
    """What the judge says of one alarm: episodes that follow each other closely."""

    raised_ms: int
    received_ms: int  # when we had the reading that raised it
    severity: int  # 1 (red) … 4 (blue) now, 0 once it has cleared
    highest: int
    value: float  # the measure at the last change
    peak: float  # the worst measure so far
    changed_ms: int
    cleared_ms: Since = None
    times: int = 1  # episodes
    raises: tuple[int, ...] = ()  # episodes of the last REPEAT_MS
    levels: tuple[tuple[int, int], ...] = ()  # (when, severity), the last LEVELS_KEPT
    lon: int = 0
    lat: int = 0
    cell: int = 0
    area: int = 0

    @property
    def chatters(self) -> bool:
        """Whether it came and went too often."""
        return len(self.raises) >= CHATTERS_FROM

    def is_past(self, before_ms: int) -> bool:
        """Whether nothing from that time on can belong to it."""
        return self.cleared_ms is not None and self.cleared_ms + REPEAT_MS < before_ms


class Memory(NamedTuple):
    """What a measure remembers of the readings before."""

    at_ms: int
    value: float
    same_since_ms: int


class State(NamedTuple):
    """Everything the fold carries from one reading to the next."""

    on: Levels = ALL_OFF
    span: Span | None = None
    memory: Memory | None = None

    @property
    def is_idle(self) -> bool:
        """Whether it is as if nothing had ever been reached."""
        return self.span is None and self.on == ALL_OFF


IDLE = State()


def step(rule: Rule, state: State, fact: Fact) -> State:
    """The state after one more reading."""
    return judged(rule, state, fact, remembered(state.memory, fact))


def judged(rule: Rule, state: State, fact: Fact, memory: Memory | None) -> State:
    """The same with what is remembered after the reading, which all rules of a thing share."""
    span = state.span
    if span is not None and span.cleared_ms is not None and span.is_past(fact.at_ms):
        span = None
    number = measured(rule, state.memory, memory, fact)
    if number != number:  # nothing to be measured
        return State(state.on, span, memory)
    on = switched(rule, state.on, number, fact.at_ms)
    if on is state.on and on is ALL_OFF:
        return State(on, span, memory)
    severity = held(rule, on, fact.at_ms)
    return State(on, spanned(rule, span, severity, number, fact), memory)


def remembered(memory: Memory | None, fact: Fact) -> Memory | None:
    """A reading without a value leaves no trace."""
    if fact.value != fact.value:
        return memory
    if memory is not None and fact.at_ms - memory.at_ms > FORGET_MS:
        memory = None
    same = memory is not None and memory.value == fact.value
    since = memory.same_since_ms if memory is not None and same else fact.at_ms
    return Memory(fact.at_ms, fact.value, since)


def measured(rule: Rule, before: Memory | None, memory: Memory | None, fact: Fact) -> float:
    """What the rule holds against its limits; NaN where there is nothing."""
    if rule.measure == Measure.VALUE:
        return fact.value
    if rule.measure == Measure.BREACH:
        assert rule.fence is not None
        return float(rule.fence.breached(fact.lon, fact.lat))
    if memory is None or fact.value != fact.value:
        return float("nan")
    if rule.measure == Measure.FROZEN:
        return min((fact.at_ms - memory.same_since_ms) / 1000, min(rule.limits))
    if before is None or not 0 < fact.at_ms - before.at_ms <= FORGET_MS:
        return float("nan")
    # Closer than a minute counts as a minute apart: noise is not stretched into a rise.
    return (fact.value - before.value) / max(fact.at_ms - before.at_ms, MINUTE_MS) * MINUTE_MS


def switched(rule: Rule, on: Levels, number: float, at_ms: int) -> Levels:
    """Since when each level is on, by limit and hysteresis."""
    if rule.falls:
        number = -number
    blue, yellow, orange, red = rule.rising
    if on is ALL_OFF and number < blue and number < yellow and number < orange and number < red:
        return on
    clear = rule.clear
    after = (
        _switched(blue, clear, on[0], number, at_ms),
        _switched(yellow, clear, on[1], number, at_ms),
        _switched(orange, clear, on[2], number, at_ms),
        _switched(red, clear, on[3], number, at_ms),
    )
    return ALL_OFF if after == ALL_OFF else after


def _switched(limit: float, clear: float, since: Since, number: float, at_ms: int) -> Since:
    if number >= limit:
        return at_ms if since is None else since
    return since if number > limit - clear else None


def held(rule: Rule, on: Levels, at_ms: int) -> int:
    """The worst level that has been on for long enough; 0 for none."""
    latest = at_ms - rule.hold_s * 1000
    for severity in (1, 2, 3, 4):
        since = on[4 - severity]
        if since is not None and since <= latest:
            return severity
    return 0


def spanned(rule: Rule, span: Span | None, severity: int, number: float, fact: Fact) -> Span | None:
    """The alarm after a reading of that severity."""
    if span is None or span.cleared_ms is not None:
        return raised(rule, span, severity, number, fact) if severity else span
    if severity == 0:
        return span._replace(
            severity=0, value=number, changed_ms=fact.at_ms, cleared_ms=fact.at_ms,
            levels=_levels(span, fact.at_ms, 0),
        )  # fmt: skip
    worst = worse(rule, number, span.peak)
    if severity != span.severity:
        return span._replace(
            severity=severity, highest=min(severity, span.highest), value=number, peak=worst,
            changed_ms=fact.at_ms, levels=_levels(span, fact.at_ms, severity),
        )  # fmt: skip
    return span if worst == span.peak else span._replace(peak=worst)


def raised(rule: Rule, span: Span | None, severity: int, number: float, fact: Fact) -> Span:
    """A new alarm, or the last one once more."""
    at = fact.at_ms
    if span is None:
        return Span(
            at, fact.received_ms, severity, severity, number, number, at,
            raises=(at,), levels=((at, severity),),
            lon=fact.lon, lat=fact.lat, cell=fact.cell, area=fact.area,
        )  # fmt: skip
    recent = tuple(one for one in span.raises if one >= at - REPEAT_MS)
    return span._replace(
        severity=severity, highest=min(severity, span.highest), value=number,
        peak=worse(rule, number, span.peak), changed_ms=at, cleared_ms=None,
        times=span.times + 1, raises=(*recent, at), levels=_levels(span, at, severity),
    )  # fmt: skip


def worse(rule: Rule, one: float, other: float) -> float:
    """The worse of two measures."""
    return min(one, other) if rule.falls else max(one, other)


def _levels(span: Span, at_ms: int, severity: int) -> tuple[tuple[int, int], ...]:
    return (*span.levels, (at_ms, severity))[-LEVELS_KEPT:]

"""Clocks of a case: each stage has one, with its limit, its pauses and the end it will come to.

A clock is plain values, so that it is stored as JSON; instants are milliseconds since 1970 UTC and
are the truth: what is left when a pause begins is measured from then to the old end, and goes on
where the pause ends. Paused time is therefore never charged (C3), in whatever unit, and a calendar
that changes later does not move what was already promised. Yellow at 75 %, red at 100 % (T37, a
proposal); the deadline itself is red, but what is stopped in that very moment is in time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from city.calendars import WorkCalendar
from city.limits import WARN_SHARE, Limit, after, passed

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_PAUSES: tuple[tuple[int, int], ...] = ()


class ClockState(StrEnum):
    """How a clock stands, as its colour says it."""

    OK = "ok"
    NEAR = "near"
    OVERDUE = "overdue"
    PAUSED = "paused"
    DONE = "done"


class ClockMisused(ValueError):
    """A pause of a paused clock, an extension of a stopped one, and the like."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One stage's time. `extended` holds the ends it had before each extension, oldest first."""

    stage: str
    limit: Limit
    started_ms: int
    warn_ms: int
    due_ms: int  # while paused: where it would have ended without this pause
    pauses: tuple[tuple[int, int], ...] = NO_PAUSES
    paused_ms: int | None = None
    stopped_ms: int | None = None
    extended: tuple[int, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether its time is being spent."""
        return self.paused_ms is None and self.stopped_ms is None

    @property
    def is_in_time(self) -> bool:
        """Whether it was stopped at its end or before."""
        return self.stopped_ms is not None and self.stopped_ms <= self.due_ms

    def state(self, at_ms: int) -> ClockState:
        """How it stands at an instant that is not before its last change."""
        if self.stopped_ms is not None:
            return ClockState.DONE
        if self.paused_ms is not None:
            return ClockState.PAUSED
        if at_ms >= self.due_ms:
            return ClockState.OVERDUE
        return ClockState.NEAR if at_ms >= self.warn_ms else ClockState.OK

    def rows(self) -> dict[str, int]:
        """What will come due by time alone, `warn` and `overdue`; nothing while it stands still."""
        return {"warn": self.warn_ms, "overdue": self.due_ms} if self.is_running else {}

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "stage": self.stage,
            "limit": str(self.limit),
            "started_ms": self.started_ms,
            "warn_ms": self.warn_ms,
            "due_ms": self.due_ms,
            "pauses": [list(span) for span in self.pauses],
            "paused_ms": self.paused_ms,
            "stopped_ms": self.stopped_ms,
            "extended": list(self.extended),
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Clock":
        """The clock that `plain` told."""
        pauses = tuple((int(start), int(end)) for start, end in plain["pauses"])
        limit = Limit.parse(plain["limit"])
        rest = {**plain, "limit": limit, "pauses": pauses, "extended": tuple(plain["extended"])}
        return cls(**rest)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970 of an aware instant; a part of one counts as a whole."""
    return -((EPOCH - at) // MILLISECOND)


def from_ms(at_ms: int) -> datetime:
    """The aware instant of so many milliseconds."""
    return EPOCH + at_ms * MILLISECOND


def start(stage: str, limit: Limit, at_ms: int, calendar: WorkCalendar) -> Clock:
    """A clock that begins to run."""
    due_ms = _after(at_ms, limit.amount, limit, calendar)
    warn_ms = _after(at_ms, limit.amount * WARN_SHARE, limit, calendar)
    return Clock(stage, limit, at_ms, warn_ms, due_ms)


def pause(clock: Clock, at_ms: int) -> Clock:
    """挂账 and the like: it stands still from now on."""
    _must_run(clock, at_ms)
    return replace(clock, paused_ms=at_ms)


def resume(clock: Clock, at_ms: int, calendar: WorkCalendar) -> Clock:
    """It goes on with what was left; an end that had passed before the pause stays where it was."""
    paused_ms = clock.paused_ms
    if paused_ms is None or clock.stopped_ms is not None or at_ms < paused_ms:
        raise ClockMisused(f"the clock of {clock.stage} is not paused before {at_ms}")

    def moved(end_ms: int) -> int:
        if end_ms <= paused_ms:
            return end_ms
        left = _passed(paused_ms, end_ms, clock.limit, calendar)
        return _after(at_ms, left, clock.limit, calendar)

    return replace(
        clock,
        warn_ms=moved(clock.warn_ms),
        due_ms=moved(clock.due_ms),
        pauses=(*clock.pauses, (paused_ms, at_ms)),
        paused_ms=None,
    )


def extend(clock: Clock, by: Limit, at_ms: int, calendar: WorkCalendar) -> Clock:
    """延期: a later end, counted on from the old one, which is kept; the warning moves with it."""
    _must_run(clock, at_ms)
    longer = replace(
        clock,
        due_ms=_after(clock.due_ms, by.amount, by, calendar),
        extended=(*clock.extended, clock.due_ms),
    )
    warn_ms = _reached(longer, total(longer, calendar) * WARN_SHARE, calendar)
    return replace(longer, warn_ms=warn_ms)


def stop(clock: Clock, at_ms: int, calendar: WorkCalendar) -> Clock:
    """Its work is done; a pause that was open ends with it."""
    if clock.paused_ms is not None and clock.stopped_ms is None:
        clock = resume(clock, at_ms, calendar)
    _must_run(clock, at_ms)
    return replace(clock, stopped_ms=at_ms)


def spent(clock: Clock, at_ms: int, calendar: WorkCalendar) -> Fraction:
    """What has been spent of it, in the unit of its limit, without any pause."""
    ends = [end for end in (clock.paused_ms, clock.stopped_ms) if end is not None]
    return _spent_until(clock, min([at_ms, *ends]), calendar)


def total(clock: Clock, calendar: WorkCalendar) -> Fraction:
    """What may be spent of it, extensions included."""
    return _spent_until(clock, clock.due_ms, calendar)


def multiple(clock: Clock, at_ms: int, calendar: WorkCalendar) -> float:
    """How many times its limit it has taken: 0.5 is half of it, 2.0 twice as long."""
    allowed = total(clock, calendar) or clock.limit.amount
    return float(spent(clock, at_ms, calendar) / allowed)


def _must_run(clock: Clock, at_ms: int) -> None:
    if not clock.is_running or at_ms < _changed_ms(clock):
        raise ClockMisused(f"the clock of {clock.stage} does not run at {at_ms}")


def _changed_ms(clock: Clock) -> int:
    resumed_ms = clock.pauses[-1][1] if clock.pauses else clock.started_ms
    return resumed_ms if clock.paused_ms is None else clock.paused_ms


def _running(clock: Clock) -> Iterator[tuple[int, int | None]]:
    """The spans in which it ran, the last without an end."""
    begun = clock.started_ms
    for paused_ms, resumed_ms in clock.pauses:
        yield begun, paused_ms
        begun = resumed_ms
    yield begun, None


def _spent_until(clock: Clock, until_ms: int, calendar: WorkCalendar) -> Fraction:
    return sum(
        (
            _passed(begun, until_ms if end is None else min(end, until_ms), clock.limit, calendar)
            for begun, end in _running(clock)
            if begun < until_ms
        ),
        Fraction(0),
    )


def _reached(clock: Clock, amount: Fraction, calendar: WorkCalendar) -> int:
    """When so much of it has been spent."""
    for begun, end in _running(clock):
        ran = Fraction(0) if end is None else _passed(begun, end, clock.limit, calendar)
        if end is None or amount <= ran:
            return _after(begun, amount, clock.limit, calendar)
        amount -= ran
    raise AssertionError("the last span of a clock has no end")


def _passed(start_ms: int, end_ms: int, limit: Limit, calendar: WorkCalendar) -> Fraction:
    return passed(from_ms(start_ms), from_ms(end_ms), limit.unit, calendar)


def _after(at_ms: int, amount: Fraction, limit: Limit, calendar: WorkCalendar) -> int:
    return to_ms(after(from_ms(at_ms), amount, limit.unit, calendar))

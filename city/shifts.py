"""Shifts: spans of the city's day in which a unit can be sent."""

from datetime import datetime, timedelta
from typing import NamedTuple

DAY_MIN = 24 * 60


class OnShift(NamedTuple):
    """Whether a shift runs, and when it ends, or ended last (ms since 1970 UTC, 0: never)."""

    is_on: bool = True
    ends_ms: int = 0
    ended_ms: int = 0


def shift_at(shift: str, at: datetime) -> OnShift:
    """How a shift like `20:00-08:00` stands at a moment in the city's own zone; empty: always."""
    if not shift:
        return OnShift()
    begin, end = (minute_of(one) for one in shift.split("-"))
    minute = at.hour * 60 + at.minute
    passed, length = (minute - begin) % DAY_MIN, (end - begin) % DAY_MIN or DAY_MIN
    ends = at.replace(second=0, microsecond=0) + timedelta(minutes=length - passed)
    ends_ms = round(ends.timestamp() * 1000)
    return OnShift(True, ends_ms) if passed < length else OnShift(False, ended_ms=ends_ms)


def minute_of(clock: str) -> int:
    """Minutes since midnight of `08:30`; ValueError for anything else."""
    hour, minute = (int(part) for part in clock.strip().split(":"))
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        raise ValueError(clock)
    return hour * 60 + minute

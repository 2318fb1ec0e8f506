"""Limits of time in the four units of the trade (C2), and when they end.

| unit | 中文 | counts |
|---|---|---|
| UH | 紧急工作时 | hours of the clock, day and night |
| WH | 工作时 | working hours of the calendar |
| WD | 工作日 | workdays of the calendar, each by the part of its hours that has passed |
| ND | 自然日 | days of 24 hours |

Amounts are exact: microseconds for UH, WH and ND, fractions of a day for WD. Therefore one limit
after another ends when their sum does, and what is left after a pause is never rounded.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from city.calendars import MICROSECOND, WorkCalendar

# Yellow at 75 %, red at 100 % of the limit: a proposal (C3, T37), not a standard's.
WARN_SHARE = Fraction(3, 4)
FINEST = 3600  # an hour is counted to the second, a workday to the same part of it
MOST = 3650


class LimitUnit(StrEnum):
    """What a limit counts."""

    UH = "UH"
    WH = "WH"
    WD = "WD"
    ND = "ND"


MINUTES = "min"  # a short way to write, and to print, less than an hour of the clock
NAMES: dict[str, tuple[str, str]] = {
    LimitUnit.UH: ("小时", "h"),
    LimitUnit.WH: ("工作小时", "working h"),
    LimitUnit.WD: ("个工作日", "working d"),
    LimitUnit.ND: ("天", "d"),
    MINUTES: ("分钟", "min"),
}
CLOCK_US = {LimitUnit.UH: 3_600_000_000, LimitUnit.WH: 3_600_000_000, LimitUnit.ND: 86_400_000_000}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many of a unit; as text `4 WH`, `0.5 WD`, `10 min`."""

    value: float
    unit: LimitUnit

    def __post_init__(self) -> None:
        if not 0 < self.value <= MOST:
            raise ValueError(f"a limit is above 0 and at most {MOST}, not {self.value}")

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """The limit that a text like `4 WH` states; ValueError says what is wrong."""
        number, _, unit = text.strip().partition(" ")
        if unit not in NAMES:
            raise ValueError(f"{text!r} is no limit; write a number and one of {', '.join(NAMES)}")
        value = float(number)
        return cls(value / 60, LimitUnit.UH) if unit == MINUTES else cls(value, LimitUnit(unit))

    def __str__(self) -> str:
        value, unit = self._shown()
        return f"{value:.10g} {unit}"

    def said(self, lang: str) -> str:
        """For people: `4 工作小时`, `4 working h`."""
        value, unit = self._shown()
        return f"{value:.4g} {NAMES[unit][lang == 'en']}"

    @property
    def amount(self) -> Fraction:
        """Microseconds of UH, WH, ND; days of WD."""
        exact = Fraction(round(self.value * FINEST), FINEST)
        return exact * CLOCK_US.get(self.unit, 1)

    def _shown(self) -> tuple[float, str]:
        if self.unit is LimitUnit.UH and self.value < 1:
            return round(self.value * 60, 4), MINUTES
        return self.value, str(self.unit)


def passed(start: datetime, end: datetime, unit: LimitUnit, calendar: WorkCalendar) -> Fraction:
    """How much of a unit lies between two instants."""
    if unit is LimitUnit.WD:
        return calendar.days_between(start, end)
    span = calendar.working_between(start, end) if unit is LimitUnit.WH else end - start
    return Fraction(span // MICROSECOND)


def after(start: datetime, amount: Fraction, unit: LimitUnit, calendar: WorkCalendar) -> datetime:
    """The earliest instant by which so much of a unit has passed since `start`."""
    if unit is LimitUnit.WD:
        return calendar.add_days(start, amount)
    if amount <= 0:
        return start.astimezone(UTC)
    span = timedelta(microseconds=-(-amount.numerator // amount.denominator))
    return calendar.add(start, span) if unit is LimitUnit.WH else start.astimezone(UTC) + span


def due(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """When the limit ends."""
    return after(start, limit.amount, limit.unit, calendar)


def warn_at(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """When three quarters of it have gone."""
    return after(start, limit.amount * WARN_SHARE, limit.unit, calendar)


def share_used(start: datetime, limit: Limit, calendar: WorkCalendar, at: datetime) -> float:
    """How much of the limit has gone, 1.0 at its end, more beyond it."""
    return float(passed(start, at, limit.unit, calendar) / limit.amount)

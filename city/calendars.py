"""Working time: hours per weekday, holidays and make-up workdays, and arithmetic over them.

A running city system keeps hours and holiday table editable (C2); ours are `city/tables/hours.toml`
and `city/tables/calendar-*.toml`, and a profile's `[calendar]` goes on top. All sums are exact:
whole microseconds of local time inside, aware UTC outside. Hours are read off the wall clock of
`zone`; a zone that changes its clocks should do so outside working hours.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from city.tables import BadTable, table, tables
from city.tally import Tally

Span = tuple[int, int]  # from, to: microseconds after local midnight
Hours = tuple[Span, ...]

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_US = DAY // MICROSECOND
EPOCH = datetime(2001, 1, 1)  # noqa: DTZ001 - local; a Monday, so that days fall into whole weeks


def length(hours: Hours) -> int:
    """Working time of a day."""
    return sum(end - start for start, end in hours)


def has_work(hours: Hours) -> int:
    """1 for a workday, 0 for a day of rest."""
    return int(bool(hours))


def worked_by(hours: Hours, offset: int) -> int:
    """Working time of a day until so long after midnight."""
    return sum(min(end, offset) - start for start, end in hours if start < offset)


def after_working(hours: Hours, amount: int) -> int:
    """How long after midnight so much of a day has been worked."""
    for start, end in hours:
        if amount <= end - start:
            return start + amount
        amount -= end - start
    raise AssertionError("a day has no more working time than its hours")


def tally(
    week: tuple[Hours, ...], others: Mapping[int, Hours], amount: Callable[[Hours], int]
) -> Tally:
    """The sum over days of what `amount` says of their hours."""
    return Tally(
        tuple(amount(hours) for hours in week),
        {day: amount(hours) for day, hours in others.items()},
    )


def day_number(day: date) -> int:
    """Days since the epoch's Monday."""
    return (day - EPOCH.date()).days


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When a city works: the hours of Monday … Sunday, and `others` of single days."""

    zone: ZoneInfo
    week: tuple[Hours, ...]
    others: Mapping[date, Hours] = field(default_factory=dict)
    years: frozenset[int] = frozenset()  # whose holidays are known
    _worked: Tally = field(init=False)  # microseconds
    _workdays: Tally = field(init=False)  # days with any working time
    _hours: Mapping[int, Hours] = field(init=False)

    def __post_init__(self) -> None:
        hours = {day_number(day): spans for day, spans in self.others.items()}
        object.__setattr__(self, "_hours", hours)
        object.__setattr__(self, "_worked", tally(self.week, hours, length))
        object.__setattr__(self, "_workdays", tally(self.week, hours, has_work))

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from one instant to another; negative when `end` comes first."""
        return (self._worked_until(end) - self._worked_until(start)) * MICROSECOND

    def days_between(self, start: datetime, end: datetime) -> Fraction:
        """The same in workdays, each counted by the part of its own hours that has passed."""
        return self._workdays_until(end) - self._workdays_until(start)

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The earliest instant by which so much working time has passed since `start`."""
        amount = working // MICROSECOND
        if amount <= 0:
            return start.astimezone(UTC)
        day, _ = self._local(start)
        until = self._worked_until(start) + amount
        last = self._worked.day_reaching(until, day)
        spent = until - self._worked.before(last)
        return self._instant(last, after_working(self._hours_of(last), spent))

    def add_days(self, start: datetime, days: float | Fraction) -> datetime:
        """The earliest instant by which so many workdays have passed since `start`.

        A start during working hours ends at the same time of a later workday, one outside them at
        the end of one.
        """
        amount = Fraction(days)
        if amount <= 0:
            return start.astimezone(UTC)
        day, _ = self._local(start)
        until = self._workdays_until(start) + amount
        last = self._workdays.day_reaching(until, day)
        hours = self._hours_of(last)
        spent = (until - self._workdays.before(last)) * length(hours)
        return self._instant(last, after_working(hours, -(-spent.numerator // spent.denominator)))

    def is_working(self, at: datetime) -> bool:
        """Whether people are at work."""
        day, offset = self._local(at)
        return any(start <= offset < end for start, end in self._hours_of(day))

    def is_workday(self, day: date) -> bool:
        """Whether people come to work on that day at all."""
        return bool(self._hours_of(day_number(day)))

    def knows(self, at: datetime) -> bool:
        """Whether the holidays of that year have been installed."""
        return at.astimezone(self.zone).year in self.years

    def _hours_of(self, day: int) -> Hours:
        hours = self._hours.get(day)
        return self.week[day % 7] if hours is None else hours

    def _worked_until(self, at: datetime) -> int:
        day, offset = self._local(at)
        return self._worked.before(day) + worked_by(self._hours_of(day), offset)

    def _workdays_until(self, at: datetime) -> Fraction:
        day, offset = self._local(at)
        hours = self._hours_of(day)
        whole = self._workdays.before(day)
        return (
            whole + Fraction(worked_by(hours, offset), length(hours)) if hours else Fraction(whole)
        )

    def _local(self, at: datetime) -> Span:
        return divmod(
            (at.astimezone(self.zone).replace(tzinfo=None) - EPOCH) // MICROSECOND, DAY_US
        )

    def _instant(self, day: int, offset: int) -> datetime:
        local = EPOCH + day * DAY + offset * MICROSECOND
        return local.replace(tzinfo=self.zone).astimezone(UTC)


def calendar_of(facts: Mapping[str, Any]) -> WorkCalendar:
    """The shipped calendar with what a city states of its own: zone, hours, holidays, workdays."""
    base = table("hours")
    week = week_of(facts.get("hours", base["hours"]))
    others: dict[date, Hours] = {}
    years: set[int] = set()
    for year in (*tables("calendar-"), facts):
        others |= others_of(year, week)
        years |= set(year.get("years", ()))
    return WorkCalendar(zone_of(facts.get("zone", base["zone"])), week, others, frozenset(years))


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadTable(f"`calendar.zone` {name!r} is no time zone") from None


def week_of(stated: Mapping[str, Iterable[str]]) -> tuple[Hours, ...]:
    """Hours of Monday … Sunday."""
    if unknown := set(stated) - set(WEEKDAYS):
        raise BadTable(f"`calendar.hours` knows no day {min(unknown)!r}; say {', '.join(WEEKDAYS)}")
    week = tuple(hours_of(day, stated.get(day, ())) for day in WEEKDAYS)
    if not any(week):
        raise BadTable("`calendar.hours` must have working hours on one day of the week at least")
    return week


def hours_of(day: str, stated: Iterable[str]) -> Hours:
    """Hours as `08:30-12:00`, in order and without overlap."""
    hours = tuple(_span(day, text) for text in stated)
    ends = [edge for span in hours for edge in span]
    if any(later <= earlier for earlier, later in pairwise(ends)):
        raise BadTable(f"`calendar.hours.{day}` must be spans one after another")
    return hours


def _span(day: str, text: str) -> Span:
    try:
        start, end = (_clock_us(part) for part in text.split("-"))
    except ValueError:
        raise BadTable(f"`calendar.hours.{day}` has {text!r}; write it as 08:30-12:00") from None
    return start, end


def _clock_us(text: str) -> int:
    hour, minute = (int(part) for part in text.split(":"))
    if not (0 <= minute < 60 and 0 <= hour * 60 + minute <= 24 * 60):
        raise ValueError(text)
    return (hour * 60 + minute) * 60_000_000


def others_of(year: Mapping[str, Any], week: tuple[Hours, ...]) -> dict[date, Hours]:
    """The days that are not as their weekday says: holidays have no hours, make-up days have."""
    ordinary = next(hours for hours in week if hours)
    holidays = {day for text in year.get("holidays", ()) for day in _days("holidays", text)}
    workdays = {day for text in year.get("workdays", ()) for day in _days("workdays", text)}
    if both := holidays & workdays:
        raise BadTable(f"`calendar` has {min(both)} as holiday and as workday")
    made_up = {day: week[day.weekday()] or ordinary for day in workdays}
    return dict.fromkeys(holidays, ()) | made_up


def _days(name: str, text: str) -> list[date]:
    first, _, last = text.partition("/")
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise BadTable(f"`calendar.{name}` has {text!r}; write 2026-10-01/2026-10-07") from None
    if end < start or (end - start).days > 366:
        raise BadTable(f"`calendar.{name}` has {text!r}, whose last day is not after its first")
    return [start + count * DAY for count in range((end - start).days + 1)]


STANDARD = calendar_of({})

"""Limits in four units: how they are written, and when they end."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.calendars import STANDARD, WorkCalendar
from city.limits import Limit, LimitUnit, due, passed, share_used, warn_at
from tests.city.calendars import calendars, instants, local

units = st.sampled_from(list(LimitUnit))
values = st.integers(1, 200).map(lambda halves: halves / 2)
limits = st.builds(Limit, values, units)


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-06-26 23:00", "4 UH", "2026-06-27 03:00"),
        ("2026-06-26 17:30", "4 WH", "2026-06-29 15:00"),
        ("2026-06-26 16:30", "4 WH", "2026-06-29 11:30"),
        ("2026-09-30 16:30", "4 WH", "2026-10-08 11:30"),
        ("2026-09-30 16:30", "1 WD", "2026-10-08 16:30"),
        ("2026-09-30 16:30", "1 ND", "2026-10-01 16:30"),
        ("2026-06-26 23:50", "10 min", "2026-06-27 00:00"),
        ("2026-06-26 23:00", "0.5 UH", "2026-06-26 23:30"),
    ],
)
def test_a_limit_ends_where_the_vector_says(start: str, limit: str, end: str) -> None:
    assert due(local(start), Limit.parse(limit), STANDARD) == local(end)


@pytest.mark.parametrize(
    ("text", "printed", "zh", "en"),
    [
        ("4 WH", "4 WH", "4 工作小时", "4 working h"),
        ("0.5 UH", "30 min", "30 分钟", "30 min"),
        ("10 min", "10 min", "10 分钟", "10 min"),
        ("1.5 WD", "1.5 WD", "1.5 个工作日", "1.5 working d"),
        ("20 ND", "20 ND", "20 天", "20 d"),
    ],
)
def test_a_limit_reads_as_it_is_written(text: str, printed: str, zh: str, en: str) -> None:
    limit = Limit.parse(text)

    assert str(limit) == printed
    assert Limit.parse(str(limit)) == limit
    assert (limit.said("zh"), limit.said("en")) == (zh, en)


@pytest.mark.parametrize("text", ["", "4", "4 h", "four WH", "0 WH", "-1 WD", "nan UH", "9999 ND"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Limit.parse(text)


@given(st.floats(0.01, 3650), units)
def test_printing_and_parsing_keeps_the_amount(value: float, unit: LimitUnit) -> None:
    limit = Limit(value, unit)

    assert Limit.parse(str(limit)).amount == limit.amount


@given(calendars(), instants, units, values, values)
def test_one_limit_after_another_ends_when_their_sum_does(
    calendar: WorkCalendar, start: datetime, unit: LimitUnit, first: float, second: float
) -> None:
    between = due(start, Limit(first, unit), calendar)

    end = due(start, Limit(first + second, unit), calendar)
    apart = due(between, Limit(second, unit), calendar) - end
    # A microsecond of a workday of one minute is 1440 of one that lasts day and night.
    assert abs(apart) <= timedelta(milliseconds=2 * (unit is LimitUnit.WD))


@given(calendars(), instants, limits)
def test_exactly_the_limit_has_passed_at_its_end(
    calendar: WorkCalendar, start: datetime, limit: Limit
) -> None:
    end = due(start, limit, calendar)

    lacking = passed(start, end, limit.unit, calendar) - limit.amount
    assert 0 <= lacking < (Fraction(1, 1_000_000) if limit.unit is LimitUnit.WD else 1)
    assert share_used(start, limit, calendar, end) == pytest.approx(1.0)


@given(calendars(), instants, limits)
def test_the_warning_comes_at_three_quarters_and_before_the_end(
    calendar: WorkCalendar, start: datetime, limit: Limit
) -> None:
    warned = warn_at(start, limit, calendar)

    assert start <= warned <= due(start, limit, calendar)
    assert share_used(start, limit, calendar, warned) == pytest.approx(0.75)


@given(calendars(), instants, units, values, values)
def test_a_longer_limit_does_not_end_earlier(
    calendar: WorkCalendar, start: datetime, unit: LimitUnit, one: float, other: float
) -> None:
    short, long = sorted((one, other))

    assert due(start, Limit(short, unit), calendar) <= due(start, Limit(long, unit), calendar)

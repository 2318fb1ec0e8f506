"""Working time: the vectors of the domain, the holidays of 2026, and what holds in any calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.calendars import STANDARD, WorkCalendar, calendar_of
from city.tables import BadTable
from tests.city.calendars import calendars, instants, local

HOUR = timedelta(hours=1)
amounts = st.timedeltas(timedelta(0), timedelta(hours=200))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-06-26 17:30", 4, "2026-06-29 15:00"),  # a Friday
        ("2026-06-26 16:30", 4, "2026-06-29 11:30"),
        ("2026-09-30 16:30", 4, "2026-10-08 11:30"),  # the holiday of 10-01 … 10-07 between
        ("2026-10-09 16:30", 4, "2026-10-10 11:30"),  # a Saturday on which people work
        ("2026-06-24 12:00", 1, "2026-06-24 15:30"),  # the midday rest
        ("2026-06-24 13:00", 1, "2026-06-24 15:30"),
        ("2026-06-24 08:30", 6.5, "2026-06-24 17:30"),  # the end of a day, not the next morning
        ("2026-06-27 03:00", 0.5, "2026-06-29 09:00"),
    ],
)
def test_working_hours_end_where_the_vector_says(start: str, hours: float, end: str) -> None:
    assert STANDARD.add(local(start), hours * HOUR) == local(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-06-24 10:00", 1, "2026-06-25 10:00"),
        ("2026-06-26 10:00", 1, "2026-06-29 10:00"),
        ("2026-06-26 18:00", 1, "2026-06-29 17:30"),  # begun after hours: all of Monday
        ("2026-06-27 12:00", 2, "2026-06-30 17:30"),
        ("2026-09-30 10:00", 3, "2026-10-10 10:00"),  # 8th, 9th, and the 10th made up
        ("2026-06-24 08:30", 0.5, "2026-06-24 11:45"),
    ],
)
def test_workdays_end_where_the_vector_says(start: str, days: float, end: str) -> None:
    assert STANDARD.add_days(local(start), days) == local(end)


def test_answers_are_utc_whatever_zone_is_asked_in() -> None:
    end = STANDARD.add(local("2026-06-24 09:00"), HOUR)

    assert end.tzinfo is UTC
    assert end == datetime(2026, 6, 24, 2, tzinfo=UTC)


def test_holidays_and_made_up_days_of_2026_are_those_of_the_notice() -> None:
    days = [date(2026, 1, 1) + timedelta(days=count) for count in range(365)]
    resting = [day for day in days if day.weekday() < 5 and not STANDARD.is_workday(day)]
    made_up = [day for day in days if day.weekday() >= 5 and STANDARD.is_workday(day)]

    assert len(resting) == 2 + 6 + 1 + 3 + 1 + 1 + 5
    assert [f"{day:%m-%d}" for day in made_up] == [
        "01-04", "02-14", "02-28", "05-09", "09-20", "10-10",
    ]  # fmt: skip


def test_a_change_of_clocks_at_night_changes_no_working_time() -> None:
    berlin = replace(STANDARD, zone=ZoneInfo("Europe/Berlin"))
    friday, monday = (datetime(2026, 10, day, hour, 30, tzinfo=berlin.zone)
                      for day, hour in ((23, 16), (26, 11)))  # fmt: skip

    assert berlin.add(friday, 4 * HOUR) == monday
    assert berlin.working_between(friday, monday) == 4 * HOUR
    assert berlin.add_days(friday, 1) == monday.replace(hour=16)


def test_it_says_for_which_years_it_knows_the_holidays() -> None:
    assert STANDARD.knows(local("2026-12-31 23:59"))
    assert not STANDARD.knows(local("2027-01-01 00:00"))


def test_a_city_states_its_own_hours_holidays_and_workdays() -> None:
    own = calendar_of(
        {
            "hours": {"mon": ["09:00-17:00"], "sat": ["09:00-11:00"]},
            "holidays": ["2027-01-04/2027-01-04", "2026-10-10"],
            "workdays": ["2026-10-01", "2027-01-03"],
            "years": [2027],
        }
    )

    assert own.add(local("2027-01-02 09:00"), 3 * HOUR) == local("2027-01-03 10:00")
    assert not own.is_workday(date(2027, 1, 4))
    assert not own.is_workday(date(2026, 10, 10))
    assert own.is_workday(date(2026, 10, 1))
    assert own.years == {2026, 2027}


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"zone": "Asia/Nowhere"}, "Asia/Nowhere"),
        ({"hours": {}}, "one day"),
        ({"hours": {"monday": ["09:00-10:00"]}}, "monday"),
        ({"hours": {"mon": ["9 to 5"]}}, "9 to 5"),
        ({"hours": {"mon": ["09:00-25:00"]}}, "09:00-25:00"),
        ({"hours": {"mon": ["09:00-12:00", "11:00-13:00"]}}, "one after another"),
        ({"holidays": ["1 October"]}, "1 October"),
        ({"holidays": ["2027-01-03/2027-01-01"]}, "2027-01-03"),
        ({"holidays": ["2027-01-03"], "workdays": ["2027-01-03"]}, "as holiday and as workday"),
    ],
)
def test_a_wrong_entry_is_named(stated: dict[str, object], said: str) -> None:
    with pytest.raises(BadTable, match=said):
        calendar_of(stated)


@given(calendars(), instants, amounts)
def test_what_was_added_lies_between(
    calendar: WorkCalendar, start: datetime, span: timedelta
) -> None:
    end = calendar.add(start, span)

    assert end >= start
    assert calendar.working_between(start, end) == span


@given(calendars(), instants, amounts, amounts)
def test_one_after_another_is_their_sum(
    calendar: WorkCalendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(calendars(), instants, instants, amounts)
def test_who_starts_later_is_not_due_earlier(
    calendar: WorkCalendar, one: datetime, other: datetime, span: timedelta
) -> None:
    early, late = sorted((one, other))

    assert calendar.add(early, span) <= calendar.add(late, span)
    assert calendar.add_days(early, 3) <= calendar.add_days(late, 3)
    assert calendar.working_between(early, late) >= timedelta(0)


@given(calendars(), instants, amounts)
def test_nothing_ends_while_nobody_works(
    calendar: WorkCalendar, start: datetime, span: timedelta
) -> None:
    end = calendar.add(start, span)

    assert end == start or calendar.is_working(end - timedelta(microseconds=1))


@given(calendars(), instants, st.integers(1, 30))
def test_a_workday_is_a_day_with_work(calendar: WorkCalendar, start: datetime, days: int) -> None:
    end = calendar.add_days(start, days)
    ending = end - timedelta(microseconds=1)  # a day may be worked until midnight
    first, last = (one.astimezone(calendar.zone).date() for one in (start, ending))
    passed = [first + timedelta(days=n) for n in range((last - first).days + 1)]

    assert calendar.is_workday(last)
    assert days <= sum(map(calendar.is_workday, passed)) <= days + 1


@given(calendars(), instants, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_it_counts_what_a_walk_minute_by_minute_counts(
    calendar: WorkCalendar, start: datetime, span: timedelta
) -> None:
    start = start.replace(second=0, microsecond=0)
    minutes = span // timedelta(minutes=1)

    walked = sum(calendar.is_working(start + timedelta(minutes=n)) for n in range(minutes))

    end = start + timedelta(minutes=minutes)
    assert calendar.working_between(start, end) == timedelta(minutes=walked)


def test_a_deadline_ten_years_ahead_is_found_as_fast_as_one_tomorrow() -> None:
    start, begun = local("2026-06-24 10:00"), perf_counter()

    for _ in range(1000):
        STANDARD.add(start, 2500 * 6.5 * HOUR)

    assert perf_counter() - begun < 1.0

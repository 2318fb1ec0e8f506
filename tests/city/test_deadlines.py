"""Clocks: pauses are never charged, extensions are kept, colours come at 75 % and 100 %."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.calendars import STANDARD, WorkCalendar
from city.deadlines import (
    Clock,
    ClockMisused,
    ClockState,
    extend,
    from_ms,
    multiple,
    pause,
    resume,
    spent,
    start,
    stop,
    to_ms,
    total,
)
from city.limits import Limit, LimitUnit
from tests.city.calendars import calendars, instants, local

limits = st.builds(Limit, st.integers(1, 120).map(lambda n: n / 4), st.sampled_from(LimitUnit))
later = st.integers(0, 90 * 86_400_000)  # ms


def ms(text: str) -> int:
    return to_ms(local(text))


def clock_of(limit: str, begun: str) -> Clock:
    return start("handle", Limit.parse(limit), ms(begun), STANDARD)


def test_a_day_on_hold_moves_a_deadline_in_working_hours_by_six_and_a_half() -> None:
    clock = clock_of("20 WH", "2026-06-22 09:00")

    held = resume(pause(clock, ms("2026-06-23 09:00")), ms("2026-06-24 09:00"), STANDARD)

    moved = STANDARD.working_between(from_ms(clock.due_ms), from_ms(held.due_ms))
    assert moved == timedelta(hours=6.5)
    assert multiple(held, ms("2026-06-24 09:00"), STANDARD) == pytest.approx(6.5 / 20)


def test_a_clock_turns_yellow_at_three_quarters_and_red_at_its_end() -> None:
    clock = clock_of("4 UH", "2026-06-26 23:00")

    at = ["01:59:59.999", "02:00", "02:59:59.999", "03:00", "09:00"]
    assert [clock.state(ms(f"2026-06-27 {time}")) for time in at] == [
        ClockState.OK, ClockState.NEAR, ClockState.NEAR, ClockState.OVERDUE, ClockState.OVERDUE,
    ]  # fmt: skip
    assert clock.rows() == {"warn": ms("2026-06-27 02:00"), "overdue": ms("2026-06-27 03:00")}


def test_a_clock_that_stands_still_will_not_come_due() -> None:
    clock = clock_of("4 UH", "2026-06-26 23:00")
    paused = pause(clock, ms("2026-06-27 00:00"))
    stopped = stop(paused, ms("2026-06-28 00:00"), STANDARD)

    assert paused.state(ms("2026-07-30 00:00")) is ClockState.PAUSED
    assert stopped.state(ms("2026-07-30 00:00")) is ClockState.DONE
    assert paused.rows() == stopped.rows() == {}


def test_work_done_in_the_last_moment_is_in_time_and_a_moment_later_is_not() -> None:
    clock = clock_of("4 UH", "2026-06-26 23:00")

    assert stop(clock, clock.due_ms, STANDARD).is_in_time
    assert not stop(clock, clock.due_ms + 1, STANDARD).is_in_time
    assert not clock.is_in_time


def test_what_was_late_before_a_pause_stays_late_after_it() -> None:
    clock = clock_of("4 UH", "2026-06-26 23:00")

    held = resume(pause(clock, clock.due_ms + 1), clock.due_ms + 99, STANDARD)

    assert held.due_ms == clock.due_ms
    assert held.state(clock.due_ms + 99) is ClockState.OVERDUE
    assert not stop(held, clock.due_ms + 99, STANDARD).is_in_time


def test_an_extension_keeps_the_end_it_replaces() -> None:
    clock = clock_of("4 WH", "2026-06-26 16:30")
    asked = ms("2026-06-29 10:00")

    once = extend(clock, Limit.parse("4 WH"), asked, STANDARD)
    twice = extend(once, Limit.parse("1 WD"), asked, STANDARD)

    assert once.due_ms == ms("2026-06-30 09:00")
    assert once.warn_ms == ms("2026-06-29 16:00")  # six of eight hours
    assert twice.due_ms == ms("2026-07-01 09:00")
    assert twice.extended == (clock.due_ms, once.due_ms)
    assert (twice.started_ms, twice.limit) == (clock.started_ms, clock.limit)


def test_an_extension_after_a_pause_counts_only_what_ran() -> None:
    clock = clock_of("4 UH", "2026-06-26 08:00")
    held = resume(pause(clock, ms("2026-06-26 09:00")), ms("2026-06-26 20:00"), STANDARD)

    longer = extend(held, Limit.parse("4 UH"), ms("2026-06-26 20:00"), STANDARD)

    assert longer.due_ms == ms("2026-06-27 03:00")
    assert longer.warn_ms == ms("2026-06-27 01:00")


@pytest.mark.parametrize("at", ["02:00", "04:00"])
def test_a_clock_refuses_what_makes_no_sense(at: str) -> None:
    clock = clock_of("4 UH", "2026-06-26 23:00")
    paused = pause(clock, ms("2026-06-27 03:00"))
    stopped = stop(clock, ms("2026-06-27 03:00"), STANDARD)
    when = ms(f"2026-06-27 {at}")

    for misuse in (
        lambda: pause(paused, when),
        lambda: resume(clock, when, STANDARD),
        lambda: resume(stopped, when, STANDARD),
        lambda: extend(paused, clock.limit, when, STANDARD),
        lambda: extend(stopped, clock.limit, when, STANDARD),
        lambda: stop(stopped, when, STANDARD),
        lambda: resume(paused, ms("2026-06-27 02:59"), STANDARD),
        lambda: pause(clock, clock.started_ms - 1),
    ):
        with pytest.raises(ClockMisused):
            misuse()


@given(calendars(), instants, limits, later, later)
def test_a_pause_is_never_charged(
    calendar: WorkCalendar, begun: datetime, limit: Limit, ran: int, held: int
) -> None:
    clock = start("handle", limit, to_ms(begun), calendar)
    paused_at = clock.started_ms + ran

    paused = pause(clock, paused_at)
    after = resume(paused, paused_at + held, calendar)

    before = spent(clock, paused_at, calendar)
    assert spent(paused, paused_at + held, calendar) == before
    assert spent(after, paused_at + held, calendar) == before
    assert float(total(after, calendar)) == pytest.approx(float(total(clock, calendar)))
    assert after.warn_ms <= after.due_ms
    assert clock.due_ms <= after.due_ms


@given(calendars(), instants, limits, later)
def test_a_pause_of_no_length_changes_no_deadline(
    calendar: WorkCalendar, begun: datetime, limit: Limit, ran: int
) -> None:
    clock = start("handle", limit, to_ms(begun), calendar)
    at = clock.started_ms + ran

    after = resume(pause(clock, at), at, calendar)

    assert replace(after, pauses=()) == clock


@given(calendars(), instants, limits, st.lists(st.tuples(later, later), max_size=4))
def test_two_pauses_are_as_good_as_their_remainders(
    calendar: WorkCalendar, begun: datetime, limit: Limit, holds: list[tuple[int, int]]
) -> None:
    clock = start("handle", limit, to_ms(begun), calendar)
    at = clock.started_ms
    for ran, held in holds:
        clock = resume(pause(clock, at + ran), at + ran + held, calendar)
        at += ran + held
    end = max(at, clock.due_ms)

    done = stop(clock, end, calendar)

    charged = sum(
        float(spent(start("s", limit, one, calendar), two, calendar))
        for one, two in ran_spans(done)
    )
    assert float(spent(done, end + 9, calendar)) == pytest.approx(charged)
    assert multiple(done, end, calendar) >= 1.0


def ran_spans(clock: Clock) -> list[tuple[int, int]]:
    """From start or resumption to pause or stop."""
    edges = [clock.started_ms, *(edge for span in clock.pauses for edge in span), clock.stopped_ms]
    return list(zip(edges[::2], edges[1::2], strict=True))


@given(calendars(), instants, limits, later, later)
def test_a_clock_survives_being_stored(
    calendar: WorkCalendar, begun: datetime, limit: Limit, ran: int, held: int
) -> None:
    clock = start("handle", limit, to_ms(begun), calendar)
    clock = extend(clock, Limit.parse("1 ND"), clock.started_ms, calendar)
    at = clock.started_ms + ran
    clock = stop(resume(pause(clock, at), at + held, calendar), at + held, calendar)

    kept = Clock.of(json.loads(json.dumps(clock.plain())))

    assert kept.limit.amount == clock.limit.amount
    assert replace(kept, limit=clock.limit) == clock

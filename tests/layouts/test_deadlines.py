"""Deadlines as operators read them."""

from datetime import UTC, datetime, timedelta

import pytest

from city.calendars import STANDARD
from city.deadlines import Clock, start, to_ms
from city.limits import Limit
from layouts.case_naming import Naming
from layouts.deadlines import deadline, used_share
from layouts.words import words
from tests.publisher import haikou

MONDAY = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)  # 09:00 in Haikou
CHINESE = Naming(haikou(), words("zh"))


def clock(limit: str) -> Clock:
    return start("handle", Limit.parse(limit), to_ms(MONDAY), STANDARD)


@pytest.mark.parametrize(
    ("limit", "after", "said", "state"),
    [
        ("2 UH", timedelta(minutes=35), "剩 01:25:00", "ok"),
        ("2 UH", timedelta(minutes=100), "剩 00:20:00", "near"),
        ("2 UH", timedelta(hours=2, seconds=72), "超 00:01:12", "overdue"),
        ("5 ND", timedelta(hours=1), "剩 4 天", "ok"),
        ("3 WD", timedelta(hours=1), "剩 3 个工作日", "ok"),
    ],
)
def test_what_is_left_is_said_in_words(limit: str, after: timedelta, said: str, state: str) -> None:
    shown = deadline(clock(limit), to_ms(MONDAY + after), CHINESE)

    assert shown.text.startswith(said)
    assert shown.state == state


def test_the_pie_is_exact_at_beginning_warning_and_end() -> None:
    one = clock("4 WH")

    shares = [used_share(one, at) for at in (one.started_ms, one.warn_ms, one.due_ms)]

    assert shares == [0, 75, 100]


def test_a_clock_that_stands_does_not_tick() -> None:
    one = clock("2 UH")
    paused = deadline(
        Clock(**{**{name: getattr(one, name) for name in Clock.__slots__},
                 "paused_ms": one.started_ms}),
        to_ms(MONDAY), CHINESE, to_ms(MONDAY + timedelta(days=12)),
    )  # fmt: skip

    assert (paused.text, paused.ticks) == ("挂账至 09-19", False)

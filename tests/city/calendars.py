"""Calendars and instants for tests: those of the vectors, and any that can be."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from city.calendars import Hours, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE_US = 60_000_000
FIRST = date(2026, 1, 1)


def local(text: str) -> datetime:
    """An instant as a clock in Haikou shows it: `2026-09-30 16:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@st.composite
def hours(draw: st.DrawFn, least: int = 0) -> Hours:
    """None to three spans of a day, in minutes."""
    count = draw(st.integers(least, 3))
    edges = draw(
        st.lists(st.integers(0, 1440), min_size=2 * count, max_size=2 * count, unique=True)
    )
    marks = [edge * MINUTE_US for edge in sorted(edges)]
    return tuple(zip(marks[::2], marks[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Any week with work in it, and up to forty days that are otherwise."""
    week = [draw(hours()) for _ in range(7)]
    week[draw(st.integers(0, 6))] = draw(hours(least=1))
    days = st.dates(FIRST, FIRST + timedelta(days=400))
    others = draw(st.dictionaries(days, hours(), max_size=40))
    return WorkCalendar(SHANGHAI, tuple(week), others)


seconds = st.integers(0, 365 * 86_400)
instants = seconds.map(lambda count: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=count))

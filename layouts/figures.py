"""Numbers, times and spans as operators read them (the browser's twin is assets/format.js)."""

from datetime import datetime, timedelta, timezone
from math import isfinite

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # one zone, no summer time
THIN = "\u2009"
NONE = "—"
MINUS = "−"
DAY_S = 86_400


def number(value: float | None, unit: str = "") -> str:
    """Thousands with a comma, a true minus, a thin space before the unit; — for none."""
    if value is None or not isfinite(value):
        return NONE
    size = abs(value)
    digits = 0 if size >= 100 or float(value).is_integer() else 1 if size >= 10 else 2
    figure = f"{value:,.{digits}f}"
    if digits:
        figure = figure.rstrip("0").rstrip(".")
    figure = figure.replace("-", MINUS)
    return f"{figure}{THIN}{unit}" if unit else figure


def span(seconds: float) -> str:
    """`12 s`, `2 min`, `14 min`, `3 h`, `5 d`."""
    age = max(0, int(seconds))
    if age < 120:
        return f"{age} s"
    if age < 7200:
        return f"{age // 60} min"
    if age < 2 * DAY_S:
        return f"{age // 3600} h"
    return f"{age // DAY_S} d"


def delay(ms: float | None) -> str:
    """Milliseconds below a second, then seconds, then as a span."""
    if ms is None:
        return NONE
    if abs(ms) < 1000:
        return number(round(ms), "ms")
    return number(round(ms / 1000, 2), "s") if abs(ms) < 120_000 else span(ms / 1000)


def instant(at: datetime | None, now: datetime) -> str:
    """Today `16:48:21`, another day `09-16 22:18`, another year in full."""
    if at is None:
        return NONE
    here, today = at.astimezone(CHINA), now.astimezone(CHINA)
    if here.date() == today.date():
        return here.strftime("%H:%M:%S")
    return here.strftime("%m-%d %H:%M" if here.year == today.year else "%Y-%m-%d %H:%M")


def position(lon: float, lat: float) -> str:
    """`110.3568 E 20.0220 N`."""
    east, north = "E" if lon >= 0 else "W", "N" if lat >= 0 else "S"
    return f"{abs(lon):.5f} {east} {abs(lat):.5f} {north}"

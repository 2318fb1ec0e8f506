"""Instants in answers and questions: RFC 3339 with zone."""

import re
import time
from datetime import UTC, datetime, timedelta

from city.refusal import Malformed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
EARLIEST_MS = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MILLISECOND
SHAPE = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


class BadInstant(ValueError):
    """A text that is no instant."""


def now_ms() -> int:
    """The clock of answers."""
    return time.time_ns() // 1_000_000


def ms_of(text: str) -> int:
    """Milliseconds since 1970; a `+` that a query string turned into a space is understood."""
    written = text.strip().replace(" ", "+")
    if not SHAPE.fullmatch(written):
        raise BadInstant("an instant is RFC 3339 with zone, such as 2026-09-06T07:10:00+08:00")
    try:
        return (datetime.fromisoformat(written.upper()) - EPOCH) // MILLISECOND
    except (ValueError, OverflowError):
        raise BadInstant("no such instant") from None


def asked_ms(text: str, what: str | tuple[str, str]) -> int:
    """The same of a field that somebody sent; Malformed names it."""
    try:
        return ms_of(text)
    except BadInstant as bad:
        why = ("应为带时区的 RFC 3339 时间", str(bad))
        raise Malformed("malformed", what=what, why=why) from None


def written(ms: int | None) -> str | None:
    """An instant in UTC; None stays None, and so does 0."""
    if not ms:
        return None
    instant = EPOCH + timedelta(milliseconds=ms)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")

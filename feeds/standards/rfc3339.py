"""Instants as RFC 3339 writes them: a date, a time, and always a zone."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from feeds.standards.ijson import shown
from feeds.standards.refusals import BadMessage, Reason

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
# A clock outside this has lost its battery; so far off, a reading has no place in any history.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def instant(text: Any, name: str) -> datetime:
    """The instant that the field `name` says, or BadMessage."""
    if not isinstance(text, str):
        raise BadMessage(
            Reason.BAD_TIME,
            f"`{name}` is {shown(text)}; it must be a time like 2026-09-06T07:10:00+08:00.",
        )
    try:
        at: datetime = msgspec.convert(text, Instant)
    except msgspec.ValidationError:
        raise BadMessage(
            Reason.BAD_TIME,
            f"`{name}` is {shown(text)}; it must be RFC 3339 with a zone,"
            " like 2026-09-06T07:10:00+08:00.",
        ) from None
    if not EARLIEST <= at < LATEST:
        raise BadMessage(Reason.BAD_TIME, f"`{name}` is {text}; set the clock of the sender.")
    return at

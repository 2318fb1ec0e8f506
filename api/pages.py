"""A page of history: the newest readings before a cursor."""

from fastapi import HTTPException

from city.sight import Sight
from store.history import HistoryStore
from store.reading import Reading

Span = tuple[int | None, int | None]


def page(
    history: HistoryStore, thing: str, span: Span, limit: int, cursor: str | None, sight: Sight
) -> tuple[list[Reading], str | None]:
    """Readings in the order of time, and the cursor to what is older."""
    first, last = span
    if cursor is None:
        found = history.readings(thing, first, last, limit + 1, sight)
    else:
        before = place_of(cursor)
        found = history.readings(thing, first, min(before[0], last or before[0]), sight=sight)
        found = [one for one in found if (one.observed_ms, one.seq) < before][-limit - 1 :]
    if len(found) <= limit:
        return found, None
    found = found[-limit:]
    return found, f"{found[0].observed_ms}.{found[0].seq}"


def place_of(cursor: str) -> tuple[int, int]:
    """The reading a cursor stands at."""
    try:
        observed_ms, seq = cursor.split(".")
        return int(observed_ms), int(seq)
    except ValueError:
        raise HTTPException(422, "cursor: not one that we gave") from None

"""Recordings of MQTT traffic: read, paced, and moved to another time.

A line is `<receive time> <topic> <payload>`. Topics may hold spaces, so the payload is where an
object begins, or the last word of a line without one.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from feeds.feed import BadMessage
from feeds.standards.rfc3339 import instant

# The fields that hold an instant, of our own contract and of HFP; `tsi` holds seconds.
_INSTANT = re.compile(rb'"(ts|tst|ttarr|ttdep)"(\s*:\s*)"([^"\\]+)"')
_SECONDS = re.compile(rb'"(tsi)"(\s*:\s*)([0-9]{1,12})\b')


@dataclass(frozen=True, slots=True)
class Recorded:
    """One message, and when it was heard."""

    at: datetime
    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Due:
    """A message, and how long after the beginning of the replay it is sent."""

    after_s: float
    topic: str
    payload: bytes


def read_lines(lines: Iterable[bytes], refuse: Callable[[int], None]) -> Iterator[Recorded]:
    """The messages of a recording; `refuse` hears the number of a line that is none."""
    for number, line in enumerate(lines, 1):
        text = line.rstrip(b"\r\n")
        if not text:
            continue
        try:
            yield read_line(text)
        except ValueError:  # UnicodeDecodeError and BadMessage are ValueErrors
            refuse(number)


def read_line(line: bytes) -> Recorded:
    """One line, or ValueError."""
    at, _, rest = line.partition(b" ")
    brace = rest.find(b" {")
    cut = brace if brace >= 0 else rest.rindex(b" ")
    topic, payload = rest[:cut].decode(), rest[cut + 1 :]
    if not topic or "+" in topic or "#" in topic:
        raise ValueError("a line without a topic that one can publish to")
    return Recorded(instant(at.decode(), "receive time"), topic, payload)


def due(recording: Iterable[Recorded], speed: float) -> Iterator[Due]:
    """When each message is sent: as it was heard, `speed` times as fast; 0 is without a pause."""
    begun: datetime | None = None
    for message in recording:
        begun = begun or message.at
        after_s = max(0.0, (message.at - begun).total_seconds() / speed) if speed else 0.0
        yield Due(after_s, message.topic, message.payload)


def shift_to(recording: Iterable[Recorded], last_at: datetime) -> list[Recorded]:
    """The recording as if its last message had been heard at `last_at`."""
    messages = list(recording)
    if not messages:
        return []
    by = last_at - max(message.at for message in messages)
    return [
        replace(message, at=message.at + by, payload=shifted(message.payload, by))
        for message in messages
    ]


def shifted(payload: bytes, by: timedelta) -> bytes:
    """A payload with its times moved; every other byte stays."""

    def move_instant(found: re.Match[bytes]) -> bytes:
        moved = _moved(found[3].decode(errors="replace"), by)
        return found[0] if moved is None else b'"%b"%b"%b"' % (found[1], found[2], moved)

    def move_seconds(found: re.Match[bytes]) -> bytes:
        seconds = int(found[3]) + round(by.total_seconds())
        return b'"%b"%b%d' % (found[1], found[2], seconds)

    return _SECONDS.sub(move_seconds, _INSTANT.sub(move_instant, payload))


def _moved(text: str, by: timedelta) -> bytes | None:
    try:
        at = instant(text, "ts") + by
    except (BadMessage, OverflowError):
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()

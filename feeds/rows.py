"""Facts in columns: what both ways of reading fill, and what becomes the records of a batch."""

from dataclasses import dataclass, field, fields
from math import nan
from zlib import crc32

import numpy as np
import numpy.typing as npt

from city.quality import Quality
from city.records import DEGREE, NO_HEADING, NOWHERE, RECORD, Channel
from city.units import status_code
from feeds.feed import Fact

AHEAD_MS = 5 * 60 * 1000
LATE_MS = 24 * 3600 * 1000
FASTEST_MPS = 150.0
HOLDING = (Channel.STATE, Channel.META)
MOST_F4 = float(np.finfo(np.float32).max)

Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class Rows:
    """One list a column; NaN says nothing."""

    place: list[int] = field(default_factory=list)  # of the message in its batch
    feed: list[int] = field(default_factory=list)
    thing: list[str] = field(default_factory=list)
    channel: list[int] = field(default_factory=list)
    area: list[int] = field(default_factory=list)
    observed_s: list[float] = field(default_factory=list)
    seq: list[int] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    speed_mps: list[float] = field(default_factory=list)
    heading_deg: list[float] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    payload: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.place)

    def add(self, place: int, feed: int, fact: Fact) -> None:
        """Appends one fact."""
        point, quality = fact.point or (nan, nan), fact.quality
        if fact.seq is None:
            quality |= Quality.NO_SEQUENCE
        self.place.append(place)
        self.feed.append(feed)
        self.thing.append(fact.thing)
        self.channel.append(fact.channel)
        self.area.append(fact.area_hint)
        self.observed_s.append(fact.observed_at.timestamp())
        self.seq.append(crc32(fact.payload) if fact.seq is None else fact.seq)
        self.lon.append(point[0])
        self.lat.append(point[1])
        self.value.append(_or_nan(fact.value))
        self.speed_mps.append(_or_nan(fact.speed_mps))
        self.heading_deg.append(_or_nan(fact.heading_deg))
        self.quality.append(quality)
        self.status.append(status_code(fact.status))
        self.payload.append(fact.payload)

    def sort(self) -> None:
        """Brings the rows into the order in which their messages came."""
        order = sorted(range(len(self)), key=self.place.__getitem__)
        if order == list(range(len(self))):
            return
        for column in fields(self):
            old = getattr(self, column.name)
            setattr(self, column.name, [old[place] for place in order])


def records(rows: Rows, things: dict[str, int], received_ms: int) -> npt.NDArray[np.void]:
    """The records of all rows; names of things that are not yet in `things` are put there."""
    found = np.zeros(len(rows), RECORD)
    found["received_ms"] = received_ms
    found["observed_ms"] = np.rint(np.array(rows.observed_s) * 1000)
    found["seq"] = rows.seq
    found["thing"] = [things.setdefault(name, len(things)) for name in rows.thing]
    found["area"] = rows.area
    found["channel"] = rows.channel
    found["status"] = rows.status
    found["quality"] = rows.quality
    found["size"] = list(map(len, rows.payload))
    found["value"] = _f4(np.array(rows.value))
    _place(found, np.array(rows.lon), np.array(rows.lat))
    _move(found, np.array(rows.speed_mps), np.array(rows.heading_deg))
    _time(found, received_ms)
    return found


def is_timed(found: npt.NDArray[np.void]) -> npt.NDArray[np.bool_]:
    """Which rows have a delay. A state or a registration holds, however old, until the next."""
    channel = found["channel"]
    timed: npt.NDArray[np.bool_] = ~np.isin(channel, HOLDING)
    return timed


def _place(found: npt.NDArray[np.void], lon: Floats, lat: Floats) -> None:
    known = ~np.isnan(lon)
    for name, degrees in (("lon", lon), ("lat", lat)):
        found[name] = NOWHERE
        found[name][known] = np.rint(degrees[known] * DEGREE)


def _move(found: npt.NDArray[np.void], speed_mps: Floats, heading_deg: Floats) -> None:
    found["speed"] = _f4(speed_mps)
    turned = (heading_deg >= 0) & (heading_deg <= 360)
    found["heading"] = NO_HEADING
    found["heading"][turned] = np.rint(heading_deg[turned] * 100) % 36_000
    impossible = (speed_mps < 0) | (speed_mps > FASTEST_MPS)
    impossible |= ~turned & ~np.isnan(heading_deg)
    found["quality"][impossible] |= int(Quality.OUT_OF_RANGE)


def _time(found: npt.NDArray[np.void], received_ms: int) -> None:
    timed = is_timed(found)
    delay_ms = received_ms - found["observed_ms"]
    found["quality"][timed & (delay_ms < -AHEAD_MS)] |= int(Quality.CLOCK_AHEAD)
    found["quality"][timed & (delay_ms > LATE_MS)] |= int(Quality.LATE)


def _f4(numbers: Floats) -> Floats:
    """Within what four bytes can hold."""
    return np.clip(numbers, -MOST_F4, MOST_F4)


def _or_nan(number: float | None) -> float:
    return nan if number is None else number

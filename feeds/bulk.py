"""Our own contract, a batch at a time: one decode for all readings, everything odd left over.

What is taken here means exactly what `feeds/native.py` would make of it; whatever could mean
something else is left to it. Three counts make the joined text sound. Its only newlines are ours,
each between `}` and `{`; no JSON text may hold one, so none reaches from one payload into the next.
As many records as payloads: one each. And as many quotes as the keys and texts of the records
account for: no key is there twice. Where the records do not account for all, because suppliers send
fields that we do not know, the whole text is read once more to count those too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from math import nan
from operator import is_
from typing import Annotated, Any, Literal
from zlib import crc32

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import UNSET, Meta, Struct, UnsetType

from city.quality import Quality
from city.records import Channel
from city.units import status_code
from feeds.feed import BadMessage, Feed
from feeds.native import MOST_SEQ, SAID
from feeds.rows import Rows
from feeds.standards.ijson import LARGEST, is_plain_list
from feeds.standards.rfc3339 import EARLIEST, LATEST, Instant
from feeds.topics import Router, address, text_of
from geo.datums import Datum, to_wgs84

PREFIX = b"cb/"
MOST_ROUTES = 200_000
PARTS = 8  # what cannot be read together is tried again in so many parts
FEWEST = 16  # and below this number one by one
NO_SEQUENCE = int(Quality.NO_SEQUENCE)
OUT_OF_RANGE = int(Quality.OUT_OF_RANGE)
EARLIEST_S, LATEST_S = EARLIEST.timestamp(), LATEST.timestamp()
ABSENT = repeat(UNSET)

Column = Sequence[Any]
Values = dict[str, float | bool | str | None]
Lon = Annotated[float, Meta(ge=-180, le=180)]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Said = Literal["good", "uncertain", "bad"]
Shift = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
QUALITIES: Mapping[Any, int] = {word: int(flag) for word, flag in SAID.items()}
NOTHING: Values = {}
DATA = int(Channel.DATA)
SHIFTED = {Datum.GCJ02, Datum.BD09}


class Reading(Struct, gc=False):
    """The `data` of our contract; what else a message holds stays in its payload."""

    ts: Instant
    seq: Annotated[int, Meta(ge=0, le=MOST_SEQ)] | UnsetType | None = UNSET
    values: Values | UnsetType | None = UNSET
    pos: tuple[Lon, Lat] | UnsetType | None = UNSET
    datum: Shift | UnsetType | None = UNSET
    speed_mps: float | UnsetType | None = UNSET
    heading_deg: float | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    q: Said | UnsetType | None = UNSET


FIELDS = len(Reading.__struct_fields__)
_decode = msgspec.json.Decoder(list[Reading]).decode


@dataclass(frozen=True, slots=True)
class Route:
    """All that a topic says about its readings."""

    feed: int
    thing: str
    area: int
    leading: str
    ranges: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """Payloads of one decode, field by field."""

    places: Sequence[int]
    payloads: Sequence[bytes]
    columns: Sequence[Column]
    values: Sequence[Values]
    observed_s: Sequence[float]

    def only(self, rows: Sequence[int]) -> "Readings":
        """Some of them."""

        def picked(column: Column) -> Column:
            return [column[row] for row in rows]

        places, payloads = picked(self.places), picked(self.payloads)
        columns = [picked(column) for column in self.columns]
        return Readings(places, payloads, columns, picked(self.values), picked(self.observed_s))


class Bulk:
    """Reads what is plain, and says what is left over."""

    def __init__(self, feeds: Sequence[Feed], router: Router) -> None:
        self._index = {feed.name: place for place, feed in enumerate(feeds)}
        self._router = router
        self._routes: dict[bytes, Route | None] = {}

    def read(self, rows: Rows, topics: Sequence[bytes], payloads: Sequence[bytes]) -> list[int]:
        """Puts readings into the rows; the places of all other messages come back."""
        routes = enumerate(map(self._route, topics))
        known = {place: route for place, route in routes if route is not None}
        found = _decoded(list(known), [payloads[place] for place in known])
        taken = [_numeric(readings, known) for readings in found]
        for readings in taken:
            _fill(rows, readings, [known[place] for place in readings.places])
        if sum(len(readings.places) for readings in taken) == len(topics):
            return []
        done = {place for readings in taken for place in readings.places}
        return [place for place in range(len(topics)) if place not in done]

    def _route(self, topic: bytes) -> Route | None:
        try:
            return self._routes[topic]
        except KeyError:
            return self._find(topic) if topic.startswith(PREFIX) else None

    def _find(self, topic: bytes) -> Route | None:
        if len(self._routes) >= MOST_ROUTES:
            self._routes.clear()
        route = self._routes[topic] = self._new(topic)
        return route

    def _new(self, topic: bytes) -> Route | None:
        try:
            text = text_of(topic)
            feed, parts = self._router.route(text), address(text)
        except BadMessage:
            return None
        if feed.kind is None or parts.channel != "data":
            return None
        quantities = feed.kind.quantities
        ranges = tuple((one.name, one.low, one.high) for one in quantities)
        leading = quantities[0].name if quantities else ""
        return Route(self._index[feed.name], parts.thing, parts.adcode, leading, ranges)


def _decoded(places: Sequence[int], payloads: Sequence[bytes]) -> Iterator[Readings]:
    """Whatever can be read together, in as few decodes as that takes."""
    if not places:
        return
    found = _together(places, payloads)
    if found is not None:
        yield found
    elif len(places) >= FEWEST:
        step = -(-len(places) // PARTS)
        for start in range(0, len(places), step):
            part = slice(start, start + step)
            yield from _decoded(places[part], payloads[part])


def _numeric(readings: Readings, routes: Mapping[int, Route]) -> Readings:
    """Without those whose leading quantity is a text: they are to be refused in words."""
    leading = [routes[place].leading for place in readings.places]
    rows = [
        row
        for row, (values, name) in enumerate(zip(readings.values, leading, strict=True))
        if type(values.get(name)) is not str
    ]
    return readings if len(rows) == len(leading) else readings.only(rows)


def _together(places: Sequence[int], payloads: Sequence[bytes]) -> Readings | None:
    """All payloads in one decode, or None where any of them is not plain."""
    text = b"[%b]" % b",\n".join(payloads)
    if not _is_plain(text, payloads):
        return None
    try:
        found = _decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if len(found) != len(payloads):
        return None
    columns = list(zip(*map(msgspec.structs.astuple, found), strict=True))
    observed_s = list(map(datetime.timestamp, columns[0]))
    if not (min(observed_s) >= EARLIEST_S and max(observed_s) < LATEST_S):
        return None
    values = [said if type(said) is dict else NOTHING for said in columns[2]]
    if text.count(b'"') != 2 * _texts(columns, values) and not is_plain_list(text):
        return None
    return Readings(places, payloads, columns, values, observed_s)


def _is_plain(text: bytes, payloads: Sequence[bytes]) -> bool:
    """No newline but ours, each between `}` and `{`, and nothing too large."""
    joints = len(payloads) - 1
    return (
        text.count(b"\n") == joints
        and text.count(b"},\n{") == joints
        and max(map(len, payloads)) <= LARGEST
    )


def _texts(columns: Sequence[Column], values: Sequence[Values]) -> int:
    """How many keys and texts the records account for."""
    count = len(values) * (FIELDS + 1)  # every key, and the text of `ts`
    for column in columns[1:]:
        count -= sum(map(is_, column, ABSENT))
    for column in (columns[4], columns[7], columns[8]):
        count += sum(type(said) is str for said in column)
    for said in values:
        count += len(said)
        for value in said.values():
            if type(value) is str:
                count += 1
    return count


def _fill(rows: Rows, readings: Readings, routes: Sequence[Route]) -> None:
    _, seq, _, pos, datum, speed, heading, status, said = readings.columns
    rows.place += readings.places
    rows.payload += readings.payloads
    rows.feed += [route.feed for route in routes]
    rows.thing += [route.thing for route in routes]
    rows.area += [route.area for route in routes]
    rows.channel += repeat(DATA, len(routes))
    rows.observed_s += readings.observed_s
    rows.speed_mps += _numbers(speed)
    rows.heading_deg += _numbers(heading)
    rows.status += [status_code(word) if type(word) is str else 0 for word in status]
    _fill_points(rows, pos, datum)
    _fill_values(rows, readings, routes, _qualities(seq, said))
    rows.seq += map(_seq, seq, readings.payloads)


def _fill_points(rows: Rows, pos: Column, datum: Column) -> None:
    lon = [pair[0] if type(pair) is tuple else nan for pair in pos]
    lat = [pair[1] if type(pair) is tuple else nan for pair in pos]
    for name in set(datum) & SHIFTED:
        shifted = [place for place, said in enumerate(datum) if said == name]
        there = to_wgs84(_picked(lon, shifted), _picked(lat, shifted), name)
        for place, x, y in zip(shifted, *there, strict=True):
            lon[place], lat[place] = float(x), float(y)
    rows.lon += lon
    rows.lat += lat


def _fill_values(
    rows: Rows, readings: Readings, routes: Sequence[Route], qualities: Iterable[int]
) -> None:
    for route, values, quality in zip(routes, readings.values, qualities, strict=True):
        leading = values.get(route.leading)
        rows.value.append(nan if leading is None or isinstance(leading, str) else leading)
        for name, low, high in route.ranges:
            value = values.get(name)
            if value is None or isinstance(value, str) or low <= value <= high:
                continue
            quality |= OUT_OF_RANGE
        rows.quality.append(quality)


def _qualities(seq: Column, said: Column) -> list[int]:
    return [
        QUALITIES.get(word, 0) | (0 if type(number) is int else NO_SEQUENCE)
        for number, word in zip(seq, said, strict=True)
    ]


def _seq(number: object, payload: bytes) -> int:
    return number if type(number) is int else crc32(payload)


def _numbers(column: Column) -> Iterator[float]:
    return (number if type(number) is float else nan for number in column)


def _picked(numbers: Sequence[float], places: Sequence[int]) -> npt.NDArray[np.float64]:
    return np.array([numbers[place] for place in places])

"""San Francisco's "Fire Department Calls for Service": one row for each unit sent to a call.

The open data set as its city publishes it, either way: with titles (`Received DtTm`, times like
`01/31/2020 11:59:58 PM`) or with field names (`received_dttm`, `2020-01-31T23:59:58.000`). Times
are local and carry no zone. A unit's row has up to eight of them.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feeds.standards.ijson import shown
from feeds.standards.refusals import BadMessage, Reason

ZONE = ZoneInfo("America/Los_Angeles")
TITLED = "%m/%d/%Y %I:%M:%S %p"
_NUMBER = re.compile(r"[0-9]{1,16}")
_UNIT = re.compile(r"[A-Za-z0-9_-]{1,32}")
_POINT = re.compile(r"POINT\s*\(\s*(-?[0-9.]+)\s+(-?[0-9.]+)\s*\)", re.IGNORECASE)
_PAIR = re.compile(r"\(\s*(-?[0-9.]+)\s*,\s*(-?[0-9.]+)\s*\)")  # latitude first


class Step(IntEnum):
    """The eight instants of a unit's row, in the order in which they should come."""

    RECEIVED = 1
    ENTRY = 2
    DISPATCH = 3
    RESPONSE = 4
    ON_SCENE = 5
    TRANSPORT = 6
    HOSPITAL = 7
    AVAILABLE = 8


class Call(NamedTuple):
    """What was called for."""

    number: str
    type: str
    address: str
    priority: str
    alarms: int
    position: tuple[float, float] | None  # longitude, latitude, WGS-84


@dataclass(frozen=True, slots=True)
class Response:
    """A row: one unit's part in a call. A step that never was is not among the times."""

    call: Call
    unit: str
    unit_type: str
    times: Mapping[Step, datetime]  # aware


def read_rows(lines: Iterable[str]) -> Iterator[Response | BadMessage]:
    """The rows of the table below its head, each read or refused."""
    for row in csv.DictReader(lines):
        named = {_field(name): text.strip() for name, text in row.items() if name and text}
        try:
            yield read_row(named)
        except BadMessage as refusal:
            yield refusal


def read_row(row: Mapping[str, str]) -> Response:
    """A row by field names; BadMessage says what is wrong with it."""
    number, unit = row.get("call_number", ""), row.get("unit_id", "")
    if not _NUMBER.fullmatch(number):
        raise BadMessage(Reason.BAD_SHAPE, f"`call_number` is {shown(number)}; digits are wanted.")
    if not _UNIT.fullmatch(unit):
        raise BadMessage(Reason.BAD_SHAPE, f"`unit_id` is {shown(unit)}; letters and digits only.")
    times = {step: _instant(row[name], name) for step, name in _TIMES.items() if row.get(name)}
    if Step.RECEIVED not in times:
        raise BadMessage(Reason.BAD_TIME, "`received_dttm` is missing.")
    return Response(_call(number, row), unit, row.get("unit_type", ""), times)


def _call(number: str, row: Mapping[str, str]) -> Call:
    alarms = row.get("number_of_alarms", "")
    place = row.get("case_location") or row.get("location", "")
    return Call(
        number=number,
        type=row.get("call_type", ""),
        address=row.get("address", ""),
        priority=row.get("final_priority") or row.get("priority", ""),
        alarms=int(alarms) if alarms.isdecimal() else 1,
        position=_position(place),
    )


_TIMES: Mapping[Step, str] = {step: f"{step.name.lower()}_dttm" for step in Step}


def _field(name: str) -> str:
    """The field name that a title is: `On Scene DtTm` is `on_scene_dttm`."""
    return "_".join(name.strip("\ufeff ").lower().split())


def _instant(text: str, name: str) -> datetime:
    try:
        at = datetime.strptime(text, TITLED) if "/" in text else datetime.fromisoformat(text)  # noqa: DTZ007 the zone comes next
    except ValueError:
        sentence = f"`{name}` is {shown(text)}; it must be like 01/31/2020 11:59:58 PM."
        raise BadMessage(Reason.BAD_TIME, sentence) from None
    return at if at.tzinfo else at.replace(tzinfo=ZONE)


def _position(text: str) -> tuple[float, float] | None:
    if found := _POINT.search(text):
        return float(found[1]), float(found[2])
    if found := _PAIR.search(text):
        return float(found[2]), float(found[1])
    return None

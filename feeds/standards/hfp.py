"""HSL high-frequency positioning, version 2: where Helsinki's public transport is, once a second.

Topics and bodies as digitransit.fi, "High-frequency positioning", describes them:

    /hfp/v2/{journey}/{temporal}/{event}/{mode}/{operator}/{vehicle}
           /{route}/{direction}/{headsign}/{start}/{next stop}/{geohash level}/{geohash}/{sid}
    {"VP":{"tst":"2026-09-06T07:10:00.412Z","tsi":1788678600,"lat":60.1755,"long":24.9505,…}}

What follows the vehicle may be missing from its end, and each of it may be empty.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from feeds.standards.ijson import read_object, shown
from feeds.standards.refusals import BadMessage, Reason
from feeds.standards.rfc3339 import EARLIEST, LATEST, instant

VERSION = "v2"
# Position, stops, doors, traffic lights, sign-on of driver and vehicle.
EVENTS = {
    "vp", "due", "arr", "dep", "ars", "pde", "pas", "wait", "doo", "doc", "tlr", "tla",
    "da", "dout", "ba", "bout", "vja", "vjout",
}  # fmt: skip
VEHICLE_LEVELS = 9
GEOHASH_LEVELS = 4
_MODE = re.compile(r"[a-z]{1,32}")
_NUMBER = re.compile(r"[A-Za-z0-9_]{1,31}")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")


class Topic(NamedTuple):
    """The levels of a topic; None where a level is empty or missing."""

    journey: str
    temporal: str | None
    event: str
    mode: str
    operator: str
    vehicle: str
    route: str | None = None
    direction: str | None = None
    headsign: str | None = None
    start: str | None = None
    next_stop: str | None = None
    geohash_level: str | None = None
    geohash: str | None = None
    sid: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """What a message says; `said` holds every field as it came."""

    observed_at: datetime
    position: tuple[float, float] | None  # longitude, latitude, WGS-84
    speed_mps: float | None
    heading_deg: float | None
    said: dict[str, Any]


def read_topic(topic: str) -> Topic:
    """The parts of a topic, or BadMessage."""
    levels = topic.split("/")
    if levels[2:3] != [VERSION]:
        version = shown("".join(levels[2:3]))
        raise BadMessage(Reason.UNKNOWN_VERSION, f"HFP version {version} is unknown; use v2.")
    if len(levels) < VEHICLE_LEVELS:
        raise BadMessage(Reason.BAD_TOPIC, "An HFP topic must go as far as the vehicle's number.")
    journey, temporal, event, mode, operator, vehicle = levels[3:VEHICLE_LEVELS]
    if event not in EVENTS:
        raise BadMessage(Reason.BAD_TOPIC, f"The HFP event type {shown(event)} is unknown.")
    if not (_MODE.fullmatch(mode) and _NUMBER.fullmatch(operator) and _NUMBER.fullmatch(vehicle)):
        raise BadMessage(
            Reason.BAD_TOPIC, "Transport mode, operator and vehicle of an HFP topic must be given."
        )
    vehicle_part = (journey, temporal or None, event, mode, operator, vehicle)
    return Topic(*vehicle_part, *_journey_part(levels[VEHICLE_LEVELS:]))


def _journey_part(levels: list[str]) -> list[str | None]:
    """A headsign may hold a slash itself; the time of departure behind it tells where it ends."""
    clock = (place for place in range(3, len(levels)) if _CLOCK.fullmatch(levels[place]))
    start = next(clock, min(3, len(levels)))
    head = [*levels[:2], "/".join(levels[2:start])]
    tail, hash_at = levels[start:], 3
    cells = tail[hash_at : hash_at + GEOHASH_LEVELS]
    parts = [*tail[:hash_at], "/".join(cells) if any(cells) else ""]
    sid = tail[hash_at + GEOHASH_LEVELS :][:1]
    return [part or None for part in [*head, *parts, *sid]]


def read_body(event: str, payload: bytes) -> Body:
    """The one object under the event's name, or BadMessage."""
    document = read_object(payload)
    said = document.get(event.upper())
    if len(document) != 1 or not isinstance(said, dict):
        raise BadMessage(
            Reason.BAD_SHAPE,
            f"The payload of an HFP topic with {event} must be one object under {event.upper()}.",
        )
    return Body(
        observed_at=_observed_at(said),
        position=_position(said),
        speed_mps=_number(said, "spd"),
        heading_deg=_number(said, "hdg"),
        said=said,
    )


def _observed_at(said: dict[str, Any]) -> datetime:
    """`tst`, in milliseconds; `tsi`, in whole seconds, where it is missing."""
    seconds = said.get("tsi")
    if said.get("tst") is not None or seconds is None:
        return instant(said.get("tst"), "tst")
    is_whole = isinstance(seconds, int) and not isinstance(seconds, bool)
    if not is_whole or not EARLIEST.timestamp() <= seconds < LATEST.timestamp():
        raise BadMessage(Reason.BAD_TIME, f"`tsi` is {shown(seconds)}; it must be seconds.")
    return datetime.fromtimestamp(seconds, UTC)


def _position(said: dict[str, Any]) -> tuple[float, float] | None:
    lon, lat = said.get("long"), said.get("lat")
    if lon is None or lat is None:
        return None
    if not (_is_number(lon) and _is_number(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise BadMessage(
            Reason.BAD_POSITION, f"`long` {shown(lon)} and `lat` {shown(lat)} are not on the earth."
        )
    return float(lon), float(lat)


def _number(said: dict[str, Any], name: str) -> float | None:
    value = said.get(name)
    if value is None:
        return None
    if not _is_number(value):
        raise BadMessage(Reason.BAD_SHAPE, f"`{name}` is {shown(value)}; it must be a number.")
    return float(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""Cameras of the city, as its profile names them: what stands near an event."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from city.tables import BadTable
from geo.points import Point, distance_m

WITHIN_M, MOST = 500.0, 6
ADDRESS = re.compile(r"https?://[^\s/]\S*|/([^\s/]\S*)?")  # RFC 3986; `//` names a host


@dataclass(frozen=True, slots=True)
class Camera:
    """Where it stands, and where its picture is: a still (JPEG), a stream (HLS, WebRTC), or both.

    Addresses are those of the city's own video platform; the browser of who looks asks there.
    """

    id: str
    zh: str
    en: str
    point: Point
    still: str = ""
    stream: str = ""


def cameras_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Camera, ...]:
    """What a profile's `[[cameras]]` state; BadTable names what cannot be."""
    found = tuple(map(camera_of, rows))
    if len({one.id for one in found}) < len(found):
        raise BadTable("`cameras`: an id stands there twice")
    return found


def camera_of(row: Mapping[str, Any]) -> Camera:
    """One of them."""
    try:
        lon, lat = row["pos"]
        point = Point(float(lon), float(lat))
        camera = Camera(str(row["id"]), row["zh"], row["en"], point,
                        row.get("still", ""), row.get("stream", ""))  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise BadTable(f"`cameras` {row.get('id', '?')}: {error}") from None
    if not all(map(is_address, (camera.still, camera.stream))):
        raise BadTable(f"`cameras` {camera.id}: an address begins with http, https or /")
    return camera


def is_address(said: str) -> bool:
    """Whether that can be asked for by a browser; none at all is well too."""
    return not said or bool(ADDRESS.fullmatch(said))


def near(
    cameras: Iterable[Camera], point: Point, within_m: float = WITHIN_M, most: int = MOST
) -> list[tuple[Camera, float]]:
    """The cameras around a point with their distance in metres, the nearest first."""
    found = [(one, distance_m(one.point, point)) for one in cameras]
    close = [(one, metres) for one, metres in found if metres <= within_m]
    return sorted(close, key=lambda pair: pair[1])[:most]

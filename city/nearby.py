"""Which events could be meant: found by square, place name and time, without asking them all."""

from collections.abc import Iterable, Mapping, Sequence
from math import cos, floor, radians
from typing import NamedTuple, Protocol

from city.affinity import SENSOR_SCALES, SORTS, affinity
from city.merging import FURTHEST, MINUTE_MS, Match, Sign, common_scale, ranked
from geo.points import EARTH_RADIUS_M, Point, distance_m

METRES_PER_DEGREE = EARTH_RADIUS_M * radians(1)
_SCALES = [*(sort.scale for sort in SORTS.values()), *SENSOR_SCALES.values()]
# A square is as wide as the furthest that two signs can be apart and still score, and an event is
# looked for as long as two signs can be.
SIDE_M = FURTHEST * max(scale.metres for scale in _SCALES)
LONGEST_MS = int(FURTHEST * max(scale.minutes for scale in _SCALES) * MINUTE_MS)
ROW_DEGREES = SIDE_M / METRES_PER_DEGREE


Box = tuple[float, float, float, float]  # west, south, east, north


class Glimpse(NamedTuple):
    """An event as the shelf shows it: enough to leave most of them alone."""

    first_ms: int
    last_ms: int
    kinds: tuple[str, ...]
    box: Box | None = None  # around its members that have a place
    has_placeless: bool = False  # a member has none


class Shelf(Protocol):
    """Where open events lie, by mark."""

    def glimpses(self, mark: str) -> Mapping[str, Glimpse]:
        """The events under a mark."""
        ...

    def signs(self, event_id: str) -> Sequence[Sign]:
        """The members of one of them."""
        ...


def find(one: Sign, shelf: Shelf) -> list[tuple[str, Match]]:
    """The events that a sign may belong to, the best first."""
    worth = {
        event_id: shelf.signs(event_id)
        for mark in looks(one)
        for event_id, glimpse in shelf.glimpses(mark).items()
        if is_worth(one, glimpse)
    }
    return ranked(one, worth)


def is_worth(one: Sign, shown: Glimpse) -> bool:
    """Whether an event could score at all: a kind of it goes with the sign, in time and near."""
    after_ms = max(shown.first_ms - one.at_ms, one.at_ms - shown.last_ms, 0)
    metres = _metres_to(one, shown)
    scales = [common_scale(one.what, kind) for kind in shown.kinds if affinity(one.what, kind)]
    return any(
        after_ms <= FURTHEST * scale.minutes * MINUTE_MS and metres <= FURTHEST * scale.metres
        for scale in scales
    )


def glimpse(members: Iterable[Sign]) -> Glimpse:
    """An event as the shelf is to show it."""
    signs = list(members)
    times = [sign.at_ms for sign in signs]
    points = [sign.point for sign in signs if sign.point]
    kinds = tuple(sorted({sign.what for sign in signs}))
    box = _box(points) if points else None
    return Glimpse(min(times), max(times), kinds, box, len(points) < len(signs))


def marks(one: Sign) -> list[str]:
    """Where a member puts its event on the shelf."""
    if one.point is None:
        return [f"~{place}" for place in sorted(one.places)]
    return [square(one.point), *(f"@{place}" for place in sorted(one.places))]


def looks(one: Sign) -> list[str]:
    """Where on the shelf a sign looks: around it, and for what is told without a place by name."""
    nameless = [f"~{place}" for place in sorted(one.places)]
    if one.point is None:
        return [*nameless, *(f"@{place}" for place in sorted(one.places))]
    return [*squares_around(one.point), *nameless]


def _box(points: Sequence[Point]) -> Box:
    lons, lats = [point.lon for point in points], [point.lat for point in points]
    return min(lons), min(lats), max(lons), max(lats)


def _metres_to(one: Sign, shown: Glimpse) -> float:
    """How far from the event at least; 0 where a name has to stand for a place."""
    if one.point is None or shown.box is None or shown.has_placeless:
        return 0.0
    west, south, east, north = shown.box
    lon, lat = min(max(one.point.lon, west), east), min(max(one.point.lat, south), north)
    return distance_m(one.point, Point(lon, lat))


def square(point: Point) -> str:
    """The square that a place lies in, as `row:column`."""
    row = floor(point.lat / ROW_DEGREES)
    return f"{row}:{_column(point.lon, row)}"


def squares_around(point: Point) -> list[str]:
    """Its square and the eight around it: everything within SIDE_M lies in one of them."""
    row = floor(point.lat / ROW_DEGREES)
    return [
        f"{one}:{_column(point.lon, one) + east}"
        for one in (row - 1, row, row + 1)
        for east in (-1, 0, 1)
    ]


def _column(lon: float, row: int) -> int:
    """Columns of a row are SIDE_M wide at its edge towards the pole, wider elsewhere in it."""
    edge = max(abs(row), abs(row + 1)) * ROW_DEGREES
    return floor(lon / (ROW_DEGREES / max(0.01, cos(radians(edge)))))

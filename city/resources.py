"""Resources without an engine of their own: which are near, and which can be used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from city.dispatch_rules import Resource
from geo.routing import Reach

WHAT = ("资源", "resource")


class Use(StrEnum):
    """Whether a resource can be used."""

    READY = "ready"
    IN_USE = "in_use"
    CLOSED = "closed"


USE_NAMES = {
    Use.READY: ("可用", "Ready"),
    Use.IN_USE: ("使用中", "In use"),
    Use.CLOSED: ("停用", "Closed"),
}


@dataclass(frozen=True, slots=True)
class ResourceNote:
    """What a person said of a resource last."""

    use: Use = Use.READY
    by: str = ""
    at_ms: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """A resource as it stands, and how long from it to the place that was asked for."""

    resource: Resource
    note: ResourceNote
    eta_s: float | None = None  # inf: closures leave no way; None: no place was asked for
    by_road: bool = True


def stock(resources: Iterable[Resource], notes: Mapping[str, ResourceNote]) -> list[Stock]:
    """All of them as they stand."""
    return [Stock(one, notes.get(one.id, ResourceNote())) for one in resources]


def nearest(found: Sequence[Stock], ways: Reach) -> list[Stock]:
    """Seen from a place the usable come first, the nearest by road first; rows as in `found`."""
    rows = zip(found, ways.eta_s.tolist(), ways.by_road.tolist(), strict=True)
    seen = [replace(one, eta_s=eta_s, by_road=by_road) for one, eta_s, by_road in rows]
    return sorted(seen, key=lambda one: (one.note.use is not Use.READY, one.eta_s))

"""Resources without an engine of their own: which are near, and which can be used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from city.dispatch_rules import Resource
from geo.points import Point, distance_m

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
    """A resource as it stands, seen from a place."""

    resource: Resource
    note: ResourceNote
    straight_m: float | None = None  # from the place that was asked for


def stock(
    resources: Iterable[Resource], notes: Mapping[str, ResourceNote], near: Point | None = None
) -> list[Stock]:
    """All of them; seen from a place those that can be used come first, the nearest first."""
    found = [
        Stock(one, notes.get(one.id, ResourceNote()), distance_m(one.point, near) if near else None)
        for one in resources
    ]
    return sorted(found, key=lambda one: (one.note.use is not Use.READY, one.straight_m or 0.0))

"""What a feed speaks about: its name, and how its presence is told."""

from enum import StrEnum
from typing import NamedTuple


class ThingKey(NamedTuple):
    """A thing's name in parts; as text `dept/kind/object`."""

    department: str
    kind: str
    object: str

    @classmethod
    def parse(cls, text: str) -> "ThingKey":
        department, kind, name = text.split("/", 2)
        return cls(department, kind, name)

    def __str__(self) -> str:
        return "/".join(self)


class Freshness(StrEnum):
    """How old the newest reading is, measured in the thing's own period."""

    FRESH = "fresh"
    LATE = "late"
    STALE = "stale"
    LOST = "lost"


# Multiples of the period after which a feed is late, stale, lost (supervision row A05, ux-spec §5).
LATE_AFTER, STALE_AFTER, LOST_AFTER = 1.5, 2.0, 5.0


def freshness(age_s: float, period_s: float) -> Freshness:
    """The word for an age, given the agreed period."""
    multiple = age_s / period_s
    if multiple > LOST_AFTER:
        return Freshness.LOST
    if multiple > STALE_AFTER:
        return Freshness.STALE
    return Freshness.LATE if multiple > LATE_AFTER else Freshness.FRESH

"""Units (力量): crews and vehicles that can be sent, and the base types of their status."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from geo.points import Point

# Position in this tuple is the code in a record; 0 says nothing, 255 a word of the sender's own.
STATUSES = (
    "",
    "available",
    "assigned",
    "en_route",
    "on_scene",
    "busy",
    "returning",
    "off_duty",
    "out_of_contact",
)
OWN_WORD = 255
CODES = {word: code for code, word in enumerate(STATUSES) if word}


def status_code(word: str | None) -> int:
    """The code of a status word."""
    return CODES.get(word, OWN_WORD) if word else 0


class Status(StrEnum):
    """The base types of a unit's status, as dispatch systems share them."""

    AVAILABLE = "available"
    ASSIGNED = "assigned"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    BUSY = "busy"
    RETURNING = "returning"
    OFF_DUTY = "off_duty"
    OUT_OF_CONTACT = "out_of_contact"


STATUS_NAMES = {
    Status.AVAILABLE: ("待命", "Available"),
    Status.ASSIGNED: ("已派未动", "Assigned"),
    Status.EN_ROUTE: ("途中", "En route"),
    Status.ON_SCENE: ("现场", "On scene"),
    Status.BUSY: ("占用", "Busy"),
    Status.RETURNING: ("返程", "Returning"),
    Status.OFF_DUTY: ("休整", "Off duty"),
    Status.OUT_OF_CONTACT: ("失联", "Out of contact"),
}
WHAT = ("力量", "unit")

FREE = frozenset({Status.AVAILABLE, Status.RETURNING})
ENGAGED = frozenset({Status.ASSIGNED, Status.EN_ROUTE, Status.ON_SCENE, Status.BUSY})
# What a person may set; the others follow from orders and from silence.
BY_HAND = frozenset({Status.AVAILABLE, Status.BUSY, Status.RETURNING, Status.OFF_DUTY,
                     Status.OUT_OF_CONTACT})  # fmt: skip


class Source(StrEnum):
    """Who says that a unit is in its status."""

    DEVICE = "device"
    ORDER = "order"
    HAND = "hand"
    SILENCE = "silence"
    SHIFT = "shift"
    NOBODY = "nobody"  # the city's rule for those who never say


SOURCE_NAMES = {
    Source.DEVICE: ("终端", "its device"),
    Source.ORDER: ("派遣单", "its order"),
    Source.HAND: ("人工", "by hand"),
    Source.SILENCE: ("失联判定", "silence"),
    Source.SHIFT: ("班次", "its shift"),
    Source.NOBODY: ("未上报", "never said"),
}


class Assignment(NamedTuple):
    """An open order as its unit's status sees it."""

    order_id: str
    case_id: str
    status: Status  # assigned, en_route, on_scene
    since_ms: int


class Work(NamedTuple):
    """What a unit has in hand, and has done today."""

    open: tuple[Assignment, ...] = ()
    done_today: int = 0


IDLE = Work()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it stands at one moment. Times are ms since 1970 UTC, 0 for never."""

    id: str  # dept/kind/object
    kind: str
    department: str
    zh: str
    en: str
    status: Status
    status_since_ms: int
    status_source: Source
    status_by: str = ""  # account, where somebody set it
    own_status: str = ""  # the sender's own word
    point: Point | None = None
    fix_ms: int = 0  # when it was last somewhere
    heard_ms: int = 0  # when anything was last heard of it
    speed_mps: float | None = None
    heading_deg: float | None = None
    area: str = ""
    skills: tuple[str, ...] = ()
    capacity: tuple[str, str] = ("", "")
    base: Point | None = None
    shift: str = ""  # `08:00-20:00`, the city's time; empty: always
    shift_ends_ms: int = 0  # 0: it has no end
    crew: tuple[str, ...] = ()  # accounts signed on
    rest_until_ms: int = 0
    work: Work = IDLE
    fuel_pct: float | None = None

    @property
    def load(self) -> int:
        """How many orders it has in hand."""
        return len(self.work.open)

    @property
    def order_ids(self) -> tuple[str, ...]:
        """The orders it has in hand, the oldest first."""
        return tuple(one.order_id for one in self.work.open)

    @property
    def is_free(self) -> bool:
        """Whether it could be sent, as far as its status goes."""
        return self.status in FREE and not self.work.open

    def name(self, lang: str) -> str:
        """What people call it."""
        return self.en if lang == "en" else self.zh

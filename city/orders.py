"""An order (派遣单): a unit is sent to a case, and what became of it, each time with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from city.order_table import OPEN, WAITING, OrderMove, OrderSource, OrderState
from city.plans import Part

WHAT = ("派遣单", "order")
NOTE_MOST, REASON_MOST, MOST_UNITS = 2000, 500, 50


def order_id_of(case_id: str, number: int) -> str:
    """The id of a case's order: the case, and which of its orders it is."""
    return f"{case_id}-{number:02d}"


def case_of(order_id: str) -> str:
    """The case of an order, by its id."""
    return order_id.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something was so in the world, and by what we know."""

    at_ms: int
    source: OrderSource


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """One line of an order's log; never changed. Times are ms since 1970 UTC."""

    move: OrderMove
    before: OrderState | None
    after: OrderState
    at_ms: int  # the world
    received_ms: int  # us
    source: OrderSource
    by: str = ""  # account, or what the device says
    name: str = ""
    reason: str = ""
    key: str = ""  # by which a sender that repeats itself is known


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands. Times are ms since 1970 UTC, positions [lon, lat] WGS-84."""

    id: str
    case_id: str
    unit: str  # dept/kind/object
    adcode: str  # the area level of its topic
    state: OrderState
    version: int  # number of log entries
    sent_ms: int
    answer_by_ms: int
    expires_ms: int
    by: str  # account that sent it
    name: str
    type: str = ""
    title: str = ""
    severity: int = 3
    pos: tuple[float, float] | None = None
    area: str = ""
    note: str = ""
    task: str = ""  # step of a plan, `plan/step`
    part: Part = Part.LEAD
    stood: tuple[float, float] | None = None  # where the unit was when it was sent
    key: str = ""
    came_from: str = ""  # the order that was redirected or handed over to this one
    went_to: str = ""  # the one that it was redirected or handed over to
    times: Mapping[OrderState, Stamp] = field(default_factory=dict)  # of the states it has had
    log: tuple[OrderEntry, ...] = ()

    @property
    def department(self) -> str:
        """The unit's department."""
        return self.unit.partition("/")[0]

    @property
    def is_open(self) -> bool:
        """Whether the unit still has it in hand."""
        return self.state in OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether it has no answer yet."""
        return self.state in WAITING

    @property
    def since_ms(self) -> int:
        """Since when it stands as it does."""
        return self.times[self.state].at_ms

    @property
    def ended_ms(self) -> int:
        """When the house learnt that it ended; 0 while it is open."""
        return 0 if self.is_open else self.log[-1].received_ms

    @property
    def reason(self) -> str:
        """What was said last for why."""
        return self.log[-1].reason

    def knows(self, key: str) -> bool:
        """Whether a sender who repeats himself has said this already."""
        return bool(key) and any(one.key == key for one in self.log)

    @property
    def topic(self) -> str:
        """Where it leaves for the field; its answers come back on `ack` beside it."""
        return f"cb/v1/{self.adcode}/{self.department}/order/{self.id}/cmd"


@dataclass(frozen=True, slots=True)
class Wish:
    """A unit that is to be sent, and for what. An empty `part` follows from its department."""

    unit: str
    task: str = ""
    part: str = ""
    note: str = ""  # beside that of all
    came_from: str = ""  # the order that this one replaces


@dataclass(frozen=True, slots=True)
class Sending:
    """Units that are sent to a case together, and who leads there if nobody does yet.

    The same `key` again gives the same orders. `version` is that of the case as the seat saw it.
    `anyway`: also units that have another order in hand.
    """

    wishes: tuple[Wish, ...]
    note: str = ""
    lead: str = ""
    co: tuple[str, ...] = ()
    key: str = ""
    version: int | None = None
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class OrderStep:
    """What is to happen to an order; `at_ms` is when it was so in the world, if it is told."""

    move: OrderMove
    reason: str = ""
    at_ms: int | None = None
    key: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """What a field device answered on `…/order/{id}/ack`."""

    order_id: str
    department: str
    move: OrderMove
    at_ms: int
    received_ms: int
    by: str = ""
    reason: str = ""

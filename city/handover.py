"""The handover of a shift (交接班): what is open, signed by who leaves and by who takes over.

The leaving seat signs a snapshot of what is open; it never changes afterwards. The incoming seat
confirms it as another person. What the list holds is practice of control rooms (open alarms,
overdue work, promised calls, shelved alarms, degraded feeds, special orders), not a standard.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from city.refusal import Conflict, Malformed, NotFound, say
from city.roles import Actor, Right, Seat

WHAT = ("交接班记录", "handover")
ORDERS_MOST = 4000

say({
    "handover_waiting": ("您已签出第 {number} 号交接班,接班人尚未确认",
                         "You signed handover {number}; it waits to be confirmed"),
    "handover_self": ("接班人不能与交班人是同一人",
                      "Whoever takes over cannot be who hands over"),
    "handover_over": ("第 {number} 号交接班已{how}", "Handover {number} is {how} already"),
    "handover_other": ("只有交班人 {who} 能撤回", "Only {who}, who signed it, may take it back"),
    "orders_too_long": ("特别事项不得超过 {most} 字", "Special orders: at most {most} characters"),
    "handover_desk": ("接班人的账号或密码不对", "Wrong account or password of who takes over"),
})  # fmt: skip


class Part(StrEnum):
    """What is handed over, in the order of the sheet."""

    ALARMS = "alarms"  # open, levels Ⅰ and Ⅱ
    CASES = "cases"  # overdue or near it
    CALLBACKS = "callbacks"  # promised to callers
    SHELVED = "shelved"
    FEEDS = "feeds"  # late, stale or lost


class Stand(StrEnum):
    """How a handover stands."""

    SIGNED = "signed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


HOW = {
    Stand.CONFIRMED: ("确认", "confirmed"),
    Stand.WITHDRAWN: ("撤回", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is handed over. Levels 1 to 4, 0 for none; times in ms since 1970 UTC."""

    part: Part
    id: str
    title: str
    place: str = ""
    level: int = 0
    at_ms: int = 0  # since when, or when it is due
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who put his name to it, in which post, when and where."""

    account: str
    name: str
    role: str
    at_ms: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """A signed sheet."""

    number: int
    lines: tuple[Line, ...]
    orders: str
    leaving: Signature
    areas: tuple[str, ...] = ()  # the part of the city it speaks of; none: all of it
    incoming: Signature | None = None
    withdrawn_ms: int | None = None

    @property
    def stand(self) -> Stand:
        """How it stands."""
        if self.withdrawn_ms is not None:
            return Stand.WITHDRAWN
        return Stand.CONFIRMED if self.incoming else Stand.SIGNED

    def of(self, part: Part) -> list[Line]:
        """The lines of a part."""
        return [line for line in self.lines if line.part == part]


def signature(actor: Actor) -> Signature:
    """The name of who acts."""
    seat = actor.seat
    role = "+".join(sorted(seat.roles))
    return Signature(seat.account, seat.name, role, actor.at_ms, actor.address)


def signed(
    number: int, lines: Sequence[Line], orders: str, waiting: Handover | None, actor: Actor
) -> Handover:
    """Signed by who leaves; not twice while the first waits for the other hand."""
    actor.seat.require(Right.HAND_OVER)
    if waiting is not None:
        raise Conflict("handover_waiting", number=waiting.number)
    if len(orders) > ORDERS_MOST:
        raise Malformed("orders_too_long", most=ORDERS_MOST)
    return Handover(number, tuple(lines), orders.strip(), signature(actor), actor.seat.areas)


def confirmed(handover: Handover, actor: Actor) -> Handover:
    """Taken over by another person, who may do the same work in the same part of the city."""
    actor.seat.require(Right.HAND_OVER)
    must_wait(handover)
    if actor.seat.account == handover.leaving.account:
        raise Conflict("handover_self")
    if not covers(actor.seat, handover):
        raise NotFound("not_found", name=str(handover.number), what=WHAT)
    return replace(handover, incoming=signature(actor))


def withdrawn(handover: Handover, actor: Actor) -> Handover:
    """Taken back by who signed it, before anybody has confirmed."""
    must_wait(handover)
    if actor.seat.account != handover.leaving.account:
        raise Conflict("handover_other", who=handover.leaving.name)
    return replace(handover, withdrawn_ms=actor.at_ms)


def must_wait(handover: Handover) -> None:
    """Raises Conflict unless it waits for the incoming seat."""
    if handover.stand is not Stand.SIGNED:
        raise Conflict("handover_over", number=handover.number, how=HOW[handover.stand])


def covers(seat: Seat, handover: Handover) -> bool:
    """Whether a seat may see all that the sheet speaks of."""
    return not seat.areas or (bool(handover.areas) and all(map(seat.covers, handover.areas)))

"""Hand-overs (上报 下派 转办): from whom to whom a case goes, and which lines that crosses."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import quantiles
from typing import NamedTuple

from city.case_table import Move
from city.cases import Case, Entry
from city.lines import CENTRE, Lines, Side
from city.roles import Seat

Words = tuple[str, str]


class TransferKind(StrEnum):
    """Which way a case goes."""

    DISPATCH = "dispatch"  # from the centre to the unit that leads
    UP = "up"
    DOWN = "down"
    ACROSS = "across"
    BACK = "back"  # to the centre again


KINDS: Mapping[TransferKind, Words] = {
    TransferKind.DISPATCH: ("派遣", "Dispatched"),
    TransferKind.UP: ("上报", "Handed up"),
    TransferKind.DOWN: ("下派", "Handed down"),
    TransferKind.ACROSS: ("转办", "Handed across"),
    TransferKind.BACK: ("回退", "Returned"),
}
ATTRIBUTES: Mapping[str, Words] = {
    "level": ("跨层级", "across levels"),
    "region": ("跨地域", "across regions"),
    "system": ("跨系统", "across systems"),
    "department": ("跨部门", "across departments"),
    "business": ("跨业务", "across businesses"),
}


@dataclass(frozen=True, slots=True)
class Transfer:
    """One hand-over of a case. Instants are ms since 1970 UTC, 0 for not yet."""

    id: str  # case-number
    case_id: str
    kind: TransferKind
    source: Side
    target: Side
    area: str
    by: str
    name: str
    at_ms: int
    reason: str = ""
    signed_ms: int = 0  # the receiver took it
    gone_ms: int = 0  # it went on before anybody took it

    @property
    def crosses(self) -> tuple[str, ...]:
        """Which of the five attributes change with it."""
        return tuple(one for one in ATTRIBUTES
                     if getattr(self.source, one) != getattr(self.target, one))  # fmt: skip

    def taken_ms(self, at_ms: int) -> int:
        """How long it waited for the receiver, up to now."""
        return max(0, (self.signed_ms or self.gone_ms or at_ms) - self.at_ms)


def transferred(
    case: Case, entry: Entry, before: Sequence[Transfer], lines: Lines
) -> tuple[Transfer, ...]:
    """The hand-overs of a case after one more entry of its log; `case` is as that entry left it."""
    if entry.move is Move.SIGN:
        return (*before[:-1], replace(before[-1], signed_ms=entry.at_ms)) if before else ()
    if entry.move not in HANDS_OVER:
        return tuple(before)
    source = before[-1].target if before else lines.side(CENTRE)
    target = lines.side(case.lead)
    kind = HANDS_OVER[entry.move] or way(source, target, lines)
    new = Transfer(f"{case.id}-{len(before) + 1}", case.id, kind, source, target, case.area,
                   entry.by, entry.name, entry.at_ms, entry.reason)  # fmt: skip
    if kind is TransferKind.BACK:
        new = replace(new, signed_ms=entry.at_ms)  # the centre that grants it has it
    return (*left(before, entry.at_ms), new)


HANDS_OVER: Mapping[Move, TransferKind | None] = {
    Move.DISPATCH: TransferKind.DISPATCH,
    Move.HAND_OVER: None,  # up, down or across, by the levels of both
    Move.GRANT_RETURN: TransferKind.BACK,
}


def left(before: Sequence[Transfer], at_ms: int) -> Iterable[Transfer]:
    """Those before: the last one waits no more."""
    if not before or before[-1].signed_ms:
        return before
    return (*before[:-1], replace(before[-1], gone_ms=at_ms))


def way(source: Side, target: Side, lines: Lines) -> TransferKind:
    """Up, down or across."""
    here, there = lines.ranks.get(source.level, 0), lines.ranks.get(target.level, 0)
    if here == there:
        return TransferKind.ACROSS
    return TransferKind.UP if there < here else TransferKind.DOWN


def sees(seat: Seat, transfer: Transfer) -> bool:
    """Whether a seat may know of it: its districts, and for units what went through them."""
    if not seat.covers(transfer.area):
        return False
    ends = (transfer.source.department, transfer.target.department)
    return not seat.own_department_only or seat.department in ends


class Group(NamedTuple):
    """Hand-overs that have the same ends, in the attributes that were asked for."""

    ends: Mapping[str, tuple[str, str]]  # attribute → from, to
    total: int
    crossing: int  # how many change any of those attributes
    signed: int
    slow: int  # signed too late, or waiting too long by now
    median_s: float | None  # until it was signed for
    p90_s: float | None


def grouped(
    transfers: Iterable[Transfer], by: Sequence[str], within_ms: int, at_ms: int
) -> list[Group]:
    """The report: each hand-over in exactly one group, the largest first."""
    found: dict[tuple[tuple[str, str], ...], list[Transfer]] = {}
    for one in transfers:
        ends = tuple((str(read(one.source)), str(read(one.target))) for read in map(reader, by))
        found.setdefault(ends, []).append(one)
    groups = [group(dict(zip(by, ends, strict=True)), some, within_ms, at_ms)
              for ends, some in found.items()]  # fmt: skip
    return sorted(groups, key=lambda one: (-one.total, sorted(one.ends.items())))


def reader(attribute: str) -> Callable[[Side], str]:
    """Reads an attribute of an end."""

    def read(side: Side) -> str:
        return str(getattr(side, attribute))

    return read


def group(
    ends: Mapping[str, tuple[str, str]], some: Sequence[Transfer], within_ms: int, at_ms: int
) -> Group:
    """One line of the report."""
    waits = sorted(one.taken_ms(at_ms) / 1000 for one in some if one.signed_ms)
    slow = sum(one.taken_ms(at_ms) > within_ms for one in some)
    crossing = sum(any(one in ends for one in transfer.crosses) for transfer in some)
    return Group(ends, len(some), crossing, len(waits), slow, share(waits, 50), share(waits, 90))


def share(values: Sequence[float], percent: int) -> float | None:
    """A percentile, None of nothing."""
    if not values:
        return None
    return (
        values[0] if len(values) == 1 else quantiles(values, n=100, method="inclusive")[percent - 1]
    )

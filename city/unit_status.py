"""In which status a unit is, who says so, and since when.

What is asked in order: its open orders, a person's word, silence, its device. A person's word holds
until the device says another one than it said when the person spoke.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from city.dispatch_rules import DispatchRules
from city.refusal import Malformed, say
from city.shifts import OnShift
from city.units import BY_HAND, CODES, FREE, STATUS_NAMES, Assignment, Source, Status, Work

say({
    "status_of_orders": (
        "“{status}”由派遣单产生，不能手工设置", "`{status}` follows from orders, nobody sets it",
    ),
})  # fmt: skip

MINUTE_MS = 60_000
# Of several orders in hand, the one that a unit is farthest with.
FARTHEST = (Status.ON_SCENE, Status.EN_ROUTE, Status.ASSIGNED)


@dataclass(frozen=True, slots=True)
class UnitNote:
    """What the desk keeps of a unit. Times are ms since 1970 UTC."""

    word: str = ""  # the status word that its device said last
    since_ms: int = 0  # and since when it says it
    hand: str = ""  # the status that a person set; empty: none
    hand_by: str = ""
    hand_ms: int = 0
    hand_reason: str = ""
    rest_until_ms: int = 0
    crew: tuple[str, ...] = ()  # accounts signed on


class Heard(NamedTuple):
    """What a unit's device said last."""

    word: str = ""  # empty: it never says its status
    observed_ms: int = 0  # 0: nothing was ever heard
    is_offline: bool = False


class Standing(NamedTuple):
    """A status with its source."""

    status: Status
    since_ms: int
    source: Source
    by: str = ""
    own: str = ""  # the device's word, where it is none of the base types


def standing(
    work: Work, note: UnitNote, heard: Heard, rules: DispatchRules, department: str, at_ms: int
) -> Standing:
    """The status of a unit at a moment."""
    if work.open:
        order = farthest(work.open)
        return Standing(order.status, order.since_ms, Source.ORDER)
    if note.hand and note.word == heard.word:
        return Standing(Status(note.hand), note.hand_ms, Source.HAND, note.hand_by)
    silent_ms = rules.numbers.silent_after_min * MINUTE_MS
    if heard.is_offline or at_ms - heard.observed_ms > silent_ms:
        return Standing(Status.OUT_OF_CONTACT, heard.observed_ms or at_ms, Source.SILENCE)
    since_ms = note.since_ms if note.word == heard.word and note.since_ms else heard.observed_ms
    if not heard.word:
        return Standing(rules.unsaid, since_ms, Source.NOBODY)
    own = "" if heard.word in CODES else heard.word
    return Standing(base_type(heard.word, rules, department), since_ms, Source.DEVICE, own=own)


def on_shift(stands: Standing, shift: OnShift) -> Standing:
    """Outside its shift a free unit is off duty, unless a person said that it is free."""
    if shift.is_on or stands.status not in FREE or stands.source is Source.HAND:
        return stands
    return Standing(Status.OFF_DUTY, shift.ended_ms, Source.SHIFT)


def farthest(orders: tuple[Assignment, ...]) -> Assignment:
    """Of several orders in hand, the one whose status the unit shows."""
    return min(orders, key=lambda one: (FARTHEST.index(one.status), one.since_ms))


def base_type(word: str, rules: DispatchRules, department: str) -> Status:
    """What a device's word means; a word that nobody explained is busy, so it is never sent."""
    if word in CODES:
        return Status(word)
    label = rules.label_of(department, word)
    return label.status if label else Status.BUSY


def label(status: Status, own: str, rules: DispatchRules, department: str) -> tuple[str, str]:
    """What people call the status: the department's own label, else the base type."""
    known = rules.label_of(department, own) if own else None
    if known:
        return known.zh, known.en
    return (own, own) if own else STATUS_NAMES[status]


def told(note: UnitNote, word: str, observed_ms: int) -> UnitNote:
    """The device says a word: another one ends what a person set."""
    if word == note.word or observed_ms <= note.since_ms:
        return note
    return replace(note, word=word, since_ms=observed_ms, hand="", hand_by="", hand_ms=0,
                   hand_reason="")  # fmt: skip


def set_by_hand(
    note: UnitNote, status: Status, heard: Heard, by: str, at_ms: int, reason: str = ""
) -> UnitNote:
    """A person sets the status, after what the device said last; Malformed for one of orders."""
    if status not in BY_HAND:
        raise Malformed("status_of_orders", status=STATUS_NAMES[status])
    since_ms = note.since_ms if note.word == heard.word else heard.observed_ms
    return replace(note, word=heard.word, since_ms=since_ms, hand=status.value, hand_by=by,
                   hand_ms=at_ms, hand_reason=reason)  # fmt: skip


def slow(status: Status, for_ms: int, rules: DispatchRules) -> str:
    """`warn` or `alert` where a unit is too long in a status, else empty."""
    warn_min, alert_min = rules.patience.get(status, (0, 0))
    if alert_min and for_ms >= alert_min * MINUTE_MS:
        return "alert"
    return "warn" if warn_min and for_ms >= warn_min * MINUTE_MS else ""

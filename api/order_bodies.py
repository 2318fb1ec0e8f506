"""What comes in about orders: units that are to be sent, and what is to happen to an order."""

from collections.abc import Mapping
from typing import Any

from api.instants import asked_ms
from city.case_fields import Unusable, text
from city.order_table import ACKS, OrderMove, OrderSource
from city.order_table import RULES as ORDER_RULES
from city.orders import NOTE_MOST, REASON_MOST, OrderStep, Sending, Wish
from city.plans import Part
from city.refusal import Malformed

Body = Mapping[str, Any]
NAMES: Mapping[str, tuple[str, str]] = {
    "unit": ("力量", "unit"), "units": ("力量", "units"), "note": ("备注", "note"),
    "lead": ("主办", "lead"), "co": ("协办", "co"), "key": ("幂等键", "key"),
    "version": ("版本", "version"), "task": ("任务", "task"), "part": ("职责", "part"),
    "move": ("操作", "move"), "status": ("状态", "status"), "reason": ("理由", "reason"),
    "at": ("时间", "at"), "ts": ("时间", "ts"), "case": ("案件", "case"),
    "anyway": ("叠加", "anyway"),
}  # fmt: skip
SHORT, MOST_VERSION = 200, 2**53
BY_HAND = tuple(move for move, rule in ORDER_RULES.items()
                if OrderSource.HAND in rule.by and rule.sources)  # fmt: skip


def sending_of(body: Body) -> Sending:
    """Units to send, with `unit` or `units`; Malformed names what cannot be read."""
    return Sending(
        wishes_of(body), words(body, "note", NOTE_MOST), words(body, "lead"),
        tuple(names(body, "co")), words(body, "key"), whole(body, "version"),
        flag(body, "anyway"),
    )  # fmt: skip


def wishes_of(body: Body) -> tuple[Wish, ...]:
    """Each a name, or an object with `unit`, `task`, `part`, `note`."""
    if "units" not in body:
        part = {name: body[name] for name in ("task", "part") if name in body}
        return (wish_of({"unit": words(body, "unit", needed=True), **part}),)
    units = body["units"]
    if not isinstance(units, list):
        raise malformed("units", ("应为列表", "a list is wanted"))
    return tuple(wish_of(one) for one in units)


def wish_of(said: Any) -> Wish:
    """One unit that is to be sent."""
    if isinstance(said, str):
        return Wish(said)
    if not isinstance(said, dict):
        raise malformed("units", ("应为力量编号或对象", "ids or objects are wanted"))
    part = words(said, "part")
    if part and part not in set(Part):
        raise malformed("part", (f"应为 {'、'.join(Part)} 之一", f"one of {', '.join(Part)}"))
    unit = words(said, "unit", needed=True)
    return Wish(unit, words(said, "task"), part, words(said, "note", NOTE_MOST))


def step_of(body: Body) -> OrderStep:
    """A move by hand."""
    move = words(body, "move", needed=True)
    if move not in BY_HAND:
        known = ", ".join(BY_HAND)
        raise malformed("move", (f"应为 {known} 之一", f"one of {known}"))
    return OrderStep(OrderMove(move), words(body, "reason", REASON_MOST), instant(body, "at"),
                     words(body, "key"), whole(body, "version"))  # fmt: skip


def answer_of(body: Body) -> OrderStep:
    """An answer as the field's `ack` has it."""
    status = words(body, "status", needed=True)
    if status not in ACKS:
        known = ", ".join(ACKS)
        raise malformed("status", (f"应为 {known} 之一", f"one of {known}"))
    return OrderStep(ACKS[status], words(body, "reason", REASON_MOST), instant(body, "ts"),
                     words(body, "key"))  # fmt: skip


def words(body: Body, name: str, most: int = SHORT, needed: bool = False) -> str:
    """A text; empty where it is not there and need not be."""
    value = body.get(name)
    if value is None:
        if needed:
            raise Malformed("missing", what=NAMES[name])
        return ""
    try:
        found = text(most)(value)
    except Unusable as unusable:
        raise malformed(name, unusable.why) from None
    if needed and not found:
        raise Malformed("missing", what=NAMES[name])
    return found


def names(body: Body, name: str) -> list[str]:
    """A list of texts."""
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise malformed(name, ("应为文字列表", "a list of texts is wanted"))
    return value


def whole(body: Body, name: str) -> int | None:
    """A whole number that JSON can hold."""
    value = body.get(name)
    if value is None:
        return None
    is_one = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_VERSION
    if not is_one:
        raise malformed(name, ("应为非负整数", "a whole number from 0 is wanted"))
    return int(value)


def flag(body: Body, name: str) -> bool:
    """Yes or no."""
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise malformed(name, ("应为 true 或 false", "true or false is wanted"))
    return value


def instant(body: Body, name: str) -> int | None:
    """An instant in ms."""
    said = words(body, name)
    return asked_ms(said, NAMES[name]) if said else None


def malformed(name: str, why: tuple[str, str]) -> Malformed:
    """What is wrong with a field."""
    return Malformed("malformed", what=NAMES[name], why=why)

"""What is done with orders: the order that each move gives, or why it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from city.case_states import ENDED as CASE_ENDED
from city.case_states import STATES, CaseState
from city.cases import Case
from city.order_table import FROM, RULES, STATE_NAMES, OrderMove, OrderRule, OrderSource
from city.orders import (
    MOST_UNITS,
    NOTE_MOST,
    REASON_MOST,
    Order,
    OrderEntry,
    OrderStep,
    Sending,
    Stamp,
    Wish,
    case_of,
)
from city.plans import Part
from city.refusal import Conflict, Forbidden, Malformed, say
from city.roles import SYSTEM, Actor, Right, Role, Seat, holders, named
from city.units import Unit

say({
    "order_move": ("“{state}”的派遣单不能{move}", "An order that is “{state}” cannot: {move}"),
    "order_post": ("需要“{who}”岗位，或在该力量上登记的处置人员，才能{what}",
                   "Only {who}, or who serves on the unit, may do this: {what}"),
    "order_scope": ("派遣单不在您的管辖范围内", "The order lies outside your scope"),
    "order_outdated": ("派遣单已是第 {version} 版（{state}），您看到的是第 {seen} 版",
                       "The order is at version {version} ({state}); you saw {seen}"),
    "unit_of_others": ("{unit} 不归您调度", "{unit} is not yours to send"),
    "unit_on_case": ("{unit} 已在执行本案的 {order}", "{unit} has {order} of this case in hand"),
    "unit_taken": ("{unit} 正在执行 {order}；请改派，或确认叠加派单",
                   "{unit} has {order} in hand: redirect it, or send it anyway"),
    "case_takes_none": ("“{state}”的案件不能派遣力量",
                        "No unit is sent to a case that is “{state}”"),
    "no_units": ("没有要派的力量", "No unit is named"),
    "too_many_units": ("一次最多派 {most} 个力量", "At most {most} units at a time"),
    "same_case": ("{order} 已是本案的派遣单", "{order} is of this case already"),
    "same_unit": ("{order} 已派给 {unit}", "{order} went to {unit} already"),
    "twice_the_same": ("{unit} 在名单中出现两次", "{unit} is named twice"),
})  # fmt: skip
# Cases to which nobody is sent. Before they are dispatched orders go out all the same (先行处置):
# whoever is in danger does not wait for a desk.
NO_ORDERS = CASE_ENDED | {CaseState.DRAFT}
NOTE, REASON = ("备注", "note"), ("理由", "reason")


@dataclass(frozen=True, slots=True)
class Terms:
    """How long the unit has to answer, and how long the order holds."""

    answer_within_ms: int
    holds_ms: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Who says that something happened to an order, by what he knows it, and when we learnt it."""

    source: OrderSource
    by: str
    name: str
    received_ms: int


def of_actor(actor: Actor, source: OrderSource = OrderSource.HAND) -> Origin:
    """What a person says."""
    return Origin(source, actor.seat.account, actor.seat.name, actor.at_ms)


def of_clock(at_ms: int) -> Origin:
    """What time brings about."""
    return Origin(OrderSource.TIME, SYSTEM.account, SYSTEM.name, at_ms)


def must_take(case: Case, sending: Sending) -> None:
    """Raises what stands against sending these to a case."""
    if case.state in NO_ORDERS:
        raise Conflict("case_takes_none", state=state_of_case(case))
    if not sending.wishes:
        raise Malformed("no_units")
    if len(sending.wishes) > MOST_UNITS:
        raise Malformed("too_many_units", most=MOST_UNITS)
    must_be_short(sending.note, NOTE, NOTE_MOST)
    seen: set[str] = set()
    for wish in sending.wishes:
        must_be_short(wish.note, NOTE, NOTE_MOST)
        if wish.unit in seen:
            raise Malformed("twice_the_same", unit=wish.unit)
        seen.add(wish.unit)


def state_of_case(case: Case) -> tuple[str, str]:
    """A case's state in words."""
    zh, en, _ = STATES[case.state]
    return zh, en


def must_send(unit: Unit, seat: Seat) -> None:
    """Raises Forbidden where a unit is not the seat's to send."""
    seat.require(Right.SEND_ORDERS)
    if not seat.reaches(Right.SEND_ORDERS, unit.department):
        raise Forbidden("unit_of_others", unit=unit.id)


def must_be_free(unit_id: str, in_hand: Sequence[str], case_id: str, anyway: bool) -> None:
    """Raises Conflict where a unit is on the case already, or on another and nobody said so.

    `in_hand` are the ids of its open orders.
    """
    for order_id in in_hand:
        if case_of(order_id) == case_id:
            raise Conflict("unit_on_case", unit=unit_id, order=order_id)
    if in_hand and not anyway:
        raise Conflict("unit_taken", unit=unit_id, order=in_hand[0])


def must_be_short(text: str, what: tuple[str, str], most: int) -> None:
    """Raises Malformed for a text that is too long."""
    if len(text) > most:
        raise Malformed("malformed", what=what, why=(f"最多 {most} 字", f"{most} signs at most"))


def begun(order_id: str, case: Case, unit: Unit, wish: Wish, terms: Terms, actor: Actor) -> Order:
    """A new order; its note is the wish's own."""
    origin, at_ms = of_actor(actor), actor.at_ms
    entry = OrderEntry(OrderMove.SEND, None, RULES[OrderMove.SEND].target, at_ms, at_ms,
                       origin.source, origin.by, origin.name)  # fmt: skip
    return Order(
        id=order_id, case_id=case.id, unit=unit.id, adcode=adcode_of(case, unit),
        state=entry.after, version=1, sent_ms=at_ms,
        answer_by_ms=at_ms + terms.answer_within_ms, expires_ms=at_ms + terms.holds_ms,
        by=origin.by, name=origin.name, type=case.type, title=case.title,
        severity=case.severity, pos=case.pos, area=case.area, note=wish.note, task=wish.task,
        part=part_of(wish, case, unit),
        stood=(unit.point.lon, unit.point.lat) if unit.point else None,
        times={entry.after: Stamp(at_ms, origin.source)}, log=(entry,),
    )  # fmt: skip


def part_of(wish: Wish, case: Case, unit: Unit) -> Part:
    """主办 or 协办: as it is said, else as the unit's department is on the case."""
    if wish.part:
        return Part(wish.part)
    return Part.LEAD if case.lead in ("", unit.department) else Part.CO


UNKNOWN_AREA = "100000"  # the country, where neither the place nor the unit says more


def adcode_of(case: Case, unit: Unit) -> str:
    """The area level of an order's topic: where the case is, else where the unit is."""
    found = (one[:6] for one in (case.area, unit.area) if len(one) >= 6)
    return next(found, UNKNOWN_AREA)


def stepped(order: Order, step: OrderStep, origin: Origin) -> Order:
    """The order after a move; Conflict where the table has no such line."""
    rule = RULES[step.move]
    if order.state not in rule.sources or origin.source not in rule.by:
        refusal = Conflict("order_move", state=STATE_NAMES[order.state], move=(rule.zh, rule.en))
        refusal.more = {"state": str(order.state), "version": order.version}
        raise refusal
    at_ms = instant_of(order, step, origin)
    entry = OrderEntry(step.move, order.state, rule.target, at_ms, origin.received_ms,
                       origin.source, origin.by, origin.name, step.reason, step.key)  # fmt: skip
    return replace(
        order, state=rule.target, version=order.version + 1, log=(*order.log, entry),
        times={**order.times, rule.target: Stamp(at_ms, origin.source)},
    )  # fmt: skip


def instant_of(order: Order, step: OrderStep, origin: Origin) -> int:
    """When it was so: as it is told, never ahead of us nor before what was told last."""
    told_ms = origin.received_ms if step.at_ms is None else step.at_ms
    last_ms = max(one.at_ms for one in order.log if one.source is not OrderSource.TIME)
    return max(last_ms, min(told_ms, origin.received_ms))


def is_legal(order: Order, move: OrderMove, source: OrderSource) -> bool:
    """Whether the table has a line for it."""
    rule = RULES[move]
    return order.state in rule.sources and source in rule.by


def must_step(order: Order, step: OrderStep, actor: Actor, serves: str = "") -> None:
    """Raises unless a seat may do this by hand; `serves` is the unit that it is signed on to."""
    rule = RULES[step.move]
    if not sees(actor.seat, order):
        raise Forbidden("order_scope")
    if not may(order, rule, actor.seat, serves):
        what = (rule.zh, rule.en)
        raise Forbidden("order_post", who=named(holders(Right.SEND_ORDERS)), what=what)
    if step.version is not None and step.version != order.version:
        raise Conflict("order_outdated", version=order.version, seen=step.version,
                       state=STATE_NAMES[order.state])  # fmt: skip
    if rule.needs_reason and not step.reason:
        raise Malformed("missing", what=REASON)
    must_be_short(step.reason, REASON, REASON_MOST)


def may(order: Order, rule: OrderRule, seat: Seat, serves: str = "") -> bool:
    """Whether a seat may make a move by hand: the desk, and for the unit's own who serves on it."""
    if seat.reaches(Right.SEND_ORDERS, order.department):
        return True
    is_its_crew = serves == order.unit and seat.may(Right.ANSWER_ORDERS)
    return is_its_crew and not rule.from_desk


def sees(seat: Seat, order: Order) -> bool:
    """Whether a seat may know of an order: by its area, and for units by its department."""
    if seat.works_on(order.case_id):
        return True
    if not seat.covers(order.area):
        return False
    return not seat.own_department_only or seat.department == order.department


def allowed(order: Order, actor: Actor, serves: str = "") -> tuple[OrderMove, ...]:
    """What a seat may do with an order by hand now, in the table's order."""
    if not sees(actor.seat, order):
        return ()
    rules = (one for one in FROM[order.state] if OrderSource.HAND in one.by)
    return tuple(one.move for one in rules if may(order, one, actor.seat, serves))


def in_its_name(order: Order, actor: Actor) -> Actor:
    """The actor who does on the case what follows from an answer: the unit's own department.

    Whoever serves there does it under his own name; an answer by a device, by movement or by the
    desk is the unit's.
    """
    serves = actor.seat.department == order.department
    account = actor.seat.account if serves else order.unit
    name = actor.seat.name if serves else order.unit
    seat = Seat(account, name, frozenset({Role.UNIT}), department=order.department)
    return replace(actor, seat=seat)

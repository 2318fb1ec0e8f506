"""Orders in plain values: of the open case with what may be done, and all that are under way."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from callbacks.desk import Desk
from callbacks.dispatch_desk import place_of
from city.case_scope import sees
from city.cases import Case
from city.masking import masked
from city.order_moves import allowed
from city.order_table import (
    RULES,
    SOURCE_NAMES,
    STATE_NAMES,
    UNIT_STATUS,
    OrderMove,
    OrderState,
)
from city.order_work import DECLINED, declined
from city.orders import Order
from city.roles import Actor
from layouts.case_naming import Naming
from layouts.deadlines import moment
from layouts.figures import instant
from layouts.panels.dispatch_board import lane_of
from layouts.panels.dispatch_pick import OrderRow, PickRow
from layouts.panels.dispatch_queue import ActiveRow

NEXT = "next"
# What the desk does for a unit, in the order of the buttons; the rest has places of its own.
BUTTONS = (OrderMove.ACCEPT, OrderMove.DEPART, OrderMove.ARRIVE, OrderMove.FINISH,
           OrderMove.REFUSE, OrderMove.RECALL, OrderMove.REDIRECT)  # fmt: skip
LATE, ENDED = "is-overdue", "is-done"


def ordered(
    desk: Desk, case: Case, rows: Sequence[PickRow], actor: Actor, naming: Naming
) -> list[OrderRow]:
    """The orders of a case, what needs somebody first."""
    orders = desk.store.orders.of_case(case.id)
    gone = declined(orders) | {one.unit for one in orders if one.is_open}
    following = next((row for row in rows if row.unit not in gone), None)
    replaced = {one.came_from for one in orders}
    shown = [replace(row_of(desk, one, None, actor, naming), state=ENDED) if one.id in replaced
             else row_of(desk, one, following, actor, naming) for one in orders]  # fmt: skip
    return sorted(shown, key=lambda one: (one.state == ENDED, one.state != LATE, one.id))


def row_of(
    desk: Desk, order: Order, following: PickRow | None, actor: Actor, naming: Naming
) -> OrderRow:
    """One order."""
    words = naming.words
    stamp = order.times[order.state]
    how = words("dispatch.order_how", at=instant(moment(stamp.at_ms), desk.now()),
                source=words.pick(*SOURCE_NAMES[stamp.source]))  # fmt: skip
    said = words.pick(*STATE_NAMES[order.state])
    return OrderRow(
        id=order.id,
        unit=order.unit,
        name=name_of(desk, order.unit, naming),
        glyph=glyph(order, naming),
        said=f"{said} · {order.reason}" if order.reason and not order.is_open else said,
        state=tint(order),
        is_open=order.is_open,
        since_ms=order.since_ms if order.is_open else None,
        answer_by_ms=order.answer_by_ms if order.state is OrderState.SENT else None,
        how=how,
        moves=moves_of(order, following, actor, naming),
    )


def moves_of(
    order: Order, following: PickRow | None, actor: Actor, naming: Naming
) -> list[tuple[str, str]]:
    """The next unit first where this one does not come, then what the seat may do."""
    words, may = naming.words, allowed(order, actor)
    needs_other = order.state in DECLINED and following is not None
    first = [(f"{NEXT} {following.unit}", words("dispatch.next_up", name=following.name))] if (
        needs_other and following) else []  # fmt: skip
    rest = [(str(one), words.pick(RULES[one].zh, RULES[one].en)) for one in BUTTONS if one in may]
    return first + rest


def tint(order: Order) -> str:
    """Whether somebody has to look."""
    if order.state in DECLINED:
        return LATE
    return "" if order.is_open else ENDED


def glyph(order: Order, naming: Naming) -> str:
    """The sign of what its unit is doing."""
    status = UNIT_STATUS.get(order.state)
    words = naming.words
    return words(f"unit_glyph.{lane_of(str(status))}") if status else words("dispatch.glyph_ended")


def name_of(desk: Desk, unit_id: str, naming: Naming) -> str:
    """What people call a unit; its number where the city knows nothing more."""
    seen = desk.store.units.fleet.one(unit_id)
    number = unit_id.rsplit("/", 1)[-1]
    if seen is None:
        return number
    return desk.store.units.one(unit_id, desk.now_ms()).name(naming.words.lang)


def active_rows(desk: Desk, actor: Actor, area: str, naming: Naming) -> list[ActiveRow]:
    """Cases with orders under way, what needs somebody first."""
    orders = desk.store.orders.open(actor.seat, desk.now_ms())
    by_case: dict[str, list[Order]] = {}
    for one in orders:
        if not area or one.area.startswith(area):
            by_case.setdefault(one.case_id, []).append(one)
    cases = [one for one in desk.store.cases.some(list(by_case)) if sees(actor.seat, one)]
    rows = [active(desk, masked(case, actor.seat), by_case[case.id], naming)
            for case in cases if any(one.is_open for one in by_case[case.id])]  # fmt: skip
    return sorted(rows, key=lambda row: (row.state != LATE, row.level, row.since_ms))


def active(desk: Desk, case: Case, orders: Sequence[Order], naming: Naming) -> ActiveRow:
    """One case under way."""
    waits = [one.answer_by_ms for one in orders if one.state is OrderState.SENT]
    return ActiveRow(
        id=case.id,
        level=case.severity,
        title=naming.title(case),
        place=place_of(desk, case, naming),
        units=[(name_of(desk, one.unit, naming), glyph(one, naming),
                naming.words.pick(*STATE_NAMES[one.state]), tint(one)) for one in orders],
        since_ms=max(one.since_ms for one in orders),
        answer_by_ms=min(waits, default=None),
        state=LATE if needs_somebody(orders) else "",
        note=trouble(desk, orders, naming),
    )  # fmt: skip


def needs_somebody(orders: Iterable[Order]) -> bool:
    """Whether a unit did not take the case and no other does."""
    listed = list(orders)
    replaced = {one.came_from for one in listed}
    return any(one.state in DECLINED and one.id not in replaced for one in listed)


def trouble(desk: Desk, orders: Sequence[Order], naming: Naming) -> str:
    """Who did not come, and what he said."""
    words, replaced = naming.words, {one.came_from for one in orders}
    said = [" ".join(filter(None, (name_of(desk, one.unit, naming),
                                   words.pick(*STATE_NAMES[one.state]), one.reason)))
            for one in orders if one.state in DECLINED and one.id not in replaced]  # fmt: skip
    return words.pick("；", "; ").join(said)

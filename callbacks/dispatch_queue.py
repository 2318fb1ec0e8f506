"""The left column of dispatch lives: cases that wait for a unit, orders that are under way."""

from collections.abc import Sequence
from typing import Any

from dash import Input, Output

from callbacks.case_desk import naming_asked
from callbacks.desk import Desk
from callbacks.dispatch_desk import commander, place_of
from callbacks.dispatch_orders import active_rows
from callbacks.wiring import wiring
from city.case_scope import sees
from city.case_table import CaseState
from city.case_views import ALL, CaseQuery
from city.cases import Case
from city.masking import masked
from city.roles import Actor
from layouts import dispatch_ids, ids
from layouts.case_naming import Naming
from layouts.deadlines import deadline_of
from layouts.panels.dispatch_queue import DispatchQueue, WaitRow, shown

MOST_WAITING = 200
WAITS = frozenset({CaseState.PENDING_DISPATCH})
DAY_MS = 86_400_000


@wiring.on(
    Output(dispatch_ids.QUEUE, "data"),
    Input(ids.pulse("cases"), "data"),
    Input(ids.pulse("orders"), "data"),
    Input(ids.SCOPE, "data"),
)
def refresh_waiting(desk: Desk, _cases: int | None, _orders: int | None, area: str | None) -> Any:
    """What waits in the scope, and what is under way."""
    actor, naming = commander(desk), naming_asked(desk)
    return shown(queue_of(desk, actor, area or "", naming), naming.words)


def queue_of(desk: Desk, actor: Actor, area: str, naming: Naming) -> DispatchQueue:
    """Both lists of a seat."""
    areas = (area,) if area else ()
    query = CaseQuery(actor.seat, desk.now_ms(), ALL, states=WAITS, areas=areas,
                      limit=MOST_WAITING)  # fmt: skip
    page = desk.store.cases.table.page(query)
    rows = [waiting(desk, masked(case, actor.seat), naming) for case in page.rows]
    active = active_rows(desk, actor, area, naming)
    return DispatchQueue(
        waiting=rows,
        active=active,
        waiting_count=page.total,
        active_count=len(active),
        mean_s=mean_wait(desk, actor, areas),
    )


def waiting(desk: Desk, case: Case, naming: Naming) -> WaitRow:
    """One case that waits."""
    at_ms = desk.now_ms()
    timer = case.timer
    return WaitRow(
        id=case.id,
        level=case.severity,
        title=naming.title(case),
        place=place_of(desk, case, naming),
        sources=naming.source(case.source),
        since_ms=timer.clock.started_ms if timer else case.updated_ms,
        deadline=deadline_of(case, at_ms, naming),
        area=case.area,
    )


def mean_wait(desk: Desk, actor: Actor, areas: Sequence[str]) -> float | None:
    """Seconds from filing to dispatch, of today's cases that were dispatched."""
    at_ms = desk.now_ms()
    query = CaseQuery(actor.seat, at_ms, ALL, areas=tuple(areas), limit=MOST_WAITING,
                      opened_from_ms=at_ms - DAY_MS)  # fmt: skip
    spans = [span for case in desk.store.cases.table.page(query).rows
             if sees(actor.seat, case) and (span := dispatch_span(case)) is not None]  # fmt: skip
    return sum(spans) / len(spans) if spans else None


def dispatch_span(case: Case) -> float | None:
    """How long a case waited for its dispatch, in seconds; None while it waits."""
    clocks = [one.clock for one in case.timers if one.clock.stage == "dispatch"]
    if not clocks or clocks[-1].stopped_ms is None:
        return None
    return (clocks[-1].stopped_ms - clocks[-1].started_ms) / 1000

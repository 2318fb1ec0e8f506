"""What lies within a circle or polygon that was drawn on the map of dispatch."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dash import ALL, Input, Output, no_update

from callbacks.asking import pressed, sight_asked, words_asked
from callbacks.desk import Desk
from callbacks.dispatch_desk import Json, commander
from callbacks.wiring import wiring
from city.roles import Right
from city.things import ThingKey
from geo.fences import BadFence, Fence, fence
from layouts import dispatch_ids, ids
from layouts.panels.dispatch_map import inside
from layouts.words import Words

CLOSED, OPEN = "inside-card float is-empty", "inside-card float"
E7 = 10_000_000
MOST_CORNERS = 400
Rows = list[tuple[str, str]]


@wiring.on(
    Output(dispatch_ids.INSIDE, "children"),
    Output(dispatch_ids.INSIDE, "className"),
    Input(dispatch_ids.DRAWN, "data"),
    prevent_initial_call=True,
)
def tell_inside(desk: Desk, drawn: Json | None) -> tuple[Any, str]:
    """Counts by kind; a shape that crosses itself encloses nothing."""
    words = words_asked()
    if not drawn:
        return [], CLOSED
    title = words("dispatch.inside_title", size=drawn.get("size", ""))
    may_close = commander(desk).seat.may(Right.MANAGE_ROADS)
    return inside(title, counted(desk, drawn["points"], words), may_close, words), OPEN


@wiring.on(
    Output(dispatch_ids.DRAWN, "data"),
    Input(ids.close(ALL), "n_clicks"),
    prevent_initial_call=True,
)
def close_inside(_desk: Desk, _clicks: list[int]) -> Any:
    """Nothing is drawn any more."""
    return None if pressed() == "inside" else no_update


def counted(desk: Desk, corners: Sequence[Sequence[float]], words: Words) -> Rows:
    """Open cases, then things by kind, as many as the seat may see."""
    try:
        shape = fence(corners[:MOST_CORNERS], keep_out=True)
    except BadFence:
        return []
    return [*cases_in(desk, shape, words), *things_in(desk, shape, words)]


def cases_in(desk: Desk, shape: Fence, words: Words) -> Rows:
    """How many open cases lie there."""
    actor = commander(desk)
    places = [case.pos for case in desk.open_cases(actor.seat) if case.pos]
    lon, lat = [lon * E7 for lon, _ in places], [lat * E7 for _, lat in places]
    count = int(shape.breached(lon, lat).sum())
    return [(words("dispatch.inside_cases"), f"{count:,}")] if count else []


def things_in(desk: Desk, shape: Fence, words: Words) -> Rows:
    """How many things of each kind lie there, those that can be sent first."""
    with desk.store.live.lock:
        table = desk.table
        there = shape.breached(table.records["lon"], table.records["lat"])
        found = (there & table.seen(sight_asked(desk))).nonzero()[0].tolist()
        kinds = Counter(ThingKey.parse(table.ids[index]).kind for index in found)
    ordered = sorted(kinds, key=lambda name: (not desk.kind(name).dispatchable, -kinds[name]))
    return [(words.pick(desk.kind(one).zh, desk.kind(one).en), f"{kinds[one]:,}")
            for one in ordered]  # fmt: skip

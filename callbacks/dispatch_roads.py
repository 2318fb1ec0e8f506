"""Closed roads on the page of dispatch: seen on the map, drawn by hand, lifted."""

from collections.abc import Sequence
from typing import Any

from dash import Input, Output

from callbacks.case_desk import naming_asked
from callbacks.desk import Desk
from callbacks.dispatch_desk import Json, commander
from callbacks.wiring import wiring
from city.closures import KIND_NAMES, NewClosure, RoadClosure
from city.roles import Actor, Right
from layouts import dispatch_ids, ids
from layouts.case_naming import Naming
from layouts.deadlines import moment
from layouts.figures import instant


@wiring.on(Output(dispatch_ids.CLOSED, "data"), Input(ids.pulse("closures"), "data"))
def show_closed(desk: Desk, _version: int | None) -> Any:
    """What is closed now."""
    actor, naming = commander(desk), naming_asked(desk)
    may = actor.seat.may(Right.MANAGE_ROADS)
    return [closed(desk, one, may, naming) for one in desk.store.closures.list(desk.now_ms())]


def closed(desk: Desk, one: RoadClosure, may_lift: bool, naming: Naming) -> dict[str, Any]:
    """One closure in plain values."""
    words, border = naming.words, one.geometry["coordinates"][0]
    until = instant(moment(one.until_ms), desk.now()) if one.until_ms else ""
    said = words.pick(*KIND_NAMES[one.kind])
    return {
        "id": one.id,
        "areas": [border],
        "lines": [],
        "at": middle(border),
        "said": f"{said} · {words.pick(one.zh, one.en)}",
        "until": words("dispatch.until", at=until) if until else "",
        "may": may_lift,
    }


def middle(border: Sequence[Sequence[float]]) -> list[float]:
    """The middle of its frame."""
    lon, lat = [one[0] for one in border], [one[1] for one in border]
    return [(min(lon) + max(lon)) / 2, (min(lat) + max(lat)) / 2]


def draw_closure(desk: Desk, points: Any, is_area: bool, reason: str, actor: Actor) -> RoadClosure:
    """A line along a road, or an area; nobody drives through it until it is lifted."""
    corners = [[float(lon), float(lat)] for lon, lat in points]
    geometry: Json = {"type": "LineString", "coordinates": corners}
    if is_area:
        geometry = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    area = desk.ground.place(*corners[0])[0] if desk.ground else ""
    return desk.store.closures.add(NewClosure(geometry, zh=reason, en=reason, area=area), actor)

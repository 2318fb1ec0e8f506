"""Rings of travel time and the ways of the first candidates, for the map of dispatch."""

from collections.abc import Sequence
from typing import Any

from dash import Input, Output, no_update

from callbacks.case_desk import naming_asked, shown_case
from callbacks.desk import Desk
from callbacks.dispatch_desk import Json, commander
from callbacks.dispatch_ranked import candidates_of
from callbacks.wiring import wiring
from city.candidates import Candidates
from city.cases import Case
from city.order_table import OrderState
from city.refusal import Refusal
from geo.points import Point
from geo.routing import Router
from layouts import dispatch_ids
from layouts.case_naming import Naming

MINUTES = (5, 10, 15)
MOST_WAYS = 6
DIGITS = 5  # of a degree: one metre


@wiring.on(
    Output(dispatch_ids.WAYS, "data"),
    Input(dispatch_ids.AROUND, "data"),
    prevent_initial_call=True,
)
def draw_ways(desk: Desk, asked: Json | None) -> Any:
    """What the map draws around the case that is open; the list does not wait for it."""
    actor, about = commander(desk), asked or {}
    case = shown_case(desk, actor, str(about.get("case") or ""))
    if case is None or case.pos is None:
        return no_update
    found = candidates_of(desk, case, actor, about.get("what_if") or ())
    return around(desk, case, found, naming_asked(desk))


def around(desk: Desk, case: Case, found: Candidates | Refusal, naming: Naming) -> dict[str, Any]:
    """Rings, the ways of units under way to the case, and those of its first candidates."""
    there, router = Point(*(case.pos or (0.0, 0.0))), desk.store.roads.router(desk.now_ms())
    items = found.items[:MOST_WAYS] if isinstance(found, Candidates) else ()
    starts = {one.unit.id: one.unit.point for one in items if one.unit.point}
    going = {unit_id: point for unit_id in under_way(desk, case)
             if (point := desk.store.units.one(unit_id, desk.now_ms()).point)}  # fmt: skip
    ways = [way(router, unit_id, point, there, unit_id in going)
            for unit_id, point in {**starts, **going}.items()]  # fmt: skip
    return {"case": case.id, "rings": rings(router, there, naming),
            "routes": [one for one in ways if one["points"]]}  # fmt: skip


def under_way(desk: Desk, case: Case) -> list[str]:
    """The units that are sent to a case and not there yet."""
    return [one.unit for one in desk.store.orders.of_case(case.id)
            if one.is_open and one.state is not OrderState.ON_SCENE]  # fmt: skip


def way(router: Router, unit_id: str, here: Point, there: Point, is_going: bool) -> dict[str, Any]:
    """The way of one unit; without points where there is none."""
    route = router.route(here, there)
    points = [[round(one.lon, DIGITS), round(one.lat, DIGITS)] for one in route.points]
    return {"unit": unit_id, "points": points, "byRoad": route.by_road, "going": is_going}


def rings(router: Router, there: Point, naming: Naming) -> list[dict[str, Any]]:
    """From where the case is reached within so many minutes."""
    areas = router.isochrones(there, MINUTES)
    return [
        {"minutes": minutes, "label": naming.words("dispatch.span_minutes", n=minutes),
         "parts": parts_of(area.__geo_interface__)}
        for minutes, area in zip(MINUTES, areas, strict=True)
    ]  # fmt: skip


def parts_of(area: Json) -> list[Any]:
    """The borders of an area (GeoJSON), outer and inner."""
    if area["type"] == "MultiPolygon":
        return [rounded(border) for part in area["coordinates"] for border in part]
    return [rounded(border) for border in area["coordinates"]]


def rounded(border: Sequence[Sequence[float]]) -> list[list[float]]:
    """To the metre."""
    return [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in border]

"""What callbacks of the page of dispatch share: who looks, the case that is open, its words."""

from collections.abc import Mapping
from typing import Any

from callbacks.asking import actor_asked
from callbacks.desk import Desk
from city.cases import Case
from city.roles import Actor, Right
from layouts.case_naming import Naming

Json = Mapping[str, Any]


def commander(desk: Desk) -> Actor:
    """Who looks at units and orders; raises Forbidden for a post that may not."""
    actor = actor_asked(desk)
    actor.seat.require(Right.VIEW_DISPATCH)
    return actor


def place_of(desk: Desk, case: Case, naming: Naming) -> str:
    """District and the nearest named place of a case."""
    area = naming.area(case.area) if case.area else ""
    return " · ".join(filter(None, (nearest_place(desk, case, naming), area)))


def nearest_place(desk: Desk, case: Case, naming: Naming) -> str:
    """What the base map names within a kilometre or so; empty where nothing is."""
    if case.pos is None or not desk.spots:
        return ""
    lon, lat = case.pos
    best = min(desk.spots, key=lambda one: abs(one.lon - lon) + abs(one.lat - lat))
    is_near = abs(best.lon - lon) + abs(best.lat - lat) < NEAR_DEGREES
    return naming.words.pick(best.zh, best.en) if is_near else ""


NEAR_DEGREES = 0.012

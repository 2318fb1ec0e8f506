"""Closures over a real store: who closes, who opens, and that ways know it at once."""

from datetime import timedelta

import numpy as np
import pytest

from city.audit_search import AuditQuery
from city.closures import ClosureKind, NewClosure
from city.refusal import Conflict, Forbidden, Malformed, NotFound
from city.roles import Role
from geo.points import Point
from store.store import Store, open_store
from tests.desk import MONDAY, actor, at_work, seat
from tests.geo import towns
from tests.publisher import haikou
from watch.deadlines import Deadlines
from watch.effects import all_effects

pytestmark = pytest.mark.store

DISPATCHER = actor(Role.DISPATCHER)
WEST, EAST = Point(110.301, 20.0), Point(110.305, 20.0)
POND = NewClosure({"type": "Point", "coordinates": [110.303, 20.0]}, zh="塌陷", radius_m=20)


@pytest.fixture
def city(store: Store) -> Store:
    store.roads.use(towns.street(20, 40, 60))
    return store


def cut_off(store: Store, at_ms: int = DISPATCHER.at_ms) -> bool:
    return bool(np.isinf(store.roads.router(at_ms).reach(EAST, [WEST]).eta_s[0]))


def test_a_closure_changes_ways_in_every_process_and_lifting_it_changes_them_back(
    city: Store, redis_url: str
) -> None:
    other = open_store(redis_url)
    other.roads.use(towns.street(20, 40, 60))
    assert not cut_off(city) and not cut_off(other)

    closure = city.closures.add(POND, DISPATCHER)
    assert cut_off(city) and cut_off(other)

    city.closures.lift(closure.id, DISPATCHER)
    assert not cut_off(city) and not cut_off(other)


def test_one_router_serves_all_until_something_changes(city: Store) -> None:
    at_ms = DISPATCHER.at_ms
    first = city.roads.router(at_ms)

    assert city.roads.router(at_ms + 1000) is first
    city.closures.add(POND, DISPATCHER)
    assert city.roads.router(at_ms + 1000) is not first


def test_a_closure_is_on_record_with_who_and_why(city: Store) -> None:
    closure = city.closures.add(POND, DISPATCHER)
    city.closures.lift(closure.id, actor(Role.CHIEF, minutes=5), "已修复")

    lifted, added = city.audit.page(AuditQuery()).records[:2]

    assert (added.draft.action, added.draft.subject) == ("closure.add", f"closure/{closure.id}")
    assert added.draft.detail["reason_given"] == "塌陷"
    assert (lifted.draft.action, lifted.draft.reason) == ("closure.lift", "已修复")
    assert city.closures.get(closure.id).ended_by == "chief"


def test_a_closure_ends_by_itself(city: Store) -> None:
    until_ms = DISPATCHER.at_ms + 3_600_000
    closure = city.closures.add(
        NewClosure(POND.geometry, zh="施工", kind=ClosureKind.WORKS, radius_m=20,
                   until_ms=until_ms), DISPATCHER
    )  # fmt: skip
    deadlines = Deadlines(city, all_effects(city, haikou()), lambda: until_ms)

    assert cut_off(city, until_ms - 1)
    deadlines.fire()

    assert not cut_off(city, until_ms)
    assert city.closures.list(until_ms) == []
    assert city.closures.get(closure.id).ended_by == "system"


def test_ids_count_up_by_the_day_of_the_city(city: Store) -> None:
    first = city.closures.add(POND, DISPATCHER)
    second = city.closures.add(POND, DISPATCHER)

    assert (first.id, second.id) == ("FK20260907-001", "FK20260907-002")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CHIEF, Role.DISPATCHER}))
def test_only_who_manages_roads_closes_them(city: Store, role: Role) -> None:
    with pytest.raises(Forbidden):
        city.closures.add(POND, actor(role, department="sw"))

    assert city.closures.all() == []


def test_a_seat_of_a_district_closes_roads_only_there(city: Store) -> None:
    local = at_work(seat(Role.DISPATCHER, "wang", "", "460105"))
    asked = {"zh": "塌陷", "radius_m": 20}

    with pytest.raises(Forbidden):
        city.closures.add(NewClosure(POND.geometry, area="460106", **asked), local)

    city.closures.add(NewClosure(POND.geometry, area="460105", **asked), local)


def test_what_is_over_is_not_lifted_twice(city: Store) -> None:
    closure = city.closures.add(POND, DISPATCHER)
    city.closures.lift(closure.id, DISPATCHER)

    with pytest.raises(Conflict):
        city.closures.lift(closure.id, DISPATCHER)
    with pytest.raises(NotFound):
        city.closures.lift("FK20260907-099", DISPATCHER)


SQUARE = [[110.3, 20.0], [110.31, 20.0], [110.31, 20.01], [110.3, 20.01], [110.3, 20.0]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "LineString", "coordinates": SQUARE[:3]},
        {"type": "Point", "coordinates": [110.3, 20.0]},
    ],
    ids=lambda geometry: geometry["type"],
)
def test_a_polygon_a_line_and_a_point_can_be_closed(city: Store, geometry: dict) -> None:
    closure = city.closures.add(NewClosure(geometry, zh="活动", radius_m=50), DISPATCHER)

    assert closure.geometry["type"] == "Polygon"
    assert closure.on_roads.shape.is_valid


@pytest.mark.parametrize(
    "asked",
    [
        NewClosure({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}, zh="x"),
        NewClosure({"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[2], SQUARE[1],
                                                        SQUARE[3], SQUARE[0]]]}, zh="x"),
        NewClosure({"type": "Polygon", "coordinates": [[[110, 19], [111, 19], [111, 20],
                                                        [110, 19]]]}, zh="x"),
        NewClosure({"type": "Point", "coordinates": [110.3, 20.0]}, zh="x"),
        NewClosure({"type": "Point", "coordinates": [float("nan"), 20.0]}, zh="x", radius_m=9),
        NewClosure({"type": "Point", "coordinates": ["a", None]}, zh="x", radius_m=9),
        NewClosure({"type": "MultiPoint", "coordinates": [[110.3, 20.0]]}, zh="x", radius_m=9),
        NewClosure({"coordinates": []}, zh="x"),
        NewClosure(POND.geometry, zh="  ", radius_m=20),
        NewClosure(POND.geometry, zh="x", radius_m=20, speed_factor=1.0),
        NewClosure(POND.geometry, zh="x", radius_m=20, speed_factor=-0.1),
        NewClosure(POND.geometry, zh="x", radius_m=20, kind=ClosureKind.PONDING),
        NewClosure(POND.geometry, zh="x", radius_m=20, until_ms=DISPATCHER.at_ms),
        NewClosure(POND.geometry, zh="x", radius_m=20, until_ms=DISPATCHER.at_ms * 2),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_cannot_be_closed_is_refused_in_a_sentence(city: Store, asked: NewClosure) -> None:
    with pytest.raises(Malformed) as refused:
        city.closures.add(asked, DISPATCHER)

    assert refused.value.said("zh") and refused.value.said("en")
    assert city.closures.all() == []


def test_what_was_over_for_long_is_forgotten(city: Store) -> None:
    old = city.closures.add(POND, DISPATCHER)
    city.closures.lift(old.id, DISPATCHER)
    standing = city.closures.add(
        NewClosure(POND.geometry, zh="x", radius_m=20,
                   until_ms=DISPATCHER.at_ms + 80 * 86_400_000), DISPATCHER
    )  # fmt: skip
    later = round((MONDAY + timedelta(days=31)).timestamp() * 1000)

    city.closures.forget(later)

    assert [one.id for one in city.closures.all()] == [standing.id]

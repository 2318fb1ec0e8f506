"""Candidates over real units and a town whose ways are computed by hand."""

import numpy as np
import pytest
from shapely.geometry import Point as Spot

from city.candidates import Need, WhatIf
from city.left_out import Why
from city.roles import SYSTEM, Role
from geo.network import RoadName
from geo.points import Point
from geo.roads import RoadGraph
from store.closures import NewClosure
from store.store import Store
from tests.desk import seat
from tests.publisher import Publisher, written
from tests.seats import actor

pytestmark = pytest.mark.store

#  unit A ─ 30 s ─ a ── 120 s ── b ── 60 s ── h ─ 30 s ─ HERE      the short way passes b;
#                  └────────── 400 s ─────────┤                   the long way goes round
#  unit C ──────────────────────────── 240 s ─┘
A, HERE, C = (110.295, 20.00), (110.325, 20.00), (110.32, 20.02)
NODES = ((110.30, 20.00), (110.31, 20.00), (110.32, 20.00), C, (110.31, 19.98), (110.29, 20.00),
         (110.33, 20.00))  # fmt: skip
ROUND = NODES[4]
EDGES = ((0, 1, 120), (1, 2, 60), (3, 2, 240), (0, 4, 200), (4, 2, 200), (5, 0, 60), (2, 6, 60))
ON_THE_SHORT_WAY = (110.315, 20.00)


def town() -> RoadGraph:
    lon, lat = (np.array(one) for one in zip(*NODES, strict=True))
    start, end, seconds = (np.array(one) for one in zip(*EDGES, strict=True))
    times = seconds.astype(float)
    return RoadGraph(
        lon, lat, start.astype(np.int32), end.astype(np.int32), times * 10, times, times,
        np.zeros(len(EDGES), np.uint8), np.zeros(len(EDGES), np.int32),
        np.zeros(len(EDGES) + 1, np.int32), np.empty((0, 2)), ("street",),
        (RoadName("街", "Street"),),
    )  # fmt: skip


@pytest.fixture
def town_store(store: Store) -> Store:
    store.roads.use(town())
    publisher = Publisher(store)
    for name, pos in (("A", A), ("C", C)):
        said = {"ts": written(0), "pos": list(pos), "status": "available"}
        publisher.send((f"cb/v1/460106/zhzf/patrol/{name}/data", said))
    return store


def ranked(store: Store, what_if: WhatIf = WhatIf(), **more: object) -> dict[str, int]:  # noqa: B008
    found = store.dispatching.for_need(Need(Point(*HERE), **more), actor(), what_if)  # type: ignore[arg-type]
    return {one.unit.id[-1]: round(one.eta_s) for one in found.items}


def close(store: Store) -> None:
    geometry = Spot(ON_THE_SHORT_WAY).buffer(0.001).__geo_interface__
    closure = NewClosure(geometry, "道路塌陷", "Road collapsed")
    store.closures.add(closure, actor(seat=seat(Role.DISPATCHER)))


def test_the_order_is_that_of_the_ways_computed_by_hand(town_store: Store) -> None:
    found = ranked(town_store)

    assert list(found.items()) == [("A", 240), ("C", 270)]


def test_a_closure_turns_the_order_round_as_computed_by_hand(town_store: Store) -> None:
    close(town_store)

    found = ranked(town_store)

    assert list(found.items()) == [("C", 270), ("A", 460)]


def test_with_closures_supposed_open_it_is_as_before(town_store: Store) -> None:
    close(town_store)

    found = ranked(town_store, WhatIf(closures_open=True))

    assert list(found) == ["A", "C"]


def test_who_is_cut_off_is_named_so(town_store: Store) -> None:
    close(town_store)
    geometry = Spot(ROUND).buffer(0.001).__geo_interface__
    dispatcher = actor(seat=seat(Role.DISPATCHER))
    town_store.closures.add(NewClosure(geometry, "积水", "Ponding"), dispatcher)

    found = town_store.dispatching.for_need(Need(Point(*HERE)), actor())

    assert [one.unit.id[-1] for one in found.items] == ["C"]
    assert [(one.unit.id[-1], one.why) for one in found.left_out] == [("A", Why.CUT_OFF)]


def test_without_roads_the_ways_are_straight_and_named_as_such(store: Store) -> None:
    said = {"ts": written(0), "pos": list(A), "status": "available"}
    Publisher(store).send(("cb/v1/460106/zhzf/patrol/A/data", said))

    found = store.dispatching.for_need(Need(Point(*HERE)), actor())

    assert not found.is_by_road
    assert not found.items[0].by_road
    assert found.items[0].caveats == (
        ("不在路网上，按直线估算", "Off the road network: straight line"),
    )


def test_a_department_is_offered_its_own_units_alone(town_store: Store) -> None:
    said = {"ts": written(0), "pos": list(NODES[1]), "status": "available"}
    Publisher(town_store).send(("cb/v1/460106/sw/pumptruck/B/data", said))
    mine = actor(seat=seat(Role.UNIT, "", "sw"))

    found = town_store.dispatching.for_need(Need(Point(*HERE)), mine)

    assert [one.unit.id for one in found.items] == ["sw/pumptruck/B"]
    assert found.computed == 1


def test_cases_at_once_count_closures_too(town_store: Store) -> None:
    needs = [Need(Point(*HERE), case_id="1"), Need(Point(*A), case_id="2")]

    free = town_store.dispatching.for_needs(needs, actor(seat=SYSTEM))

    pairs = {one.case_id: (one.unit.id[-1], round(one.eta_s)) for one in free.best.pairs}
    assert pairs == {"1": ("C", 270), "2": ("A", 0)}
    assert free.gain_s == 240 + (240 + 180 + 30) - 270


def test_cases_at_once_ask_nobody_who_cannot_be_sent(town_store: Store) -> None:
    said = {"ts": written(0), "pos": list(A), "status": "busy"}
    Publisher(town_store).send(("cb/v1/460106/zhzf/patrol/A/data", said))
    needs = [Need(Point(*HERE), case_id="1"), Need(Point(*A), case_id="2")]

    found = town_store.dispatching.for_needs(needs, actor(seat=SYSTEM))

    assert [one.unit.id[-1] for one in found.best.pairs] == ["C"]
    assert len(found.best.unserved) == 1

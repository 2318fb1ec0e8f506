"""The way itself: its line, its names, what it avoids, and how far one gets in some minutes."""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from geo.costs import Closure, costs_of
from geo.points import Point, distance_m
from geo.routing import Router
from tests.geo import towns
from tests.geo.test_routing import flooded


@pytest.mark.parametrize("graph", [towns.city, towns.town], ids=["city", "town"])
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_a_way_takes_as_long_as_the_time_says(graph, closed: bool) -> None:
    roads = graph()
    router = Router(costs_of(roads, flooded(roads) if closed else []))
    low, high = [roads.lon.min(), roads.lat.min()], [roads.lon.max(), roads.lat.max()]
    sources = np.random.default_rng(4).uniform(low, high, (40, 2))
    target = Point(roads.plane.lon, roads.plane.lat)

    reach = router.reach(target, sources)

    for source, eta_s, metres in zip(sources, reach.eta_s, reach.distance_m, strict=True):
        way = router.route(Point(*source), target)
        assert way.eta_s == pytest.approx(eta_s, rel=1e-9)
        assert way.distance_m == pytest.approx(metres, rel=1e-6)
        assert list(way.at_s) == sorted(way.at_s)
        if way.points:
            assert way.points[0] == pytest.approx(tuple(source))
            assert way.points[-1] == pytest.approx(tuple(target))


def test_the_line_of_a_way_is_as_long_as_it_says() -> None:
    router = Router(costs_of(towns.city()))
    way = router.route(Point(110.21, 20.03), Point(110.35, 20.03))

    length = sum(distance_m(here, there) for here, there in pairwise(way.points))

    assert length == pytest.approx(way.distance_m, rel=0.01)
    assert way.by_road
    assert len(set(way.roads)) > 3


def test_a_way_is_driven_along_its_line_at_the_speed_of_each_road() -> None:
    router = Router(costs_of(towns.street(20, 40)))

    way = router.route(Point(110.301, 20.0), Point(110.304, 20.0))

    assert [point.lon for point in way.points] == pytest.approx([110.301, 110.302, 110.304])
    assert way.at_s == pytest.approx([0, 10, 50], abs=0.01)
    assert [road.en for road in way.roads] == ["Street"]


def test_a_way_on_one_edge_is_a_piece_of_it() -> None:
    router = Router(costs_of(towns.street(20, 40)))

    way = router.route(Point(110.3035, 20.0), Point(110.3025, 20.0))

    assert [point.lon for point in way.points] == pytest.approx([110.3035, 110.3025])
    assert way.eta_s == pytest.approx(20, abs=0.01)


def test_a_way_names_the_closure_that_it_goes_around() -> None:
    graph = towns.town()
    start, end = Point(110.306, 20.020), Point(110.340, 20.020)
    free = Router(costs_of(graph)).route(start, end)
    there = free.points[len(free.points) // 2]
    closed = Closure("pond", shapely.Point(*there).buffer(0.0008))
    elsewhere = Closure("far", shapely.Point(110.302, 20.044).buffer(0.0008))

    way = Router(costs_of(graph, [closed, elsewhere])).route(start, end)

    assert way.closures_avoided == ("pond",)
    assert way.eta_s > free.eta_s
    assert not shapely.LineString(way.points).intersects(closed.shape)


def test_who_is_cut_off_has_no_way_and_is_told_why() -> None:
    closed = Closure("pond", shapely.Point(110.303, 20.0).buffer(0.0002))
    router = Router(costs_of(towns.street(20, 40, 60), [closed]))

    way = router.route(Point(110.301, 20.0), Point(110.305, 20.0))

    assert way.points == ()
    assert np.isinf(way.eta_s)
    assert way.closures_avoided == ("pond",)


def test_off_the_network_the_way_is_a_straight_line() -> None:
    router = Router(costs_of(towns.street(20)))

    way = router.route(Point(110.3, 20.05), Point(110.301, 20.0))

    assert not way.by_road
    assert len(way.points) == 2


def test_more_minutes_reach_farther() -> None:
    router = Router(costs_of(towns.city()))
    areas = router.isochrones(Point(110.33, 20.02), [5, 10, 15])

    assert [area.is_valid for area in areas] == [True] * 3
    assert areas[0].area < areas[1].area < areas[2].area
    for small, great in pairwise(areas):
        assert small.difference(great).area < 0.02 * small.area


def test_who_is_within_an_area_is_there_within_the_minutes() -> None:
    router = Router(costs_of(towns.city()))
    target = Point(110.33, 20.02)
    (area,) = router.isochrones(target, [6])
    places = np.random.default_rng(8).uniform([110.2, 19.9], [110.45, 20.06], (600, 2))
    reach = router.reach(target, places)
    near = reach.by_road & (reach.off_m < 60)

    inside = shapely.contains_xy(area, *places[near].T)

    assert inside[reach.eta_s[near] < 330].mean() > 0.97
    assert inside[reach.eta_s[near] > 420].mean() < 0.06


def test_a_closure_shrinks_the_area() -> None:
    graph, target = towns.town(), Point(110.32, 20.02)
    ring = shapely.Point(*target).buffer(0.006).boundary.buffer(0.0003)
    free, closed = (
        Router(costs_of(graph, closures)).isochrones(target, [3])[0]
        for closures in ([], [Closure("ring", ring)])
    )

    assert closed.area < 0.6 * free.area


def test_off_the_network_the_area_is_a_disc() -> None:
    router = Router(costs_of(towns.street(20)), straight_kmh=36)

    (area,) = router.isochrones(Point(110.3, 20.2), [1])

    assert area.contains(shapely.Point(110.3, 20.2))
    assert area.bounds[3] - area.bounds[1] == pytest.approx(2 * 600 / 111_195, rel=0.01)

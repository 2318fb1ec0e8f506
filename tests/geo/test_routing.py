"""Ways and times by road: as networkx finds them, with closures, off the network."""

from collections.abc import Sequence

import networkx
import numpy as np
import pytest
import shapely

from geo.costs import Closure, costs_of
from geo.points import Point, distance_m
from geo.roads import RoadGraph, no_roads
from geo.routing import Router
from tests.geo import towns

PAIRS = 1_000
TARGETS = 20


def nodes_of(graph: RoadGraph, count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).choice(len(graph.lon), count, replace=False)


def places(graph: RoadGraph, nodes: Sequence[int] | np.ndarray) -> np.ndarray:
    return np.column_stack([graph.lon[nodes], graph.lat[nodes]])


def flooded(graph: RoadGraph) -> list[Closure]:
    """Ten closed discs over the graph, and one slow quarter."""
    spots = places(graph, nodes_of(graph, 10, seed=3))
    discs = [Closure(f"c{i}", shapely.Point(*spot).buffer(0.003)) for i, spot in enumerate(spots)]
    middle = graph.plane.lon, graph.plane.lat
    return [*discs, Closure("slow", shapely.Point(*middle).buffer(0.02), 0.4)]


@pytest.mark.parametrize("graph", [towns.city, towns.town], ids=["city", "town"])
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_a_thousand_times_are_those_of_networkx(graph, closed: bool) -> None:
    roads = graph()
    closures = flooded(roads) if closed else []
    costs = costs_of(roads, closures)
    dry = {int(n) for n in range(len(roads.lon))} - wet_nodes(costs)
    nodes = np.random.default_rng(5).choice(sorted(dry), PAIRS // TARGETS + TARGETS, replace=False)
    sources, targets = nodes[TARGETS:], nodes[:TARGETS]
    oracle = towns.digraph(costs).reverse()
    router = Router(costs)

    for target in targets.tolist():
        known = networkx.single_source_dijkstra_path_length(oracle, target, weight="seconds")
        truth = [known.get(int(source), np.inf) for source in sources]
        reach = router.reach(Point(*places(roads, [target])[0]), places(roads, sources))

        np.testing.assert_allclose(reach.eta_s, truth, rtol=1e-9, atol=1e-3)


def wet_nodes(costs) -> set[int]:
    """Ends of closed edges, where a place may stand inside a closure."""
    edges = np.concatenate(
        [np.empty(0, int), *(hit.edges for hit in costs.hits if not hit.speed_factor)]
    )
    return {*costs.graph.start[edges].tolist(), *costs.graph.end[edges].tolist()}


def test_every_question_gives_the_same_times() -> None:
    graph = towns.town()
    router = Router(costs_of(graph, flooded(graph)))
    low, high = [graph.lon.min(), graph.lat.min()], [graph.lon.max(), graph.lat.max()]
    chance = np.random.default_rng(11)
    sources, targets = chance.uniform(low, high, (30, 2)), chance.uniform(low, high, (9, 2))

    matrix = router.matrix(sources, targets)
    columns = [router.reach(Point(*target), sources).eta_s for target in targets]
    rows = [router.spread(Point(*source), targets).eta_s for source in sources]

    np.testing.assert_allclose(matrix, np.column_stack(columns))
    np.testing.assert_allclose(matrix, np.stack(rows))
    np.testing.assert_allclose(matrix.T, router_backwards(router, targets, sources))
    np.testing.assert_allclose(router.nearest(sources, targets), matrix.min(axis=0))


def router_backwards(router: Router, targets: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """One source after the other, so that the fewer are at the other end."""
    return np.column_stack([router.matrix([source], targets)[0] for source in sources])


def test_the_distance_is_that_of_the_quickest_way() -> None:
    costs = costs_of(towns.town())
    nodes = nodes_of(costs.graph, 40, seed=9)
    oracle = towns.digraph(costs)
    target = int(nodes[0])

    reach = Router(costs).reach(
        Point(*places(costs.graph, [target])[0]), places(costs.graph, nodes)
    )

    for node, metres in zip(nodes.tolist(), reach.distance_m, strict=True):
        way = networkx.dijkstra_path(oracle, node, target, weight="seconds")
        assert metres == pytest.approx(networkx.path_weight(oracle, way, "metres"), abs=0.1)


def test_a_time_begins_in_the_middle_of_an_edge() -> None:
    router = Router(costs_of(towns.street(20, 40, 60)))

    reach = router.reach(Point(110.305, 20.0), [[110.301, 20.0], [110.3055, 20.0]])

    assert reach.eta_s == pytest.approx([10 + 40 + 30, 15], abs=0.01)
    assert reach.distance_m == pytest.approx([418, 209 / 4], abs=0.5)


def test_a_oneway_street_is_not_driven_back() -> None:
    router = Router(costs_of(towns.street(20, 40, oneway=True)))
    west, east = Point(110.3005, 20.0), Point(110.3035, 20.0)

    assert router.reach(east, [west]).eta_s == pytest.approx([15 + 30], abs=0.01)
    assert np.isinf(router.reach(west, [east]).eta_s).all()
    assert np.isinf(router.matrix([east], [west])).all()


def test_a_place_far_from_roads_is_reached_by_a_straight_line_that_says_so() -> None:
    router = Router(costs_of(towns.street(20, 40)), snap_within_m=500, straight_kmh=36)
    field, target = Point(110.301, 20.02), Point(110.303, 20.0)

    reach = router.reach(target, [field, Point(110.301, 20.0)])

    assert reach.by_road.tolist() == [False, True]
    assert reach.distance_m[0] == pytest.approx(distance_m(field, target), rel=1e-3)
    assert reach.eta_s[0] == pytest.approx(distance_m(field, target) / 10, rel=1e-3)


def test_the_way_beside_the_road_counts() -> None:
    router = Router(costs_of(towns.street(20)), straight_kmh=36)

    reach = router.reach(Point(110.302, 20.0), [[110.3, 20.001]])

    assert reach.off_m == pytest.approx([111.2], abs=0.1)
    assert reach.eta_s == pytest.approx([20 + 11.12], abs=0.05)


def test_whoever_would_cross_a_closure_is_cut_off() -> None:
    closed = Closure("pond", shapely.Point(110.303, 20.0).buffer(0.0002))
    router = Router(costs_of(towns.street(20, 40, 60), [closed]))

    reach = router.reach(Point(110.305, 20.0), [[110.301, 20.0], [110.3045, 20.0]])

    assert np.isinf(reach.eta_s[0])
    assert np.isinf(reach.distance_m[0])
    assert reach.eta_s[1] == pytest.approx(15, abs=0.01)


def test_a_place_inside_a_closure_can_be_reached_and_left_at_a_tenth_of_the_speed() -> None:
    closed = Closure("pond", shapely.Point(110.303, 20.0).buffer(0.0002))
    router = Router(costs_of(towns.street(20, 40, 60), [closed]))
    inside, west, east = [110.303, 20.0], [110.301, 20.0], [110.305, 20.0]

    assert router.reach(Point(*inside), [west, east]).eta_s == pytest.approx([210, 230], abs=0.1)
    assert router.reach(Point(*east), [inside]).eta_s == pytest.approx([230], abs=0.1)


def test_no_closure_but_the_own_one_is_waded_through() -> None:
    ponds = [Closure(str(x), shapely.Point(x, 20.0).buffer(0.0002)) for x in (110.301, 110.305)]
    router = Router(costs_of(towns.street(20, 40, 60, 80), ponds))

    reach = router.reach(Point(110.301, 20.0), [[110.307, 20.0]])

    assert np.isinf(reach.eta_s).all()


def test_a_slow_road_takes_longer_by_its_factor() -> None:
    slow = Closure("works", shapely.box(110.3021, 19.999, 110.3039, 20.001), 0.25)
    router = Router(costs_of(towns.street(20, 40, 60), [slow]))

    reach = router.reach(Point(110.306, 20.0), [[110.3, 20.0]])

    assert reach.eta_s == pytest.approx([20 + 160 + 60], abs=0.01)


def test_without_roads_everything_is_a_straight_line() -> None:
    router = Router(costs_of(no_roads()))

    reach = router.reach(Point(110.3, 20.0), [[110.31, 20.0]])

    assert not reach.by_road.any()
    assert np.isfinite(reach.eta_s).all()

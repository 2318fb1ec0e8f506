"""Ways by road on a graph of 100,000 edges with closures: what a question costs, and a change."""

import time
from collections.abc import Callable, Iterator
from functools import lru_cache

import networkx
import numpy as np
import shapely

from bench.rows import Row
from geo.costs import Closure, Costs, costs_of
from geo.net import net_of
from geo.network import RoadName
from geo.points import Point
from geo.roads import RoadGraph
from geo.routing import Router

SIDE = 226  # crossings on a side: 101,700 edges
STEP = 0.0015  # degrees, about 160 m
WEST, SOUTH = 110.15, 19.85
UNITS, CASES, SOME_UNITS, ROUNDS = 1_000, 50, 300, 60
CLOSURES, PAIRS = 40, 1_000
GOALS_MS = {"reach": 30.0, "matrix": 500.0, "route": 50.0, "rings": 200.0, "change": 50.0}


@lru_cache(1)
def great_town() -> RoadGraph:
    """A grid with a fifth of its streets one-way, lengths and speeds by chance."""
    chance = np.random.default_rng(1)
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    east, north = np.flatnonzero(column < SIDE - 1), np.flatnonzero(row < SIDE - 1)
    start, end = np.concatenate([east, north]), np.concatenate([east + 1, north + SIDE])
    edges = len(start)
    length = chance.uniform(150, 200, edges)
    seconds = length / chance.choice([8.3, 12.5, 16.7], edges)
    back = np.where(chance.random(edges) < 0.2, np.inf, seconds)
    return RoadGraph(
        WEST + column * STEP, SOUTH + row * STEP, start.astype(np.int32), end.astype(np.int32),
        length, seconds, back, np.zeros(edges, np.uint8), np.zeros(edges, np.int32),
        np.zeros(edges + 1, np.int32), np.empty((0, 2)), ("street",), (RoadName("", ""),),
    )  # fmt: skip


def places(count: int, seed: int) -> np.ndarray:
    """Places all over the town."""
    far = (SIDE - 1) * STEP
    return np.random.default_rng(seed).uniform([WEST, SOUTH], [WEST + far, SOUTH + far], (count, 2))


def floods() -> list[Closure]:
    """Discs of 100 m that are closed."""
    return [Closure(f"c{number}", shapely.Point(*place).buffer(0.001))
            for number, place in enumerate(places(CLOSURES, 9))]  # fmt: skip


def percentile_ms(ask: Callable[[int], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median and 95th percentile of what a question takes."""
    took = []
    for number in range(rounds):
        began = time.perf_counter()
        ask(number)
        took.append((time.perf_counter() - began) * 1000)
    return float(np.percentile(took, 50)), float(np.percentile(took, 95))


def row(what: str, name: str, took: tuple[float, float]) -> Row:
    """A figure beside its goal."""
    goal = GOALS_MS[name]
    return Row(what, f"p95 ≤ {goal:g} ms", f"{took[0]:.1f} / {took[1]:.1f} ms", took[1] <= goal,
               f"median / p95; {len(great_town().start):,} edges, {CLOSURES} closures")  # fmt: skip


def measure() -> Iterator[Row]:
    """Times of the questions, and whether networkx finds the same."""
    graph, closures = great_town(), floods()
    costs = costs_of(graph, closures)
    router, units, cases = Router(costs), places(UNITS, 2), places(CASES, 3)
    spots = [Point(*place) for place in places(ROUNDS + 1, 4)]
    router.reach(spots[0], units)  # what is read off the graph once
    yield row(f"times of {UNITS:,} units to one case", "reach",
              percentile_ms(lambda i: router.reach(spots[i], units)))  # fmt: skip
    yield row(f"times between {CASES} cases and {SOME_UNITS} units", "matrix",
              percentile_ms(lambda _: router.matrix(units[:SOME_UNITS], cases), 8))  # fmt: skip
    yield row("a route with its line", "route",
              percentile_ms(lambda i: router.route(spots[i], spots[i + 1])))  # fmt: skip
    yield row("travel-time areas of 5, 10, 15 minutes", "rings",
              percentile_ms(lambda i: router.isochrones(spots[i], [5, 10, 15]), 20))  # fmt: skip
    yield row("a closure is added: new costs", "change",
              percentile_ms(lambda i: net_of(costs_of(graph, closures)).out, 20))  # fmt: skip
    yield oracle(costs)


def oracle(costs: Costs) -> Row:
    """Pairs of crossings, against networkx."""
    graph, chance = costs.graph, np.random.default_rng(6)
    wet = np.concatenate([hit.edges for hit in costs.hits])
    dry = np.setdiff1d(np.arange(len(graph.lon)), [graph.start[wet], graph.end[wet]])
    nodes = chance.choice(dry, PAIRS + 5, replace=False)
    found = networkx.DiGraph()
    arcs, net = graph.arcs, net_of(costs)
    open_s = net.seconds[: len(arcs.tail)].tolist()
    found.add_weighted_edges_from(zip(arcs.head.tolist(), arcs.tail.tolist(),
                                      open_s, strict=True))  # fmt: skip
    router, worst = Router(costs), 0.0
    for target, sources in zip(nodes[:5], np.split(nodes[5:], 5), strict=True):
        known = networkx.single_source_dijkstra_path_length(found, int(target))
        truth = np.array([known[int(one)] for one in sources])
        place = Point(float(graph.lon[target]), float(graph.lat[target]))
        ours = router.reach(place, np.column_stack([graph.lon[sources], graph.lat[sources]])).eta_s
        same = np.isinf(truth) == np.isinf(ours)
        apart = np.abs(truth - ours)[np.isfinite(truth)]
        worst = max(worst, float(apart.max()), np.inf if not same.all() else 0.0)
    return Row(f"{PAIRS:,} pairs against networkx, closures on", "the same within 0.01 s",
               f"{worst:.4f} s apart at most", worst <= 0.01)  # fmt: skip

"""Road graphs for tests: the generated city, and a town of one-way streets with bends."""

from functools import lru_cache

import networkx
import numpy as np

from geo.costs import Costs, costs_of
from geo.network import RoadName
from geo.roads import RoadGraph
from tests.house import roads as city

__all__ = ["city", "digraph", "free", "street", "town"]

SIDE = 24
STEP = 0.002  # degrees between crossings, about 210 m


@lru_cache(1)
def town() -> RoadGraph:
    """A grid of 24 × 24 crossings; a third of its streets is one-way, all bend a little."""
    chance = np.random.default_rng(7)
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    lon, lat = 110.30 + column * STEP, 20.00 + row * STEP
    east, north = np.flatnonzero(column < SIDE - 1), np.flatnonzero(row < SIDE - 1)
    start, end = np.concatenate([east, north]), np.concatenate([east + 1, north + SIDE])
    edges = len(start)
    length = chance.uniform(210, 260, edges)
    seconds = length / chance.choice([8.3, 12.5, 16.7], edges)
    oneway = chance.random(edges) < 1 / 3
    middle = np.column_stack([(lon[start] + lon[end]) / 2, (lat[start] + lat[end]) / 2])
    return RoadGraph(
        lon, lat, start.astype(np.int32), end.astype(np.int32), length, seconds,
        np.where(oneway, np.inf, seconds * chance.uniform(1, 1.3, edges)),
        np.zeros(edges, np.uint8), np.zeros(edges, np.int32),
        np.arange(edges + 1, dtype=np.int32), middle + STEP / 20,
        ("street",), (RoadName("街", "Street"),),
    )  # fmt: skip


def street(*seconds: float, oneway: bool = False) -> RoadGraph:
    """Crossings 0.002° apart in a row, and how long each stretch takes."""
    count = len(seconds)
    lon = 110.30 + np.arange(count + 1) * STEP
    ahead = np.array(seconds, float)
    return RoadGraph(
        lon, np.full(count + 1, 20.0), np.arange(count, dtype=np.int32),
        np.arange(1, count + 1, dtype=np.int32), np.full(count, 209.0), ahead,
        np.full(count, np.inf) if oneway else ahead, np.zeros(count, np.uint8),
        np.zeros(count, np.int32), np.zeros(count + 1, np.int32), np.empty((0, 2)),
        ("street",), (RoadName("街", "Street"),),
    )  # fmt: skip


def free(graph: RoadGraph) -> Costs:
    """Without closures."""
    return costs_of(graph)


def digraph(costs: Costs) -> networkx.DiGraph:
    """The same for networkx, which is the oracle."""
    graph, found = costs.graph, networkx.DiGraph()
    found.add_nodes_from(range(len(graph.lon)))
    for edge in range(len(graph.start)):
        ends = int(graph.start[edge]), int(graph.end[edge])
        for (here, there), seconds in (
            (ends, costs.forward_s[edge]),
            (ends[::-1], costs.backward_s[edge]),
        ):
            known = found.get_edge_data(here, there, {"seconds": np.inf})["seconds"]
            if np.isfinite(seconds) and seconds < known:
                found.add_edge(here, there, seconds=seconds, metres=graph.length_m[edge])
    return found

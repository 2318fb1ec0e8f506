"""Routes between hubs over the road network, laid end to end in columns."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.network import Network

HUBS = 64
NEAR_HUBS = 9  # a vehicle goes on to one of so many near hubs
TASTE = (0.7, 1.6)  # what a driver from one hub thinks of a road, as a factor on its time
GAP_M = 1.0
METRES_PER_DEGREE = 111_195.0

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Routes:
    """Corners of all routes in one column each; route r owns corners first[r] … last[r]."""

    lon: Floats
    lat: Floats
    along_m: Floats  # grows over all routes, so that one search finds a place on any
    speed_mps: Floats  # of the stretch that begins at a corner
    heading_deg: Floats
    first: Indices
    last: Indices
    start_hub: Indices
    end_hub: Indices
    onward: Indices  # by hub: routes to the near hubs, nearest first
    back: Indices  # by route: the one that leads back

    @property
    def length_m(self) -> Floats:
        """Of every route."""
        length: Floats = self.along_m[self.last] - self.along_m[self.first]
        return length

    def corner(self, route: Indices, done_m: Floats) -> tuple[Indices, Floats]:
        """The corner passed last, and how far beyond it."""
        at = self.along_m[self.first[route]] + done_m
        passed = np.searchsorted(self.along_m, at, side="right") - 1
        passed = np.clip(passed, self.first[route], self.last[route] - 1)
        return passed, at - self.along_m[passed]

    def place(self, corner: Indices, beyond_m: Floats) -> tuple[Floats, Floats]:
        """Longitude and latitude there."""
        stretch = np.maximum(self.along_m[corner + 1] - self.along_m[corner], 0.01)
        share = np.clip(beyond_m / stretch, 0, 1)
        lon = self.lon[corner] + share * (self.lon[corner + 1] - self.lon[corner])
        lat = self.lat[corner] + share * (self.lat[corner + 1] - self.lat[corner])
        return lon, lat


def lay_routes(roads: Network, chance: np.random.Generator, hubs: int = HUBS) -> Routes:
    """Chooses hubs and the ways between near ones."""
    nodes = chance.choice(len(roads.lon), hubs, replace=False)
    seconds = roads.length_m / roads.speed_mps
    trees = [tree(roads, int(n), seconds * chance.uniform(*TASTE, len(seconds))) for n in nodes]
    near = [_near_hubs(np.array(times)[nodes]) for times, _ in trees]
    pairs = sorted({pair for here, those in enumerate(near) for there in those
                    for pair in ((here, there), (there, here))})  # fmt: skip
    ways = [_way(trees[here][1], int(nodes[there])) for here, there in pairs]
    return _columns(roads, pairs, ways, hubs)


def tree(roads: Network, source: int, seconds: Floats) -> tuple[list[float], list[int]]:
    """Quickest times from a node to all others, and the node before each (Dijkstra)."""
    first, to = roads.arcs.first.tolist(), roads.arcs.to.tolist()
    cost = seconds[roads.arcs.edge].tolist()
    times, before = [np.inf] * len(roads.lon), [-1] * len(roads.lon)
    times[source] = 0.0
    waiting = [(0.0, source)]
    while waiting:
        time, node = heapq.heappop(waiting)
        if time > times[node]:
            continue
        for arc in range(first[node], first[node + 1]):
            later, there = time + cost[arc], to[arc]
            if later < times[there]:
                times[there], before[there] = later, node
                heapq.heappush(waiting, (later, there))
    return times, before


def _near_hubs(times: Floats) -> list[int]:
    order = np.argsort(times, kind="stable").tolist()
    return [hub for hub in order if times[hub] > 0][:NEAR_HUBS]


def _way(before: Sequence[int], node: int) -> list[int]:
    way = [node]
    while before[way[-1]] >= 0:
        way.append(before[way[-1]])
    return way[::-1]


def _columns(
    roads: Network, pairs: Sequence[tuple[int, int]], ways: Sequence[Sequence[int]], hubs: int
) -> Routes:
    node = np.concatenate([np.array(way) for way in ways])
    last = np.cumsum([len(way) for way in ways]) - 1
    first = np.concatenate([[0], last[:-1] + 1])
    step_m, heading = _steps(roads.lon[node], roads.lat[node])
    step_m[last[:-1]] = GAP_M
    number = {pair: route for route, pair in enumerate(pairs)}
    start, end = np.array(pairs).T
    along = np.concatenate([[0.0], np.cumsum(step_m)])
    return Routes(
        lon=roads.lon[node], lat=roads.lat[node], along_m=along,
        speed_mps=_speeds(roads, node), heading_deg=heading,
        first=first, last=last, start_hub=start, end_hub=end,
        onward=_onward(start, along[last] - along[first], hubs),
        back=np.array([number[there, here] for here, there in pairs]),
    )  # fmt: skip


def _steps(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    north = np.diff(lat) * METRES_PER_DEGREE
    east = np.diff(lon) * METRES_PER_DEGREE * np.cos(np.radians(lat[:-1]))
    heading = np.degrees(np.arctan2(east, north)) % 360
    return np.hypot(east, north), np.append(heading, 0.0)


def _speeds(roads: Network, node: Indices) -> Floats:
    """Free speed from each corner to the next; looked up by the pair of nodes."""
    low, high = np.minimum(roads.start, roads.end), np.maximum(roads.start, roads.end)
    key = low.astype(np.int64) << 32 | high
    order = np.argsort(key)
    here, there = node[:-1].astype(np.int64), node[1:].astype(np.int64)
    wanted = np.minimum(here, there) << 32 | np.maximum(here, there)
    found = order[np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)]
    speeds: Floats = np.append(roads.speed_mps[found], 10.0)
    return speeds


def _onward(start: Indices, length_m: Floats, hubs: int) -> Indices:
    rows = []
    for hub in range(hubs):
        mine = np.flatnonzero(start == hub)
        mine = mine[np.argsort(length_m[mine], kind="stable")]
        rows.append(np.resize(mine, NEAR_HUBS))
    return np.array(rows)

"""The roads as they are now: the city's graph with what is closed and how fast traffic is."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec
import numpy as np
import numpy.typing as npt

from city.case_bounds import CityFacts
from city.traffic import ClassPace, Hour, blended, hour_of
from geo.costs import costs_of
from geo.roads import RoadGraph, no_roads
from geo.routing import Router
from store import keys
from store.books import Page
from store.client import Client
from store.closures import VERSION, ClosureStore
from store.ledger import Ledger, encode
from store.reach import reaching

State = tuple[bytes | None, bytes | None, Hour]
_paces = msgspec.json.Decoder(dict[str, ClassPace]).decode


class RoadStore:
    """The room of the roads; doors tell it the graph, whoever asks gets a router."""

    def __init__(
        self, client: Client, ledger: Ledger, closures: ClosureStore, city: Callable[[], CityFacts]
    ) -> None:
        self._redis = client
        self._ledger = ledger
        self._closures = closures
        self._city = city
        self._turn = threading.Lock()
        self.use(no_roads())

    def use(self, graph: RoadGraph) -> None:
        """These are the roads of the city from now on."""
        self.graph = graph
        self._known: tuple[State, Router] | None = None

    def router(self, at_ms: int) -> Router:
        """Ways and times as of that moment; one router is shared while nothing changes."""
        state = self._state(at_ms)
        with self._turn:
            if self._known is None or self._known[0] != state:
                self._known = state, self._new_router(state, at_ms)
            return self._known[1]

    def measured(self, hour: Hour) -> Mapping[str, ClassPace]:
        """By class of road, how fast traffic was in that hour."""
        with reaching():
            packed = self._redis.hget(keys.ROADS, hour.name)
        return _paces(packed) if packed else {}

    def learn(self, seen: Mapping[str, ClassPace], at_ms: int) -> None:
        """Adds what vehicles were seen to do, by class of road."""
        hour = self._hour(at_ms)

        def act(page: Page) -> None:
            packed = page.get(keys.ROADS, hour.name)
            before = _paces(packed) if packed else {}
            page.put(keys.ROADS, hour.name, encode(blended(before, seen)))

        if seen:
            self._ledger.write(act)

    def _state(self, at_ms: int) -> State:
        hour = self._hour(at_ms)
        with reaching():
            version, pace = self._redis.hmget(keys.ROADS, [VERSION, hour.name])
        return version, pace, hour

    def _hour(self, at_ms: int) -> Hour:
        return hour_of(datetime.fromtimestamp(at_ms / 1000, UTC), self._city().calendar)

    def _new_router(self, state: State, at_ms: int) -> Router:
        version, packed, hour = state
        closures = [one.on_roads for one in self._closures.list(at_ms)]
        costs = costs_of(self.graph, closures, self._pace(hour, packed))
        numbers = self._city().dispatch.numbers
        return Router(costs, numbers.snap_within_m, numbers.straight_kmh, (version or b"").decode())

    def _pace(self, hour: Hour, packed: bytes | None) -> npt.NDArray[np.float64]:
        """Share of the free speed on each edge: as it was measured, or as the rules say."""
        rules, known = self._city().roads, _paces(packed) if packed else {}
        usual = rules.pace(hour.hour, is_workday=hour.is_workday)
        by_class = [
            known[name].share if name in known and known[name].is_enough(rules) else usual
            for name in self.graph.classes
        ]
        return np.array([*by_class, 1.0])[self.graph.road_class]

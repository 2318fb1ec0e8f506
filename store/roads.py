"""The roads as they are now: the city's graph with what is closed, for everybody who asks."""

from collections.abc import Callable

from city.dispatch_rules import DispatchRules
from geo.costs import costs_of
from geo.roads import RoadGraph, no_roads
from geo.routing import Router


class RoadStore:
    """The room of the roads; doors tell it the graph, whoever asks gets a router."""

    def __init__(self, rules: Callable[[], DispatchRules]) -> None:
        self._rules = rules
        self.use(no_roads())

    def use(self, graph: RoadGraph) -> None:
        """These are the roads of the city from now on."""
        self.graph = graph
        self._router: Router | None = None

    def router(self, at_ms: int) -> Router:
        """Ways and times as of that moment; one router is shared while nothing changes."""
        if self._router is None:
            numbers = self._rules().numbers
            costs = costs_of(self.graph)
            self._router = Router(costs, numbers.snap_within_m, numbers.straight_kmh)
        return self._router

"""The arcs of a moment in three layers, so that one search knows who may wade and who may not.

On the open layer closed edges cannot be driven. Who stands on a closed edge starts on the layer
*leaving*, which has the closed edges alone, at wading speed, and steps over to the open layer at
any of their crossings. Who is sent to a closed edge steps from the open layer over to *entering*,
which is built alike. So a closed road is left and reached, but never passed through.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from geo.costs import Costs
from geo.network import Indices, Numbers

LEAVING, ENTERING = 0, 1
PASSAGE = -2  # instead of an edge: from layer to layer
STEP_S = 1e-9  # of a passage; a search takes 0 for no arc at all

Table = tuple[Indices, Indices]  # where each node's arcs begin; the arcs in that order


@dataclass(frozen=True, eq=False)
class Net:
    """Driving direction: leaving → open → entering."""

    crossings: int
    base: Indices  # the crossing behind each node
    place: Indices  # of a crossing among those of closed edges; -1 for the others
    tail: Indices
    head: Indices
    edge: Indices
    seconds: Numbers
    entering: Indices  # arcs in about the order of their heads

    def nodes(self, crossing: Indices, is_closed: npt.NDArray[np.bool_], layer: int) -> Indices:
        """The nodes of crossings: on a layer for closed edges, open for the others."""
        wet = (len(self.base) - self.crossings) // 2
        other = self.crossings + layer * wet + self.place[crossing]
        return np.where(is_closed, other, crossing)

    @cached_property
    def out(self) -> Table:
        """The arcs by the node they leave."""
        return table(self.tail, np.arange(len(self.tail), dtype=np.int32), len(self.base))

    @cached_property
    def into(self) -> Table:
        """The arcs by the node they enter."""
        return table(self.head, self.entering, len(self.base))


def table(keys: Indices, about: Indices, size: int) -> Table:
    """Arcs in the order of their keys, from an order that is nearly so, which is quick."""
    order = about[np.argsort(keys[about], kind="stable")]
    first = np.searchsorted(keys[order], np.arange(size + 1))
    return first.astype(np.int32), order


@lru_cache(maxsize=4)
def net_of(costs: Costs) -> Net:
    """The net of a moment, made once."""
    graph, arcs = costs.graph, costs.graph.arcs
    count = len(graph.lon)
    seconds = np.where(arcs.is_backward, costs.backward_s[arcs.edge], costs.forward_s[arcs.edge])
    closed = np.flatnonzero(costs.is_closed[arcs.edge])
    tail, head = arcs.tail[closed], arcs.head[closed]
    wet = np.unique(np.concatenate([tail, head]))
    place = np.full(count, -1, np.int32)
    place[wet] = np.arange(len(wet))
    edge = arcs.edge[closed]
    wading = np.where(arcs.is_backward[closed], costs.own_backward_s[edge],
                      costs.own_forward_s[edge])  # fmt: skip
    leave, enter = count + np.arange(len(wet)), count + len(wet) + np.arange(len(wet))
    return Net(
        count,
        np.concatenate([np.arange(count), wet, wet]).astype(np.int32),
        place,
        np.concatenate([arcs.tail, leave[place[tail]], enter[place[tail]], leave, wet]),
        np.concatenate([arcs.head, leave[place[head]], enter[place[head]], wet, enter]),
        np.concatenate([arcs.edge, edge, edge, np.full(2 * len(wet), PASSAGE)]),
        np.concatenate([seconds, wading, wading, np.full(2 * len(wet), STEP_S)]),
        np.concatenate([arcs.entering, len(arcs.tail) + np.arange(2 * len(edge) + 2 * len(wet))]),
    )

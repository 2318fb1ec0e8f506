"""Shortest ways over a road graph, by Dijkstra's algorithm from places in the middle of edges.

A place becomes a node of its own, with an arc to either end of its edge; nothing leads back into
it, so that any number of places may be asked of at once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geo.costs import Costs
from geo.net import ENTERING, LEAVING, PASSAGE, Net, net_of
from geo.network import Indices, Numbers
from geo.snapping import Spots

NEVER_S = 1e8  # closed edges cost more
HERE = -1  # instead of an edge: the place itself is next


@dataclass(frozen=True, slots=True)
class Tree:
    """The quickest ways from all nodes to one place, or from one place to all nodes."""

    seconds: Numbers
    next: Indices  # the node nearer to the place; that of the place itself is len(seconds)


@dataclass(frozen=True, slots=True)
class Search:
    """Looks towards places (`towards`: how long it is *to* them) or away from them."""

    costs: Costs
    towards: bool

    @property
    def net(self) -> Net:
        """The layers of this moment."""
        return net_of(self.costs)

    def times(self, spots: Spots, within_s: float = NEVER_S) -> Numbers:
        """Seconds between each place and every node (places × nodes)."""
        size = len(self.net.base)
        found = dijkstra(self._matrix(spots), indices=size + np.arange(len(spots)), limit=within_s)
        return np.asarray(found)[:, :size]

    def least(self, spots: Spots, lead_s: Numbers, within_s: float = NEVER_S) -> Numbers:
        """Seconds between every node and its quickest place; each place has a lead of its own."""
        size, places = len(self.net.base), np.arange(len(spots))
        matrix = self._matrix(spots, lead_s)
        found = dijkstra(matrix, indices=size + places, limit=within_s, min_only=True)
        return np.asarray(found)[:size]

    def tree(self, spot: Spots) -> Tree:
        """The ways to or from one place."""
        size = len(self.net.base)
        seconds, before = dijkstra(
            self._matrix(spot), indices=size, limit=NEVER_S, return_predecessors=True
        )
        return Tree(seconds[:size], before[:size])

    def at(self, seconds: Numbers, spots: Spots) -> Numbers:
        """Seconds of other places by the better end of their edge, from those of the nodes."""
        starts, ends = self.leaves(spots)
        start_s, end_s = near_s(self.costs, spots, leaving=self.towards)
        return np.asarray(np.minimum(seconds[..., starts] + start_s, seconds[..., ends] + end_s))

    def leaves(self, spots: Spots) -> tuple[Indices, Indices]:
        """The nodes by which other places are reached: start and end of their edges."""
        return self._ends(spots, LEAVING if self.towards else ENTERING)

    def steps(self, tree: Tree) -> Indices:
        """The edge by which each node is left towards the next; PASSAGE, or HERE."""
        net = self.net
        far, near = (net.tail, net.head) if self.towards else (net.head, net.tail)
        on_tree = np.flatnonzero(tree.next[far] == near)
        far, near = far[on_tree], near[on_tree]
        gained = tree.seconds[near] + net.seconds[on_tree]
        fits = np.isclose(tree.seconds[far], gained, 1e-12, 1e-7)
        step = np.full(len(net.base), HERE, np.int32)
        step[far[fits]] = net.edge[on_tree[fits]]
        return step

    def metres(self, tree: Tree, spot: Spots) -> Numbers:
        """Metres between every node and the place, along those ways; by doubling the stride."""
        graph, step, size = self.costs.graph, self.steps(tree), len(self.net.base)
        metres = np.append(np.where(step >= 0, graph.length_m[step], 0.0), 0.0)
        roots, share = self._roots(spot), float(spot.share[0])
        for (node,), along in zip(roots, (share, 1 - share), strict=True):
            if tree.next[node] == size:
                metres[node] = along * graph.length_m[spot.edge[0]]
        ahead = np.append(np.where(tree.next < 0, size, tree.next), size)
        while (ahead != size).any():
            metres, ahead = metres + metres[ahead], ahead[ahead]
        return metres[:-1]

    def _roots(self, spots: Spots) -> tuple[Indices, Indices]:
        return self._ends(spots, ENTERING if self.towards else LEAVING)

    def _ends(self, spots: Spots, layer: int) -> tuple[Indices, Indices]:
        graph, is_closed = self.costs.graph, self.costs.is_closed[spots.edge]
        start = self.net.nodes(graph.start[spots.edge], is_closed, layer)
        return start, self.net.nodes(graph.end[spots.edge], is_closed, layer)

    def _matrix(self, spots: Spots, lead_s: Numbers | float = 0.0) -> csr_matrix:
        """The net with a row for each place; reversed when we look towards the places."""
        net = self.net
        first, order = net.into if self.towards else net.out
        to = (net.tail if self.towards else net.head)[order]
        own = (np.stack(near_s(self.costs, spots, leaving=not self.towards)) + lead_s).T
        rows = first[-1] + 2 * np.arange(1, len(spots) + 1)
        size = len(net.base) + len(spots)
        columns = np.concatenate([to, np.column_stack(self._roots(spots)).ravel()])
        starts = np.concatenate([first, rows])
        data = np.concatenate([net.seconds[order], own.ravel()])
        parts = data, columns.astype(np.int32), starts.astype(np.int32)
        return csr_matrix(parts, shape=(size, size))


def near_s(costs: Costs, spots: Spots, *, leaving: bool) -> tuple[Numbers, Numbers]:
    """Seconds from each place to the start and the end of its edge, or from these to the place."""
    ahead, back = costs.own_forward_s[spots.edge], costs.own_backward_s[spots.edge]
    by_start, by_end = (back, ahead) if leaving else (ahead, back)
    return part(by_start, spots.share), part(by_end, 1 - spots.share)


def part(seconds: Numbers, share: Numbers) -> Numbers:
    """A share of the time of an edge; none of it takes no time, even where it is not driven."""
    found = np.zeros(np.broadcast(seconds, share).shape)
    return np.multiply(seconds, share, out=found, where=share > 0)


def along_s(costs: Costs, edge: npt.ArrayLike, here: Numbers, there: Numbers) -> Numbers:
    """Seconds from one share of an edge to another of the same edge."""
    edges = np.asarray(edge)
    ahead, back = costs.own_forward_s[edges], costs.own_backward_s[edges]
    return np.where(
        there >= here,
        part(ahead, np.maximum(there - here, 0)),
        part(back, np.maximum(here - there, 0)),
    )


__all__ = ["HERE", "NEVER_S", "PASSAGE", "Search", "Tree", "along_s", "near_s"]

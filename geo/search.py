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
from geo.network import Indices, Numbers
from geo.snapping import Spots

NEVER_S = 1e8  # closed edges cost more


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

    def near_s(self, spots: Spots) -> tuple[Numbers, Numbers]:
        """Seconds between each place and the start, and the end, of its edge."""
        ahead, back = self.costs.forward_s[spots.edge], self.costs.backward_s[spots.edge]
        from_start, from_end = (ahead, back) if self.towards else (back, ahead)
        return part(from_start, spots.share), part(from_end, 1 - spots.share)

    def times(self, spots: Spots, within_s: float = NEVER_S) -> Numbers:
        """Seconds between each place and every node (places × nodes)."""
        nodes = self._nodes
        found = dijkstra(self._matrix(spots), indices=nodes + np.arange(len(spots)), limit=within_s)
        return np.asarray(found)[:, :nodes]

    def least(self, spots: Spots, lead_s: Numbers, within_s: float = NEVER_S) -> Numbers:
        """Seconds between every node and its quickest place; each place has a lead of its own."""
        nodes, places = self._nodes, np.arange(len(spots))
        matrix = self._matrix(spots, lead_s)
        found = dijkstra(matrix, indices=nodes + places, limit=within_s, min_only=True)
        return np.asarray(found)[:nodes]

    def tree(self, spot: Spots) -> Tree:
        """The ways to or from one place."""
        seconds, before = dijkstra(
            self._matrix(spot), indices=self._nodes, limit=NEVER_S, return_predecessors=True
        )
        return Tree(seconds[: self._nodes], before[: self._nodes])

    def steps(self, tree: Tree) -> Indices:
        """The edge by which each node is left towards the next; -1 beside the place."""
        arcs, seconds = self.costs.graph.arcs, self.costs.arcs_s
        far, near = (arcs.tail, arcs.head) if self.towards else (arcs.head, arcs.tail)
        on_tree = np.flatnonzero(tree.next[far] == near)
        far, near = far[on_tree], near[on_tree]
        fits = np.isclose(tree.seconds[far], tree.seconds[near] + seconds[on_tree], 1e-12, 1e-7)
        step = np.full(self._nodes, -1, np.int32)
        step[far[fits]] = arcs.edge[on_tree[fits]]
        return step

    def metres(self, tree: Tree, spot: Spots) -> Numbers:
        """Metres between every node and the place, along those ways; by doubling the stride."""
        graph, step = self.costs.graph, self.steps(tree)
        metres = np.append(np.where(step >= 0, graph.length_m[step], 0.0), 0.0)
        ends = graph.start[spot.edge[0]], graph.end[spot.edge[0]]
        for node, share in zip(ends, (spot.share[0], 1 - spot.share[0]), strict=True):
            if tree.next[node] == self._nodes:
                metres[node] = share * graph.length_m[spot.edge[0]]
        ahead = np.append(np.where(tree.next < 0, self._nodes, tree.next), self._nodes)
        while (ahead != self._nodes).any():
            metres, ahead = metres + metres[ahead], ahead[ahead]
        return metres[:-1]

    @property
    def _nodes(self) -> int:
        return len(self.costs.graph.lon)

    def _matrix(self, spots: Spots, lead_s: Numbers | float = 0.0) -> csr_matrix:
        """The graph with a row for each place; reversed when we look towards the places."""
        graph, arcs = self.costs.graph, self.costs.graph.arcs
        if self.towards:
            first, to, seconds = arcs.first_in, arcs.tail[arcs.entering], self.costs.entering_s
        else:
            first, to, seconds = arcs.first_out, arcs.head, self.costs.arcs_s
        ends = np.column_stack([graph.start[spots.edge], graph.end[spots.edge]])
        own = (np.stack(self.near_s(spots)) + lead_s).T
        rows = first[-1] + 2 * np.arange(1, len(spots) + 1)
        size = self._nodes + len(spots)
        columns = np.concatenate([to, ends.ravel()]).astype(np.int32)
        starts = np.concatenate([first, rows]).astype(np.int32)
        data = np.concatenate([seconds, own.ravel()])
        return csr_matrix((data, columns, starts), shape=(size, size))


def part(seconds: Numbers, share: Numbers) -> Numbers:
    """A share of the time of an edge; none of it takes no time, even where it is closed."""
    found = np.zeros(np.broadcast(seconds, share).shape)
    return np.multiply(seconds, share, out=found, where=share > 0)


def along_s(costs: Costs, edge: npt.ArrayLike, here: Numbers, there: Numbers) -> Numbers:
    """Seconds from one share of an edge to another of the same edge."""
    edges = np.asarray(edge)
    ahead, back = costs.forward_s[edges], costs.backward_s[edges]
    return np.where(
        there >= here,
        part(ahead, np.maximum(there - here, 0)),
        part(back, np.maximum(here - there, 0)),
    )

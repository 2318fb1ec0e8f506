"""The roads as they can be driven: columns of nodes and of edges with a time for each direction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.network import Indices, Network, Numbers, RoadName
from geo.plane import Plane

VERSION = 1
COLUMNS = ("lon", "lat", "start", "end", "length_m", "forward_s", "backward_s", "road_class",
           "name", "bend_first", "bends")  # fmt: skip


class BadRoads(ValueError):
    """A file that is no road graph of ours."""


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """Nodes, and edges between them; an edge bends at `bends[bend_first[e]:bend_first[e + 1]]`.

    Times are those of a free road; `inf` where an edge must not be driven that way.
    """

    lon: Numbers
    lat: Numbers
    start: Indices
    end: Indices
    length_m: Numbers
    forward_s: Numbers  # from start to end
    backward_s: Numbers
    road_class: npt.NDArray[np.uint8]  # index into classes, the greatest first
    name: Indices  # index into names
    bend_first: Indices  # one more than edges
    bends: Numbers  # (N, 2): longitude, latitude
    classes: Sequence[str]
    names: Sequence[RoadName]

    @cached_property
    def arcs(self) -> "RoadArcs":
        """Every direction that may be driven."""
        return RoadArcs.of(self)

    @cached_property
    def plane(self) -> Plane:
        """The flat map under the roads."""
        return Plane.under(self.lon, self.lat)

    def shape(self, edge: int) -> Numbers:
        """The line of an edge from start to end (N × 2, longitude first)."""
        low, high = self.bend_first[edge], self.bend_first[edge + 1]
        ends = [[self.lon[node], self.lat[node]] for node in (self.start[edge], self.end[edge])]
        return np.array([ends[0], *self.bends[low:high], ends[1]])


@dataclass(frozen=True, eq=False)
class RoadArcs:
    """Directed edges as two compressed tables: by the node they leave, by the node they enter."""

    tail: Indices
    head: Indices
    edge: Indices
    is_backward: npt.NDArray[np.bool_]
    first_out: Indices  # per node, where the arcs that leave it begin; one more at the end
    entering: Indices  # numbers of arcs in the order of the node they enter
    first_in: Indices

    @classmethod
    def of(cls, graph: RoadGraph) -> "RoadArcs":
        """The arcs of the edges."""
        ahead, back = (np.flatnonzero(np.isfinite(s)) for s in (graph.forward_s, graph.backward_s))
        tail = np.concatenate([graph.start[ahead], graph.end[back]])
        head = np.concatenate([graph.end[ahead], graph.start[back]])
        edge = np.concatenate([ahead, back]).astype(np.int32)
        is_backward = np.arange(len(edge)) >= len(ahead)
        order, nodes = np.argsort(tail, kind="stable"), np.arange(len(graph.lon) + 1)
        tail, head = tail[order], head[order]
        entering = np.argsort(head, kind="stable").astype(np.int32)
        first_out = np.searchsorted(tail, nodes).astype(np.int32)
        first_in = np.searchsorted(head[entering], nodes).astype(np.int32)
        return cls(tail, head, edge[order], is_backward[order], first_out, entering, first_in)


def of_network(network: Network) -> RoadGraph:
    """A generated network: straight edges, driven both ways at their free speed."""
    seconds = network.length_m / network.speed_mps
    return RoadGraph(
        lon=network.lon,
        lat=network.lat,
        start=network.start,
        end=network.end,
        length_m=network.length_m,
        forward_s=seconds,
        backward_s=seconds,
        road_class=network.road_class,
        name=network.name,
        bend_first=np.zeros(len(network.start) + 1, np.int32),
        bends=np.empty((0, 2)),
        classes=network.classes,
        names=network.names,
    )


def no_roads() -> RoadGraph:
    """The graph of a city whose roads nobody has told."""
    none, nothing = np.empty(0), np.empty(0, np.int32)
    return RoadGraph(none, none, nothing, nothing, none, none, none, np.empty(0, np.uint8),
                     nothing, np.zeros(1, np.int32), np.empty((0, 2)), (), ())  # fmt: skip


def packed(graph: RoadGraph) -> dict[str, npt.NDArray[Any]]:
    """The graph as named arrays, for `numpy.savez_compressed`."""
    names = [text for one in graph.names for text in one]
    return {
        "version": np.array(VERSION),
        "classes": np.array(graph.classes, np.str_),
        "names": np.array(names, np.str_),
        **{column: getattr(graph, column) for column in COLUMNS},
    }


def unpacked(arrays: Mapping[str, npt.NDArray[Any]]) -> RoadGraph:
    """The graph of such arrays; BadRoads when they are none of ours."""
    try:
        version = int(arrays["version"])
        columns = {column: arrays[column] for column in COLUMNS}
        texts = [str(text) for text in arrays["names"]]
        classes = tuple(str(one) for one in arrays["classes"])
    except KeyError as missing:
        raise BadRoads(f"the column {missing} is missing") from None
    if version != VERSION:
        raise BadRoads(f"its version is {version}, ours {VERSION}")
    names = tuple(RoadName(zh, en) for zh, en in zip(texts[::2], texts[1::2], strict=True))
    return RoadGraph(**columns, classes=classes, names=names)

"""The roads as a graph: columns of nodes and two-way edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.points import Point

Numbers = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int32]


class RoadName(NamedTuple):
    """What people call a road."""

    zh: str
    en: str


@dataclass(frozen=True)
class Network:
    """Nodes and edges; an edge is a straight stretch that may be driven both ways."""

    lon: Numbers
    lat: Numbers
    start: Indices  # node at one end of each edge
    end: Indices
    length_m: Numbers
    speed_mps: Numbers  # free speed
    road_class: npt.NDArray[np.uint8]  # index into classes, the greatest first
    name: Indices  # index into names
    classes: Sequence[str]
    names: Sequence[RoadName]
    arcs: "Arcs" = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "arcs", Arcs.of(self.start, self.end, len(self.lon)))

    def point(self, node: int) -> Point:
        """Where a node lies."""
        return Point(float(self.lon[node]), float(self.lat[node]))

    def nearest_node(self, place: Point) -> int:
        """The node nearest to a place, on a flat earth."""
        east = (self.lon - place.lon) * np.cos(np.radians(place.lat))
        return int(np.argmin(east * east + (self.lat - place.lat) ** 2))


@dataclass(frozen=True)
class Arcs:
    """Both directions of every edge, in order of the node they leave."""

    first: Indices  # per node, where its arcs begin; one more at the end
    to: Indices
    edge: Indices

    @classmethod
    def of(cls, start: Indices, end: Indices, nodes: int) -> "Arcs":
        """The arcs of the edges."""
        leaves = np.concatenate([start, end])
        order = np.argsort(leaves, kind="stable")
        first = np.searchsorted(leaves[order], np.arange(nodes + 1)).astype(np.int32)
        to = np.concatenate([end, start])[order]
        edges = np.arange(len(start), dtype=np.int32)
        return cls(first, to, np.concatenate([edges, edges])[order])


def read_network(columns: Mapping[str, Any]) -> Network:
    """The network as its file states it: micro-degrees and decimetres."""
    road_class = np.array(columns["class"], np.uint8)
    return Network(
        lon=np.array(columns["lon_e6"]) / 1e6,
        lat=np.array(columns["lat_e6"]) / 1e6,
        start=np.array(columns["from"], np.int32),
        end=np.array(columns["to"], np.int32),
        length_m=np.array(columns["length_dm"]) / 10,
        speed_mps=np.array(columns["speed_mps"], float)[road_class],
        road_class=road_class,
        name=np.array(columns["name"], np.int32),
        classes=tuple(columns["classes"]),
        names=tuple(RoadName(*name) for name in columns["names"]),
    )

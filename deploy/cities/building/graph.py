"""From drawn roads to one connected graph: crossings become nodes, loose pieces fall away."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from deploy.cities.building.streets import CLASSES, Road, lines_of

GRID_M = 4.0  # corners nearer than this become one
STRAY_M = 190.0  # a dead end shorter than this is no street
NEAR_M = 12.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A road between two crossings."""

    road: Road
    line: BaseGeometry

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Its two crossings."""
        return self.line.coords[0], self.line.coords[-1]


def connected(roads: Sequence[Road]) -> list[Piece]:
    """The pieces of the largest connected net, without stray ends."""
    found = _largest(_pieces(roads))
    for _ in range(3):
        found = _without_strays(found)
    return found


def _pieces(roads: Sequence[Road]) -> list[Piece]:
    ranked = sorted(roads, key=lambda road: (not road.is_bridge, CLASSES.index(road.kind)))
    parts = [(road, part) for road in ranked for part in lines_of(shapely.get_parts(road.line))]
    lines = shapely.set_precision([part.simplify(3) for _, part in parts], GRID_M)
    noded = shapely.get_parts(shapely.unary_union(lines, grid_size=GRID_M))
    middles = shapely.line_interpolate_point(noded, 0.5, normalized=True)
    piece, near = shapely.STRtree(lines).query(middles, predicate="dwithin", distance=NEAR_M)
    best = np.full(len(noded), len(parts))
    np.minimum.at(best, piece, near)
    return [Piece(parts[b][0], line) for b, line in zip(best, noded, strict=True) if b < len(parts)]


def _largest(pieces: Sequence[Piece]) -> list[Piece]:
    root: dict[tuple[float, float], tuple[float, float]] = {}

    def top(node: tuple[float, float]) -> tuple[float, float]:
        while (above := root.setdefault(node, node)) != node:
            root[node] = root.setdefault(above, above)
            node = above
        return node

    for piece in pieces:
        here, there = piece.ends
        root[top(here)] = top(there)
    tops = [top(piece.ends[0]) for piece in pieces]
    length: dict[tuple[float, float], float] = {}
    for node, piece in zip(tops, pieces, strict=True):
        length[node] = length.get(node, 0) + piece.line.length
    main = max(length, key=lambda node: length[node])
    return [piece for node, piece in zip(tops, pieces, strict=True) if node == main]


def _without_strays(pieces: Sequence[Piece]) -> list[Piece]:
    degree: dict[tuple[float, float], int] = {}
    for piece in pieces:
        for end in piece.ends:
            degree[end] = degree.get(end, 0) + 1
    return [piece for piece in pieces if not _is_stray(piece, degree)]


def _is_stray(piece: Piece, degree: dict[tuple[float, float], int]) -> bool:
    here, there = piece.ends
    is_loose = here == there or degree[here] == 1 or degree[there] == 1
    return is_loose and float(piece.line.length) < STRAY_M

"""What a browser looks at: layers, and the tiles its view touches."""

from collections.abc import Sequence
from math import ceil, floor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from city.sight import EVERYTHING, Sight

TILE_E7 = 200_000  # 0.02 degrees, about 2 km


class Box(NamedTuple):
    """A rectangle of whole tiles in 10⁻⁷ degrees."""

    west: int
    south: int
    east: int
    north: int

    @classmethod
    def around(cls, degrees: Sequence[float]) -> "Box":
        """The tiles that a view touches."""
        west, south, east, north = (degree * 1e7 / TILE_E7 for degree in degrees)
        return cls(
            floor(west) * TILE_E7,
            floor(south) * TILE_E7,
            ceil(east) * TILE_E7,
            ceil(north) * TILE_E7,
        )

    def holds(self, rows: np.ndarray) -> npt.NDArray[np.bool_]:
        """Which rows lie in it."""
        lon, lat = rows["lon"], rows["lat"]
        inside: npt.NDArray[np.bool_] = (
            (lon >= self.west) & (lon < self.east) & (lat >= self.south) & (lat < self.north)
        )
        return inside


class Look(NamedTuple):
    """Equal looks share their frames."""

    layers: frozenset[int] = frozenset()
    box: Box | None = None
    sight: Sight = EVERYTHING

    @property
    def is_whole(self) -> bool:
        """Whether it sees all of its layers."""
        return self.box is None and self.sight == EVERYTHING

    def sees(self, rows: np.ndarray) -> npt.NDArray[np.bool_]:
        """Which rows are placed where it looks; layers are told apart by the caller."""
        seen: npt.NDArray[np.bool_] = rows["is_placed"]
        if self.sight != EVERYTHING:
            seen = seen & self.sight.seen(rows["area"], rows["department"])
        return seen if self.box is None else seen & self.box.holds(rows)

    def new_layers(self, before: "Look") -> frozenset[int]:
        """The layers of which a browser knows nothing or too little after changing its look."""
        return self.layers - before.layers if self.box == before.box else self.layers

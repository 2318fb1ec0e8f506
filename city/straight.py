"""Ways as the crow flies, named as such: for places off the network, and while there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.points import Point, distance_m

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StraightWays:
    """A row for each unit; inf where its place is unknown."""

    eta_s: Floats
    distance_m: Floats
    by_road: npt.NDArray[np.bool_]


def straight_ways(here: Sequence[Point | None], there: Point, speed_kmh: float) -> StraightWays:
    """From each place in a straight line at one speed."""
    metres = np.array([distance_m(one, there) if one else np.inf for one in here], np.float64)
    return StraightWays(metres / (speed_kmh / 3.6), metres, np.zeros(len(metres), bool))

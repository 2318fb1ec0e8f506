"""Levels of many values at once, by the limits of their kinds (city.kinds.level_of in columns)."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from city.kinds import Kind
from city.quality import NOT_JUDGED

UNKNOWN_KIND_PERIOD_S = 60.0
NO_LIMITS = (np.nan,) * 4


class Rules:
    """The kinds of a city as columns; a kind nobody declared has no limits."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        known = list(kinds)
        self._places = {kind.name: place for place, kind in enumerate(known, 1)}
        limits = [NO_LIMITS, *map(_limits, known)]
        self._limits = np.array(limits, np.float32)  # as coarse as the values beside them
        self._falling = self._limits[:, 0] > self._limits[:, 3]
        self._periods = [UNKNOWN_KIND_PERIOD_S, *(kind.period_s for kind in known)]

    def place(self, kind: str) -> int:
        """The number of a kind, 0 for one nobody declared."""
        return self._places.get(kind, 0)

    def period_s(self, place: int) -> float:
        """How often a thing of that kind is expected to speak."""
        return self._periods[place]

    def levels(self, places: np.ndarray, records: np.ndarray) -> npt.NDArray[np.uint8]:
        """1 (red) … 4 (blue) for what needs a person, else 0."""
        limits, value = self._limits[places], records["value"][:, None]
        over = np.where(self._falling[places][:, None], value <= limits, value >= limits)
        reached = over.sum(axis=1)
        judged = (reached > 0) & ((records["quality"] & NOT_JUDGED) == 0)
        return np.where(judged, 5 - reached, 0).astype(np.uint8)


def _limits(kind: Kind) -> tuple[float, ...]:
    leading = kind.quantities[0].limits if kind.quantities else None
    return leading or NO_LIMITS

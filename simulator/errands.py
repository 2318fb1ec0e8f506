"""What a unit that was sent does: turns out, drives its way, works, drives back to where it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from city.units import CODES
from geo.ways import Route

Floats = npt.NDArray[np.float64]

HURRY = 1.3  # what a crew on its way makes of the speed of others
METRES_PER_DEGREE = 111_195.0


class Stage(IntEnum):
    """Where it stands with its order."""

    TURNOUT = 0
    DRIVING = 1
    WORKING = 2
    RETURNING = 3


STATUS_OF: Mapping[Stage, int] = {
    Stage.TURNOUT: CODES["assigned"],
    Stage.DRIVING: CODES["en_route"],
    Stage.WORKING: CODES["on_scene"],
    Stage.RETURNING: CODES["returning"],
}


@dataclass(frozen=True)
class Line:
    """A way in columns: where it leads, and after how many free seconds."""

    lon: Floats
    lat: Floats
    at_s: Floats

    @classmethod
    def of(cls, route: Route) -> "Line":
        """The line of a route."""
        lon, lat = np.array(route.points, float).T
        return cls(lon, lat, np.array(route.at_s))

    @property
    def takes_s(self) -> float:
        """How long it takes on a free road."""
        return float(self.at_s[-1])

    def place(self, done_s: float) -> tuple[float, float]:
        """Where one is after so many free seconds."""
        return (float(np.interp(done_s, self.at_s, self.lon)),
                float(np.interp(done_s, self.at_s, self.lat)))  # fmt: skip

    def course(self, done_s: float) -> tuple[float, float]:
        """Free speed in m/s and heading there."""
        low = int(np.searchsorted(self.at_s, done_s, side="right")) - 1
        low = min(max(low, 0), len(self.at_s) - 2)
        north = (self.lat[low + 1] - self.lat[low]) * METRES_PER_DEGREE
        narrow = np.cos(np.radians(self.lat[low]))
        east = (self.lon[low + 1] - self.lon[low]) * METRES_PER_DEGREE * narrow
        seconds = max(float(self.at_s[low + 1] - self.at_s[low]), 1e-3)
        heading = float(np.degrees(np.arctan2(east, north)) % 360)
        return float(np.hypot(east, north)) / seconds, heading


@dataclass
class Errand:
    """A unit's order in hand."""

    order_id: str
    topic: str  # where it answers
    line: Line
    works_s: float
    until_s: float  # of its stage, where that ends by the clock
    stage: Stage = Stage.TURNOUT
    done_s: float = 0.0
    speed_mps: float = 0.0
    moved_at_s: float = field(default=0.0)

    @property
    def status(self) -> int:
        """The code of what the unit says that it does."""
        return STATUS_OF[self.stage]

    @property
    def is_there(self) -> bool:
        """Whether it has come to the end of its way."""
        return self.done_s >= self.line.takes_s

    def drive(self, now_s: float, pace: float) -> None:
        """Goes on until now; `pace` is what traffic leaves of the free speed."""
        passed_s, self.moved_at_s = max(0.0, now_s - self.moved_at_s), now_s
        if self.stage not in (Stage.DRIVING, Stage.RETURNING) or self.is_there:
            self.speed_mps = 0.0
            return
        haste = pace * (HURRY if self.stage is Stage.DRIVING else 1.0)
        self.done_s = min(self.done_s + passed_s * haste, self.line.takes_s)
        self.speed_mps = 0.0 if self.is_there else self.line.course(self.done_s)[0] * haste

    def where(self) -> tuple[float, float, float]:
        """Longitude, latitude, heading."""
        return *self.line.place(self.done_s), self.line.course(self.done_s)[1]

    def turn_to(self, stage: Stage, now_s: float, lasts_s: float = 0.0) -> None:
        """The next stage, from now on."""
        self.stage, self.until_s, self.moved_at_s = stage, now_s + lasts_s, now_s

    def go(self, line: Line, stage: Stage, now_s: float) -> None:
        """Drives another way from now on."""
        self.line, self.done_s = line, 0.0
        self.turn_to(stage, now_s)

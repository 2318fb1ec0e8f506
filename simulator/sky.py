"""The sky over the city: hours of the day, rain that crosses it, gusts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.stories import Scene, Story

Floats = npt.NDArray[np.float64]

WEST, SOUTH = 110.1, 19.5
FRONT_MIN_PER_DEGREE = 4.0  # rain comes from the south-east
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the pretend city."""

    unix_s: float
    run_s: float  # since the run began
    hour: float  # of the local day, 0 ≤ hour < 24

    @property
    def rush(self) -> float:
        """How thick traffic is: 0 at night, 1 in the worst quarter of an hour."""
        peaks = 0.9 * _bell(self.hour, 8.0, 1.0) + 1.0 * _bell(self.hour, 18.0, 1.3)
        return min(1.0, 0.12 + 0.35 * _bell(self.hour, 13.5, 5.0) + peaks)

    @property
    def daylight(self) -> float:
        """0 in the night, 1 at noon."""
        return float(max(0.0, np.cos((self.hour - 12.5) / 24 * 2 * np.pi) + 0.15) / 1.15)

    @property
    def is_dark(self) -> bool:
        """Whether the street lamps are lit."""
        return self.hour < 6.4 or self.hour > 18.6


def _bell(hour: float, middle: float, width: float) -> float:
    return float(np.exp(-(((hour - middle) / width) ** 2) / 2))


@dataclass(frozen=True, slots=True)
class Sky:
    """The story seen from places."""

    story: Story

    def rain_mmh(self, lon: Floats, lat: Floats, moment: Moment) -> Floats:
        """Rain at places; a front needs minutes to cross the city, and no two streets get alike."""
        minute = moment.run_s / 60
        lag = FRONT_MIN_PER_DEGREE * ((lat - SOUTH) - (lon - WEST) + 0.6)
        begun = self.story.scenes
        rain = np.interp(minute - lag, [s.minute for s in begun], [s.rain_mmh for s in begun])
        patch = 1 + 0.35 * np.sin(31 * lon + moment.run_s / 400) * np.sin(
            27 * lat - moment.run_s / 300
        )
        rained: Floats = np.maximum(0.0, rain * patch)
        return rained

    def gust_mps(self, moment: Moment) -> float:
        """Gusts, stronger by day."""
        _, gust = self.story.sky(moment.run_s / 60)
        return gust + 2.0 * moment.daylight

    def pace(self, moment: Moment) -> float:
        """What traffic and rain leave of the free speed."""
        rain, _ = self.story.sky(moment.run_s / 60)
        return (1 - 0.45 * moment.rush) * (1 - 0.3 * min(1.0, rain / 120))

    def scene(self, moment: Moment) -> Scene:
        """The scene of the story."""
        return self.story.scene(moment.run_s / 60)

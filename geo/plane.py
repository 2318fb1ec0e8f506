"""A flat map of a city: degrees to metres and back, true to a few thousandths within 100 km."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.points import EARTH_RADIUS_M

Metres = npt.NDArray[np.float64]
DEGREE_M = EARTH_RADIUS_M * np.pi / 180


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of one place."""

    lon: float
    lat: float

    @classmethod
    def under(cls, lon: Metres, lat: Metres) -> "Plane":
        """The plane that touches the earth in the middle of some places; of none, at 0, 0."""
        if not len(lon):
            return cls(0.0, 0.0)
        return cls(float(lon.min() + lon.max()) / 2, float(lat.min() + lat.max()) / 2)

    @property
    def parallel_m(self) -> float:
        """Metres of a degree of longitude."""
        return float(DEGREE_M * np.cos(np.radians(self.lat)))

    def metres(self, points: npt.ArrayLike) -> Metres:
        """Places (N × 2, longitude first) as metres east and north (N × 2)."""
        degrees = np.asarray(points, np.float64).reshape(-1, 2)
        return (degrees - (self.lon, self.lat)) * (self.parallel_m, DEGREE_M)

    def degrees(self, metres: npt.ArrayLike) -> Metres:
        """The way back: metres (N × 2) as longitude and latitude."""
        flat = np.asarray(metres, np.float64).reshape(-1, 2)
        return flat / (self.parallel_m, DEGREE_M) + (self.lon, self.lat)

"""Water on its way: rain fills low places, pumps empty them, a flooded road is closed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.roster import Roster

Floats = npt.NDArray[np.float64]

CLOSED_CM = 27.0  # domain practice: at this depth a road is closed
NEAR_DEGREES = 0.008  # about 800 m
FILL_CM = 0.15 / 120  # per second and mm/h at the lowest place
DRAIN_CM = 0.03  # per second, by the sewers alone
PUMP_HELP = 3.0  # times as fast with all pumps of the nearest station
TRUCK_HELP = 2.5  # as much again for every pump truck that works there
SUMP_M, START_M, STEP_M, PUMPS = 1.4, 2.2, 0.35, 4
SUMP_FILL, SUMP_DRAIN = 0.006 / 120, 0.0019  # metres per second and mm/h; per second and pump
RISE_M = 2.2 / 60  # of a river for every mm that fell in the hour
RIVER_LAG_S = 900.0


@dataclass
class Water:
    """Depth at the ponding points, sumps at the pump stations, what fell in the hour."""

    depth_cm: Floats
    lowness: Floats
    sump_m: Floats
    running: Floats
    river_m: float
    nearest_pump: npt.NDArray[np.int64]
    nearest_pond: npt.NDArray[np.int64]  # of each flow sensor; −1: none near
    trucks: Floats  # pump trucks at work at each ponding point

    @classmethod
    def of(
        cls, ponds: Roster, pumps: Roster, flows: Roster, chance: np.random.Generator
    ) -> "Water":
        """Dry at the beginning; a few places are much lower than the others."""
        lowness = chance.beta(1.1, 2.6, len(ponds))
        return cls(
            depth_cm=np.zeros(len(ponds)),
            lowness=lowness,
            sump_m=SUMP_M + chance.uniform(-0.2, 0.2, len(pumps)),
            running=np.zeros(len(pumps)),
            river_m=0.0,
            nearest_pump=_nearest(ponds, pumps, within=np.inf),
            nearest_pond=_nearest(flows, ponds, within=NEAR_DEGREES),
            trucks=np.zeros(len(ponds)),
        )

    def flow_on(self, seconds: float, pond_rain: Floats, pump_rain: Floats) -> None:
        """Lets the water run for some seconds under this rain (mm/h)."""
        filled = FILL_CM * self.lowness * np.maximum(0.0, pond_rain - 8)
        helped = 1 + (PUMP_HELP - 1) * self.running[self.nearest_pump] / PUMPS
        helped += TRUCK_HELP * self.trucks
        # Water in the street slows the drains less than it fills them.
        drained = DRAIN_CM * helped * np.minimum(1.0, self.depth_cm)
        self.depth_cm = np.maximum(0.0, self.depth_cm + (filled - drained) * seconds)
        self.sump_m += (SUMP_FILL * pump_rain - SUMP_DRAIN * self.running) * seconds
        self.sump_m = np.clip(self.sump_m, 0.6, 6.0)
        wanted = np.clip(np.ceil((self.sump_m - START_M) / STEP_M), 0, PUMPS)
        idles = self.sump_m < START_M - 0.5  # a pump that runs goes on a while
        self.running = np.where(idles, 0.0, np.maximum(wanted, np.minimum(self.running, 1)))
        swollen = float(pump_rain.mean()) * RISE_M
        self.river_m += (swollen - self.river_m) * min(1.0, seconds / RIVER_LAG_S)

    def is_closed(self, flow: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether the road at a flow sensor stands under water."""
        pond = self.nearest_pond[flow]
        closed: npt.NDArray[np.bool_] = (pond >= 0) & (self.depth_cm[pond] >= CLOSED_CM)
        return closed


def _nearest(ours: Roster, theirs: Roster, within: float) -> npt.NDArray[np.int64]:
    found = [
        _nearest_of(lon, lat, theirs, within)
        for lon, lat in zip(ours.lon.tolist(), ours.lat.tolist(), strict=True)
    ]
    return np.array(found)


def _nearest_of(lon: float, lat: float, theirs: Roster, within: float) -> int:
    gaps = np.hypot(theirs.lon - lon, theirs.lat - lat)
    nearest = int(np.argmin(gaps))
    return nearest if gaps[nearest] < within else -1

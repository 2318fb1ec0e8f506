"""What fixed things measure: daily curves, the weather of the story, and noise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simulator.roster import Roster
from simulator.sky import Moment, Sky
from simulator.water import Water

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Columns = tuple[Floats, ...]

HOUR_S = 3600.0
FLOW_FREE_KMH = np.array([90.0, 70.0, 64.0, 60.0])  # by road class
FLOW_MOST_VPH = np.array([3200.0, 2400.0, 1300.0, 500.0])
QUEUE_PER_MIN, QUEUE_SHIPPED = 55.0, 70.0  # vehicles that come, and that ferries take


@dataclass
class World:
    """The city at a moment, as far as sensors can feel it."""

    sky: Sky
    water: Water
    chance: np.random.Generator
    moment: Moment
    fallen_mm: Floats  # at each rain gauge, within the hour
    rain_mmh: Floats
    queue: Floats  # at each port

    def noise(self, who: Indices, spread: float) -> Floats:
        """As much as an instrument trembles."""
        return self.chance.normal(0.0, spread, len(who))


@dataclass(frozen=True)
class Site:
    """The sensors of one kind, each with two whims of its own between 0 and 1."""

    roster: Roster
    whim: Floats
    phase: Floats
    columns: list[Floats] = field(default_factory=list)


def waterlogging(site: Site, who: Indices, world: World) -> Columns:
    """Depth; a dry point trembles at zero."""
    return (np.maximum(0.0, world.water.depth_cm[who] + world.noise(who, 0.15)),)


def waterlevel(site: Site, who: Indices, world: World) -> Columns:
    """Metres over the warning level, and as an altitude."""
    tide = 0.25 * np.sin(2 * np.pi * (world.moment.hour / 12.4 + site.phase[who]))
    over = -1.5 + 0.4 * site.whim[who] + tide * site.phase[who] + world.noise(who, 0.01)
    over += world.water.river_m * (0.5 + site.whim[who])
    return over, over + 4.0 + 8 * site.whim[who]


def pump(site: Site, who: Indices, world: World) -> Columns:
    """Sump, pumps running, flow."""
    running = world.water.running[who]
    return world.water.sump_m[who] + world.noise(who, 0.01), running, running * 1.2


def rain(site: Site, who: Indices, world: World) -> Columns:
    """What fell in the hour and in the minute."""
    return world.fallen_mm[who], world.rain_mmh[who] / 60


def wind(site: Site, who: Indices, world: World) -> Columns:
    """Gusts and where they come from."""
    gust = world.sky.gust_mps(world.moment) * (0.7 + 0.5 * site.whim[who])
    direction = 110 + 40 * site.phase[who] + world.noise(who, 12)
    return np.abs(gust + world.noise(who, 0.8)), direction % 360


def aqi(site: Site, who: Indices, world: World) -> Columns:
    """Fine and coarse dust, ozone that comes with the light."""
    pm25 = 12 + 12 * site.whim[who] + 6 * world.moment.rush + world.noise(who, 1)
    ozone = 45 + 60 * world.moment.daylight * (0.6 + site.phase[who]) + world.noise(who, 3)
    return pm25, 1.7 * pm25 + world.noise(who, 2) + 3, ozone


def noise(site: Site, who: Indices, world: World) -> Columns:
    """Sound level; loud with the traffic."""
    return (50 + 8 * site.whim[who] + 8 * world.moment.rush + world.noise(who, 1.5),)


def flow(site: Site, who: Indices, world: World) -> Columns:
    """Speed, flow, occupancy; nothing passes where the road is closed."""
    free = FLOW_FREE_KMH[site.roster.road_class[who]] * (0.9 + 0.2 * site.whim[who])
    # Most roads feel the rush hour a little, a few choke.
    felt = 0.15 + 0.85 * site.phase[who] ** 2
    speed = free * (1 - felt * (1 - world.sky.pace(world.moment))) + world.noise(who, 2)
    share = world.moment.rush * (0.5 + 0.5 * site.phase[who])
    passing = FLOW_MOST_VPH[site.roster.road_class[who]] * share + world.noise(who, 20)
    is_open = ~world.water.is_closed(who)
    speed, passing = np.maximum(speed, 6) * is_open, np.maximum(passing, 4) * is_open
    return speed, passing, np.minimum(95, passing / np.maximum(speed, 6) * 0.9)


def signal(site: Site, who: Indices, world: World) -> Columns:
    """Faults now and then; storms cut the power of some."""
    shaken = max(0.0, world.sky.gust_mps(world.moment) - 20) / 300
    is_hurt = site.whim[who] < 0.01 + shaken
    faults = np.where(is_hurt, np.ceil(3 * site.phase[who]), 0.0)
    return faults, np.floor((world.moment.run_s // 30 + 4 * site.phase[who]) % 4)


def gas(site: Site, who: Indices, world: World) -> Columns:
    """Hardly ever a leak; pressure sinks when people cook."""
    leak = np.where(site.whim[who] < 0.006, 12 + 4 * site.phase[who], 0.15)
    pressure = 2.4 + 0.3 * site.phase[who] - 0.25 * world.moment.rush + world.noise(who, 0.02)
    return np.maximum(0, leak + world.noise(who, 0.08)), pressure


def power(site: Site, who: Indices, world: World) -> Columns:
    """Load, high on hot afternoons and in the evening."""
    day = 38 + 22 * world.moment.daylight + 12 * world.moment.rush
    load = day * (0.75 + 0.45 * site.whim[who]) + world.noise(who, 1)
    return load, load * (4 + 20 * site.phase[who])


def lamp(site: Site, who: Indices, world: World) -> Columns:
    """Lit in the dark; one in a hundred is not."""
    lit = np.where(site.whim[who] > 0.01, float(world.moment.is_dark), 0.0)
    return lit * (95 + 60 * site.phase[who] + world.noise(who, 1)), lit


def cover(site: Site, who: Indices, world: World) -> Columns:
    """A cover that lies, or one that has been moved."""
    tilt = np.where(site.whim[who] < 0.008, 20 + 30 * site.phase[who], 1.2)
    return np.abs(tilt + world.noise(who, 0.3)), 3.2 + 0.4 * site.phase[who]


def port(site: Site, who: Indices, world: World) -> Columns:
    """Vehicles that wait for a ferry."""
    suspended = float(not world.sky.scene(world.moment).sailing)
    return np.round(world.queue[who]), np.full(len(who), suspended)


MODELS: Mapping[str, Callable[[Site, Indices, World], Columns]] = {
    "waterlogging": waterlogging,
    "waterlevel": waterlevel,
    "pump": pump,
    "rain": rain,
    "wind": wind,
    "aqi": aqi,
    "noise": noise,
    "flow": flow,
    "signal": signal,
    "gas": gas,
    "power": power,
    "lamp": lamp,
    "cover": cover,
    "port": port,
}


def pass_time(world: World, seconds: float, places: Mapping[str, Roster]) -> None:
    """Lets rain fall, water run and queues grow for some seconds."""
    gauges, ponds, pumps = places["rain"], places["waterlogging"], places["pump"]
    sky, moment = world.sky, world.moment
    world.rain_mmh = sky.rain_mmh(gauges.lon, gauges.lat, moment)
    # A tank with a leak holds what fell within about an hour.
    world.fallen_mm += (world.rain_mmh - world.fallen_mm) / HOUR_S * seconds
    pond_rain = sky.rain_mmh(ponds.lon, ponds.lat, moment)
    world.water.flow_on(seconds, pond_rain, sky.rain_mmh(pumps.lon, pumps.lat, moment))
    shipped = QUEUE_SHIPPED if sky.scene(moment).sailing else 0.0
    come = QUEUE_PER_MIN * (0.3 + moment.rush)
    world.queue = np.maximum(60.0, world.queue + (come - shipped) / 60 * seconds)

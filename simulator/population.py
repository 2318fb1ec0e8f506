"""How many things of each kind there are at scale 1, and how often they speak."""

from enum import StrEnum
from typing import NamedTuple


class Stand(StrEnum):
    """Where things of a kind stand; vehicles drive."""

    ROAD = "road"
    MAIN_ROAD = "main road"
    CROSSING = "crossing"
    SHORE = "shore"
    TOWN = "town"
    PORT = "port"
    DRIVES = "drives"


class Sort(NamedTuple):
    """One kind in the pretend city; `every_s` is how often it speaks, `agreed_s` what it promised.

    Vehicles speak more often than they promised: one lost report is no silence.
    """

    kind: str
    prefix: str
    number: int
    every_s: float
    agreed_s: float
    stand: Stand
    zh: str
    en: str
    datum: str = "wgs84"


POPULATION: tuple[Sort, ...] = (
    Sort("waterlogging", "WL", 120, 60, 60, Stand.ROAD, "积水点", "ponding"),
    Sort("waterlevel", "RL", 40, 300, 300, Stand.SHORE, "水位站", "water level"),
    Sort("pump", "PS", 40, 60, 60, Stand.SHORE, "泵站", "pumps"),
    Sort("rain", "RG", 60, 60, 60, Stand.TOWN, "雨量站", "rain"),
    Sort("wind", "WS", 30, 60, 60, Stand.TOWN, "风力站", "wind"),
    Sort("aqi", "AQ", 30, 300, 300, Stand.TOWN, "空气站", "air"),
    Sort("noise", "NS", 60, 60, 60, Stand.CROSSING, "噪声点", "noise"),
    Sort("flow", "FL", 300, 60, 60, Stand.MAIN_ROAD, "断面", "flow"),
    Sort("signal", "SG", 400, 60, 60, Stand.CROSSING, "路口", "signal"),
    Sort("gas", "GP", 160, 60, 60, Stand.ROAD, "调压箱", "gas"),
    Sort("power", "PW", 60, 60, 60, Stand.ROAD, "配电房", "power"),
    Sort("lamp", "LP", 300, 300, 300, Stand.ROAD, "路灯", "lamp"),
    Sort("cover", "MC", 200, 600, 600, Stand.ROAD, "井盖", "cover"),
    Sort("port", "FP", 3, 60, 60, Stand.PORT, "", ""),
    Sort("bus", "B", 600, 2, 5, Stand.DRIVES, "路公交", "bus"),
    Sort("police", "J", 180, 2, 5, Stand.DRIVES, "警车", "Police"),
    Sort("patrol", "P", 140, 2, 5, Stand.DRIVES, "执法", "Patrol"),
    # Its platform sends GCJ-02 and says so.
    Sort("sanitation", "H", 160, 3, 6, Stand.DRIVES, "清扫", "Sweeper", "gcj02"),
    Sort("ambulance", "A", 60, 2, 5, Stand.DRIVES, "救护", "Ambulance"),
    Sort("fire", "X", 60, 2, 5, Stand.DRIVES, "消防", "Fire"),
    Sort("pumptruck", "PT", 24, 2, 5, Stand.DRIVES, "排涝", "Pump truck"),
    Sort("repair", "R", 40, 2, 5, Stand.DRIVES, "抢修", "Repair"),
)
# The strait has no more ports at any scale.
FIXED = {"port"}


def count_at(sort: Sort, scale: float) -> int:
    """How many there are at a scale."""
    return sort.number if sort.kind in FIXED else max(1, round(sort.number * scale))


def natural_rate(scale: float) -> float:
    """Messages per second at a scale."""
    return sum(count_at(sort, scale) / sort.every_s for sort in POPULATION)

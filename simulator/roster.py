"""Who there is: the things of a kind with their names, places and areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.areas import AreaIndex
from geo.network import Network, RoadName
from simulator.population import Sort, Stand, count_at

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

BESIDE_M = 12.0
METRES_PER_DEGREE = 105_000.0  # of longitude and latitude alike, good enough to step aside
SHORE_DEGREES = 0.004
BUS_LINES = 60


@dataclass(frozen=True)
class Ground:
    """What the city is built on."""

    adcode: str  # of the whole city
    roads: Network
    areas: AreaIndex
    places: Sequence[Mapping[str, Any]]  # features of the map's names
    shore: Floats  # positions along rivers and lakes

    @classmethod
    def of(cls, adcode: str, roads: Network, files: Mapping[str, Mapping[str, Any]]) -> "Ground":
        """The ground as the city's files draw it."""
        rings = [_corners(one["geometry"]) for one in files["water"]["features"]]
        areas = AreaIndex.from_features(files["areas"])
        return cls(adcode, roads, areas, files["places"]["features"], np.vstack(rings))


def _corners(geometry: Mapping[str, Any]) -> Floats:
    parts = geometry["coordinates"]
    outer = [parts[0]] if geometry["type"] == "Polygon" else [part[0] for part in parts]
    return np.array([corner for ring in outer for corner in ring], float)


@dataclass(frozen=True)
class Roster:
    """All things of one kind."""

    sort: Sort
    department: str
    ids: Sequence[str]
    names: Sequence[RoadName]
    lon: Floats
    lat: Floats
    area: Sequence[str]
    road_class: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.ids)

    def topic(self, i: int, channel: str) -> str:
        """Where a thing speaks."""
        middle = f"{self.area[i]}/{self.department}/{self.sort.kind}/{self.ids[i]}"
        return f"cb/v1/{middle}/{channel}"


def enlist(
    sort: Sort, department: str, ground: Ground, scale: float, chance: np.random.Generator
) -> Roster:
    """Places and names the things of a kind."""
    count = count_at(sort, scale)
    node = _nodes(sort, ground, count, chance)
    lon = ground.roads.lon[node] + _aside(count, chance)
    lat = ground.roads.lat[node] + _aside(count, chance)
    if sort.stand is Stand.PORT:
        ports = _of_kind(ground, "port")
        lon, lat = np.array([one["geometry"]["coordinates"] for one in ports]).T
    return Roster(
        sort=sort,
        department=department,
        ids=[f"{sort.prefix}-{i + 1:04d}" for i in range(count)],
        names=_names(sort, ground, node, lon, lat),
        lon=lon,
        lat=lat,
        area=_areas(ground, lon, lat),
        road_class=ground.roads.road_class[_an_edge(ground.roads, node)],
    )


def _aside(count: int, chance: np.random.Generator) -> Floats:
    return chance.normal(0, BESIDE_M / METRES_PER_DEGREE, count)


def _nodes(sort: Sort, ground: Ground, count: int, chance: np.random.Generator) -> Indices:
    if sort.stand is Stand.TOWN:
        return _spread(ground, count, chance)
    fit = np.flatnonzero(FIT[sort.stand](ground))
    return chance.choice(fit, count, replace=count > len(fit))


def _spread(ground: Ground, count: int, chance: np.random.Generator) -> Indices:
    """Beside the towns first, then anywhere."""
    towns = [one for one in ground.places if one["properties"].get("generated")]
    order = chance.permutation(len(towns))[:count]
    at = np.array([towns[i]["geometry"]["coordinates"] for i in order])
    near = [int(np.argmin(np.hypot(ground.roads.lon - x, ground.roads.lat - y))) for x, y in at]
    more = chance.integers(0, len(ground.roads.lon), max(0, count - len(near)))
    return np.concatenate([np.array(near, int), more])


def _is_main(ground: Ground) -> npt.NDArray[np.bool_]:
    roads = ground.roads
    main = roads.road_class <= 2
    on_main = np.zeros(len(roads.lon), bool)
    on_main[roads.start[main]] = on_main[roads.end[main]] = True
    return on_main


def _is_crossing(ground: Ground) -> npt.NDArray[np.bool_]:
    return _is_main(ground) & (np.diff(ground.roads.arcs.first) >= 3)


def _is_shore(ground: Ground) -> npt.NDArray[np.bool_]:
    roads, near = ground.roads, np.zeros(len(ground.roads.lon), bool)
    for x, y in ground.shore[::3]:
        near |= (np.abs(roads.lon - x) < SHORE_DEGREES) & (np.abs(roads.lat - y) < SHORE_DEGREES)
    return near


def _anywhere(ground: Ground) -> npt.NDArray[np.bool_]:
    return np.ones(len(ground.roads.lon), bool)


FIT = {
    Stand.ROAD: _anywhere,
    Stand.MAIN_ROAD: _is_main,
    Stand.CROSSING: _is_crossing,
    Stand.SHORE: _is_shore,
    Stand.PORT: _anywhere,
    Stand.DRIVES: _anywhere,
}


def _an_edge(roads: Network, node: Indices) -> Indices:
    """The greatest road at each node."""
    best = [
        min(roads.arcs.edge[roads.arcs.first[n] : roads.arcs.first[n + 1]],
            key=lambda edge: roads.road_class[edge])
        for n in node.tolist()
    ]  # fmt: skip
    return np.array(best, int)


def _areas(ground: Ground, lon: Floats, lat: Floats) -> list[str]:
    lon_e7, lat_e7 = (lon * 1e7).astype(np.int32), (lat * 1e7).astype(np.int32)
    codes = ground.areas.codes(lon_e7, lat_e7).tolist()
    return [str(code) if code else ground.adcode for code in codes]


def _of_kind(ground: Ground, *kinds: str) -> list[Mapping[str, Any]]:
    return [one for one in ground.places if one["properties"]["kind"] in kinds]


def _names(sort: Sort, ground: Ground, node: Indices, lon: Floats, lat: Floats) -> list[RoadName]:
    if sort.stand is Stand.DRIVES:
        return [_vehicle_name(sort, i) for i in range(len(node))]
    if sort.stand is Stand.PORT:
        ports = [one["properties"] for one in _of_kind(ground, "port")]
        return [RoadName(one["zh"], one["en"]) for one in ports]
    if sort.stand is Stand.TOWN:
        return _town_names(sort, ground, lon, lat)
    roads = [ground.roads.names[i] for i in ground.roads.name[_an_edge(ground.roads, node)]]
    return _numbered(sort, roads)


def _vehicle_name(sort: Sort, i: int) -> RoadName:
    if sort.kind == "bus":
        line = bus_line(i)
        return RoadName(f"{line}{sort.zh} {i + 1:04d}", f"Bus {line}, {i + 1:04d}")
    return RoadName(f"{sort.zh} {i + 1:03d}", f"{sort.en} {i + 1:03d}")


def bus_line(i: int) -> int:
    """The line that a bus runs on."""
    return i % BUS_LINES + 1


def _town_names(sort: Sort, ground: Ground, lon: Floats, lat: Floats) -> list[RoadName]:
    towns = [one for one in ground.places if one["properties"].get("generated")]
    at = np.array([one["geometry"]["coordinates"] for one in towns])
    nearest = [
        int(np.argmin(np.hypot(at[:, 0] - x, at[:, 1] - y))) for x, y in zip(lon, lat, strict=True)
    ]
    found = [towns[i]["properties"] for i in nearest]
    return _numbered(sort, [RoadName(one["zh"], one["en"]) for one in found])


def _numbered(sort: Sort, bases: Sequence[RoadName]) -> list[RoadName]:
    """A base that comes again gets a number."""
    seen: dict[RoadName, int] = {}
    names = []
    for base in bases:
        seen[base] = seen.get(base, 0) + 1
        number = f" {seen[base]}" if seen[base] > 1 else ""
        names.append(RoadName(f"{base.zh}{sort.zh}{number}", f"{base.en} {sort.en}{number}"))
    return names

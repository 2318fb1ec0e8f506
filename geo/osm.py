"""Reads the roads of an OpenStreetMap extract (.osm.pbf, .osm.xml) into a graph.

What a tag means is read off the OSM wiki: Key:highway, Key:oneway, Key:access, Key:maxspeed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import osmium

from geo.network import Numbers, RoadName
from geo.osm_graph import Stretch, graph_of
from geo.roads import BadRoads, RoadGraph

Tags = Mapping[str, str]

# Class → free speed in km/h where no limit is stated; the greatest first. Links and ramps have two
# thirds of it.
SPEEDS_KMH: Mapping[str, float] = {
    "motorway": 100, "trunk": 80, "primary": 60, "secondary": 50, "tertiary": 40,
    "unclassified": 35, "residential": 30, "living_street": 15, "service": 15,
}  # fmt: skip
CLASSES = tuple(SPEEDS_KMH)
LINK, LINK_SHARE = "_link", 2 / 3
MPH = 1.609344
SLOWEST_KMH, FASTEST_KMH = 5.0, 120.0

# The most particular key that is stated decides. Key:access: `no` and the like shut cars out.
ACCESS = ("emergency", "motorcar", "motor_vehicle", "vehicle", "access")
SHUT = frozenset({"no", "private", "agricultural", "forestry", "use_sidepath"})
ONE_WAY = frozenset({"yes", "true", "1"})
AGAINST = frozenset({"-1", "reverse"})
ROUND = frozenset({"roundabout", "circular"})
LIMIT = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?")


class Ride(NamedTuple):
    """How a way is driven: its class, its speed, and in which directions."""

    road_class: int
    kmh: float
    ahead: bool
    back: bool


@dataclass(slots=True)
class Ways:
    """What was read of the ways so far."""

    stretches: list[Stretch] = field(default_factory=list)
    names: dict[RoadName, int] = field(default_factory=dict)


def read_osm(path: str, bounds: tuple[float, float, float, float] | None = None) -> RoadGraph:
    """The roads of an extract that touch `bounds` (west, south, east, north); BadRoads if none."""
    ways = Ways()
    try:
        for way in drivable(path):
            add(ways, way, bounds)
    except (RuntimeError, OSError) as trouble:  # what libosmium raises for files it cannot read
        raise BadRoads(str(trouble)) from None
    if not ways.stretches:
        raise BadRoads("it has no roads within the bounds of the city")
    return graph_of(ways.stretches, CLASSES, tuple(ways.names))


def drivable(path: str) -> Iterator[Any]:
    """The ways of a file that may be roads, with the positions of their nodes."""
    reader = osmium.FileProcessor(path).with_locations()
    for one in reader.with_filter(osmium.filter.KeyFilter("highway")):
        if isinstance(one, osmium.osm.Way):
            yield one


def add(ways: Ways, way: Any, bounds: tuple[float, float, float, float] | None) -> None:
    """Takes a way in if cars may drive on it and it lies in the city."""
    ride = ride_of(way.tags)
    if ride is None:
        return
    known = [node for node in way.nodes if node.location.valid()]
    corners = np.array([(node.location.lon, node.location.lat) for node in known])
    if len(known) < 2 or (bounds and not touches(corners, bounds)):
        return
    name = ways.names.setdefault(name_of(way.tags), len(ways.names))
    nodes = np.array([node.ref for node in known], np.int64)
    seconds_per_m = 3.6 / ride.kmh
    ways.stretches.append(Stretch(nodes, corners, ride.road_class, name,
                                  seconds_per_m if ride.ahead else np.inf,
                                  seconds_per_m if ride.back else np.inf))  # fmt: skip


def touches(corners: Numbers, bounds: tuple[float, float, float, float]) -> bool:
    """Whether one of the corners lies within the bounds."""
    west, south, east, north = bounds
    lon, lat = corners.T
    return bool(((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).any())


def ride_of(tags: Tags) -> Ride | None:
    """How a way with these tags is driven; None where no car may."""
    highway = tags.get("highway", "")
    is_link, name = highway.endswith(LINK), highway.removesuffix(LINK)
    if name not in SPEEDS_KMH or tags.get("area") == "yes" or is_shut(tags):
        return None
    usual = SPEEDS_KMH[name] * (LINK_SHARE if is_link else 1)
    kmh = min(max(limit_kmh(tags.get("maxspeed", "")) or usual, SLOWEST_KMH), FASTEST_KMH)
    ahead, back = directions(tags, name, is_link=is_link)
    return Ride(CLASSES.index(name), kmh, ahead, back)


def is_shut(tags: Tags) -> bool:
    """Whether the way is closed to vehicles on duty."""
    stated = next((tags[key] for key in ACCESS if key in tags), "yes")
    return stated in SHUT


def directions(tags: Tags, name: str, *, is_link: bool) -> tuple[bool, bool]:
    """Whether it may be driven ahead, and back; motorways and roundabouts are one-way unsaid."""
    stated = tags.get("oneway", "")
    if stated in AGAINST:
        return False, True
    implied = (name == "motorway" and not is_link) or tags.get("junction") in ROUND
    return True, not (stated in ONE_WAY or (implied and stated != "no"))


def limit_kmh(stated: str) -> float | None:
    """A speed limit in km/h; None where it is no number, such as `CN:urban`."""
    found = LIMIT.fullmatch(stated.split(";")[0].strip())
    if not found:
        return None
    return float(found[1]) * (MPH if found[2] == "mph" else 1)


def name_of(tags: Tags) -> RoadName:
    """What people call a road; its number where it has no name."""
    usual = tags.get("name", "") or tags.get("ref", "")
    return RoadName(tags.get("name:zh", "") or usual, tags.get("name:en", "") or usual)

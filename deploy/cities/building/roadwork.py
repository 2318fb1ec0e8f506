"""All roads of a city, main roads first, each kept out of the water or led over it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from deploy.cities.building import country
from deploy.cities.building.naming import Name, Names
from deploy.cities.building.plane import Plane, through
from deploy.cities.building.streets import Road, Zone, beside, streets
from deploy.cities.building.terrain import Terrain

GRADE_M = 45.0  # small streets end this far from an expressway


def build_roads(
    plan: Mapping[str, Any], town_names: Mapping[str, str], terrain: Terrain, plane: Plane
) -> list[Road]:
    """Every road of the city, cut at water, bridges apart."""
    chance = np.random.default_rng(plan["seed"])
    names = Names(plan, chance)
    main = [_main_road(entry, plane) for entry in plan["road"]]
    zones = [Zone.of(entry, Polygon(plane.points(entry["ring"]))) for entry in plan["zone"]]
    towns = country.towns(plan, town_names, plane)
    zones += [country.town_zone(town) for town in _outside(towns, zones)]
    small = [road for zone in zones for road in streets(zone, names, chance)]
    small = beside(small, shapely.union_all([road.line for road in main]))
    built = [*main, *small]
    built_up = shapely.union_all([zone.ring for zone in zones])
    built += _mostly_outside(country.links(towns, chance), built_up)
    built += country.spurs(towns, shapely.union_all([road.line for road in main]), chance)
    built += _country_lanes(built, zones, names, terrain, chance)
    return list(_cut(built, main, terrain))


def _main_road(entry: Mapping[str, Any], plane: Plane) -> Road:
    bridge = Name(*entry["bridge"]) if "bridge" in entry else None
    line = through(plane.points(entry["path"]))
    return Road(entry["class"], Name(entry["zh"], entry["en"]), line, bridge)


def _mostly_outside(links: Iterator[Road], built_up: BaseGeometry) -> list[Road]:
    return [
        road for road in links if road.line.intersection(built_up).length < road.line.length / 2
    ]


def _outside(towns: Sequence[country.Town], zones: Sequence[Zone]) -> list[country.Town]:
    built_up = shapely.union_all([zone.ring for zone in zones])
    return [town for town in towns if not shapely.contains_xy(built_up, *town.at)]


def _country_lanes(
    built: Sequence[Road],
    zones: Sequence[Zone],
    names: Names,
    terrain: Terrain,
    chance: np.random.Generator,
) -> list[Road]:
    dry = terrain.city.difference(terrain.wet)
    taken = shapely.union_all([zone.ring for zone in zones]).buffer(700)
    places = country.villages(dry, taken, chance)
    return list(country.lanes(places, built, names, chance))


def _cut(built: Sequence[Road], main: Sequence[Road], terrain: Terrain) -> Iterator[Road]:
    fast = shapely.union_all([road.line for road in main if road.kind == "trunk"]).buffer(GRADE_M)
    city = terrain.city.buffer(30).union(terrain.wet.intersection(terrain.city.convex_hull))
    for road in built:
        line = road.line.intersection(city)
        if road.kind == "tertiary":
            line = line.difference(fast)
        yield replace(road, line=line.difference(terrain.wet))
        if road.bridge is not None:
            yield from _bridge(road, road.bridge, line, terrain.wet)


def _bridge(road: Road, name: Name, line: BaseGeometry, wet: BaseGeometry) -> Iterator[Road]:
    for part in shapely.get_parts(line.intersection(wet)):
        if part.geom_type == "LineString" and part.length > 30:
            yield replace(road, name=name, line=part, bridge=None, is_bridge=True)

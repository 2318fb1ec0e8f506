"""Land, water and districts on the flat sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import LineString, shape
from shapely.geometry.base import BaseGeometry

from deploy.cities.building.plane import Plane, rounded, through

UPSTREAM_WIDTH_M = 240
BARRIER_WIDTH_M = 100  # narrower water is crossed by any street
SHORE_M = 45  # streets keep off the water's edge


@dataclass(frozen=True, slots=True)
class Water:
    """A piece of water: what it is, what it is called, what it covers."""

    kind: str
    zh: str
    en: str
    surface: BaseGeometry
    is_barrier: bool


@dataclass(frozen=True, slots=True)
class Terrain:
    """What a road builder must know, in metres."""

    land: BaseGeometry
    waters: Sequence[Water]
    districts: Mapping[str, BaseGeometry]  # with the sea
    wet: BaseGeometry  # sea and barriers, shores included

    @property
    def city(self) -> BaseGeometry:
        """The districts' land as one."""
        return shapely.union_all(list(self.districts.values())).intersection(self.land)


def survey(plan: Mapping[str, Any], sources: Mapping[str, Any], plane: Plane) -> Terrain:
    """Reads plan and sources into the terrain."""
    features = sources["land"]["features"]
    land = rounded(_pieces(plane.flat(shape(features[0]["geometry"])).simplify(45)))
    waters = [_water(entry, plane) for entry in plan["water"]]
    waters += [_upstream(feature, plan["stream"][0], plane) for feature in features[1:]]
    waters = [_inland(water, land) for water in waters]
    districts = {
        feature["properties"]["adcode"]: plane.flat(shape(feature["geometry"]))
        for feature in sources["districts"]["features"]
    }
    return Terrain(land, waters, districts, _wet(land, waters))


def _pieces(land: BaseGeometry) -> BaseGeometry:
    return shapely.multipolygons([part for part in shapely.get_parts(land) if part.area > 20_000])


def _water(entry: Mapping[str, Any], plane: Plane) -> Water:
    width = entry["width_m"]
    surface = through(plane.points(entry["path"])).buffer(width / 2)
    is_barrier = entry["kind"] == "lake" or width >= BARRIER_WIDTH_M
    return Water(entry["kind"], entry["zh"], entry["en"], surface, is_barrier)


def _upstream(feature: Mapping[str, Any], named: Mapping[str, str], plane: Plane) -> Water:
    course = plane.flat(LineString(feature["geometry"]["coordinates"])).simplify(60)
    surface = through(shapely.get_coordinates(course)).buffer(UPSTREAM_WIDTH_M / 2)
    return Water("river", named["zh"], named["en"], surface, is_barrier=True)


def _inland(water: Water, land: BaseGeometry) -> Water:
    surface = water.surface.intersection(land).simplify(4)
    return Water(water.kind, water.zh, water.en, surface, water.is_barrier)


def _wet(land: BaseGeometry, waters: Sequence[Water]) -> BaseGeometry:
    frame = shapely.box(*land.buffer(2_000).bounds)
    barriers = [water.surface for water in waters if water.is_barrier]
    return shapely.union_all([frame.difference(land), *barriers]).buffer(SHORE_M)

"""Roads of the open country: towns tied to their neighbours, villages hung on the nearest road."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from deploy.cities.building.naming import Name, Names
from deploy.cities.building.plane import Plane, through
from deploy.cities.building.streets import Road, Zone

VILLAGE_EVERY_M = 2_300.0
TOWN_RADIUS_M = 850.0
NEAR_M = 3_500.0
WANDER = 0.075  # how far a road leaves the straight line, as a share of its length
TOWN_ENDINGS = ("镇", "农场", "作物场", "（农场）")


class Town(NamedTuple):
    """A town with its place on the sheet."""

    zh: str
    en: str
    at: np.ndarray


def towns(plan: Mapping[str, Any], names: Mapping[str, str], plane: Plane) -> list[Town]:
    """Towns and farms of the plan (their codes end in 100 and above), not the city's streets."""
    chosen = [code for code in plan["labels"] if len(code) == 9 and int(code[6:]) >= 100]
    places = plane.points(plan["labels"][code] for code in chosen)
    english = plan["english"]
    return [
        Town(names[code], english[names[code]], at) for code, at in zip(chosen, places, strict=True)
    ]


def links(found: Sequence[Town], chance: np.random.Generator) -> Iterator[Road]:
    """A road between two towns when no third lies in between (Gabriel's rule)."""
    places = np.array([town.at for town in found])
    for i, here in enumerate(found):
        for there in found[i + 1 :]:
            middle, reach = (here.at + there.at) / 2, np.hypot(*(here.at - there.at)) / 2
            if (np.hypot(*(places - middle).T) < reach - 1).any():
                continue
            bridge = Name(f"{_short(here.zh)}大桥", f"{here.en} Bridge")
            yield Road(
                "secondary", _joint_name(here, there), wander(here.at, there.at, chance), bridge
            )


def _joint_name(here: Town, there: Town) -> Name:
    return Name(f"{_short(here.zh)[0]}{_short(there.zh)[0]}公路", f"{here.en}–{there.en} Rd")


def _short(zh: str) -> str:
    for ending in TOWN_ENDINGS:
        zh = zh.removesuffix(ending)
    return zh


def wander(here: np.ndarray, there: np.ndarray, chance: np.random.Generator) -> LineString:
    """A country road: halved again and again, each middle pushed aside."""
    points = np.array([here, there])
    while np.hypot(*(points[1] - points[0])) > 900:
        step = points[1:] - points[:-1]
        aside = np.stack([-step[:, 1], step[:, 0]], 1) * chance.normal(0, WANDER, (len(step), 1))
        middles = (points[1:] + points[:-1]) / 2 + aside
        points = np.insert(points, np.arange(1, len(points)), middles, axis=0)
    return through(points, 150)


def town_zone(town: Town) -> Zone:
    """The few streets of a town."""
    turn = float(np.sin(town.at[0] + town.at[1]))
    return Zone("", Point(town.at).buffer(TOWN_RADIUS_M), turn, 10 * 280.0, 280.0, 0.6)


def villages(city: BaseGeometry, taken: BaseGeometry, chance: np.random.Generator) -> np.ndarray:
    """Places on dry land, away from what is built and from one another."""
    west, south, east, north = city.bounds
    count = int(city.area / VILLAGE_EVERY_M**2 * 6)
    tried = np.column_stack(
        [chance.uniform(west, east, count), chance.uniform(south, north, count)]
    )
    shapely.prepare(city)
    free = shapely.contains_xy(city, *tried.T) & ~shapely.contains_xy(taken, *tried.T)
    chosen: list[np.ndarray] = []
    for place in tried[free]:
        if not chosen or np.hypot(*(np.array(chosen) - place).T).min() > VILLAGE_EVERY_M:
            chosen.append(place)
    return np.array(chosen)


def lanes(
    places: np.ndarray, roads: Sequence[Road], names: Names, chance: np.random.Generator
) -> Iterator[Road]:
    """From each village a lane to the nearest road, and to the nearest village if that is near."""
    net = shapely.union_all([road.line for road in roads])
    for i, place in enumerate(places):
        name = names.of_branch()
        _, target = nearest_points(Point(place), net)
        yield Road("tertiary", name, wander(place, np.array(target.coords[0]), chance))
        gaps = np.hypot(*(places - place).T)
        gaps[i] = np.inf
        neighbour = int(np.argmin(gaps))
        if gaps[neighbour] < NEAR_M and (neighbour > i or np.argmin(_gaps(places, neighbour)) != i):
            yield Road("tertiary", name, wander(place, places[neighbour], chance))


def _gaps(places: np.ndarray, i: int) -> np.ndarray:
    gaps: np.ndarray = np.hypot(*(places - places[i]).T)
    gaps[i] = np.inf
    return gaps


def spurs(found: Sequence[Town], main: BaseGeometry, chance: np.random.Generator) -> Iterator[Road]:
    """From each town a road to the nearest main road."""
    for town in found:
        _, target = nearest_points(Point(town.at), main)
        line = wander(town.at, np.array(target.coords[0]), chance)
        yield Road("secondary", Name(f"{_short(town.zh)}路", f"{town.en} Rd"), line)

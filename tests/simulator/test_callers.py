"""People call as often as in the real city, about what is there, and not only once."""

import json
from math import cos, hypot, radians
from typing import Any

import numpy as np
import pytest

from simulator.callers import PONDING, REPORTS_PER_S, Call, Callers
from simulator.script import City
from simulator.sky import Moment
from tests.simulator.conftest import MORNING, MakeCity

NOON = 1.0  # of daylight


@pytest.fixture
def city(make_city: MakeCity) -> City:
    return make_city()


def hours_of(callers: Callers, city: City, hours: int) -> list[Call]:
    said: list[Call] = []
    for minute in range(hours * 60):
        moment = Moment(NOON, 60.0 * minute, 12.0)
        said += callers.calls(60.0, moment, MORNING, city.world.water)
    return said


def place(call: Call) -> tuple[float, float]:
    lon, lat = json.loads(call.payload)["pos"]
    return lon, lat


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (one[0] - other[0]) * cos(radians(one[1]))
    return hypot(east, one[1] - other[1]) * 111_320


def test_reports_come_as_often_as_in_the_real_city(city: City) -> None:
    calls = hours_of(city._callers, city, 10)

    expected = REPORTS_PER_S * 1.9 * 36_000 * 1.12  # by day; some call about the same thing
    assert abs(len(calls) / expected - 1) < 0.1
    assert len({call.identity for call in calls}) == len(calls)


def test_some_things_are_reported_twice_from_nearly_the_same_place(city: City) -> None:
    calls = hours_of(city._callers, city, 3)

    kinds: dict[tuple[Any, Any], list[Call]] = {}
    for call in calls:
        told = json.loads(call.payload)
        kinds.setdefault((told["type"], told["description"]), []).append(call)
    twice = [group for group in kinds.values() if len(group) > 1]
    near = [group for group in twice if metres(place(group[0]), place(group[1])) < 200]
    assert 0.05 < len(near) / len(calls) < 0.2


def test_flooded_places_are_reported_from_beside_them(city: City) -> None:
    water, ponds = city.world.water, city.rosters["waterlogging"]
    water.depth_cm[:3] = 45.0

    calls = hours_of(city._callers, city, 2)

    wet = [call for call in calls if json.loads(call.payload)["type"] == PONDING.code]
    flooded = [(float(ponds.lon[i]), float(ponds.lat[i])) for i in np.arange(3)]
    assert len(wet) > 20
    assert all(min(metres(place(call), one) for one in flooded) < 300 for call in wet)

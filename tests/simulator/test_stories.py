"""The typhoon: rain, then ponding, closed roads, pumps; then all of it goes back."""

import json
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from simulator.script import STEPS_PER_SECOND, City, Said
from simulator.sensors import pass_time
from simulator.sky import Moment
from simulator.stories import STORIES, TYPHOON
from tests.simulator.conftest import MORNING, MakeCity

MINUTES = 60


@pytest.fixture(scope="module")
def course(make_city: MakeCity) -> dict[str, list[float]]:
    """The storm minute by minute."""
    city = make_city(story="typhoon")
    seen: dict[str, list[float]] = {name: [] for name in LOOKS}
    for minute in range(MINUTES):
        for second in range(60):
            city.world.moment = Moment(0.0, 60.0 * minute + second, 15.0)
            pass_time(city.world, 1.0, city.rosters)
        for name, look in LOOKS.items():
            seen[name].append(look(city))
    return seen


LOOKS: dict[str, Callable[[City], float]] = {
    "rain": lambda city: float(city.world.rain_mmh.max()),
    "depth": lambda city: float(city.world.water.depth_cm.max()),
    "closed": lambda city: float(
        city.world.water.is_closed(np.arange(len(city.rosters["flow"]))).sum()
    ),
    "pumping": lambda city: float(city.world.water.running.sum()),
    "queue": lambda city: float(city.world.queue.max()),
}


def first(values: list[float], over: float) -> int:
    return next(i for i, value in enumerate(values) if value > over)


def test_rain_then_ponding_then_closed_roads_and_pumps(course: dict[str, list[float]]) -> None:
    assert first(course["rain"], 50) < first(course["depth"], 15) < first(course["closed"], 0)
    assert first(course["rain"], 50) < first(course["pumping"], 0)
    assert max(course["depth"]) > 40
    assert max(course["closed"]) >= 5


def test_after_the_storm_the_water_falls_and_the_roads_open(course: dict[str, list[float]]) -> None:
    assert course["depth"][-1] < 15
    assert course["closed"][-1] == 0
    assert course["pumping"][-1] < max(course["pumping"]) / 4


def test_while_ferries_stay_in_port_the_queue_grows(course: dict[str, list[float]]) -> None:
    assert max(course["queue"]) > course["queue"][0] + 500


def test_a_closed_road_carries_nobody(make_city: MakeCity) -> None:
    city = make_city(story="typhoon")
    city.world.water.depth_cm[:] = 60
    speeds = {}
    for _ in range(60 * STEPS_PER_SECOND):
        for said in city.step():
            if "/flow/" in said.topic:
                speeds[said.topic] = json.loads(said.payload)["values"]["speed_kmh"]

    assert sum(speed == 0 for speed in speeds.values()) > 20


def test_warnings_are_issued_once_and_in_order(make_city: MakeCity) -> None:
    city = make_city(scale=0.05, story="typhoon")
    titles = [
        json.loads(said.payload)["title"]
        for minute in range(30)
        for said in steps_at(city, minute)
        if "/alert/" in said.topic
    ]

    assert titles == [scene.warning.zh for scene in TYPHOON.scenes if scene.warning]


def steps_at(city: City, minute: int) -> list[Said]:
    city.skip_to(MORNING + timedelta(minutes=minute, seconds=1))
    return [said for _ in range(STEPS_PER_SECOND) for said in city.step()]


@pytest.mark.parametrize("story", STORIES.values(), ids=lambda story: story.name)
def test_scenes_of_a_story_stand_in_order(story: object) -> None:
    minutes = [scene.minute for scene in story.scenes]

    assert minutes[0] == 0
    assert minutes == sorted(set(minutes))

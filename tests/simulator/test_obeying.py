"""Units obey: they answer, drive by road to the place, work, report, and go back to their round."""

import json
from collections import Counter
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from geo.points import Point, distance_m
from simulator.script import STEPS_PER_SECOND, City
from simulator.water import CLOSED_CM
from tests.simulator.conftest import MakeCity

PLACE = [110.3357, 20.0021]
UNIT = "sw/pumptruck/PT-0001"


def command(order_id: str, move: str = "send", **more: Any) -> tuple[str, bytes]:
    said = {"order_id": order_id, "case_id": "HK1", "unit": UNIT, "move": move, "version": 1,
            "pos": PLACE, "title": "积水", **more}  # fmt: skip
    topic = f"cb/v1/460106/{said['unit'].split('/')[0]}/order/{order_id}/cmd"
    return topic, json.dumps(said, ensure_ascii=False).encode()


class Field:
    """A city whose units are heard: their answers, and where one of them is."""

    def __init__(self, city: City, unit: str = UNIT) -> None:
        self.city, self.name = city, unit.rpartition("/")[2]
        self.answers: list[tuple[str, str, str]] = []
        self.reports: list[tuple[datetime, Point, str]] = []

    def run(self, minutes: float) -> "Field":
        """Only the crews and the pump trucks; the rest of the city is left out."""
        city, trucks = self.city, self.city._obedience.drivers["pumptruck"]
        for _ in range(round(minutes * 60)):
            city.world.moment = city._moment()
            for _sender, topic, payload in city._obedience.step(city.now, city.world):
                self._note(topic, payload)
            for _ in range(STEPS_PER_SECOND):
                for _sender, topic, payload in trucks.speak(city._steps, city.now, city.world):
                    self._note(topic, payload)
                city._steps += 1
        return self

    def until(self, status: str, minutes: float = 60) -> "Field":
        for _ in range(round(minutes * 6)):
            if status in self.words():
                return self
            self.run(1 / 6)
        raise AssertionError(self.answers)

    def words(self) -> list[str]:
        return [status for _, status, _ in self.answers]

    def _note(self, topic: str, payload: bytes) -> None:
        *_, thing, channel = topic.split("/")
        if channel == "ack":
            said = json.loads(payload)
            self.answers.append((thing, said["status"], said["reason"]))
        elif channel == "data" and thing == self.name:
            said = json.loads(payload)
            place = Point(*said["pos"])
            self.reports.append((datetime.fromisoformat(said["ts"]), place, said["status"]))


@pytest.fixture
def field(make_city: MakeCity) -> Field:
    return Field(make_city(scale=0.1))


def willing(field: Field, count: int = 1) -> list[str]:
    """Orders that this unit answers with yes."""
    found = []
    for number in range(200):
        city, order = field.city, f"O-{number}"
        city.hear(*command(order))
        before = len(field.answers)
        field.run(0.5)
        said = [word for name, word, _ in field.answers[before:] if name == order]
        city.hear(*command(order, "recall", version=2))
        field.run(0.1)
        if said == ["accepted"]:
            found.append(order)
        if len(found) == count:
            return found
    raise AssertionError("nobody says yes")


def test_a_unit_answers_drives_arrives_works_and_is_free_again(make_city: MakeCity) -> None:
    (order,) = willing(Field(make_city(scale=0.1)))
    field = Field(make_city(scale=0.1)).run(0.2)
    field.city.hear(*command(order))

    field.until("done")
    field.run(40)

    assert field.answers == [(order, word, "") for word in ("accepted", "arrived", "done")]
    statuses = [status for _, _, status in field.reports]
    first = statuses.index("assigned")
    assert list(dict.fromkeys(statuses[first:]))[:4] == [
        "assigned", "en_route", "on_scene", "returning",
    ]  # fmt: skip
    there = [place for _, place, status in field.reports[first:] if status == "on_scene"]
    assert all(distance_m(place, Point(*PLACE)) < 80 for place in there[:20])


def test_it_drives_at_a_speed_that_a_car_can_have_and_never_jumps(make_city: MakeCity) -> None:
    (order,) = willing(Field(make_city(scale=0.1)))
    field = Field(make_city(scale=0.1)).run(0.2)
    field.city.hear(*command(order))
    field.until("done").run(40)

    for (before, here, _), (after, there, _) in zip(field.reports, field.reports[1:], strict=False):
        seconds = max((after - before).total_seconds(), 1.0)
        assert distance_m(here, there) / seconds < 45 or distance_m(here, there) < 60


def test_an_order_that_is_taken_back_turns_the_unit_round(make_city: MakeCity) -> None:
    (order,) = willing(Field(make_city(scale=0.1)))
    field = Field(make_city(scale=0.1)).run(0.2)
    field.city.hear(*command(order))
    field.until("accepted").run(1.5)

    field.city.hear(*command(order, "recall", version=2))
    field.run(30)

    assert field.words() == ["accepted"]
    assert "returning" in [status for _, _, status in field.reports]


def test_an_order_that_comes_twice_is_answered_once(make_city: MakeCity) -> None:
    (order,) = willing(Field(make_city(scale=0.1)))
    field = Field(make_city(scale=0.1)).run(0.2)
    field.city.hear(*command(order))
    field.city.hear(*command(order))

    field.run(1)

    assert field.words() == ["accepted"]


def test_who_has_an_order_refuses_another(make_city: MakeCity) -> None:
    first, second = willing(Field(make_city(scale=0.1)), 2)
    field = Field(make_city(scale=0.1)).run(0.2)
    field.city.hear(*command(first))
    field.until("accepted")

    field.city.hear(*command(second))
    field.run(0.5)

    assert field.answers[1] == (second, "refused", "已有任务在身")


def test_most_say_yes_some_say_no_with_a_reason_and_a_few_say_nothing(field: Field) -> None:
    said: Counter[str] = Counter()
    for number in range(120):
        before = len(field.answers)
        field.city.hear(*command(f"Q-{number}"))
        field.run(0.45)
        new = field.answers[before:]
        said[new[0][1] if new else "nothing"] += 1
        assert all(reason for _, word, reason in new if word == "refused")
        field.city.hear(*command(f"Q-{number}", "recall", version=2))
        field.run(0.05)

    assert said["accepted"] > 90
    assert said["refused"] > 0 and said["nothing"] > 0


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"{}", b'{"unit":"sw/pumptruck/none","order_id":"x"}', b'{"unit":7}']
)
def test_what_is_no_order_of_ours_is_passed_over(field: Field, said: bytes) -> None:
    field.city.hear("cb/v1/460106/sw/order/x/cmd", said)

    assert field.run(0.6).answers == []


def test_a_unit_drives_around_water(make_city: MakeCity) -> None:
    city = make_city(scale=0.1)
    ways, water = city._obedience.ways, city.world.water
    here, there = Point(110.30, 20.0), Point(110.3357, 20.0321)
    dry = ways.line(here, there, water)
    assert dry is not None
    middle = len(dry.lon) // 2
    ways.ponds.lon[0], ways.ponds.lat[0] = dry.lon[middle], dry.lat[middle]

    water.depth_cm[0] = CLOSED_CM
    wet = ways.line(here, there, water)

    assert wet is None or wet.takes_s > dry.takes_s


def test_a_pump_truck_at_work_empties_the_place(make_city: MakeCity) -> None:
    (order,) = willing(Field(make_city(scale=0.1)))
    field = Field(make_city(scale=0.1)).run(0.2)
    ponds, water = field.city.rosters["waterlogging"], field.city.world.water
    place = [float(ponds.lon[0]), float(ponds.lat[0])]
    field.city.hear(*command(order, pos=place))

    field.until("arrived").run(0.2)

    trucks = field.city._obedience.pumping(ponds)
    assert trucks[0] == 1
    dry = np.zeros(len(ponds))
    water.depth_cm = np.full(len(ponds), 30.0)
    water.trucks = trucks
    water.flow_on(60, dry, np.zeros(len(water.sump_m)))
    assert water.depth_cm[0] < water.depth_cm[trucks == 0].min()


def test_each_department_with_units_listens_to_its_own_orders(field: Field) -> None:
    ears = field.city.ears()

    assert ears["sw"] == "cb/v1/+/sw/order/+/cmd"
    assert set(ears) == {"sw", "sz", "zhzf", "ga", "hw", "ems", "xf"}

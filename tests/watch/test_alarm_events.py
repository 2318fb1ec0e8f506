"""Alarms come into events: from the sensor's reading to one event with those who call."""

from datetime import UTC, datetime
from typing import Any

import pytest
import redis

from city.alarm_orders import AlarmOrder
from city.alarms import Alarm, Deed
from city.case_table import Move
from city.cases import Order
from city.events import Event
from store import keys
from store.store import Store
from tests.publisher import CENTRE, written
from tests.watch.court import Court, operator
from watch.reports import Reports

pytestmark = pytest.mark.store
DEPTH = "waterlogging.depth_cm"
METRE = 1 / 104_500  # degrees of longitude in Haikou


class City:
    """Sensors, the judge, callers, and the clockwork that brings them together."""

    def __init__(self, store: Store) -> None:
        self.store, self.court = store, Court(store)
        self.reports = Reports(store, lambda: datetime.now(UTC))

    def flooded(self, number: int, metres: float = 0.0) -> None:
        pos = [CENTRE[0] + metres * METRE, CENTRE[1]]
        name = {"zh": "龙昆南路积水点", "en": "Longkun S Rd"}
        self.court.publisher.meta(f"sw/waterlogging/WL-{number:04d}", name=name, pos=pos)
        self.court.publisher.ponding(number, 31.5, pos=pos)

    def called(self, number: int, metres: float = 0.0, **more: Any) -> None:
        said = {"id": f"HL-{number}", "ts": written(0), "type": "0402", "title": "水管爆了",
                "pos": [CENTRE[0] + metres * METRE, CENTRE[1]]} | more  # fmt: skip
        self.court.publisher.send((f"cb/v1/460106/rx/hotline/HL-{number}/event", said))

    def run(self) -> None:
        self.court.sit()
        self.reports.take_alarms()
        self.reports.take_in()
        self.reports.take_alarms()

    def alarm(self) -> Alarm:
        return self.court.alarms(DEPTH)[0]

    def events(self) -> list[Event]:
        return list(self.store.events.open())


@pytest.fixture
def city(store: Store) -> City:
    return City(store)


def test_one_burst_pipe_is_one_event_from_twelve_sensors_and_nine_calls(city: City) -> None:
    for number in range(12):
        city.flooded(number, metres=35 * number - 200)
    city.run()
    for number in range(9):
        city.called(number, metres=30 * number - 120)
    city.run()

    [event] = city.events()
    [case] = city.store.cases.all()
    assert (len(event.members), sum(one.is_alarm for one in event.members)) == (21, 12)
    assert (event.case_id, event.title, event.severity) == (case.id, "水管爆了", 2)
    assert {alarm.event_id for alarm in city.court.alarms(DEPTH)} == {event.id}


def test_an_alarm_alone_begins_an_event_and_no_case(city: City) -> None:
    city.flooded(1)

    city.run()

    [event] = city.events()
    assert (event.title, event.members[0].title_en) == (
        f"龙昆南路积水点 · {city.alarm().zh}", f"Longkun S Rd · {city.alarm().en}",
    )  # fmt: skip
    assert list(city.store.cases.all()) == []


def test_a_case_that_a_person_opens_for_an_alarm_is_that_of_its_event(city: City) -> None:
    city.flooded(1)
    city.run()
    fields = {"source": "sensor", "external_id": city.alarm().id, "type": "0406",
              "pos": list(CENTRE), "title": "积水"}  # fmt: skip

    case, _ = city.store.cases.create(Order(Move.CREATE, fields), operator())
    city.called(1, metres=60, type="0406", title="道路积水")
    city.run()

    [event] = city.events()
    assert (event.case_id, case.event_id, len(event.members)) == (case.id, event.id, 2)


def test_an_alarm_that_a_person_puts_to_a_case_comes_into_its_event(city: City) -> None:
    city.flooded(1)
    city.called(1, metres=3000)
    city.run()
    [case] = city.store.cases.all()

    order = AlarmOrder(Deed.LINK_CASE, case_id=case.id)
    city.store.alarms.order(city.alarm().id, order, operator())
    city.run()

    [event] = city.events()
    assert (event.id, len(event.members)) == (case.event_id, 2)
    assert city.alarm().event_id == event.id
    assert city.store.events.log(event.id)[-1].rule == "alarm/case"


def test_an_alarm_found_false_leaves_and_an_event_of_it_alone_is_over(city: City) -> None:
    city.flooded(1)
    city.run()
    city.store.alarms.order(city.alarm().id, AlarmOrder(Deed.CLEAR, reason="误报"), operator())
    city.run()

    assert city.events() == []
    assert city.store.redis.hgetall(keys.SHELF) == {}


def test_following_the_same_again_writes_nothing(city: City, store: Store) -> None:
    city.flooded(1)
    city.called(1)
    city.run()
    [event] = city.events()

    store.redis.hset(keys.ALARMS_SEEN, mapping={"place": "0-0"})
    city.run()

    assert city.events() == [event]


def test_changes_that_were_dropped_meanwhile_are_made_up_for(
    city: City, store: Store, redis_url: str
) -> None:
    city.flooded(1)
    city.run()
    seen = store.redis.hgetall(keys.ALARMS_SEEN)
    city.flooded(2, metres=2000)
    city.court.sit()
    redis.Redis.from_url(redis_url).xtrim(keys.CHANGES, maxlen=0)
    city.called(1, metres=9000)

    city.run()

    assert store.redis.hgetall(keys.ALARMS_SEEN) != seen
    assert all(alarm.event_id for alarm in city.court.alarms(DEPTH))


def test_a_sensor_that_says_nothing_is_no_event(city: City) -> None:
    city.flooded(1)
    city.run()
    city.court.publisher.ponding(1, 0.0, pos=list(CENTRE))
    city.court.sit(900.0)
    city.run()

    assert "silence" in {alarm.rule for alarm in city.court.alarms()}
    assert [member.what for event in city.events() for member in event.members] == [
        "sensor/waterlogging"
    ]

"""Water closes roads and opens them again, by itself; vehicles tell how fast roads are."""

from datetime import UTC, datetime

import pytest

from city.alarm_orders import AlarmOrder
from city.alarms import Deed
from city.roles import Actor, Role
from city.traffic import ClassPace, hour_of
from store.store import Store, open_store
from tests.desk import seat
from tests.house import roads
from tests.publisher import haikou, now_ms
from tests.seats import actor
from tests.watch.court import Court, operator
from watch.closures import Water
from watch.traffic import Traffic

pytestmark = pytest.mark.store

PLACE = [110.3357, 20.0021]


def dispatcher() -> Actor:
    return actor(seat=seat(Role.DISPATCHER))


class Flood:
    """A sensor under an underpass, the judge, and the duty that follows."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.city = haikou().for_cases
        self.court = Court(store)
        self.water = Water(store, self.court.clock)
        name = {"zh": "龙昆南下穿", "en": "Longkun S underpass"}
        self.court.publisher.meta("sw/waterlogging/WL-0007", name=name, pos=PLACE)

    def stands_at(self, depth_cm: float) -> None:
        self.court.clock.now_ms += 60_000
        self.court.hear_now(7, depth_cm)
        self.court.sit()
        self.water.look()

    def closed(self) -> list[float]:
        """The shares of speed that are left where something is closed."""
        return [one.speed_factor for one in self.store.closures.list(self.court.clock())]


@pytest.fixture
def flood(store: Store) -> Flood:
    return Flood(store)


def test_water_slows_then_closes_then_opens_the_road(flood: Flood) -> None:
    shares = []
    for depth in (2.0, 6.0, 18.0, 30.0, 45.0, 18.0, 0.0):
        flood.stands_at(depth)
        shares.append(flood.closed())

    assert shares == [[], [0.7], [0.3], [0], [0], [0.3], []]


def test_a_closure_by_water_names_the_sensor_and_lies_around_it(flood: Flood) -> None:
    flood.stands_at(30.0)

    (closure,) = flood.store.closures.list(flood.court.clock())

    assert "龙昆南下穿" in closure.zh and "Longkun" in closure.en
    assert closure.on_roads.shape.contains_properly
    west, south, east, north = closure.on_roads.shape.bounds
    assert west < PLACE[0] < east and south < PLACE[1] < north
    assert (closure.kind, closure.area) == ("ponding", "460106")


def test_what_people_do_with_the_row_does_not_dry_the_road(flood: Flood) -> None:
    flood.stands_at(30.0)
    (alarm,) = flood.court.alarms("waterlogging.depth_cm")
    flood.store.alarms.order(alarm.id, AlarmOrder(Deed.ACK), operator())

    flood.water.look()

    assert flood.closed() == [0]


def test_a_false_alarm_opens_the_road(flood: Flood) -> None:
    flood.stands_at(30.0)
    (alarm,) = flood.court.alarms("waterlogging.depth_cm")
    flood.store.alarms.order(alarm.id, AlarmOrder(Deed.CLEAR, reason="误报"), operator())

    flood.water.look()

    assert flood.closed() == []


def test_what_was_opened_by_hand_stays_open_until_the_water_rises(flood: Flood) -> None:
    flood.stands_at(18.0)
    (closure,) = flood.store.closures.list(flood.court.clock())
    flood.store.closures.lift(closure.id, dispatcher(), "现场可通行")

    flood.stands_at(19.0)
    assert flood.closed() == []

    flood.stands_at(30.0)
    assert flood.closed() == [0]


def test_a_clockwork_that_starts_again_changes_nothing(flood: Flood, redis_url: str) -> None:
    flood.stands_at(30.0)
    before = flood.store.audit.head()
    again = open_store(redis_url)
    again.city = haikou().for_cases

    Water(again, flood.court.clock).look()

    assert flood.closed() == [0]
    assert flood.store.audit.head() == before


def test_vehicles_tell_how_fast_a_class_of_roads_is(store: Store) -> None:
    store.city = haikou().for_cases
    graph = roads()
    store.roads.use(graph)
    publisher = Court(store).publisher
    edges = [edge for edge in range(len(graph.start)) if graph.classes[graph.road_class[edge]] ==
             "primary" and graph.length_m[edge] > 150][:20]  # fmt: skip
    for number, edge in enumerate(edges):
        middle = graph.shape(edge).mean(axis=0)
        publisher.send((f"cb/v1/460106/jt/bus/B-{number:04d}/data", {
            "ts": datetime.now(UTC).isoformat(), "seq": number, "pos": list(middle),
            "speed_mps": 16.7 / 2, "heading_deg": 0}))  # fmt: skip

    Traffic(store, now_ms).look()

    hour = hour_of(datetime.now(UTC), store.city.calendar)
    known = store.roads.measured(hour)
    assert known == {"primary": ClassPace(pytest.approx(0.5, abs=0.01), 20.0)}
    costs = store.roads.router(now_ms()).costs
    assert costs.forward_s[edges[0]] == pytest.approx(2 * graph.forward_s[edges[0]], rel=0.02)

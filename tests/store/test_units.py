"""Units: what devices, people, orders and silence make of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from city.audit_search import AuditQuery
from city.dispatch_rules import UnitFacts
from city.refusal import Conflict, Forbidden, Malformed, NotFound, Refusal
from city.roles import Actor, Role
from city.sight import Sight
from city.units import Assignment, Source, Status, Work
from store.fleet import Fleet as FleetRows
from store.properties import moment
from store.store import Store, open_store
from store.units import UnitStore
from tests.desk import seat
from tests.fleet import Fleet
from tests.publisher import now_ms
from tests.seats import actor as acting
from watch.units import Field, listeners_of

pytestmark = pytest.mark.store
HOUR_S = 3600.0


@pytest.fixture
def fleet(store: Store) -> Fleet:
    return Fleet(store)


def one(store: Store, unit_id: str) -> Any:
    return store.units.one(unit_id, now_ms())


def dispatcher(department: str = "") -> Actor:
    role = Role.UNIT if department else Role.DISPATCHER
    return acting(seat=seat(role, f"{role}-{department}", department))


def handler(name: str = "li", department: str = "zhzf") -> Actor:
    return acting(seat=seat(Role.HANDLER, name, department))


def follow(store: Store) -> None:
    Field(store, listeners_of(store)).follow()


def with_work(store: Store, work: Mapping[str, Work]) -> UnitStore:
    """The room as it is when orders are out."""
    rows = FleetRows(store.live, store._kinds)
    return UnitStore(store.redis, store.ledger, rows, lambda: store.city, lambda _at_ms: work)


def test_a_unit_is_what_its_device_says(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12, speed_mps=6.2, heading_deg=92)
    fleet.publisher.meta(car, name={"zh": "执法 012", "en": "Patrol 012"})

    unit = one(store, car)

    assert (unit.status, unit.status_source) == (Status.AVAILABLE, Source.DEVICE)
    assert (unit.zh, unit.en, unit.department) == ("执法 012", "Patrol 012", "zhzf")
    assert (unit.speed_mps, unit.heading_deg) == (6.2, 92)
    assert unit.skills == ("enforce", "guard")


def test_what_cannot_be_sent_is_no_unit(store: Store, fleet: Fleet) -> None:
    fleet.publisher.ponding(1, 5)
    fleet.publisher.bus(1, 110.3, 20.0)
    car = fleet.unit("patrol", 12)

    assert [unit.id for unit in store.units.all(now_ms())] == [car]
    with pytest.raises(NotFound):
        one(store, "sw/waterlogging/WL-0001")


def test_a_seat_sees_the_units_of_its_areas_and_department(store: Store, fleet: Fleet) -> None:
    car, pump = fleet.unit("patrol", 1), fleet.unit("pumptruck", 1)
    fleet.unit("patrol", 2, east_km=-12)

    seen = store.units.all(now_ms(), Sight(("460107",), "zhzf"))

    assert [unit.id for unit in seen] == [car]
    assert pump in {unit.id for unit in store.units.all(now_ms())}


def test_a_word_nobody_explained_is_busy_and_shown(store: Store, fleet: Fleet) -> None:
    unit = one(store, fleet.unit("patrol", 12, status="lunch"))

    assert (unit.status, unit.own_status) == (Status.BUSY, "lunch")


def test_who_never_says_a_status_is_what_the_city_says(store: Store, fleet: Fleet) -> None:
    unit = one(store, fleet.unit("patrol", 12, status=None))

    assert (unit.status, unit.status_source) == (Status.AVAILABLE, Source.NOBODY)


def test_after_an_hour_of_silence_a_unit_is_out_of_contact(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12, age_s=HOUR_S + 60)

    unit = one(store, car)

    assert (unit.status, unit.status_source) == (Status.OUT_OF_CONTACT, Source.SILENCE)
    assert unit.status_since_ms == unit.fix_ms


def test_a_last_will_says_that_it_is_gone_until_it_speaks_again(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12)
    fleet.publisher.state(car, "offline")
    gone = one(store, car).status

    fleet.unit("patrol", 12)

    assert (gone, one(store, car).status) == (Status.OUT_OF_CONTACT, Status.AVAILABLE)


def test_a_clock_that_runs_ahead_is_not_believed(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12, age_s=-420)

    assert one(store, car).fix_ms <= now_ms()


def test_since_when_a_unit_is_in_its_status_is_remembered(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12, age_s=300, status="returning")
    began = one(store, car).fix_ms
    follow(store)
    fleet.unit("patrol", 12, age_s=100, status="returning")
    follow(store)
    fleet.unit("patrol", 12, age_s=5, status="returning")

    assert one(store, car).status_since_ms == began


def test_a_late_message_does_not_turn_the_status_back(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12, age_s=100, status="available")
    field = Field(store, listeners_of(store))
    field.follow()
    fleet.unit("patrol", 12, age_s=10, status="on_scene")
    fleet.unit("patrol", 12, age_s=50, status="en_route")
    field.follow()

    unit = one(store, car)

    assert unit.status is Status.ON_SCENE
    assert abs(now_ms() - unit.status_since_ms - 10_000) < 30_000


def test_words_that_come_twice_are_noted_once(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12)
    follow(store)
    before = store.units.notes.refresh()[car]

    follow(store)
    Field(store, listeners_of(store)).follow()

    assert store.units.notes.refresh()[car] == before


def test_a_hand_set_status_holds_until_the_device_says_another_word(
    store: Store, fleet: Fleet
) -> None:
    car = fleet.unit("patrol", 12)
    field = Field(store, listeners_of(store))
    field.follow()

    set_by = store.units.set_status(car, Status.OFF_DUTY, dispatcher(), "车辆检修")
    fleet.unit("patrol", 12)
    field.follow()
    still = one(store, car)
    fleet.unit("patrol", 12, status="returning")
    at_once = one(store, car)
    field.follow()

    assert (set_by.status, set_by.status_source) == (Status.OFF_DUTY, Source.HAND)
    assert (still.status, still.status_by) == (Status.OFF_DUTY, "dispatcher-")
    assert at_once.status is one(store, car).status is Status.RETURNING
    fleet.unit("patrol", 12)
    field.follow()
    assert one(store, car).status is Status.AVAILABLE


def test_the_status_of_orders_is_set_by_nobody(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12)

    with pytest.raises(Malformed) as refused:
        store.units.set_status(car, Status.EN_ROUTE, dispatcher())

    assert refused.value.reason == "status_of_orders"


def test_an_open_order_says_what_its_unit_does(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12)
    since = now_ms() - 1000
    order = Assignment("HK-1-01", "HK-1", Status.EN_ROUTE, since)
    units = with_work(store, {car: Work((order,), 2)})

    unit = units.one(car, now_ms())

    assert (unit.status, unit.status_source) == (Status.EN_ROUTE, Source.ORDER)
    assert (unit.status_since_ms, unit.load, unit.order_ids) == (since, 1, ("HK-1-01",))
    with pytest.raises(Conflict, match="HK-1-01"):
        units.set_status(car, Status.OFF_DUTY, dispatcher())


def test_outside_its_shift_a_free_unit_is_off_duty_unless_somebody_says_otherwise(
    store: Store, fleet: Fleet
) -> None:
    here = moment(now_ms()).astimezone(store.city.calendar.zone)
    begin, end = (here + timedelta(hours=hours) for hours in (2, 4))
    shift = f"{begin:%H:%M}-{end:%H:%M}"
    car, busy = fleet.unit("patrol", 12), fleet.unit("patrol", 13, status="on_scene")
    rules = replace(store.city.dispatch, units={one: UnitFacts(shift=shift) for one in (car, busy)})
    store.city = replace(store.city, dispatch=rules)

    off, overtime = one(store, car), store.units.set_status(car, Status.AVAILABLE, dispatcher())

    assert (off.status, off.status_source) == (Status.OFF_DUTY, Source.SHIFT)
    assert off.status_since_ms < now_ms()
    assert (overtime.status, overtime.status_source) == (Status.AVAILABLE, Source.HAND)
    assert one(store, busy).status is Status.ON_SCENE


def test_a_rest_ends_by_itself_or_by_hand(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12)

    resting = store.units.rest(car, 30, dispatcher())
    ended = store.units.rest(car, 0, dispatcher())

    assert abs(resting.rest_until_ms - now_ms() - 30 * 60_000) < 60_000
    assert ended.rest_until_ms == 0
    with pytest.raises(Malformed):
        store.units.rest(car, 24 * 60 + 1, dispatcher())


def test_a_department_has_no_say_over_the_units_of_others(store: Store, fleet: Fleet) -> None:
    car, pump = fleet.unit("patrol", 12), fleet.unit("pumptruck", 1)

    for who, unit_id in ((dispatcher("sw"), car), (handler(), pump)):
        with pytest.raises(NotFound):
            store.units.rest(unit_id, 5, who)
    with pytest.raises(Forbidden):
        store.units.rest(car, 5, acting(seat=seat(Role.LEADER)))
    assert store.units.rest(pump, 5, dispatcher("sw")).rest_until_ms


def test_somebody_serves_on_one_unit_at_a_time(store: Store, fleet: Fleet) -> None:
    first, second = fleet.unit("patrol", 1), fleet.unit("patrol", 2)
    store.units.sign_on(first, handler())
    store.units.sign_on(first, handler("wang"))

    store.units.sign_on(second, handler())

    assert (one(store, first).crew, one(store, second).crew) == (("wang",), ("li",))
    assert store.units.of_account("li") == second
    assert store.units.sign_off(handler()) == second
    assert (store.units.of_account("li"), one(store, second).crew) == ("", ())
    assert store.units.sign_off(handler()) == ""


def test_what_was_said_on_the_radio_stays_with_the_unit(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12)

    store.units.note(car, " 已到桥下，水深及膝 ", dispatcher())
    store.units.set_status(car, Status.BUSY, dispatcher(), "拖车")

    lines = store.units.log(car)
    assert [(line.what, line.text, line.reason) for line in lines] == [
        ("note", "已到桥下，水深及膝", ""),
        ("status", "busy", "拖车"),
    ]
    with pytest.raises(Malformed):
        store.units.note(car, "  ", dispatcher())


def test_every_deed_is_on_record_with_who_did_it(store: Store, fleet: Fleet) -> None:
    car = fleet.unit("patrol", 12)
    store.units.rest(car, 10, dispatcher())
    store.units.sign_on(car, handler())
    with pytest.raises(Refusal):
        store.units.rest(car, -1, dispatcher())

    said = [(one.draft.action, one.draft.subject, one.draft.outcome)
            for one in store.audit.page(AuditQuery()).records]  # fmt: skip

    assert said[:3] == [
        ("unit.rest", f"unit/{car}", "refused"),
        ("unit.sign_on", f"unit/{car}", "done"),
        ("unit.rest", f"unit/{car}", "done"),
    ]


def test_another_process_sees_it_at_once(store: Store, fleet: Fleet, redis_url: str) -> None:
    car = fleet.unit("patrol", 12)
    other = open_store(redis_url)
    assert other.units.one(car, now_ms()).status is Status.AVAILABLE

    store.units.set_status(car, Status.OFF_DUTY, dispatcher())

    assert other.units.one(car, now_ms()).status is Status.OFF_DUTY

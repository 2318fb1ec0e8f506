"""What becomes of orders without a desk: answers, movements, and the clock."""

import pytest

from city.order_table import OrderMove, OrderSource, OrderState
from city.orders import Order
from store.store import Store
from tests.dispatched import Desk
from tests.publisher import haikou, now_ms, written
from watch.deadlines import Deadlines
from watch.effects import all_effects
from watch.units import Field, listeners_of

pytestmark = pytest.mark.store
M, S = OrderMove, OrderState
HERE_KM, FAR_KM = 0.05, 2.0


class Watched:
    """A desk with the watch beside it."""

    def __init__(self, store: Store) -> None:
        self.desk, self.store = Desk(store), store

    def sent(self, number: int = 1) -> Order:
        unit = self.desk.fleet.unit("patrol", number, FAR_KM)
        (order,) = self.desk.send(self.desk.case(), unit)
        return order

    def accepted(self, number: int = 1) -> Order:
        order = self.sent(number)
        return self.desk.step(order, M.ACCEPT)

    def drive(self, order: Order, east_km: float, **more: object) -> Order:
        number = int(order.unit.rpartition("-")[2])
        self.desk.fleet.unit("patrol", number, east_km, **more)  # type: ignore[arg-type]
        return self.after(order)

    def ack(self, order: Order, status: str, **more: object) -> Order:
        topic = order.topic.removesuffix("cmd") + "ack"
        said = {"status": status, "ts": written(0), **more}
        self.desk.fleet.publisher.send((topic, said))
        return self.after(order)

    def after(self, order: Order) -> Order:
        Field(self.store, listeners_of(self.store)).follow()
        return self.store.orders.get(order.id)

    def pass_to(self, at_ms: int) -> None:
        deadlines = Deadlines(self.store, all_effects(self.store, haikou()), lambda: at_ms)
        while deadlines.fire():
            pass


@pytest.fixture
def watched(store: Store) -> Watched:
    return Watched(store)


def test_a_device_answers_over_mqtt(watched: Watched) -> None:
    order = watched.sent()

    states = [watched.ack(order, word).state for word in ("accepted", "arrived", "done")]

    assert states == [S.ACCEPTED, S.ON_SCENE, S.DONE]
    assert {stamp.source for state, stamp in watched.store.orders.get(order.id).times.items()
            if state is not S.SENT} == {OrderSource.ACK}  # fmt: skip


def test_a_refusal_of_a_device_has_its_reason(watched: Watched) -> None:
    after = watched.ack(watched.sent(), "refused", by="P-001", reason="爆胎")

    assert (after.state, after.reason, after.log[-1].name) == (S.REFUSED, "爆胎", "P-001")


def test_what_was_heard_twice_counts_once(watched: Watched) -> None:
    order = watched.sent()
    watched.ack(order, "accepted")

    after = watched.ack(order, "accepted", seq=2)

    assert after.version == 2


def test_nobody_answers_for_another_department(watched: Watched) -> None:
    order = watched.sent()
    topic = f"cb/v1/460106/sw/order/{order.id}/ack"

    watched.desk.fleet.publisher.send((topic, {"status": "accepted", "ts": written(0)}))

    assert watched.after(order).state is S.SENT


def test_an_answer_to_no_order_is_no_trouble(watched: Watched) -> None:
    order = watched.sent()
    topic = "cb/v1/460106/zhzf/order/HK20260906-99999-01/ack"

    watched.desk.fleet.publisher.send((topic, {"status": "accepted", "ts": written(0)}))

    assert watched.after(order).state is S.SENT


def test_a_unit_that_drives_off_has_set_out_and_near_the_place_it_has_arrived(
    watched: Watched,
) -> None:
    order = watched.accepted()

    still = watched.drive(order, FAR_KM - 0.1)
    off = watched.drive(order, FAR_KM - 0.3)
    there = watched.drive(order, HERE_KM)

    assert [one.state for one in (still, off, there)] == [S.ACCEPTED, S.EN_ROUTE, S.ON_SCENE]
    assert there.times[S.EN_ROUTE].source is there.times[S.ON_SCENE].source is OrderSource.MOVEMENT


def test_a_device_may_say_in_words_that_it_is_on_its_way(watched: Watched) -> None:
    order = watched.accepted()

    off = watched.drive(order, FAR_KM, status="en_route")
    there = watched.drive(order, FAR_KM, status="on_scene")

    assert [one.state for one in (off, there)] == [S.EN_ROUTE, S.ON_SCENE]


def test_a_unit_that_has_not_accepted_is_not_followed(watched: Watched) -> None:
    assert watched.drive(watched.sent(), HERE_KM).state is S.SENT


def test_a_place_from_before_the_acceptance_proves_nothing(watched: Watched) -> None:
    order = watched.accepted()

    assert watched.drive(order, HERE_KM, age_s=60).state is S.ACCEPTED


def test_a_doubtful_place_proves_nothing(watched: Watched) -> None:
    order = watched.accepted()

    assert watched.drive(order, HERE_KM, q="uncertain").state is S.ACCEPTED


def test_who_does_not_answer_in_time_is_shown_as_such_and_may_still_answer(
    watched: Watched,
) -> None:
    order = watched.sent()

    watched.pass_to(order.answer_by_ms - 1)
    early = watched.store.orders.get(order.id).state
    watched.pass_to(order.answer_by_ms)
    missed = watched.store.orders.get(order.id)
    watched.pass_to(order.answer_by_ms + 1)

    assert (early, missed.state) == (S.SENT, S.UNANSWERED)
    assert watched.store.orders.get(order.id) == missed
    assert watched.ack(order, "accepted").state is S.ACCEPTED


def test_an_answer_in_time_stops_the_clock(watched: Watched) -> None:
    order = watched.accepted()

    watched.pass_to(order.expires_ms + 1)

    assert watched.store.orders.get(order.id).state is S.ACCEPTED


def test_an_order_that_nobody_takes_expires_and_the_field_is_told(watched: Watched) -> None:
    order = watched.sent()

    watched.pass_to(order.expires_ms)

    assert watched.store.orders.get(order.id).state is S.EXPIRED
    assert [said["move"] for _, said in watched.desk.told()] == ["send", "expire"]
    assert watched.store.units.one(order.unit, now_ms()).load == 0


def test_the_clock_fires_once_whoever_else_is_at_it(watched: Watched, store: Store) -> None:
    order = watched.sent()

    watched.pass_to(order.answer_by_ms)
    watched.pass_to(order.answer_by_ms)

    actions = [one.draft.action for one in store.audit.of(f"case/{order.case_id}", 10)]
    assert actions.count("order.miss") == 1


def test_the_distance_is_what_the_city_says(watched: Watched) -> None:
    order = watched.accepted()
    metres = watched.store.city.dispatch.numbers.arrive_within_m

    outside = watched.drive(order, (metres + 5) / 1000)
    inside = watched.drive(order, (metres - 5) / 1000)

    assert [one.state for one in (outside, inside)] == [S.EN_ROUTE, S.ON_SCENE]

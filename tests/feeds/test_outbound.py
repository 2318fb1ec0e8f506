"""What we tell the field through a customer's broker, a real Mosquitto."""

import time

import pytest

from bench.servers import Mosquitto
from feeds.outbound import Outbound
from feeds.subscriber import read_broker
from store.store import Store, open_store
from tests.feeds.ears import ear
from tests.waiting import until

pytestmark = pytest.mark.flow

TOPIC = "cb/v1/460106/sw/order/C-1-{:02d}/cmd"
ORDERS = "cb/v1/+/+/order/+/cmd"


@pytest.fixture
def broker(tmp_path):
    server = Mosquitto(tmp_path / "mosquitto")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def outbound(redis_url, broker):
    started = []

    def start(holder: str = "one") -> Outbound:
        one = Outbound(open_store(redis_url), read_broker(broker.url), holder)
        one.start()
        started.append(one)
        return one

    yield start
    for one in started:
        one.stop()


def post(store: Store, *numbers: int, **said: object) -> list[bytes]:
    for number in numbers:
        store.ledger.write(lambda page, n=number: store.field.post_in(
            page, TOPIC.format(n), b"%d" % n, **said))  # fmt: skip
    return [b"%d" % number for number in numbers]


def await_told(store: Store) -> None:
    """Until the broker has acknowledged all that was posted."""
    until(store, 1, lambda one: int(one.outbound.place() == one.field.end()), within_s=30)


@pytest.mark.parametrize("v5", [False, True], ids=["3.1.1", "5"])
def test_what_is_posted_is_told_in_order_and_once(store, broker, outbound, v5):
    with ear(broker.port, ORDERS, v5=v5) as listener:
        outbound()
        told = post(store, *range(1, 21))

        assert listener.await_heard(20) == told
        await_told(store)


def test_it_goes_on_where_another_left_off(store, broker, outbound):
    with ear(broker.port, ORDERS) as listener:
        first = outbound()
        told = post(store, 1, 2)
        listener.await_heard(2)
        await_told(store)
        first.stop()
        told += post(store, 3)
        outbound("two")

        assert listener.await_heard(3) == told


def test_of_two_workers_one_tells(store, broker, outbound):
    with ear(broker.port, ORDERS) as listener:
        outbound("one")
        outbound("two")
        told = post(store, *range(1, 11))

        assert listener.await_heard(10) == told


def test_a_broker_that_was_killed_is_told_when_it_is_back(store, broker, outbound):
    with ear(broker.port, ORDERS) as listener:
        outbound()
        told = post(store, 1)
        await_told(store)
        broker.kill()
        told += post(store, 2, 3)
        broker.start()

        assert sorted(set(listener.await_heard(3, within_s=30))) == told


def test_what_a_broker_lost_with_itself_is_told_again(store, broker, outbound):
    outbound()
    told = post(store, 1, 2)
    await_told(store)  # the broker has them, and nobody has heard them
    broker.restart()
    with ear(broker.port, ORDERS) as listener:
        assert listener.await_heard(2, within_s=30) == told


def test_nobody_is_told_what_is_over(store, broker, outbound):
    post(store, 1, expires_ms=int(time.time() * 1000) - 1)
    told = post(store, 2, expires_ms=int(time.time() * 1000) + 60_000)
    with ear(broker.port, ORDERS) as listener:
        outbound()

        assert listener.await_heard(1) == told


def test_a_broker_that_was_away_at_first_is_waited_for(store, broker: Mosquitto, outbound):
    broker.kill()
    outbound()
    post(store, 1, retain=True)
    broker.start()
    with ear(broker.port, ORDERS) as listener:
        assert listener.await_heard(1, within_s=30) == [b"1"]

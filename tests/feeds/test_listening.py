"""Who listens at our own intake: rights, slow readers, several workers, and what falls."""

import pytest

from bench.servers import Ingest
from feeds.accounts import Accounts, hash_password, read_accounts
from feeds.delivery import MOST_UNACKNOWLEDGED, MOST_WAITING
from feeds.intake import Terms
from store.retained import glob
from store.store import open_store
from tests.feeds.ears import ear
from tests.feeds.packets import connect, heard, puback, publish, subscribe
from tests.feeds.river import Caller, river
from tests.waiting import until

pytestmark = pytest.mark.flow

ORDER = "cb/v1/460106/sw/order/C-1-01/cmd"
ORDERS = "cb/v1/+/+/order/+/cmd"
KEPT = b"\x11\0\0\x0e\x10"  # Session Expiry Interval: an hour


def post(store, *numbers: int, **said: object) -> list[bytes]:
    for number in numbers:
        store.ledger.write(
            lambda page, n=number: store.field.post_in(page, ORDER, b"%d" % n, **said)
        )
    return [b"%d" % number for number in numbers]


@pytest.mark.parametrize("v5", [False, True], ids=["3.1.1", "5"])
def test_a_stock_client_hears_what_is_posted(redis_url, store, v5):
    with river(redis_url) as city, ear(city.port, ORDERS, v5=v5) as listener:
        told = post(store, *range(300))

        assert listener.await_heard(300) == told


def test_nobody_is_told_what_is_over(redis_url, store):
    with river(redis_url) as city, ear(city.port, ORDERS) as listener:
        post(store, 1, expires_ms=1)
        told = post(store, 2)

        assert listener.await_heard(1) == told


def accounts(tmp_path) -> Accounts:
    path = tmp_path / "accounts"
    hashed = hash_password("secret")
    lines = ["sw {} sw", "wall {} hear:sw hear:jj", "centre {} say:cb/v1/+/+/order/+/cmd"]
    path.write_text("\n".join(line.format(hashed) for line in lines))
    return read_accounts(path)


def entered(city, name: bytes, **said: object) -> Caller:
    hello = connect(said.pop("client", name), v5=True, user=name, password=b"secret", **said)
    return Caller(city.port, hello)


@pytest.mark.parametrize(
    ("name", "wanted", "code"),
    [
        (b"sw", b"cb/v1/+/sw/order/+/cmd", 1),
        (b"sw", b"cb/v1/460106/sw/#", 1),
        (b"sw", b"cb/v1/+/jj/#", 0x87),
        (b"sw", b"cb/v1/+/+/order/+/cmd", 0x87),
        (b"sw", b"cb/v1/#", 0x87),
        (b"sw", b"#", 0x87),
        (b"wall", b"cb/v1/+/jj/#", 1),
        (b"centre", b"cb/v1/+/+/order/+/cmd", 0x87),  # it may say so, not hear it
    ],
)
def test_an_account_hears_its_own_department_only(redis_url, tmp_path, name, wanted, code):
    with river(redis_url, terms=Terms(accounts=accounts(tmp_path))) as city:
        caller = entered(city, name)
        caller.say(subscribe((wanted, 1), v5=True))

        assert caller.hear()[-1] == code


@pytest.mark.parametrize(("name", "code"), [(b"sw", 0x87), (b"wall", 0x87), (b"centre", None)])
def test_commands_are_the_word_of_the_centre(redis_url, tmp_path, name, code):
    with river(redis_url, terms=Terms(accounts=accounts(tmp_path))) as city:
        caller = entered(city, name)
        caller.say(publish(ORDER.encode(), b"{}", qos=1, number=3, v5=True))
        answer = caller.hear()

        assert answer == (b"\x40\2\0\3" if code is None else b"\x40\3\0\3" + bytes([code]))


def test_a_filter_of_endless_levels_is_refused_and_a_topic_of_them_harms_nobody(redis_url):
    with river(redis_url) as city:
        caller = Caller(city.port, v5=True)
        caller.say(subscribe((b"/" * 30_000, 1), (b"#", 0), v5=True))
        answer = caller.hear()
        caller.say(publish(b"/" * 30_000, b"{}", v5=True))

        assert answer[-2:] == b"\x8f\0"
        assert heard(caller.hear(), v5=True).payload == b"{}"


def test_another_account_gets_nothing_of_what_was_kept(redis_url, store, tmp_path):
    kept = {"client": b"shared", "clean": False, "properties": KEPT}
    with river(redis_url, terms=Terms(accounts=accounts(tmp_path))) as city:
        first = entered(city, b"sw", **kept)
        first.say(subscribe((b"cb/v1/+/sw/#", 1), v5=True))
        first.hear()
        first.say(b"\xe0\0")
        assert first.is_hung_up()
        post(store, 1)
        other = entered(city, b"wall", **{**kept, "clean": True})
        other.say(b"\xc0\0")

        assert other.welcome[2] == 0
        assert other.hear() == b"\xd0\0"


def test_a_slow_reader_misses_nothing_and_costs_no_memory(redis_url, store):
    count = MOST_UNACKNOWLEDGED + 3 * MOST_WAITING
    with river(redis_url) as city:
        caller = Caller(city.port, connect(b"slow", v5=True, clean=False, properties=KEPT))
        caller.say(subscribe((ORDERS.encode(), 1), v5=True))
        caller.hear()
        told = post(store, *range(count))
        with ear(city.port, "mark", name="other") as other:  # what was posted has been handed out
            store.ledger.write(lambda page: store.field.post_in(page, "mark", b"over"))
            other.await_heard(1)
        assert len(city.door.exchange._deliveries["slow"].waiting) <= MOST_WAITING
        found = []
        while len(found) < count:
            one = heard(caller.hear(), v5=True)
            found.append(one.payload)
            caller.say(puback(one.number))

        assert found == told


def test_what_came_while_the_worker_was_down_is_told_when_it_is_up(redis_url, store):
    kept = connect(b"device", v5=True, clean=False, properties=KEPT)
    with river(redis_url, owner="here/0/first") as city:
        caller = Caller(city.port, kept)
        caller.say(subscribe((ORDERS.encode(), 1), v5=True))
        caller.hear()
        told = post(store, 1)
        first = heard(caller.hear(), v5=True)
    told += post(store, 2)
    with river(redis_url, owner="here/0/second") as city:
        again = Caller(city.port, kept)
        told += post(store, 3)
        found = [heard(again.hear(), v5=True) for _ in range(3)]

        assert again.welcome[2] == 1
        assert [one.payload for one in found] == told
        assert (found[0].number, found[0].dup) == (first.number, True)


def test_a_session_moves_with_its_client_to_another_worker(redis_url, store):
    kept = connect(b"device", v5=True, clean=False, properties=KEPT)
    with (
        river(redis_url, owner="here/0/a", siblings=(7, 0, 2)) as one,
        river(redis_url, owner="here/1/b", siblings=(7, 1, 2)) as two,
    ):
        caller = Caller(one.port, kept)
        caller.say(subscribe((ORDERS.encode(), 1), v5=True))
        caller.hear()
        moved = Caller(two.port, kept)
        told = post(store, 1)

        assert moved.welcome[2] == 1
        assert heard(moved.hear(), v5=True).payload == told[0]
        assert caller.hear() == b"\xe0\2\x8e\0"


def test_what_comes_in_at_one_worker_is_heard_at_the_other(redis_url):
    with (
        river(redis_url, owner="here/0/a", siblings=(8, 0, 2)) as one,
        river(redis_url, owner="here/1/b", siblings=(8, 1, 2)) as two,
        ear(one.port, "a/+") as listener,
    ):
        until(open_store(redis_url), 1, lambda _: int(two.door.exchange.knows("ear")), 10)
        mouth = Caller(two.port, connect(b"mouth"))
        mouth.say(publish(b"a/b", b"{}", qos=1, number=1))
        mouth.hear()

        assert listener.await_heard(1) == [b"{}"]


def test_who_stays_away_for_too_long_is_forgotten(redis_url, store):
    with river(redis_url) as city:
        caller = Caller(city.port, connect(b"brief", v5=True, clean=False,
                                           properties=b"\x11\0\0\0\1"))  # fmt: skip
        caller.say(subscribe((ORDERS.encode(), 1), v5=True))
        caller.hear()
        caller.close()

        until(store, 1, lambda one: int(not one.subscribers.all()), within_s=30)


def test_the_store_may_fall_and_nothing_is_missed(redis_process):
    with river(redis_process.url) as city, ear(city.port, ORDERS) as listener:
        store = open_store(redis_process.url)
        told = post(store, 1)
        listener.await_heard(1)
        redis_process.restart()
        told += post(open_store(redis_process.url), 2)

        assert listener.await_heard(2) == told


def test_a_worker_that_is_killed_tells_again_at_most_what_it_told(tmp_path, redis_process):
    store = open_store(redis_process.url)
    ingest = Ingest(tmp_path / "ingest", redis_process.url)
    ingest.start()
    try:
        with ear(ingest.port, ORDERS) as listener:
            told = post(store, *range(20))
            listener.await_heard(20)
            ingest.kill()
            told += post(store, *range(20, 40))
            ingest.start()

            found = listener.await_heard(40)
            assert sorted(set(found)) == sorted(told)
            assert found[-20:] == told[20:]
    finally:
        ingest.kill()


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [("a/+/c", "a/*/c"), ("a/#", "a*"), ("#", "*"), ("a[1]/+", "a\\[1\\]/*"), ("+/x?", "*/x\\?")],
)
def test_the_server_looks_through_what_is_retained(wanted, seen):
    assert glob(wanted) == seen

"""What is posted to the field goes with its command or not at all, and is read in order."""

import threading

import pytest

from city.refusal import Conflict
from store import keys
from store.posted import Posted
from store.retained import unpacked
from store.store import Store, open_store
from store.tail import START

TOPIC = "cb/v1/460106/sw/order/C-1-01/cmd"


def post(store: Store, payload: bytes, **said: object) -> None:
    store.ledger.write(lambda page: store.field.post_in(page, TOPIC, payload, **said))


def test_what_was_posted_is_read_in_order_from_a_place_on(store: Store) -> None:
    post(store, b"one")
    [one] = store.field.read()
    post(store, b"two", expires_ms=1_700_000_000_000)
    post(store, b"three", qos=0)

    two, three = store.field.read(one.place)

    assert one == Posted(one.place, TOPIC, b"one")
    assert (two.payload, two.expires_ms, two.qos) == (b"two", 1_700_000_000_000, 1)
    assert (three.payload, three.qos) == (b"three", 0)
    assert store.field.end() == three.place


def test_a_refused_command_posts_nothing(store: Store) -> None:
    def act(page: object) -> None:
        store.field.post_in(page, TOPIC, b"never")
        raise Conflict("outdated")

    with pytest.raises(Conflict):
        store.ledger.write(act)

    assert store.field.read() == []


def test_a_reader_waits_for_the_first(store: Store, redis_url: str) -> None:
    found: list[Posted] = []
    reader = threading.Thread(
        target=lambda: found.extend(open_store(redis_url).field.read(START, block_ms=8_000))
    )
    reader.start()

    post(store, b"at last")
    reader.join(9)

    assert [one.payload for one in found] == [b"at last"]


def test_a_retained_message_is_kept_until_an_empty_one(store: Store) -> None:
    post(store, b"kept", retain=True)
    kept = store.redis.hget(keys.RETAINED, TOPIC)
    post(store, b"", retain=True)

    assert unpacked(TOPIC, kept).payload == b"kept"
    assert store.redis.hget(keys.RETAINED, TOPIC) is None
    assert [one.retain for one in store.field.read()] == [True, True]


def test_a_message_is_over_at_its_instant() -> None:
    assert not Posted(START, TOPIC, b"").is_over(10**15)
    assert Posted(START, TOPIC, b"", expires_ms=5).is_over(5)
    assert not Posted(START, TOPIC, b"", expires_ms=5).is_over(4)

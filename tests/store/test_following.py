"""Following the log: what was read stays until all have read it, and a place moves once."""

from dataclasses import replace

import pytest

from city.health import DeadLetter
from city.records import Channel
from store import keys, settling
from store.following import Follower
from store.store import Store, open_store
from tests.publisher import CENTRE, Publisher, written

pytestmark = pytest.mark.store
SHARD = 0  # the publisher's
LETTER = DeadLetter("hotline", "rx/hotline/1", "bad_report", "`type` is missing", 1, b"{}", 2)


def call(publisher: Publisher, number: int) -> None:
    said = {"id": f"HL-{number}", "ts": written(0), "type": "0406", "pos": list(CENTRE)}
    publisher.send((f"cb/v1/460106/rx/hotline/HL-{number}/event", said))


@pytest.fixture
def publisher(store: Store) -> Publisher:
    return Publisher(store)


@pytest.fixture
def follower(store: Store) -> Follower:
    return Follower(store.redis, "reports")


def test_what_was_committed_is_not_read_again_and_what_was_not_is(
    publisher: Publisher, follower: Follower
) -> None:
    call(publisher, 1)
    publisher.ponding(1, 3.0)
    first = follower.read(SHARD)
    again = follower.read(SHARD)

    assert first.of(Channel.EVENT).payloads == again.of(Channel.EVENT).payloads
    assert len(first.of(Channel.EVENT)) == 1
    assert follower.commit(first)
    assert follower.read(SHARD).is_empty

    call(publisher, 2)
    assert len(follower.read(SHARD).batch) == 1


def test_of_two_that_follow_at_once_one_moves_the_place(
    publisher: Publisher, follower: Follower, store: Store, redis_url: str
) -> None:
    rival = Follower(open_store(redis_url).redis, "reports")
    call(publisher, 1)
    ours, theirs = follower.read(SHARD), rival.read(SHARD)

    assert [follower.commit(ours, [LETTER]), rival.commit(theirs, [LETTER])] == [True, False]
    assert len(store.dead.newest("hotline")) == 1


def test_a_dead_letter_is_counted_with_its_feed(
    publisher: Publisher, follower: Follower, store: Store
) -> None:
    call(publisher, 1)

    follower.commit(follower.read(SHARD), [LETTER, replace(LETTER, reason="bad_type")])

    assert {letter.reason for letter in store.dead.newest("hotline")} == {"bad_report", "bad_type"}
    counted = store.redis.hgetall(keys.health(SHARD))
    assert counted[b"hotline|rejected|bad_report"] == b"1"
    assert counted[b"dead"] == b"2"


def test_the_log_stays_until_every_follower_has_read_it(
    publisher: Publisher, follower: Follower, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "KEEP_LOG_MS", -60_000)
    call(publisher, 1)
    follower.commit(follower.read(SHARD))
    call(publisher, 2)

    store.history.settle(SHARD)

    assert len(follower.read(SHARD).batch) == 1
    follower.commit(follower.read(SHARD))
    call(publisher, 3)
    follower.commit(follower.read(SHARD))
    store.history.settle(SHARD)
    assert len(store.redis.xrange(keys.log(SHARD))) <= 1


def test_a_follower_that_is_stuck_does_not_hold_the_log_for_ever(
    publisher: Publisher, follower: Follower, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "KEEP_LOG_MS", -60_000)
    monkeypatch.setattr(settling, "MOST_HELD_MS", -60_000)
    call(publisher, 1)
    follower.commit(follower.read(SHARD))
    call(publisher, 2)

    store.history.settle(SHARD)

    assert follower.read(SHARD).is_empty

"""History: every reading once, in the order of time, settled or not, whoever settles it."""

import random
import threading

import numpy as np
import pytest

from store import keys
from store.history import HistoryStore
from store.store import Store, open_store
from tests.publisher import Publisher, now_ms

pytestmark = pytest.mark.store
THING = "sw/waterlogging/WL-0001"
TOPIC = f"cb/v1/460106/{THING}/data"
HOUR_MS = 3_600_000


def ponding(at_ms: int, seq: int) -> dict[str, object]:
    return {"ts": f"{np.datetime64(at_ms, 'ms')}Z", "seq": seq, "values": {"depth_cm": seq}}


@pytest.fixture
def publisher(store: Store) -> Publisher:
    return Publisher(store)


def settle_all(store: Store) -> None:
    for shard in range(keys.SHARDS):
        while not store.history.settle(shard).is_all:
            pass


def told(history: HistoryStore, **asked: int) -> list[int]:
    return [reading.seq for reading in history.readings(THING, **asked)]


def test_each_reading_is_told_once_in_order_however_it_came(
    store: Store, publisher: Publisher
) -> None:
    start, chance = now_ms() - HOUR_MS, random.Random(7)
    sent = [(TOPIC, ponding(start + 1000 * seq, seq)) for seq in range(1, 1001)]
    shuffled = [*sent, *sent[::3]]
    chance.shuffle(shuffled)

    for place in range(0, len(shuffled), 100):
        publisher.send(*shuffled[place : place + 100])
        if place % 300 == 0:
            settle_all(store)

    assert told(store.history) == list(range(1, 1001))
    settle_all(store)
    assert told(store.history) == list(range(1, 1001))


def test_a_span_and_a_limit_cut_the_same_settled_or_not(store: Store, publisher: Publisher) -> None:
    start = now_ms() - HOUR_MS
    publisher.send(*((TOPIC, ponding(start + 60_000 * seq, seq)) for seq in range(1, 31)))
    spans = [
        {"from_ms": start + 60_000 * 5, "to_ms": start + 60_000 * 12},
        {"from_ms": start + 60_000 * 25, "limit": 3},
        {"to_ms": start + 60_000 * 4},
    ]

    before = [told(store.history, **span) for span in spans]
    settle_all(store)

    assert before == [list(range(5, 13)), [28, 29, 30], [1, 2, 3, 4]]
    assert [told(store.history, **span) for span in spans] == before


def test_two_processes_that_settle_at_once_double_nothing(
    store: Store, publisher: Publisher, redis_url: str
) -> None:
    start = now_ms() - HOUR_MS
    for seq in range(1, 201):
        publisher.send((TOPIC, ponding(start + 1000 * seq, seq)))

    rivals = [open_store(redis_url) for _ in range(4)]
    threads = [threading.Thread(target=settle_all, args=(rival,)) for rival in rivals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told(store.history) == list(range(1, 201))


def test_a_log_of_events_alone_is_settled(store: Store, publisher: Publisher) -> None:
    said = {"id": "HL-1", "ts": "2026-09-06T07:10:00Z", "type": "0406", "title": "道路积水"}
    publisher.send(("cb/v1/460106/rx/hotline/HL-1/event", said))

    settled = store.history.settle(0)

    assert (settled.entries, settled.facts) == (1, 1)


def test_the_log_is_trimmed_and_what_it_held_stays_known(
    store: Store, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.settling.KEEP_LOG_MS", 0)  # as if a minute had passed
    publisher.ponding(1, 31.5)
    publisher.ponding(2, 12.0)

    settle_all(store)

    assert len(store.redis.xrange(keys.log(0))) == 1
    fresh = Store(store._url)
    fresh.live.catch_up()
    assert set(fresh.live.table.ids) == {THING, "sw/waterlogging/WL-0002"}
    assert [reading.value for reading in fresh.history.readings(THING)] == [31.5]


def test_a_follower_slower_than_the_trim_starts_anew_from_what_was_settled(
    store: Store, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.ponding(1, 1.0)
    store.live.catch_up()
    publisher.ponding(2, 2.0)
    publisher.ponding(1, 3.0)
    monkeypatch.setattr("store.settling.KEEP_LOG_MS", 0)
    settle_all(store)

    changed = store.live.catch_up()

    table = store.live.table
    assert set(table.ids) == {"sw/waterlogging/WL-0001", "sw/waterlogging/WL-0002"}
    assert table.index["sw/waterlogging/WL-0002"] in changed.indices


def test_the_oldest_is_forgotten_by_time_and_then_by_memory(
    store: Store, publisher: Publisher
) -> None:
    start = now_ms() - HOUR_MS
    publisher.send(*((TOPIC, ponding(start + 60_000 * seq, seq)) for seq in range(1, 61)))
    settle_all(store)

    kept = store.history.forget(now_ms(), hours=1, memory_mb=1)
    assert (kept.by_age, kept.by_memory) == (0, 0)

    crowded = store.history.forget(now_ms(), hours=1, memory_mb=kept.kept_bytes / 2_000_000)
    assert crowded.by_memory > 0
    assert crowded.kept_bytes <= kept.kept_bytes / 2
    rest = told(store.history)
    assert 0 < len(rest) < 60
    assert rest[-1] == 60

    gone = store.history.forget(now_ms() + 2 * HOUR_MS, hours=1, memory_mb=1)
    assert gone.by_age > 0
    assert told(store.history) == []


def test_readings_of_several_things_each_since_its_own_time(store: Store) -> None:
    publisher = Publisher(store)
    old, late, other = (publisher.ponding(*one[:2], age_s=one[2])
                        for one in ((1, 3.0, 3_000), (1, 4.0, 60), (2, 5.0, 30)))  # fmt: skip
    publisher.ponding(3, 9.0)
    store.history.settle(0)
    publisher.ponding(1, 6.0)
    begin = now_ms() - 600_000

    found = store.history.since({old: begin, other: begin})

    told = sorted(
        (found.things[row["thing"]], float(row["value"]))
        for row in found.records
        if row["observed_ms"] >= begin
    )
    assert told == [(late, 4.0), (late, 6.0), (other, 5.0)]
    assert len(store.history.since({})) == 0

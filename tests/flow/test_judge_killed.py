"""Alarms outlive a judge that is killed with kill -9, again and again, while readings come."""

from pathlib import Path

import pytest

from bench.servers import RedisServer, Watch
from store import keys
from store.store import Store, open_store
from tests.publisher import Publisher
from tests.waiting import until

pytestmark = pytest.mark.flow
THINGS, KILLS, WITHIN_S = 60, 4, 60.0
RULE = "waterlogging.depth_cm"


def raised(store: Store) -> list[str]:
    return sorted(one.thing for one in store.alarms.all() if one.rule == RULE)


def await_raised(store: Store, least: int) -> list[str]:
    """The things with an alarm, once there are so many."""
    until(store, least, lambda one: len(raised(one)), WITHIN_S)
    return raised(store)


def test_no_alarm_is_lost_or_doubled_when_its_judge_is_killed(
    redis_process: RedisServer, tmp_path: Path
) -> None:
    store = open_store(redis_process.url)
    publisher = Publisher(store)
    each = THINGS // (KILLS + 1)
    wet: list[str] = []

    watch = Watch(tmp_path / "watch", redis_process.url)

    for _ in range(KILLS + 1):
        start(watch, store)
        for number in range(len(wet), len(wet) + each):
            publisher.ponding(number, 1.0, age_s=120)
            publisher.ponding(number, 20.0, age_s=60)
            wet.append(publisher.ponding(number, 31.0))
        await_raised(store, len(wet) - each // 2)  # killed with some judged and some not
        watch.kill()
    start(watch, store)
    found = await_raised(store, THINGS)
    watch.stop()

    assert found == sorted(wet)
    assert {one.span.highest for one in store.alarms.all() if one.rule == RULE} == {2}


def start(watch: Watch, store: Store) -> None:
    """Without the wait for the lease of the one that was killed."""
    store.redis.eval("return redis.call('del', KEYS[1])", 1, keys.LEASE_WATCH)
    watch.start()

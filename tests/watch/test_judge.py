"""The judge over a real store: same alarms in any order, ended anywhere, and none lost."""

from random import Random

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.servers import RedisServer
from city.alarm_orders import AlarmOrder
from city.alarm_rules import RULES
from city.alarms import AlarmState, Deed
from city.rulebook import parse_rulebook
from store import keys
from store.alarms import Displaced
from store.settling import settle
from store.store import Store, open_store
from tests.publisher import now_ms, written
from tests.watch.court import SHARDS, Court, operator
from watch.judge import Bench

pytestmark = pytest.mark.store

DEPTH = "waterlogging.depth_cm"


def test_a_reading_beyond_its_limit_becomes_an_alarm_with_name_and_place(store: Store) -> None:
    court = Court(store)
    name = {"zh": "龙昆南下穿", "en": "Longkun S underpass"}
    court.publisher.meta("sw/waterlogging/WL-0007", name=name, pos=[110.3357, 20.0021])
    court.publisher.ponding(7, 3.0, age_s=60)
    court.publisher.ponding(7, 31.5)

    court.sit()

    (alarm,) = court.alarms(DEPTH)
    assert (alarm.thing, alarm.span.severity, alarm.limit) == ("sw/waterlogging/WL-0007", 2, 27)
    assert (alarm.name_zh, alarm.name_en) == (name["zh"], name["en"])
    assert alarm.area == "460106" and alarm.pos is not None
    assert alarm.state(court.clock()) == AlarmState.ACTIVE


def test_what_people_did_outlives_what_the_judge_says_later(store: Store) -> None:
    court = Court(store)
    court.publisher.ponding(7, 20.0, age_s=60)
    court.sit()
    (alarm,) = court.alarms(DEPTH)
    store.alarms.order(alarm.id, AlarmOrder(Deed.ACK), operator())

    court.publisher.ponding(7, 0.0)
    court.sit()

    (after,) = court.alarms(DEPTH)
    assert (after.acked_by, after.state(court.clock())) == ("li", AlarmState.OVER)
    assert [line.deed for line in after.log] == [Deed.RAISE, Deed.ACK, Deed.CLEARED]


def test_a_worse_level_asks_for_a_second_acknowledgement(store: Store) -> None:
    court = Court(store)
    court.publisher.ponding(7, 20.0, age_s=60)
    court.sit()
    (alarm,) = court.alarms(DEPTH)
    store.alarms.order(alarm.id, AlarmOrder(Deed.ACK), operator())

    court.publisher.ponding(7, 45.0)
    court.sit()

    (after,) = court.alarms(DEPTH)
    assert (after.span.severity, after.is_acknowledged) == (1, False)


def test_of_two_judges_that_read_the_same_only_one_writes(store: Store) -> None:
    court = Court(store)
    other = court.new()
    court.publisher.ponding(7, 20.0)
    court.sit()

    with pytest.raises(Displaced):
        other.round()

    assert len(court.alarms(DEPTH)) == 1


def test_nothing_is_trimmed_before_it_was_judged(store: Store) -> None:
    court = Court(store)
    court.sit()
    court.publisher.ponding(7, 1.0, age_s=500)
    court.sit()
    court.publisher.ponding(7, 20.0)
    raw = redis.Redis.from_url(store._url)
    later = f"{now_ms() + 600_000}-0"
    raw.xadd(keys.log(SHARDS[0]), raw.xrange(keys.log(SHARDS[0]))[0][1], id=later)

    settle(store.redis, SHARDS[0])
    court.restart()
    court.sit()

    assert len(court.alarms(DEPTH)) == 1


def test_a_thing_on_a_watch_list_alarms_at_its_tighter_limit_and_others_do_not(
    store: Store,
) -> None:
    lists = [{"id": "underpass", "zh": "下穿", "en": "Underpasses",
              "things": ["sw/waterlogging/WL-0007"],
              "rules": {DEPTH: {"limits": [2, 4, 6, 8]}}}]  # fmt: skip
    court = Court(store, parse_rulebook({"watch": lists}, RULES))
    for number in (7, 8):
        court.publisher.ponding(number, 4.5)

    court.sit()

    (alarm,) = court.alarms(DEPTH)
    assert (alarm.thing, alarm.span.severity) == ("sw/waterlogging/WL-0007", 3)
    assert alarm.lists == ("underpass",)


def test_the_bench_judges_only_while_its_process_is_the_active_one(store: Store) -> None:
    court, active = Court(store), [False]
    bench = Bench(store, court.book, (), lambda: active[0])
    court.publisher.ponding(7, 20.0)

    bench.turn()
    idle = len(court.alarms(DEPTH))
    active[0] = True
    bench.turn()

    assert (idle, len(court.alarms(DEPTH))) == (0, 1)


def test_a_vehicle_that_leaves_its_corridor_for_two_minutes_is_one_violation(
    store: Store,
) -> None:
    corners = [[110.3, 20.0], [110.4, 20.0], [110.4, 20.1], [110.3, 20.1]]
    fence = {"id": "line", "zh": "驶离线路", "en": "Left its line", "kind": "bus",
             "corners": corners}  # fmt: skip
    court = Court(store, parse_rulebook({"fences": [fence]}, RULES))
    for age_s, lon in ((400, 110.35), (300, 110.5), (240, 110.5), (170, 110.5), (60, 110.35)):
        court.publisher.bus(1, lon, 20.05, ts=written(age_s))

    court.sit()

    (alarm,) = court.alarms("fence.line")
    assert (alarm.span.highest, alarm.span.times, alarm.span.severity) == (3, 1, 0)
    assert alarm.pos == (110.5, 20.05)


def test_a_judge_that_fails_ends_its_process(store: Store) -> None:
    ended: list[bool] = []
    bench = Bench(store, Court(store).book, (), is_active=lambda: 1 // 0 == 0)
    bench.on_failure = lambda: ended.append(True)

    with pytest.raises(ZeroDivisionError):
        bench.run()

    assert ended and bench.has_failed


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 2**32))
def test_any_order_over_two_workers_with_a_judge_that_dies_gives_the_same_alarms(
    redis_url: str, seed: int
) -> None:
    redis.Redis.from_url(redis_url).flushall()
    random, court = Random(seed), Court(open_store(redis_url))
    ages = sorted(random.sample(range(0, 3_600, 15), 40), reverse=True)
    readings = [(random.choice((1, 2)), random.choice((0, 6, 14, 16, 28, 41)), age)
                for age in ages for _ in range(random.choice((1, 1, 2)))]  # fmt: skip
    readings.sort(key=lambda one: random.choice((0, 0, 60, 590)) - one[2])

    for number, depth, age in readings:
        random.choice(court.publishers).ponding(number, depth, age_s=age)
        what = random.random()
        if what < 0.5:
            court.sit()
        elif what < 0.6:
            court.killed()
        elif what < 0.65:
            court.store.history.settle(random.choice(SHARDS))
    court.sit()

    assert court.standing() == court.folded()
    assert court.standing()


def test_a_store_that_dies_under_the_judge_loses_no_alarm(redis_process: RedisServer) -> None:
    court = Court(open_store(redis_process.url))
    bench = Bench(court.store, court.book, (), lambda: True)
    court.publisher.ponding(7, 20.0, age_s=120)
    bench.turn()
    court.publisher.ponding(8, 20.0, age_s=60)

    redis_process.kill()
    bench.turn()
    redis_process.start()
    bench.turn()

    assert [one.thing[-1] for one in court.alarms(DEPTH)] == ["7", "8"]

"""Reports that departments publish become events and cases, each once, whatever is killed."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.servers import RedisServer
from city.audit import Record, first_broken
from store import keys
from store.following import PAGE
from store.store import Store, open_store
from tests.publisher import CENTRE, Publisher, written
from tests.waiting import until
from tests.watch.turner import Turner
from watch.reports import Reports

pytestmark = pytest.mark.store
WITHIN_S = 60.0
FAR = 0.02  # degrees between two calls: nothing is merged


def call(number: int, **more: Any) -> tuple[str, dict[str, Any]]:
    """A call of the hot line at a place of its own."""
    pos = [CENTRE[0] + number % 20 * FAR, CENTRE[1] - number // 20 * FAR]
    said = {"id": f"HL-{number}", "ts": written(0), "type": "0406", "title": "道路积水",
            "description": "水没过膝盖", "pos": pos, "severity": 3,
            "reporter": {"phone": "13800000000"}} | more  # fmt: skip
    wanted = {name: value for name, value in said.items() if value is not None}
    return f"cb/v1/460106/rx/hotline/HL-{number}/event", wanted


@pytest.fixture
def publisher(store: Store) -> Publisher:
    return Publisher(store)


@pytest.fixture
def reports(store: Store) -> Reports:
    return Reports(store, lambda: datetime.now(UTC))


def take_all(reports: Reports) -> None:
    while reports.take_in():
        pass


def numbers(store: Store) -> list[str]:
    return [case.external_id for case in store.cases.all()]


def test_a_call_becomes_a_case_with_its_place_and_its_caller(
    store: Store, publisher: Publisher, reports: Reports
) -> None:
    publisher.send(call(0, description="龙昆南路积水"))

    take_all(reports)

    [case] = store.cases.all()
    assert (case.source, case.external_id, case.type) == ("hotline", "HL-0", "0406")
    assert (case.area, case.severity, case.reporter.phone) == ("460106", 3, "13800000000")
    assert case.cell and case.pos
    assert store.events.get(case.event_id).case_id == case.id


def test_one_burst_main_is_one_event_from_nine_calls(
    store: Store, publisher: Publisher, reports: Reports
) -> None:
    near = [[CENTRE[0] + n * 0.0003, CENTRE[1]] for n in range(9)]
    publisher.send(*(call(n, type="0402", title="水管爆了", pos=near[n]) for n in range(9)))

    take_all(reports)

    [case] = store.cases.all()
    assert len(store.events.get(case.event_id).members) == 9


def test_what_is_no_report_is_kept_with_the_reason_and_stops_nothing(
    store: Store, publisher: Publisher, reports: Reports
) -> None:
    publisher.send(
        call(1),
        call(2, type=None),
        call(3, type="積水"),
        ("cb/v1/460106/xx/ufo/U-1/event", {"id": "U-1", "ts": written(0), "type": "0406"}),
        ("cb/v1/460100/qx/alert/QX-1/event", {"id": "QX-1", "ts": written(0), "type": "rain"}),
        call(4),
    )

    take_all(reports)

    assert sorted(numbers(store)) == ["HL-1", "HL-4"]
    letters = {one.topic.split("/")[5]: (one.feed, one.sentence) for one in store.dead.newest()}
    assert set(letters) == {"HL-2", "HL-3", "U-1"}
    assert letters["HL-2"] == ("hotline", "`type` is missing.")
    assert letters["U-1"][0] == "undeclared"
    assert store.redis.hgetall(keys.health(0))[b"hotline|rejected|bad_report"] == b"2"


def test_the_clockwork_is_called_again_at_once_only_where_more_waits(
    publisher: Publisher, reports: Reports
) -> None:
    for number in range(PAGE + 1):
        publisher.ponding(number, 3.0)

    assert [reports.take_in() for _ in range(3)] == [True, False, False]


def test_the_same_event_again_and_a_second_reader_change_nothing(
    store: Store, publisher: Publisher, reports: Reports, redis_url: str
) -> None:
    publisher.send(*(call(n) for n in range(60)))
    publisher.send(*(call(n) for n in range(30)))
    rival = Reports(open_store(redis_url), lambda: datetime.now(UTC))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(take_all, [reports, rival]))

    assert sorted(Counter(numbers(store)).values()) == [1] * 60


def test_a_clock_that_runs_ahead_is_not_believed(
    store: Store, publisher: Publisher, reports: Reports
) -> None:
    publisher.send(call(1, ts=written(-3600)))

    take_all(reports)

    [event] = store.events.open()
    assert event.last_ms <= time.time() * 1000


def opened(store: Store) -> int:
    """How many reports have become a case."""
    return len(store.redis.hgetall(keys.EXTERNAL))


def test_every_report_is_taken_in_once_whoever_is_killed_in_the_middle(
    redis_process: RedisServer, tmp_path: Path
) -> None:
    store = open_store(redis_process.url)
    publisher = Publisher(store)
    for start in range(0, 400, 20):
        publisher.send(*(call(n) for n in range(start, start + 20)), call(1000 + start, type=None))
    both = [Turner(tmp_path / name, redis_process.url, "reports") for name in ("a", "b")]
    for one in both:
        one.start()

    for rounds, share in enumerate((50, 110, 170, 230)):
        until(store, share, opened, WITHIN_S)
        both[rounds % 2].restart()
    until(store, 300, opened, WITHIN_S)
    redis_process.restart()
    until(store, 400, opened, WITHIN_S)
    take_all(Reports(store, lambda: datetime.now(UTC)))
    for one in both:
        one.kill()

    assert sorted(Counter(numbers(store)).values()) == [1] * 400
    events = list(store.events.open())
    assert Counter(member.id for event in events for member in event.members) == Counter(
        f"report/hotline|HL-{n}" for n in range(400)
    )
    assert len(store.dead.newest(limit=1000)) == 20
    assert list(store.cases.doubtful()) == []
    trail = [
        msgspec.json.decode(one[b"r"], type=Record) for _, one in store.redis.xrange(keys.AUDIT)
    ]
    assert first_broken(trail) is None
    assert len(trail) == 400

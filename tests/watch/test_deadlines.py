"""What has come due is done once: across failures, restarts, and several clockworks."""

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bench.servers import RedisServer
from city.audit import Record, first_broken
from city.refusal import Conflict
from store import keys
from store.books import Page
from store.due import DueRow
from store.store import Store, StoreUnreachable, open_store
from tests.publisher import haikou
from tests.waiting import until
from tests.watch.turner import FIRED, Turner, count, counting
from watch.deadlines import AGAIN_AFTER_MS, MOST_AT_ONCE, Deadlines, Effect, Fired, Listed
from watch.duties import look_ahead
from watch.effects import all_effects

pytestmark = pytest.mark.store

NOW = 1_800_000_000_000
WITHIN_S = 40.0


def set_due(store: Store, rows: dict[str, int]) -> None:
    def write(page: Page) -> None:
        for member, at_ms in rows.items():
            page.due(member, at_ms)

    store.ledger.write(write)


def fired(store: Store) -> list[str]:
    return [line.decode() for line in store.redis.lrange(FIRED, 0, -1)]


def waiting(store: Store) -> list[str]:
    return [member.decode() for member in store.redis.zrange(keys.DUE, 0, -1)]


def trail(store: Store) -> list[Record]:
    found = store.redis.xrange(keys.AUDIT)
    return [msgspec.json.decode(fields[b"r"], type=Record) for _, fields in found]


def deadlines(store: Store, now_ms: int = NOW, **effects: Effect) -> Deadlines:
    """Those of subject `t`; `count` is always among them."""
    listed = {f"t {what}": Listed(effect) for what, effect in {"count": count, **effects}.items()}
    return Deadlines(store, listed, lambda: now_ms)


def test_a_row_is_done_when_its_time_has_come_and_not_before(store: Store) -> None:
    set_due(store, {"t|1|count": NOW, "t|2|count": NOW + 1})

    for _ in range(3):
        deadlines(store).fire()
    assert fired(store) == ["t|1|count"]

    deadlines(store, NOW + 1).fire()
    assert fired(store) == ["t|1|count", "t|2|count"]
    assert waiting(store) == []


def test_rows_of_one_thing_are_done_in_the_order_of_their_times(store: Store) -> None:
    rows = [f"t|{n % 8}|count:{n}" for n in range(240)]
    set_due(store, {member: NOW - 240 + n for n, member in enumerate(rows)})

    deadlines(store).fire()

    for thing in range(8):
        of_thing = [member for member in fired(store) if member.startswith(f"t|{thing}|")]
        assert of_thing == rows[thing::8]


def test_it_goes_on_with_more_rows_than_it_does_at_once(store: Store) -> None:
    set_due(store, {f"t|{n}|count": NOW for n in range(MOST_AT_ONCE + 5)})

    assert deadlines(store).fire()
    assert not deadlines(store).fire()
    assert len(set(fired(store))) == len(fired(store)) == MOST_AT_ONCE + 5


def test_what_the_system_did_stands_in_the_trail(store: Store) -> None:
    set_due(store, {"t|1|count:check": NOW})

    deadlines(store).fire()

    (record,) = trail(store)
    assert (record.draft.account, record.draft.action) == ("system", "t.count")
    assert (record.draft.subject, record.draft.at_ms) == ("t/1", NOW)
    assert record.draft.detail == {"part": "check"}
    assert first_broken([record]) is None


def test_an_effect_is_told_when_it_was_due_and_when_it_is_done(store: Store) -> None:
    told: list[Fired] = []
    set_due(store, {"t|a|b|tell:x": NOW - 5})

    deadlines(store, tell=lambda page, fired: told.append(fired)).fire()

    assert told == [Fired(DueRow("t", "a|b", "tell", "x"), NOW - 5, NOW)]


def test_an_effect_that_finds_nothing_to_do_leaves_no_record(store: Store) -> None:
    def silent(page: Page, fired: Fired) -> None:
        page.is_silent = True

    set_due(store, {"t|1|silent": NOW})
    deadlines(store, silent=silent).fire()

    assert (waiting(store), trail(store)) == ([], [])


def test_a_row_that_was_moved_or_taken_back_meanwhile_is_left_alone(store: Store) -> None:
    def move(page: Page, fired: Fired) -> None:
        page.due("t|1|count:moved", NOW + 7)
        page.undue("t|1|count:back")

    set_due(store, {"t|1|move": NOW - 1, "t|1|count:moved": NOW, "t|1|count:back": NOW})
    deadlines(store, move=move).fire()

    assert fired(store) == []
    assert waiting(store) == ["t|1|count:moved"]
    assert [one.draft.action for one in trail(store)] == ["t.move"]


def test_an_effect_may_set_its_own_row_again(store: Store) -> None:
    def again(page: Page, fired: Fired) -> None:
        count(page, fired)
        page.due(fired.row.member, fired.due_ms + 10)

    set_due(store, {"t|1|again": NOW})
    for later in (0, 5, 10, 20):
        deadlines(store, NOW + later, again=again).fire()

    assert fired(store) == ["t|1|again"] * 3
    assert waiting(store) == ["t|1|again"]


def test_a_faulty_effect_holds_up_no_other_and_is_tried_again(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty(page: Page, fired: Fired) -> None:
        count(page, fired)
        raise ZeroDivisionError

    set_due(store, {"t|1|faulty": NOW - 1, "t|1|count": NOW, "t|2|count": NOW})
    deadlines(store, faulty=faulty).fire()

    assert sorted(fired(store)) == ["t|1|count", "t|2|count"]
    assert waiting(store) == ["t|1|faulty"]
    assert "t|1|faulty" in caplog.text

    deadlines(store, NOW + AGAIN_AFTER_MS, faulty=count).fire()
    assert fired(store)[2:] == ["t|1|faulty"]


def test_a_refused_effect_is_done_with_and_on_record(store: Store) -> None:
    def refuse(page: Page, fired: Fired) -> None:
        count(page, fired)
        raise Conflict("not_found", name="x", what="y")

    set_due(store, {"t|1|refuse": NOW})
    for _ in range(2):
        deadlines(store, refuse=refuse).fire()

    assert (fired(store), waiting(store)) == ([], [])
    assert [(one.draft.action, one.draft.reason) for one in trail(store)] == [
        ("t.refuse", "not_found")
    ]


@pytest.mark.parametrize("member", ["t|1|unheard", "nonsense", "x|1|count"])
def test_a_row_that_nobody_knows_is_kept_and_said(
    store: Store, caplog: pytest.LogCaptureFixture, member: str
) -> None:
    set_due(store, {member: NOW, "t|1|count": NOW})

    for _ in range(2):
        deadlines(store).fire()

    assert fired(store) == ["t|1|count"]
    assert waiting(store) == [member]
    assert caplog.text.count(member) == 1


def test_two_that_see_the_same_rows_do_each_once(store: Store, redis_url: str) -> None:
    rows = {f"t|{n}|count": NOW for n in range(600)}
    set_due(store, rows)
    both = [counting(open_store(redis_url), NOW), counting(open_store(redis_url), NOW)]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(fire_all, both))

    assert sorted(fired(store)) == sorted(rows)
    assert len(trail(store)) == len(rows)
    assert first_broken(trail(store)) is None


def fire_all(one: Deadlines) -> None:
    while one.fire():
        pass


def done(store: Store) -> int:
    """How many rows have been done."""
    return len(fired(store))


def test_every_row_is_done_once_whoever_is_killed_in_the_middle(
    redis_process: RedisServer, tmp_path: Path
) -> None:
    store = open_store(redis_process.url)
    rows = {f"t|{n}|count": NOW - 400_000_000_000 + n for n in range(4000)}
    set_due(store, rows)
    both = [Turner(tmp_path / name, redis_process.url, "deadlines") for name in ("a", "b")]
    for one in both:
        one.start()

    for rounds, share in enumerate((500, 1000, 1500, 2000, 2500)):
        until(store, share, done, WITHIN_S)
        both[rounds % 2].restart()
    until(store, 3000, done, WITHIN_S)
    redis_process.restart()
    until(store, 4000, done, WITHIN_S)
    for one in both:
        one.kill()

    times = Counter(fired(store))
    assert set(times) == set(rows)
    assert set(times.values()) == {1}
    assert waiting(store) == []
    assert len(trail(store)) == 4000
    assert first_broken(trail(store)) is None


def test_a_store_that_is_away_is_waited_for(redis_process: RedisServer) -> None:
    store = open_store(redis_process.url)
    set_due(store, {"t|1|count": NOW})
    redis_process.kill()

    with pytest.raises(StoreUnreachable):
        deadlines(store).fire()

    redis_process.start()
    deadlines(store).fire()
    assert fired(store) == ["t|1|count"]


def test_every_effect_is_listed_by_subject_and_what(store: Store) -> None:
    assert [name for name in all_effects(store, haikou()) if len(name.split()) != 2] == []


def test_holidays_that_are_not_installed_are_said_in_time(caplog: pytest.LogCaptureFixture) -> None:
    profile = haikou()
    known = replace(profile.calendar, years=frozenset(range(2000, 2200)))
    unknown = replace(profile.calendar, years=frozenset())
    caplog.set_level(logging.WARNING)

    look_ahead(replace(profile, calendar=known))
    assert caplog.text == ""

    look_ahead(replace(profile, calendar=unknown))
    assert "docs/deadlines.md" in caplog.text

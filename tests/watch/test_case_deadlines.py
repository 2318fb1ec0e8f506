"""Time acts on cases by itself: each warning, overdue and resumption once, on record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest

from city.audit import Record, first_broken
from city.case_fold import digest, fold
from city.case_table import CaseState, Move
from city.cases import Case, Order
from city.deadlines import to_ms
from city.roles import Role
from store import keys
from store.store import Store, open_store
from tests.desk import LEAD, MAIN_PATH, MONDAY, actor, opening_order
from watch.cases import case_effects
from watch.deadlines import Deadlines

HOUR_MS = 3_600_000
START_MS = to_ms(MONDAY)  # 09:00 in Haikou, a Monday


class Clockwork:
    """A watch process whose clock the test sets."""

    def __init__(self, store: Store) -> None:
        self.at_ms = START_MS
        self.deadlines = Deadlines(store, case_effects(store), lambda: self.at_ms)

    def at(self, hours: float) -> None:
        self.at_ms = START_MS + round(hours * HOUR_MS)
        while self.deadlines.fire():
            pass


@pytest.fixture
def handled(store: Store) -> Case:
    """In hand since 09:00 on Monday; the condition of 0406 gives 4 working hours."""
    case, _ = store.cases.create(opening_order(), actor(Role.ACCEPTOR))
    for move, role, department, fields, _ in MAIN_PATH[:4]:
        case = store.cases.move(case.id, Order(move, fields), actor(role, department=department))
    return case


def by_system(store: Store, case: Case) -> list[tuple[Move, object]]:
    log = store.cases.log(case.id)
    return [(one.move, one.facts.get("multiple")) for one in log if one.is_automatic]


def trail(store: Store) -> list[Record]:
    found = store.redis.xrange(keys.AUDIT)
    return [msgspec.json.decode(fields[b"r"], type=Record) for _, fields in found]


def test_a_case_warns_at_three_quarters_and_is_overdue_at_its_limit(
    store: Store, handled: Case
) -> None:
    clockwork = Clockwork(store)
    assert str(handled.timers[-1].clock.limit) == "4 WH"

    clockwork.at(2.9)
    assert by_system(store, handled) == []
    clockwork.at(3)  # 12:00: three working hours
    assert by_system(store, handled) == [(Move.WARN, None)]
    clockwork.at(6.4)
    assert len(by_system(store, handled)) == 1
    clockwork.at(6.5)  # 15:30: the fourth, after the noon break
    assert by_system(store, handled) == [(Move.WARN, None), (Move.OVERDUE, 1)]

    case = store.cases.get(handled.id)
    assert case.state is CaseState.HANDLING
    assert [one.draft.action for one in trail(store)][-2:] == ["case.warn", "case.overdue"]
    assert trail(store)[-1].draft.account == "system"
    assert first_broken(trail(store)) is None
    assert digest(fold(store.cases.log(case.id))) == digest(case)


def test_each_further_multiple_is_told_once(store: Store, handled: Case) -> None:
    clockwork = Clockwork(store)
    clockwork.at(3)
    clockwork.at(6.5)
    clockwork.at(24 + 4)  # Tuesday 13:00: 6.5 + 3.5 hours worked

    assert by_system(store, handled)[-1] == (Move.OVERDUE, 2)
    clockwork.at(24 * 60)
    assert by_system(store, handled)[-1] == (Move.OVERDUE, 9)
    assert store.redis.zrange(keys.DUE, 0, -1) == []


def test_of_two_clockworks_at_once_each_deadline_is_fired_once(
    store: Store, redis_url: str, handled: Case
) -> None:
    works = [Clockwork(store), Clockwork(open_store(redis_url))]
    with ThreadPoolExecutor(2) as pool:
        for hours in (3, 6.5):
            list(pool.map(lambda work, at=hours: work.at(at), works))

    assert by_system(store, handled) == [(Move.WARN, None), (Move.OVERDUE, 1)]
    assert len(trail(store)) == len(store.cases.log(handled.id))


def test_a_suspended_case_is_not_charged_and_resumes_by_itself(store: Store, handled: Case) -> None:
    until = MONDAY + timedelta(days=1)
    who = actor(Role.UNIT, department=LEAD, minutes=60)
    asking = Order(Move.ASK_SUSPEND, {"reason": "待批", "until": until.isoformat()})
    store.cases.move(handled.id, asking, who)
    granted = store.cases.move(
        handled.id, Order(Move.GRANT_SUSPEND), actor(Role.DISPATCHER, minutes=60)
    )
    assert granted.state is CaseState.SUSPENDED
    clockwork = Clockwork(store)

    clockwork.at(23)
    assert by_system(store, handled) == []
    clockwork.at(24)  # Tuesday 09:00, with 3 of 4 working hours left
    resumed = store.cases.get(handled.id)
    assert by_system(store, handled) == [(Move.RESUME, None)]
    assert resumed.state is CaseState.HANDLING
    clock = resumed.timers[-1].clock
    assert clock.due_ms == START_MS + 27 * HOUR_MS  # 12:00
    clockwork.at(27)
    assert by_system(store, handled)[1:] == [(Move.WARN, None), (Move.OVERDUE, 1)]


def test_what_was_done_in_time_is_never_told_overdue(store: Store, handled: Case) -> None:
    done = store.cases.move(
        handled.id, Order(Move.FEEDBACK), actor(Role.UNIT, department=LEAD, minutes=120)
    )
    assert done.in_time is True
    handling = [one for one in store.cases.get(handled.id).timers if one.clock.stage == "handle"]

    Clockwork(store).at(24)

    after = [one for one in store.cases.get(handled.id).timers if one.clock.stage == "handle"]
    assert after == handling
    assert {fact for _, fact in by_system(store, handled)} <= {None, *range(1, 10)}
    assert all(one.facts["stage"] == "check" for one in store.cases.log(handled.id)[6:])

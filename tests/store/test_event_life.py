"""Whatever is done to events in whatever order: nobody is lost, nobody is in two, logs tell all."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from city.case_table import ENDED, Move
from city.cases import Order, Source
from city.events import Event, Member, fold
from city.nearby import glimpse, marks
from city.refusal import Refusal
from city.reports import Report
from city.roles import Role
from store import keys
from store.shelf import _glimpses
from store.store import Store, open_store
from tests.desk import MONDAY, actor, opening_order, system

pytestmark = pytest.mark.store
NORTH = 1 / 111_195  # degrees of a metre
AT_MS = round(MONDAY.timestamp() * 1000)
ACCEPTOR = actor(Role.ACCEPTOR, minutes=600)

numbers = st.integers(0, 5)
deeds = st.one_of(
    st.tuples(st.just("take"), st.integers(0, 11), st.sampled_from([0, 90, 300, 700])),
    st.tuples(st.just("alarm"), st.integers(0, 5), st.sampled_from([0, 90, 300, 700])),
    st.tuples(st.just("merge"), numbers, numbers),
    st.tuples(st.just("unmerge"), numbers, numbers),
    st.tuples(st.just("split"), numbers, numbers),
    st.tuples(st.just("merge_cases"), numbers, numbers),
    st.tuples(st.just("unmerge_case"), numbers, numbers),
    st.tuples(st.just("decline"), numbers, numbers),
    st.tuples(st.just("by_hand"), st.integers(0, 11), numbers),
)


class Desk:
    """Does what it is told, if it may."""

    def __init__(self, store: Store) -> None:
        self.store, self.told = store, set[str]()

    def do(self, deed: str, one: int, other: int) -> None:
        try:
            getattr(self, deed)(one, other)
        except Refusal:
            return

    def take(self, number: int, metres: int) -> None:
        report = Report(
            Source.HOTLINE, f"HL-{number}", "0406", AT_MS + number * 60_000, title="道路积水",
            pos=(110.3357, 20.0021 + metres * NORTH), area="460106",
        )  # fmt: skip
        self.told.add(report.member_id)
        self.store.events.take(report, system(number))

    def alarm(self, number: int, metres: int) -> None:
        pos = (110.3357, 20.0021 + metres * NORTH)
        member = Member(f"alarm/{number}", "sensor/waterlogging", AT_MS, "积水点", pos=pos)
        self.told.add(member.id)
        self.store.ledger.write(lambda page: self.store.events.take_in(page, member, system()))

    def merge(self, one: int, other: int) -> None:
        self.store.events.merge(self.name(one), self.name(other), ACCEPTOR, "同一处")

    def unmerge(self, one: int, other: int) -> None:
        event = self.store.events.get(self.name(one))
        if event.merged:
            gone = event.merged[other % len(event.merged)]
            self.store.events.unmerge(event.id, gone, ACCEPTOR, "是两处")

    def split(self, one: int, other: int) -> None:
        event = self.store.events.get(self.name(one))
        if event.members:
            member = event.members[other % len(event.members)]
            self.store.events.split(event.id, member.id, ACCEPTOR, "是另一处")

    def merge_cases(self, one: int, other: int) -> None:
        order = Order(Move.MERGE, {"into": self.case(other), "reason": "重复"})
        self.store.cases.move(self.case(one), order, ACCEPTOR)

    def unmerge_case(self, one: int, _other: int) -> None:
        self.store.cases.move(self.case(one), Order(Move.UNMERGE, {"reason": "不是"}), ACCEPTOR)

    def decline(self, one: int, _other: int) -> None:
        self.store.cases.move(self.case(one), Order(Move.DECLINE, {"reason": "无"}), ACCEPTOR)

    def by_hand(self, number: int, _other: int) -> None:
        order = opening_order(external_id=f"HL-{number}")
        self.store.cases.create(order, ACCEPTOR)
        self.told.add(f"report/hotline|HL-{number}")

    def name(self, number: int) -> str:
        names = sorted(event.id for event in self.all())
        return names[number % len(names)] if names else "EV-0"

    def case(self, number: int) -> str:
        names = sorted(case.id for case in self.store.cases.all())
        return names[number % len(names)] if names else "HK-0"

    def all(self) -> list[Event]:
        names = self.store.redis.hgetall(keys.EVENTS)
        return [self.store.events.get(name.decode()) for name in names]


def like(event: Event) -> Event:
    return replace(event, version=0, updated_ms=0)


def check_whole(desk: Desk) -> None:
    """Each log gives its event; everybody told of is in exactly one that stands."""
    events = desk.all()
    for event in events:
        assert fold(event.id, desk.store.events.log(event.id)) == event
        assert event.version == len(desk.store.events.log(event.id))
    standing = [event for event in events if not event.is_merged]
    members = Counter(member.id for event in standing for member in event.members)
    assert members == Counter(desk.told)
    for event in standing:
        for member in event.members:
            assert desk.store.events.id_of(member.id) == event.id


def check_cases(desk: Desk) -> None:
    """Merged cases and merged events go together; a report's case is in its event."""
    by_id = {event.id: event for event in desk.all()}
    for case in desk.store.cases.all():
        event = by_id[desk.store.events.id_of(f"case/{case.id}")]
        assert event.case_id == case.id
        if case.merged_into:
            assert event.is_merged
    assert list(desk.store.cases.doubtful()) == []


def check_shelf(desk: Desk) -> None:
    """On the shelf lies what can still be joined, and nothing else."""
    expected: dict[str, dict[str, Any]] = {}
    for event in desk.all():
        case = desk.store.cases.get(event.case_id) if event.case_id else None
        if event.is_merged or not event.members or (case and case.state in ENDED):
            continue
        for mark in {mark for sign in event.signs for mark in marks(sign)}:
            expected.setdefault(mark, {})[event.id] = glimpse(event.signs)
    shelf = desk.store.redis.hgetall(keys.SHELF)
    found = {mark.decode(): _glimpses.decode(said) for mark, said in shelf.items()}
    assert found == expected
    listed = {event.id for event in desk.store.events.open()}
    assert listed == {name for named in expected.values() for name in named}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(deeds, min_size=4, max_size=24))
def test_whatever_is_done_nobody_is_lost_and_the_logs_tell_all(
    redis_url: str, done: list[tuple[str, int, int]]
) -> None:
    redis.Redis.from_url(redis_url).flushall()
    desk = Desk(open_store(redis_url))

    for deed in done:
        desk.do(*deed)

    check_whole(desk)
    check_cases(desk)
    check_shelf(desk)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5))
def test_merges_undone_from_the_last_to_the_first_leave_all_as_it_was(
    redis_url: str, pairs: list[tuple[int, int]]
) -> None:
    redis.Redis.from_url(redis_url).flushall()
    desk = Desk(open_store(redis_url))
    for number in range(5):
        desk.take(number, 900 * number)
    before = sorted(map(like, desk.all()), key=lambda event: event.id)

    for pair in pairs:
        desk.do("merge", *pair)
    for into, other in reversed(merges(desk)):
        desk.store.events.unmerge(into, other, ACCEPTOR, "撤销")

    assert sorted(map(like, desk.all()), key=lambda event: event.id) == before
    assert not any(case.merged_into for case in desk.store.cases.all())


def merges(desk: Desk) -> list[tuple[str, str]]:
    """What was merged into what, in the order in which it was done."""
    found = [
        (entry.at_ms, position, event.id, entry.other)
        for event in desk.all()
        for position, entry in enumerate(desk.store.events.log(event.id))
        if entry.deed == "merge"
    ]
    return [(into, other) for _, _, into, other in sorted(found)]

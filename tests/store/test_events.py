"""Events in the store: one transaction from report to case, and merges that come apart again."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from city.audit import Outcome
from city.case_table import CaseState, Move
from city.cases import Order, Source
from city.events import Deed, Event, Member, fold
from city.nearby import LONGEST_MS
from city.refusal import Conflict, Forbidden, NotFound
from city.reports import Report
from city.roles import Actor, Role
from store import keys
from store.events import Taken
from store.store import Store
from tests.desk import MONDAY, actor, at_work, opening_order, seat, system

pytestmark = pytest.mark.store
NORTH = 1 / 111_195  # degrees of a metre
AT_MS = round(MONDAY.timestamp() * 1000)
ACCEPTOR = actor(Role.ACCEPTOR, minutes=30)


def call(number: int, *, metres: float = 0, minutes: float = 0, **more: Any) -> Report:
    report = Report(
        source=Source.HOTLINE,
        external_id=f"HL-{number}",
        type="0406",
        at_ms=AT_MS + int(minutes * 60_000),
        title="道路积水",
        description="龙昆南路附近,积水很深",
        pos=(110.3357, 20.0021 + metres * NORTH),
        area="460106",
        severity=3,
        department="rx",
    )
    return replace(report, **more)


def alarm(number: int, *, metres: float = 0, minutes: float = 0) -> Member:
    return Member(
        f"alarm/{number}", "sensor/waterlogging", AT_MS + int(minutes * 60_000), "龙昆南路积水点",
        pos=(110.3357, 20.0021 + metres * NORTH), area="460106", severity=2,
    )  # fmt: skip


def take_alarm(store: Store, member: Member, who: Actor) -> Taken:
    return store.ledger.write(lambda page: store.events.take_in(page, member, who))


def like(event: Event) -> Event:
    """All but how often and when it was written to."""
    return replace(event, version=0, updated_ms=0)


def on_shelf(store: Store) -> dict[bytes, bytes]:
    return dict(store.redis.hgetall(keys.SHELF))


def newest_record(store: Store) -> str:
    [(_, said)] = store.redis.xrevrange(keys.AUDIT, count=1)
    draft = json.loads(said[b"r"])["draft"]
    return f"{draft['action']} {draft['outcome']}"


def test_a_report_begins_an_event_and_opens_its_case(store: Store) -> None:
    taken = store.events.take(call(1), system())

    case, event = store.cases.get(taken.case_id), store.events.get(taken.event_id)
    assert (taken.is_new, taken.joined) == (True, False)
    assert (case.state, case.external_id, case.event_id) == ("reported", "HL-1", event.id)
    assert (event.case_id, event.title, event.severity) == (case.id, "道路积水", 3)
    assert store.events.id_of(f"case/{case.id}") == event.id
    assert store.events.reports(event) == [call(1)]


def test_the_same_report_again_does_nothing(store: Store) -> None:
    first = store.events.take(call(1), system())
    before = store.events.log(first.event_id), store.cases.log(first.case_id)

    again = store.events.take(call(1, minutes=3), system(5))

    assert again == replace(first, is_new=False)
    assert (store.events.log(first.event_id), store.cases.log(first.case_id)) == before


def test_a_report_of_the_same_joins_by_itself_and_says_why(store: Store) -> None:
    first = store.events.take(call(1), system())

    second = store.events.take(call(2, metres=80, minutes=6), system(6))

    assert (second.event_id, second.case_id, second.joined) == (
        first.event_id, first.case_id, True,
    )  # fmt: skip
    joined = store.events.log(first.event_id)[-1]
    assert (joined.deed, joined.rule, joined.is_automatic) == (Deed.JOIN, "merging/1", True)
    assert joined.score and joined.score > 0.9
    assert "相距 80 m(半值 220 m)" in [zh for zh, _ in joined.because]
    assert len(list(store.cases.all())) == 1


@pytest.mark.parametrize(
    "other",
    [
        call(2, metres=900),
        call(2, minutes=400),
        call(2, type="0505", title="违停", description="龙昆南路附近,车停在人行道"),
    ],
)
def test_another_place_time_or_type_opens_its_own_case(store: Store, other: Report) -> None:
    first = store.events.take(call(1), system())

    second = store.events.take(other, system(6))

    assert second.event_id != first.event_id
    assert second.case_id not in ("", first.case_id)


def test_alarms_join_but_never_open_a_case(store: Store) -> None:
    first = take_alarm(store, alarm(1), system())
    nearby = take_alarm(store, alarm(2, metres=120, minutes=4), system(4))

    assert first.case_id == nearby.case_id == ""
    assert list(store.cases.all()) == []

    told = store.events.take(call(1, metres=60, minutes=8), system(8))
    assert told.event_id == first.event_id == nearby.event_id
    assert store.cases.get(told.case_id).severity == 3
    assert store.events.get(told.event_id).severity == 2
    assert not take_alarm(store, alarm(2, metres=120, minutes=4), system(9)).is_new


def test_nothing_joins_what_is_closed(store: Store) -> None:
    first = store.events.take(call(1), system())
    store.cases.move(first.case_id, Order(Move.DECLINE, {"reason": "不属实"}), ACCEPTOR)

    second = store.events.take(call(2, minutes=6), system(6))

    assert second.event_id != first.event_id


def test_a_case_opened_by_hand_has_an_event_that_the_next_report_joins(store: Store) -> None:
    case, _ = store.cases.create(opening_order(), ACCEPTOR)

    same = store.events.take(call(1, minutes=30), system(31))
    next_one = store.events.take(call(2, metres=40, minutes=32), system(32))

    assert (same.case_id, same.is_new) == (case.id, False)
    assert (next_one.case_id, next_one.joined) == (case.id, True)


def test_a_report_that_joined_and_comes_by_another_door_is_told_its_case(store: Store) -> None:
    first = store.events.take(call(1), system())
    store.events.take(call(2, metres=80, minutes=6), system(6))

    case, is_new = store.cases.create(opening_order(external_id="HL-2"), ACCEPTOR)

    assert (case.id, is_new) == (first.case_id, False)


def test_a_case_for_what_a_sensor_told_itself_is_in_one_event_with_it(store: Store) -> None:
    said = call(1, source=Source.SENSOR, type="waterlogging", external_id="WL-1")
    told = store.events.take(said, system())
    fields = {"source": "sensor", "external_id": "WL-1", "area": ""}

    case, _ = store.cases.create(opening_order(**fields), ACCEPTOR)
    events = list(store.events.open())

    members = [member.id for event in events for member in event.members]
    assert told.case_id == ""
    assert len(members) == len(set(members)) == 2
    assert store.events.get(case.event_id).case_id == case.id


def two_events(store: Store) -> tuple[str, str]:
    one = store.events.take(call(1), system())
    two = store.events.take(call(2, metres=300, minutes=20), system(20))
    assert one.event_id != two.event_id
    return one.event_id, two.event_id


def test_what_may_be_the_same_is_suggested_with_score_and_reasons(store: Store) -> None:
    one, two = two_events(store)

    suggested = store.events.suggestions(store.events.get(two))

    assert [(event.id, match.verdict) for event, match in suggested] == [(one, "suggested")]
    assert "相距 300 m(半值 220 m)" in [zh for zh, _ in suggested[0][1].reasons]


def test_a_merge_closes_the_other_case_as_a_duplicate_and_comes_apart_again(store: Store) -> None:
    one, two = two_events(store)
    before = store.events.get(one), store.events.get(two)
    cases = [event.case_id for event in before]
    shelf = on_shelf(store)

    both = store.events.merge(one, two, ACCEPTOR, "同一处积水")

    assert len(both.members) == 2
    assert store.events.get(two).into == one
    assert store.cases.get(cases[1]).state is CaseState.CLOSED
    assert store.cases.get(cases[1]).merged_into == cases[0]
    assert store.events.id_of("report/hotline|HL-2") == one

    store.events.unmerge(one, two, ACCEPTOR, "是两处积水")

    assert tuple(map(like, (store.events.get(one), store.events.get(two)))) == tuple(
        map(like, before)
    )
    assert store.cases.get(cases[1]).state is CaseState.REPORTED
    assert store.events.id_of("report/hotline|HL-2") == two
    assert on_shelf(store) == shelf


def test_the_history_of_a_merge_is_kept_in_both_logs_and_on_record(store: Store) -> None:
    one, two = two_events(store)
    store.events.merge(one, two, ACCEPTOR, "同一处积水")
    store.events.unmerge(one, two, ACCEPTOR, "是两处积水")

    logs = [store.events.log(event) for event in (one, two)]

    assert [entry.deed for entry in logs[0]] == ["join", "case", "merge", "unmerge"]
    assert [entry.deed for entry in logs[1]] == ["join", "case", "absorbed", "released"]
    assert [(entry.name, entry.reason) for entry in logs[0][2:]] == [
        ("Acceptor", "同一处积水"), ("Acceptor", "是两处积水"),
    ]  # fmt: skip
    for event, log in zip((one, two), logs, strict=True):
        assert fold(event, log) == store.events.get(event)


def test_who_joined_a_merged_event_stays_and_later_ones_find_each_its_own(store: Store) -> None:
    one, two = two_events(store)
    store.events.merge(one, two, ACCEPTOR, "同一处积水")

    late = store.events.take(call(3, metres=310, minutes=25), system(25))
    store.events.unmerge(one, two, ACCEPTOR, "是两处积水")
    later = store.events.take(call(4, metres=305, minutes=27), system(27))

    assert late.event_id == one
    assert store.events.get(one).has("report/hotline|HL-3")
    assert later.event_id in (one, two)


def test_the_event_that_has_a_case_stays(store: Store) -> None:
    quiet = take_alarm(store, alarm(1, metres=400), system()).event_id
    told = store.events.take(call(1), system()).event_id

    both = store.events.merge(quiet, told, ACCEPTOR)

    assert both.id == told
    assert store.events.get(quiet).into == told


def test_a_report_that_is_split_off_gets_an_event_and_a_case_of_its_own(store: Store) -> None:
    first = store.events.take(call(1), system())
    store.events.take(call(2, metres=80, minutes=6), system(6))

    new = store.events.split(first.event_id, "report/hotline|HL-2", ACCEPTOR, "是另一处")

    assert [member.id for member in store.events.get(first.event_id).members] == [
        "report/hotline|HL-1"
    ]
    assert new.case_id not in ("", first.case_id)
    assert store.cases.get(new.case_id).external_id == "HL-2"
    assert not store.events.take(call(2, metres=80, minutes=6), system(9)).is_new


def test_who_was_split_off_a_merged_event_does_not_go_back_with_it(store: Store) -> None:
    one, two = two_events(store)
    store.events.take(call(3, metres=380, minutes=22), system(22))
    store.events.merge(one, two, ACCEPTOR)

    alone = store.events.split(one, "report/hotline|HL-3", ACCEPTOR, "是另一处").id
    store.events.unmerge(one, two, ACCEPTOR, "是两处")

    assert store.events.id_of("report/hotline|HL-3") == alone
    assert [member.id for member in store.events.get(two).members] == ["report/hotline|HL-2"]


def test_a_closed_case_takes_its_event_out_of_what_is_going_on(store: Store) -> None:
    case_id = store.events.take(call(1), system()).case_id

    store.cases.move(case_id, Order(Move.DECLINE, {"reason": "不属实"}), ACCEPTOR)

    assert list(store.events.open()) == []
    assert on_shelf(store) == {}


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (actor(Role.DISPATCHER), Forbidden),
        (at_work(seat(Role.ACCEPTOR, "", "", "460108")), Forbidden),
    ],
)
def test_who_may_not_merge_there_is_refused_and_it_is_on_record(
    store: Store, who: Any, refusal: type[Exception]
) -> None:
    one, two = two_events(store)
    before = store.events.get(one)

    with pytest.raises(refusal):
        store.events.merge(one, two, who)

    assert store.events.get(one) == before
    assert newest_record(store) == f"event.merge {Outcome.REFUSED}"


def test_what_cannot_be_done_is_refused_with_its_reason(store: Store) -> None:
    one, two = two_events(store)
    store.events.merge(one, two, ACCEPTOR)
    refused = [
        (Conflict, "same_event", lambda: store.events.merge(one, one, ACCEPTOR)),
        (Conflict, "is_merged", lambda: store.events.merge(two, one, ACCEPTOR)),
        (NotFound, "not_found", lambda: store.events.merge(one, "EV-1", ACCEPTOR)),
        (Conflict, "not_part", lambda: store.events.unmerge(one, "EV-1", ACCEPTOR, "x")),
        (Conflict, "not_a_member", lambda: store.events.split(one, "report/9", ACCEPTOR, "x")),
        (Conflict, "opened_by",
         lambda: store.events.split(one, "report/hotline|HL-1", ACCEPTOR, "x")),
    ]  # fmt: skip

    for kind, reason, act in refused:
        with pytest.raises(kind) as trouble:
            act()
        assert trouble.value.reason == reason
        assert trouble.value.said("zh") != trouble.value.said("en")


def test_cases_are_merged_by_their_numbers_too(store: Store) -> None:
    one, _ = store.cases.create(opening_order(), ACCEPTOR)
    two, _ = store.cases.create(opening_order(external_id="HL-2"), ACCEPTOR)

    both = store.events.merge(one.id, two.id, ACCEPTOR, "重复")

    assert both.case_id == one.id
    assert store.cases.get(two.id).merged_into == one.id


def test_cases_that_are_merged_by_a_move_take_their_events_along_and_back(store: Store) -> None:
    one, two = two_events(store)
    before = store.events.get(one), store.events.get(two)
    cases = [event.case_id for event in before]

    order = Order(Move.MERGE, {"into": cases[0], "reason": "重复"})
    store.cases.move(cases[1], order, ACCEPTOR)
    assert store.events.get(two).into == one
    assert len(store.events.get(one).members) == 2

    store.cases.move(cases[1], Order(Move.UNMERGE, {"reason": "不是重复"}), ACCEPTOR)
    after = store.events.get(one), store.events.get(two)
    assert tuple(map(like, after)) == tuple(map(like, before))


def test_what_is_long_over_leaves_the_shelf_and_stays_to_be_read(store: Store) -> None:
    old = store.events.take(call(1), system()).event_id
    fresh = store.events.take(call(2, minutes=1200), system(1200)).event_id

    assert store.events.retire(AT_MS + LONGEST_MS + 60_000) == 1

    assert [event.id for event in store.events.open()] == [fresh]
    assert store.events.get(old).title == "道路积水"
    assert MONDAY + timedelta(milliseconds=LONGEST_MS) < MONDAY + timedelta(hours=24)

"""The switch of two persons: who may, what waits, what holds, and what goes on record."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.case_table import Move
from city.cases import Order
from city.mode import (
    NORMALITY,
    PROPOSAL_FOR_MS,
    Asked,
    Mode,
    Span,
    Turn,
    confirmed,
    mode_at,
    proposed,
    rejected,
    withdrawn,
)
from city.mode_reporting import MINUTE_MS, REPORTING, Sent, next_due, reporting_of, reports
from city.mode_rules import mode_rules
from city.refusal import Conflict, Forbidden, Malformed
from city.roles import Actor, Right, Role, Seat, holders
from city.tables import BadTable
from store.store import Store
from tests.publisher import CENTRE, haikou
from tests.seats import new_account
from watch.deadlines import Deadlines
from watch.effects import all_effects

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
STORM = Asked(Turn.ENTER, "台风橙色预警", 2, "防汛防风应急预案")


def seated(account: str, role: Role = Role.CHIEF, minutes: float = 0) -> Actor:
    return Actor(Seat(account, account.title(), frozenset({role})), "10.0.0.7",
                 AT + timedelta(minutes=minutes))  # fmt: skip


WANG, LIN = seated("wang"), seated("lin", Role.LEADER)
PLAYED = replace(STORM, is_exercise=True)


def test_the_second_person_puts_it_in_force() -> None:
    waiting = proposed(NORMALITY, STORM, WANG)
    assert waiting.mode is Mode.NORMAL

    standing, episode = confirmed(waiting, "YJ1", LIN)

    assert (standing.mode, episode.level, episode.plan) == (Mode.EMERGENCY, 2, STORM.plan)
    assert (episode.steps[0].by.account, episode.steps[0].second.account) == ("wang", "lin")
    assert standing.proposal is None


@pytest.mark.parametrize("role", [role for role in Role if role not in holders(Right.SWITCH_MODE)])
def test_posts_without_the_right_neither_propose_nor_confirm(role: Role) -> None:
    other = seated("wu", role)
    with pytest.raises(Forbidden):
        proposed(NORMALITY, STORM, other)
    with pytest.raises(Forbidden):
        confirmed(proposed(NORMALITY, STORM, WANG), "YJ1", other)


def test_nobody_confirms_or_rejects_his_own_proposal() -> None:
    waiting = proposed(NORMALITY, STORM, WANG)
    with pytest.raises(Conflict, match="Somebody else"):
        confirmed(waiting, "YJ1", replace(WANG, at=LIN.at))
    with pytest.raises(Conflict, match="Somebody else"):
        rejected(waiting, "no", WANG)
    assert withdrawn(waiting, WANG) == NORMALITY
    with pytest.raises(Conflict, match="Only Wang"):
        withdrawn(waiting, LIN)


def test_a_proposal_lapses_by_its_time_alone() -> None:
    waiting = proposed(NORMALITY, STORM, WANG)
    late = seated("lin", Role.LEADER, PROPOSAL_FOR_MS / MINUTE_MS)
    with pytest.raises(Conflict, match="lapsed"):
        confirmed(waiting, "YJ1", late)
    assert proposed(waiting, STORM, late).proposal != waiting.proposal


def test_one_proposal_at_a_time() -> None:
    with pytest.raises(Conflict, match="Wang"):
        proposed(proposed(NORMALITY, STORM, WANG), STORM, LIN)


def test_the_level_changes_and_the_end_comes_by_two_persons_each() -> None:
    standing, _ = confirmed(proposed(NORMALITY, STORM, WANG), "YJ1", LIN)
    with pytest.raises(Conflict, match="already"):
        proposed(standing, STORM, WANG)
    with pytest.raises(Conflict, match="level already"):
        proposed(standing, Asked(Turn.LEVEL, "加强", 2), WANG)

    raised = proposed(standing, Asked(Turn.LEVEL, "台风红色预警", 1), LIN)
    standing, episode = confirmed(raised, "", WANG)
    assert (standing.episode, episode.level, episode.id) == (episode, 1, "YJ1")

    over, episode = confirmed(proposed(standing, Asked(Turn.LEAVE, "预警解除"), WANG), "", LIN)
    assert over == NORMALITY
    assert (episode.ended_ms, episode.level) == (LIN.at_ms, 1)
    with pytest.raises(Conflict, match="normal mode"):
        proposed(over, Asked(Turn.LEAVE, "again"), WANG)


@pytest.mark.parametrize(
    "wrong", [replace(STORM, reason=" "), replace(STORM, level=5), replace(STORM, plan=" ")]
)
def test_what_is_missing_is_said(wrong: Asked) -> None:
    with pytest.raises(Malformed):
        proposed(NORMALITY, wrong, WANG)


@given(
    lengths=st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), max_size=6),
    asked=st.integers(0, 700),
)
def test_every_instant_is_counted_in_one_mode_and_the_end_is_normal_again(
    lengths: list[tuple[int, int]], asked: int
) -> None:
    spans, at = [], 0
    for gap, length in lengths:
        spans.append(Span("", at + gap, at + gap + length, is_exercise=len(spans) % 2 == 1))
        at += gap + length

    inside = [one for one in spans if one.began_ms <= asked < one.ended_ms]

    expected = [Mode.EXERCISE if one.is_exercise else Mode.EMERGENCY for one in inside]
    assert [mode_at(spans, asked)] == (expected or [Mode.NORMAL])


def test_the_reporting_clock_runs_by_the_table_of_the_level() -> None:
    found = reports(0, 0, 1, ())

    due = {one.name: one.due_ms // MINUTE_MS for one in found}
    assert due == {"call": 30, "written": 60, "follow_up-1": 60}


def test_each_follow_up_is_due_from_the_one_before_and_the_last_report_from_the_end() -> None:
    hour = 60 * MINUTE_MS
    sent = (Sent("call", hour // 4, "wang"), Sent("follow_up-1", hour, "wang"))

    found = reports(0, 0, 1, sent)
    assert [one.name for one in found] == ["call", "written", "follow_up-1", "follow_up-2"]
    assert found[-1].due_ms == 2 * hour
    assert found[1].is_late(hour + 1) and not found[0].is_late(10 * hour)

    over = reports(0, 3 * hour, 1, sent)
    assert [one.name for one in over if not one.sent_ms] == ["written", "final"]
    assert over[-1].due_ms == 3 * hour + 24 * hour


def test_a_city_states_its_own_clock_and_list() -> None:
    rules = mode_rules({"reporting": {"call": [10, 10, 15, 20]},
                        "duty": [{"post": "mayor", "zh": "市长", "en": "Mayor"}]})  # fmt: skip

    found = reports(0, 0, 3, (), rules.reporting)
    due = next_due(found)
    assert due is not None and due.due_ms == 15 * MINUTE_MS
    assert [one.post for one in rules.duty] == ["mayor"]
    assert reporting_of({}) == REPORTING
    for wrong in ({"reporting": {"call": [1, 2]}}, {"reporting": {"phone": [1, 1, 1, 1]}},
                  {"duty": [{"name": "x"}]}, {"pill": 1}):  # fmt: skip
        with pytest.raises(BadTable):
            mode_rules(wrong)


# What follows needs the store.


def switched(store: Store, asked: Asked = STORM) -> str:
    store.mode.propose(asked, WANG)
    return store.mode.confirm(LIN)[1].id


@pytest.mark.store
def test_the_store_keeps_what_two_persons_decided_and_each_step_is_on_record(store: Store) -> None:
    first = switched(store)
    store.mode.propose(Asked(Turn.LEAVE, "预警解除"), seated("lin", Role.LEADER, 80))
    store.mode.confirm(seated("wang", minutes=90))
    second = switched(store, PLAYED)

    assert (first, second) == ("YJ20261125-01", "YJ20261125-02")
    assert store.mode.standing().mode is Mode.EXERCISE
    assert {(one.id, one.is_exercise) for one in store.mode.spans()} == {
        (first, False), (second, True)
    }  # fmt: skip
    assert store.mode.get(first).ended_ms - store.mode.get(first).began_ms == 90 * MINUTE_MS
    actions = [one.draft.action for one in reversed(store.mode.log())]
    assert actions == ["mode.propose", "mode.confirm"] * 3


@pytest.mark.store
def test_what_is_refused_changes_nothing_and_is_on_record(store: Store) -> None:
    store.mode.propose(STORM, WANG)
    with pytest.raises(Conflict):
        store.mode.confirm(WANG)

    assert store.mode.standing().mode is Mode.NORMAL
    assert [one.draft.outcome for one in store.mode.log()] == ["refused", "done"]


@pytest.mark.store
def test_the_clock_takes_back_what_nobody_confirmed(store: Store) -> None:
    store.mode.propose(STORM, WANG)

    fire(store, WANG.at_ms + PROPOSAL_FOR_MS)

    assert store.mode.standing().proposal is None
    assert store.mode.log()[0].draft.action == "mode.lapse"


@pytest.mark.store
def test_a_report_that_is_late_is_said_once(store: Store) -> None:
    episode = switched(store)
    store.mode.sent(episode, "call", "电话", seated("wang", minutes=10))

    for minutes in (59, 60, 61, 62):
        fire(store, WANG.at_ms + minutes * MINUTE_MS)

    late = [one.draft.detail["reports"] for one in store.audit.of(f"mode/{episode}")
            if one.draft.action == "mode.late"]  # fmt: skip
    assert late == [["written"]]
    with pytest.raises(Malformed):
        store.mode.sent(episode, "call", "twice", seated("wang", minutes=63))


@pytest.mark.store
def test_somebody_goes_on_duty_and_off(store: Store) -> None:
    episode, account = switched(store), new_account(store, Role.DISPATCHER).account

    store.mode.put_on_duty(episode, "dispatch", account, WANG)
    again = store.mode.put_on_duty(episode, "dispatch", account, WANG)
    after = store.mode.take_off_duty(episode, "dispatch", account, LIN)

    assert [one.account for one in again.duty] == [account]
    assert after.duty[0].until_ms == LIN.at_ms
    with pytest.raises(Malformed):
        store.mode.put_on_duty(episode, "cook", account, WANG)


def fire(store: Store, at_ms: int) -> None:
    Deadlines(store, all_effects(store, haikou()), lambda: at_ms).fire()


def limits_of(store: Store, severity: int) -> list[str]:
    """What the stages of a new case may take, as it goes to a department."""
    seats = {role: seated(role, role) for role in (Role.ACCEPTOR, Role.CHIEF, Role.DISPATCHER)}
    fields = {"source": "hotline", "type": "0406", "title": "积水", "severity": severity,
              "pos": list(CENTRE), "area": "460106"}  # fmt: skip
    case, _ = store.cases.create(Order(Move.CREATE, fields), seats[Role.ACCEPTOR])
    for role, order in (
        (Role.ACCEPTOR, Order(Move.ACCEPT, {})),
        (Role.CHIEF, Order(Move.REGISTER, {"condition": "E0406-1"})),
        (Role.DISPATCHER, Order(Move.DISPATCH, {"lead": "sz"})),
    ):
        case = store.cases.move(case.id, order, seats[role])
    return [str(one.clock.limit) for one in case.timers]


@pytest.mark.store
def test_what_is_urgent_runs_in_natural_time_while_an_emergency_lasts(store: Store) -> None:
    before, mild = limits_of(store, 2), limits_of(store, 3)
    assert before[-1].endswith(" WH")

    switched(store)
    assert limits_of(store, 2)[-1] == before[-1].replace("WH", "UH")
    assert limits_of(store, 3) == mild

    store.mode.propose(Asked(Turn.LEAVE, "预警解除"), WANG)
    store.mode.confirm(LIN)
    switched(store, PLAYED)
    assert limits_of(store, 2) == before
    assert list(store.cases.doubtful()) == []


@pytest.mark.store
def test_every_department_is_told_in_the_transaction_of_the_switch(store: Store) -> None:
    store.city = haikou().for_cases
    switched(store)

    told = [one for one in store.field.read() if one.topic.endswith("/mode/city/cmd")]

    assert {one.topic.split("/")[3] for one in told} == store.city.departments
    assert all(one.retain for one in told)
    message = json.loads(told[0].payload)
    assert (message["mode"], message["level"], message["report_every_s"]) == ("emergency", 2, 1)
    assert message["ts"] == "2026-11-25T12:00:00.000Z"

"""The report of an emergency: what happened in it, apart from the days around it, written once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.case_table import Move
from city.cases import Order
from city.groups import NewGroup
from city.mode import Asked, Mode, Span, Turn
from city.mode_figures import Durations, OrderTimes, apart, durations, order_figures
from city.mode_report import EpisodeReport
from city.order_table import OrderMove
from city.refusal import NotFound
from city.roles import Actor, Role
from store.store import Store
from tests.dispatched import Desk
from tests.publisher import CENTRE
from tests.seats import actor, new_account
from watch.duties import report_emergencies

T0 = datetime(2026, 11, 20, 8, tzinfo=UTC)
MINUTE_MS = 60_000


@given(st.lists(st.integers(-5, 10_000), max_size=60))
def test_durations_are_ranks_of_what_is_known(spans: list[int]) -> None:
    found, known = durations(spans), sorted(one for one in spans if one >= 0)

    if not known:
        assert found == Durations()
        return
    assert found.count == len(known) and found.longest_ms == known[-1]
    assert found.median_ms in known and found.p90_ms in known
    assert sum(one <= found.median_ms for one in known) * 2 >= len(known)
    assert sum(one <= found.p90_ms for one in known) * 10 >= len(known) * 9


@given(
    sent=st.lists(st.integers(0, 100), max_size=30),
    spans=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), max_size=2),
)
def test_each_order_is_counted_in_one_mode(sent: list[int], spans: list[tuple[int, int]]) -> None:
    known, end = [], 0
    for gap, length in spans:
        known.append(Span("", end + gap, end + gap + length, is_exercise=bool(known)))
        end += gap + length

    found = apart((), (), [OrderTimes(at) for at in sent], known)

    assert set(found) == set(Mode)
    assert sum(one.orders.sent for one in found.values()) == len(sent)


def test_orders_are_timed_from_when_they_were_sent() -> None:
    found = order_figures([
        OrderTimes(0, accepted_ms=20, on_scene_ms=300, done_ms=900),
        OrderTimes(100, accepted_ms=140),
        OrderTimes(200, is_refused=True),
        OrderTimes(300, is_unanswered=True),
    ])  # fmt: skip

    assert (found.sent, found.done, found.refused, found.unanswered) == (4, 1, 1, 1)
    assert found.answered == Durations(2, 20, 40, 40)
    assert found.arrived.median_ms == 300 and found.finished.median_ms == 900


def at(who: Actor, minutes: float) -> Actor:
    return replace(who, at=T0 + timedelta(minutes=minutes))


def opened(store: Store, who: Actor, minutes: float, severity: int) -> None:
    fields = {"source": "hotline", "type": "0406", "title": "积水", "severity": severity,
              "pos": list(CENTRE), "area": "460106"}  # fmt: skip
    store.cases.create(Order(Move.CREATE, fields), at(who, minutes))


@pytest.fixture
def lived(store: Store) -> str:
    """An emergency of two hours with two cases in it, one before and one behind."""
    chief, leader, clerk = (
        actor(seat=new_account(store, role).seat)
        for role in (Role.CHIEF, Role.LEADER, Role.ACCEPTOR)
    )
    opened(store, clerk, -30, 4)
    store.mode.propose(Asked(Turn.ENTER, "台风", 2, "flood"), at(chief, -1))
    _, episode = store.mode.confirm(at(leader, 0))
    for minutes, severity in ((10, 1), (70, 2)):
        opened(store, clerk, minutes, severity)
    store.groups.form(NewGroup("积水专班"), [], at(chief, 20))
    store.mode.sent(episode.id, "call", "已电话报告", at(chief, 45))
    store.mode.propose(Asked(Turn.LEAVE, "预警解除"), at(leader, 119))
    store.mode.confirm(at(chief, 120))
    opened(store, clerk, 130, 3)
    return episode.id


@pytest.mark.store
def test_leaving_an_emergency_makes_its_report(store: Store, lived: str) -> None:
    with pytest.raises(NotFound):
        store.mode_reports.get(lived)
    report_emergencies(store)

    report = store.mode_reports.get(lived)

    assert report.lasted_ms == 120 * MINUTE_MS
    assert (report.during.cases.opened, report.before.cases.opened) == (2, 1)
    assert report.during.cases.by_level == {1: 1, 2: 1, 3: 0, 4: 0}
    assert report.during.cases.by_area == {"460106": 2}
    assert [(one.name, one.is_late) for one in report.reports][:2] == [
        ("call", True), ("written", True)
    ]  # fmt: skip
    assert [one.name for one in report.groups] == ["积水专班"]
    assert [one.action for one in report.timeline] == [
        "mode.confirm", "group.form", "mode.sent", "mode.propose", "mode.confirm"
    ]  # fmt: skip


@pytest.mark.store
def test_a_report_is_written_once_and_never_changes(store: Store, lived: str) -> None:
    report_emergencies(store)
    first = store.mode_reports.get(lived)
    opened(store, actor(seat=new_account(store, Role.ACCEPTOR).seat), 60, 1)

    report_emergencies(store)
    store.mode_reports.write(EpisodeReport(first.episode, 0, first.during, first.before))

    assert store.mode_reports.get(lived) == first
    assert store.mode_reports.missing() == []


@pytest.mark.store
def test_the_figures_of_a_day_keep_the_modes_apart(store: Store, lived: str) -> None:
    day = round(T0.timestamp() * 1000)

    found = store.mode_reports.apart(day - 86_400_000, day + 86_400_000)

    opened_in = {mode: one.cases.opened for mode, one in found.items()}
    assert opened_in == {Mode.NORMAL: 2, Mode.EMERGENCY: 2, Mode.EXERCISE: 0}


@pytest.mark.store
def test_orders_that_were_sent_meanwhile_stand_in_the_report(store: Store) -> None:
    chief, leader = (
        actor(seat=new_account(store, role).seat) for role in (Role.CHIEF, Role.LEADER)
    )
    store.mode.propose(Asked(Turn.ENTER, "台风", 2, "flood"), chief)
    store.mode.confirm(leader)
    desk = Desk(store)
    (order,) = desk.send(desk.case(), desk.fleet.unit("pumptruck", 1))
    desk.answer(order, OrderMove.ACCEPT)
    desk.send(desk.case(), desk.fleet.unit("pumptruck", 2))
    later = replace(leader, at=leader.at + timedelta(minutes=9))
    store.mode.propose(Asked(Turn.LEAVE, "预警解除"), later)
    store.mode.confirm(replace(chief, at=later.at))

    report_emergencies(store)

    (episode,) = store.mode.all()
    orders = store.mode_reports.get(episode.id).during.orders
    assert (orders.sent, orders.answered.count, orders.done) == (2, 1, 0)

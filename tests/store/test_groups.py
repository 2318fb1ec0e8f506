"""Command groups: what they lend, to whom, until when, and what goes on record of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.case_table import Move
from city.case_views import CaseQuery
from city.cases import Order
from city.groups import (
    LENT,
    POSTS,
    Group,
    GroupPost,
    Invited,
    NewGroup,
    formed,
    left,
    lent,
    loan,
    prolonged,
)
from city.refusal import Conflict, Forbidden, Malformed, NotFound
from city.roles import ADMINISTRATORS, RIGHTS, Actor, Right, Role, Seat
from city.sight import sight_of
from store.store import Store
from tests.dispatched import Desk
from tests.publisher import CENTRE, haikou
from tests.seats import actor, new_account
from watch.deadlines import Deadlines
from watch.effects import all_effects

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
CHIEF = Actor(Seat("wang", "王", frozenset({Role.CHIEF})), "10.0.0.7", AT)
HOUR_MS = 3_600_000
NEVER_LENT = {Right.SWITCH_MODE, Right.APPROVE_WARNINGS, Right.LEAD_GROUPS, Right.UNMASK,
              Right.MANAGE_ACCOUNTS, Right.CONFIGURE, Right.READ_AUDIT}  # fmt: skip


def invited(name: str, post: GroupPost, role: Role = Role.UNIT, department: str = "sw") -> Invited:
    return Invited(Seat(name, name.title(), frozenset({role}), department=department), post)


def group_of(*people: Invited, hours: float = 8) -> Group:
    return formed("ZB1", NewGroup("积水专班", hours=hours), people, CHIEF)


def seat_in(group: Group, one: Invited, at_ms: int) -> Seat:
    loans = [loan(group, member) for member in group.members
             if member.account == one.seat.account and not member.left_ms]  # fmt: skip
    return lent(one.seat, loans, at_ms)


def test_nothing_that_two_persons_must_do_is_ever_lent() -> None:
    assert not LENT & NEVER_LENT


@given(
    role=st.sampled_from([role for role in Role if role not in ADMINISTRATORS]),
    post=st.sampled_from(GroupPost),
    hours=st.floats(0.01, 72),
    later_ms=st.integers(0, 100 * HOUR_MS),
)
def test_a_right_is_lent_until_the_group_is_over_and_never_longer(
    role: Role, post: GroupPost, hours: float, later_ms: int
) -> None:
    one = invited("li", post, role)
    if role in (Role.OPERATOR, Role.PUBLIC):
        with pytest.raises(Conflict):
            group_of(one)
        return
    group = group_of(one, hours=hours)
    at_ms = CHIEF.at_ms + later_ms

    seat = seat_in(group, one, at_ms)

    lives = at_ms < group.until_ms
    for right in Right:
        own = right in RIGHTS[role]
        assert seat.may(right) is (own or (lives and right in POSTS[post].rights))
        assert bool(seat.lender(right)) is (seat.may(right) and not own)


def test_who_has_left_has_nothing_of_it() -> None:
    one = invited("li", GroupPost.COMMANDER)
    group = left(group_of(one), "li", CHIEF)

    assert seat_in(group, one, CHIEF.at_ms) == one.seat


def test_a_lent_right_reaches_the_departments_of_the_group_and_no_other() -> None:
    one = invited("li", GroupPost.DISPATCH, Role.UNIT, "sw")
    group = group_of(one, invited("wu", GroupPost.MEMBER, Role.UNIT, "jj"))
    seat = seat_in(group, one, CHIEF.at_ms)

    reached = [one for one in ("sw", "jj", "xf") if seat.reaches(Right.SEND_ORDERS, one)]

    assert reached == ["sw", "jj"]
    assert sight_of(seat).sees("jj/flow/F-1", 460106)
    assert not sight_of(seat).sees("xf/fire/F-1", 460106)


def test_nobody_is_in_it_twice_and_administrators_never() -> None:
    one = invited("li", GroupPost.MEMBER)
    with pytest.raises(Conflict, match="in the group already"):
        group_of(one, one)
    with pytest.raises(Conflict, match="Administrators"):
        group_of(invited("root", GroupPost.MEMBER, Role.SYSADMIN))


@pytest.mark.parametrize("hours", [0, -1, 72.1])
def test_a_group_lasts_three_days_at_a_time_at_most(hours: float) -> None:
    with pytest.raises(Malformed):
        group_of(hours=hours)
    with pytest.raises(Malformed):
        prolonged(group_of(), hours, CHIEF)


def test_only_who_commands_it_or_forms_groups_changes_it() -> None:
    commander, member = (
        invited("li", GroupPost.COMMANDER),
        invited("wu", GroupPost.MEMBER, department="jj"),
    )
    group = group_of(commander, member)

    assert left(group, "wu", replace(CHIEF, seat=commander.seat)).members[1].left_ms
    assert left(group, "wu", replace(CHIEF, seat=member.seat)).members[1].left_ms
    with pytest.raises(Forbidden, match="Duty chief"):
        left(group, "li", replace(CHIEF, seat=member.seat))


# What follows needs the store.


@pytest.fixture
def case_id(store: Store) -> str:
    fields = {"source": "hotline", "type": "0406", "title": "积水", "severity": 2,
              "pos": list(CENTRE), "area": "460106"}  # fmt: skip
    opener = new_account(store, Role.ACCEPTOR)
    case, _ = store.cases.create(Order(Move.CREATE, fields), actor(seat=opener.seat))
    return case.id


def formed_in(store: Store, case_id: str, hours: float = 2) -> tuple[Group, Actor, Actor]:
    """A group of one water officer from another district; who formed it, and the officer."""
    chief = actor(seat=new_account(store, Role.CHIEF).seat)
    officer = new_account(store, Role.UNIT, ["460105"], "sw")
    asked = NewGroup("积水专班", hours=hours, cases=(case_id,))
    group = store.groups.form(asked, [(officer.account, GroupPost.COMMANDER)], chief)
    return group, chief, actor(seat=store.groups.seated(officer.seat, chief.at_ms))


@pytest.mark.store
def test_a_member_sees_the_cases_of_his_group_in_another_district(
    store: Store, case_id: str
) -> None:
    group, _, officer = formed_in(store, case_id)

    seen = store.cases.table.page(query(officer)).rows
    without = store.cases.table.page(query(replace(officer, seat=bare(officer.seat)))).rows

    assert [one.id for one in seen] == [case_id]
    assert without == []
    assert store.groups.get(group.id).cases == (case_id,)


@pytest.mark.store
def test_what_is_done_on_a_case_of_the_group_or_by_its_right_carries_the_group(
    store: Store, case_id: str
) -> None:
    group, chief, officer = formed_in(store, case_id)

    store.cases.move(case_id, Order(Move.COMMENT, {"reason": "泵车已到"}), officer)
    store.groups.note(group.id, "指挥部设在公园东门", officer)
    store.cases.move(case_id, Order(Move.COMMENT, {"reason": "收到"}), chief)

    log = [(one.draft.action, one.draft.account) for one in reversed(store.groups.log(group.id))]
    assert log == [
        ("group.form", chief.seat.account),
        ("case.comment", officer.seat.account),
        ("group.note", officer.seat.account),
    ]
    (move,) = [one for one in store.audit.of(f"case/{case_id}")
               if one.draft.detail.get("group")]  # fmt: skip
    assert (move.draft.action, move.draft.detail["group"]) == ("case.comment", group.id)
    assert store.audit.chain.verify().broken is None


@pytest.mark.store
def test_rights_vanish_with_the_time_of_the_group_and_the_clock_ends_it_once(
    store: Store, case_id: str
) -> None:
    group, _, officer = formed_in(store, case_id, hours=1)
    plain = bare(officer.seat)

    assert store.groups.seated(plain, group.until_ms - 1).may(Right.MANAGE_ROADS)
    assert store.groups.seated(plain, group.until_ms) == plain
    for _ in range(2):
        Deadlines(store, all_effects(store, haikou()), lambda: group.until_ms).fire()

    assert store.groups.get(group.id).ended_ms == group.until_ms
    assert [one.draft.action for one in store.groups.log(group.id)].count("group.expire") == 1


@pytest.mark.store
def test_a_group_that_is_prolonged_goes_on(store: Store, case_id: str) -> None:
    group, chief, officer = formed_in(store, case_id, hours=1)

    store.groups.prolong(group.id, 3, chief)
    Deadlines(store, all_effects(store, haikou()), lambda: group.until_ms).fire()

    later = group.until_ms + HOUR_MS
    assert store.groups.seated(bare(officer.seat), later).may(Right.MANAGE_ROADS)
    assert not store.groups.get(group.id).ended_ms


@pytest.mark.store
def test_whoever_is_taken_out_or_whose_group_is_ended_has_no_right_any_more(
    store: Store, case_id: str
) -> None:
    for way in ("remove", "end"):
        group, chief, officer = formed_in(store, case_id)
        if way == "remove":
            store.groups.remove(group.id, officer.seat.account, chief)
        else:
            store.groups.end(group.id, "积水已退", chief)
        assert store.groups.seated(bare(officer.seat), chief.at_ms) == bare(officer.seat)


@pytest.mark.store
def test_an_unknown_account_or_case_forms_no_group(store: Store, case_id: str) -> None:
    chief = actor(seat=new_account(store, Role.CHIEF).seat)

    with pytest.raises(NotFound):
        store.groups.form(NewGroup("专班"), [("nobody", GroupPost.MEMBER)], chief)
    with pytest.raises(NotFound):
        store.groups.form(NewGroup("专班", cases=("HK0",)), [], chief)

    assert store.groups.all(chief.seat, chief.at_ms + timedelta(hours=1).seconds) == []


@pytest.mark.store
def test_a_commander_sends_units_of_the_departments_in_his_group_in_its_name(
    store: Store,
) -> None:
    desk = Desk(store)
    case = desk.case()
    desk.send(case, desk.fleet.unit("pumptruck", 1))
    chief = actor(seat=new_account(store, Role.CHIEF).seat)
    water, police = (new_account(store, Role.UNIT, department=one) for one in ("sw", "ga"))
    people = [(water.account, GroupPost.COMMANDER), (police.account, GroupPost.MEMBER)]
    group = store.groups.form(NewGroup("积水专班", cases=(case.id,)), people, chief)
    car, engine = desk.fleet.unit("police", 1), desk.fleet.unit("fire", 1)
    leads = actor(seat=store.groups.seated(water.seat, chief.at_ms))

    assert desk.send(case, car, by=leads)
    with pytest.raises((Forbidden, NotFound)):
        desk.send(case, engine, by=leads)

    sent = [one.draft for one in store.groups.log(group.id) if one.draft.action == "order.send"]
    assert [one.outcome for one in sent] == ["done"]
    store.groups.end(group.id, "已退水", chief)
    plain = actor(seat=store.groups.seated(water.seat, chief.at_ms))
    with pytest.raises((Forbidden, NotFound)):
        desk.send(case, desk.fleet.unit("police", 2), by=plain)


def bare(seat: Seat) -> Seat:
    return replace(seat, loans=())


def query(one: Actor) -> CaseQuery:
    return CaseQuery(one.seat, one.at_ms, limit=10)

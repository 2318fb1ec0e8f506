"""Hand-overs of cases: each with its five ends, counted once in whatever report."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.case_table import CaseState, Move
from city.cases import Case, Order
from city.lines import shipped
from city.refusal import Conflict, Forbidden, Malformed
from city.roles import Role
from city.transfers import ATTRIBUTES, Transfer, TransferKind, grouped
from store.store import Store
from store.transfers import TransferQuery
from tests.desk import LEAD, actor, at_work, seat
from tests.store.test_plans import led_to

MINUTE_MS = 60_000
LINES = shipped()


def hand_over(store: Store, case: Case, to: str, minutes: float = 1) -> Transfer:
    dispatcher = actor(Role.DISPATCHER, minutes=minutes)
    return store.transfers.hand_over(case.id, to, "职责所在", dispatcher)


def sign(store: Store, case: Case, department: str, minutes: float) -> None:
    store.cases.move(case.id, Order(Move.SIGN), actor(Role.UNIT, "", department, minutes))


def everybody() -> TransferQuery:
    return TransferQuery(seat(Role.CHIEF))


def test_a_dispatch_is_a_hand_over_of_the_centre_and_is_taken_when_it_is_signed(
    store: Store,
) -> None:
    case = led_to(store, CaseState.HANDLING)

    (one,) = store.transfers.of_case(case.id)

    assert one.kind is TransferKind.DISPATCH
    assert one.target == LINES.side(LEAD)
    assert one.crosses == ("system", "department", "business")
    assert one.signed_ms == at_work(seat(Role.UNIT)).at_ms


@pytest.mark.parametrize(
    ("first", "then", "kind", "crosses"),
    [
        ("sz", "d106", TransferKind.DOWN, set(ATTRIBUTES)),
        ("d106", "sz", TransferKind.UP, set(ATTRIBUTES)),
        ("sz", "yl", TransferKind.ACROSS, {"department", "business"}),
        ("d106", "d107", TransferKind.ACROSS, {"region", "department"}),
    ],
)
def test_levels_say_whether_it_goes_up_down_or_across(
    store: Store, first: str, then: str, kind: TransferKind, crosses: set[str]
) -> None:
    case = led_to(store, CaseState.PENDING_HANDLE)
    hand_over(store, case, first)

    one = hand_over(store, case, then, minutes=2)

    assert (one.kind, set(one.crosses)) == (kind, crosses)
    assert (one.source.department, one.target.department) == (first, then)


def test_a_case_handed_over_waits_for_the_new_unit_within_its_old_limit(store: Store) -> None:
    case = led_to(store, CaseState.HANDLING)
    due_ms = case.tasks[0].due_ms

    hand_over(store, case, "sz")

    after = store.cases.get(case.id)
    assert (after.state, after.lead) == (CaseState.PENDING_HANDLE, "sz")
    assert after.tasks[0].due_ms == due_ms
    with pytest.raises(Forbidden):
        sign(store, case, LEAD, 2)
    sign(store, case, "sz", 3)
    assert store.cases.get(case.id).state is CaseState.HANDLING
    assert list(store.cases.doubtful()) == []


def test_what_the_former_unit_asked_for_lapses(store: Store) -> None:
    case = led_to(store, CaseState.HANDLING)
    unit = actor(Role.UNIT, department=LEAD)
    store.cases.move(case.id, Order(Move.ASK_EXTENSION, {"reason": "x", "limit": "1 WD"}), unit)

    hand_over(store, case, "sz")

    assert [one.status for one in store.cases.get(case.id).requests] == ["lapsed"]


def test_a_case_is_not_handed_to_whoever_has_it_or_to_nobody(store: Store) -> None:
    case = led_to(store, CaseState.HANDLING)

    with pytest.raises(Conflict) as refused:
        hand_over(store, case, LEAD)
    with pytest.raises(Malformed):
        store.transfers.hand_over(case.id, "sz", "", actor(Role.DISPATCHER))
    with pytest.raises(Forbidden):
        store.transfers.hand_over(case.id, "sz", "x", actor(Role.UNIT, department=LEAD))

    assert refused.value.reason == "leads_already"
    assert len(store.transfers.of_case(case.id)) == 1


def test_a_return_goes_back_to_the_centre(store: Store) -> None:
    case = led_to(store, CaseState.HANDLING)
    unit, desk = actor(Role.UNIT, department=LEAD), actor(Role.DISPATCHER, minutes=4)
    store.cases.move(case.id, Order(Move.ASK_RETURN, {"reason": "不属本部门"}), unit)
    store.cases.move(case.id, Order(Move.GRANT_RETURN), desk)
    store.cases.move(case.id, Order(Move.DISPATCH, {"lead": "sz"}), desk)

    kinds = [one.kind for one in store.transfers.of_case(case.id)]

    assert kinds == [TransferKind.DISPATCH, TransferKind.BACK, TransferKind.DISPATCH]


def test_the_report_says_which_hand_overs_are_slow(store: Store) -> None:
    case = led_to(store, CaseState.PENDING_HANDLE)
    hand_over(store, case, "sz", minutes=0)
    sign(store, case, "sz", 45)
    hand_over(store, case, "d106", minutes=50)

    report = store.transfers.report(everybody(), ["department"],
                                    actor(Role.CHIEF, minutes=51).at_ms)  # fmt: skip

    told = {one.ends["department"]: (one.total, one.signed, one.slow, one.median_s)
            for one in report}  # fmt: skip
    assert told == {
        ("", "sw"): (1, 0, 0, None),
        ("sw", "sz"): (1, 1, 1, 2700.0),
        ("sz", "d106"): (1, 0, 0, None),
    }


def test_a_query_finds_by_kind_time_crossing_and_scope(store: Store) -> None:
    case = led_to(store, CaseState.PENDING_HANDLE)
    hand_over(store, case, "d106", minutes=10)
    at_ms = actor(Role.CHIEF, minutes=5).at_ms

    def count(**more: object) -> int:
        query = TransferQuery(**{"seat": seat(Role.CHIEF), **more})  # type: ignore[arg-type]
        return len(store.transfers.find(query))

    assert (count(), count(from_ms=at_ms), count(to_ms=at_ms)) == (2, 1, 1)
    assert (count(kind="down"), count(crosses=("level",)), count(department="sw")) == (1, 1, 2)
    assert count(seat=seat(Role.UNIT, "", "jj")) == 0
    assert count(seat=seat(Role.UNIT, "", "d106")) == 1
    assert count(seat=seat(Role.CHIEF, "", "", "460108")) == 0


SIDES = st.sampled_from([LINES.side(one) for one in ("", "sw", "jj", "d106", "d107", "unknown")])
TRANSFERS = st.lists(
    st.builds(
        Transfer, st.uuids().map(str), st.just("HK1"), st.sampled_from(TransferKind), SIDES, SIDES,
        st.just("460106"), st.just("li"), st.just("李"), st.integers(0, 10**6),
        signed_ms=st.integers(0, 10**7),
    ),
    max_size=40,
)  # fmt: skip
WAYS = [list(some) for count in (1, 2, 5) for some in combinations(ATTRIBUTES, count)]


@given(TRANSFERS, st.sampled_from(WAYS))
def test_the_sums_of_every_grouping_equal_the_total(
    transfers: list[Transfer], by: list[str]
) -> None:
    report = grouped(transfers, by, 1_800_000, 10**7)

    crossing = [one for one in transfers if set(one.crosses) & set(by)]
    assert sum(one.total for one in report) == len(transfers)
    assert sum(one.crossing for one in report) == len(crossing)
    assert sum(one.signed for one in report) == sum(bool(one.signed_ms) for one in transfers)

"""The pretend dispatcher sends units, waits for them, and sends another when one does not come."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulator.staff import sending
from simulator.staff.habits import LEFT_OPEN, LEFT_OPEN_S, left_open_s
from simulator.staff.team import last_hand

NOON = datetime(2026, 9, 6, 12, 0, tzinfo=UTC)


def case(state: str = "handling", **more: Any) -> dict[str, Any]:
    return {"id": "HK1", "state": state, "lead": "sw", "pos": [110.33, 20.0], **more}


def order(state: str, number: int = 1, minutes: float = 0.0, **more: Any) -> dict[str, Any]:
    at = (NOON + timedelta(minutes=minutes)).isoformat()
    return {"order_id": f"HK1-{number:02d}", "case_id": "HK1", "state": state, "by": "staff",
            "unit": "sw/pumptruck/PT-0001", "department": "sw", "sent_at": at,
            "times": {state: {"at": at}}, **more}  # fmt: skip


@pytest.mark.parametrize("state", ["sent", "accepted", "en_route", "on_scene"])
def test_a_unit_that_is_on_it_is_left_to_work(state: str) -> None:
    left = sending.leaves(case(), [order(state)], NOON + timedelta(minutes=5))

    assert {"sign", "feedback", "ask_return"} <= left


@pytest.mark.parametrize("state", ["done", "refused", "unanswered", "expired", "recalled"])
def test_who_is_not_on_it_is_not_waited_for(state: str) -> None:
    assert not sending.leaves(case(), [order(state)], NOON)


def test_the_leading_department_signs_itself_where_only_others_are_on_it() -> None:
    helper = order("en_route", department="ga", unit="ga/police/J-0001")

    assert sending.leaves(case(), [helper], NOON) == {"feedback"}


def test_an_order_that_nobody_hears_of_any_more_holds_nothing_up() -> None:
    assert not sending.leaves(case(), [order("en_route")], NOON + timedelta(hours=2))


@pytest.mark.parametrize("state", ["refused", "unanswered", "expired"])
def test_after_a_refusal_or_silence_the_next_unit_is_due_soon(state: str) -> None:
    due_s = sending.next_due_s(case(), [order(state)], 1.0)

    assert due_s is not None
    assert 15 <= due_s - NOON.timestamp() <= 60


def test_no_further_unit_is_due_while_one_is_on_it_or_after_three() -> None:
    tried = [order("refused", number, number) for number in (1, 2, 3)]

    assert sending.next_due_s(case(), [*tried[:1], order("accepted", 2, 2)], 1.0) is None
    assert sending.next_due_s(case(), tried, 1.0) is None
    assert sending.next_due_s(case("closed"), tried[:1], 1.0) is None
    assert sending.next_due_s(case(), [], 1.0) is None


def test_a_crew_takes_its_photo_once_it_is_there() -> None:
    there = order("on_scene")

    assert not sending.shows(case(), there, NOON + timedelta(seconds=10), 1.0)
    assert sending.shows(case(), there, NOON + timedelta(seconds=30), 1.0)
    assert not sending.shows(case(lead="jj"), there, NOON + timedelta(seconds=30), 1.0)
    assert not sending.shows(case("pending_check"), there, NOON + timedelta(seconds=30), 1.0)


def test_the_best_of_the_leading_department_is_sent_else_the_best_of_all() -> None:
    units = [{"unit": "ga/police/J-0001"}, {"unit": "sw/pumptruck/PT-0002"}]

    assert sending.chosen(units, "sw") == "sw/pumptruck/PT-0002"
    assert sending.chosen(units, "rq") == "ga/police/J-0001"
    assert sending.chosen([], "sw") == ""


def test_what_a_crew_does_is_no_visitors_hand() -> None:
    log = [{"move": "dispatch", "by": "token/staff"}, {"move": "order", "by": "visitor"},
           {"move": "sign", "by": "sw/pumptruck/PT-0001"}]  # fmt: skip

    assert last_hand({"log": log}) == "token/staff"


def test_orders_are_gathered_by_case_the_oldest_first() -> None:
    found = sending.by_case([order("sent", 2, 5), order("refused", 1, 1)])

    assert [one["state"] for one in found["HK1"]] == ["refused", "sent"]


def test_some_cases_are_left_for_a_visitor_to_dispatch() -> None:
    waits = [left_open_s(case("pending_dispatch", id=f"HK{n}")) for n in range(400)]

    assert waits.count(LEFT_OPEN_S) / 400 == pytest.approx(LEFT_OPEN, abs=0.08)
    assert left_open_s(case("handling")) == 0


def test_most_cases_get_a_unit_and_what_has_no_place_gets_none() -> None:
    sent = [sending.sends(case(id=f"HK{n}")) for n in range(400)]

    assert sum(sent) / 400 == pytest.approx(sending.SENDS, abs=0.06)
    assert not any(sending.sends(case(id=f"HK{n}", pos=None)) for n in range(20))

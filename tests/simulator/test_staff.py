"""The pretend staff does only what its posts may, and the same again after it was ended."""

import io
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from city.case_table import RULES, CaseState
from city.filing import Filing
from simulator.staff.habits import DECISIONS, HABITS, helping, intentions
from simulator.staff.photo import EXIF, GPS, photo
from simulator.staff.watchkeeping import handling
from tests.publisher import haikou

NOON = datetime(2026, 9, 6, 12, 30, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def filing() -> Filing:
    return haikou().filing


def case(state: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "HK20260906-00001", "version": 3, "state": state, "kind": "event", "type": "0406",
        "pos": [110.33, 20.0], "lead": "sw", "tasks": [], "requests": [], "satisfaction": "",
        "updated_s": 1000.0, "opened_s": 900.0, "updated_at": "2026-09-06T12:00:00+08:00", **more,
    }  # fmt: skip


@pytest.mark.parametrize("state", sorted(HABITS))
def test_each_habit_is_a_move_that_the_post_may_make_there(state: CaseState) -> None:
    for choice in HABITS[state].choices:
        rule = RULES[choice.move]
        assert state in rule.sources
        assert choice.role in rule.roles


@pytest.mark.parametrize("state", sorted(HABITS))
def test_what_a_move_needs_is_given(state: CaseState, filing: Filing) -> None:
    for version in range(60):
        for one in intentions(case(state, version=version), filing, 1.0):
            assert set(RULES[one.move].needs) <= one.fields.keys(), one
            assert one.fields.keys() <= {*RULES[one.move].needs, *RULES[one.move].may}, one


def test_decisions_are_those_of_the_dispatcher() -> None:
    for moves in DECISIONS.values():
        assert all(RULES[move].needs in ((), ("reason",)) for move in moves)


def test_the_same_case_meets_the_same_decision_and_another_version_another(filing: Filing) -> None:
    said = [intentions(case("reported", version=n), filing, 1.0) for n in range(300)]

    assert said == [intentions(case("reported", version=n), filing, 1.0) for n in range(300)]
    moves = Counter(one.move for steps in said for one in steps)
    assert 0.7 < moves["accept"] / 300 < 0.9
    assert moves["decline"] > 0


def test_a_request_is_decided_before_anything_else(filing: Filing) -> None:
    asked = {"kind": "extension", "status": "pending_dept"}
    (endorsed,) = intentions(case("handling", requests=[asked]), filing, 1.0)
    (decided,) = intentions(
        case("handling", requests=[{**asked, "status": "pending"}]), filing, 1.0
    )

    assert (endorsed.move, endorsed.role) == ("endorse", "unit")
    assert decided.move in DECISIONS["extension"]
    assert intentions(case("handling", requests=[{"kind": "void", "status": "pending"}]),
                      filing, 1.0) == []  # fmt: skip


def test_helpers_sign_and_finish_their_own_tasks() -> None:
    task = {"department": "jj", "part": "co", "state": "waiting"}
    (sign,) = helping(case("pending_handle", tasks=[task]), 1.0)
    (done,) = helping(case("handling", tasks=[{**task, "state": "handling"}]), 1.0)

    assert (sign.move, done.move) == ("co_sign", "co_feedback")
    assert sign.department == done.department == "jj"
    assert helping(case("handling", tasks=[{**task, "state": "done"}]), 1.0) == []


def test_twice_the_pace_takes_half_the_time(filing: Filing) -> None:
    slow, fast = (intentions(case("pending_close"), filing, pace)[0] for pace in (1.0, 2.0))

    assert fast.due_s - 1000 == pytest.approx((slow.due_s - 1000) / 2)


def test_a_photo_tells_where_and_when_it_was_taken() -> None:
    taken = Image.open(io.BytesIO(photo("HK1", "after", (110.5, 20.25), NOON))).getexif()

    assert taken.get_ifd(EXIF)[36867] == "2026:09:06 12:30:05"
    assert [float(part) for part in taken.get_ifd(GPS)[2]] == [20, 15, 0]
    assert [float(part) for part in taken.get_ifd(GPS)[4]] == [110, 30, 0]


def alarm(number: int, severity: int) -> dict[str, Any]:
    return {"id": f"A{number}", "raised_at": "2026-09-06T12:00:00Z", "severity": severity,
            "pos": [110.3, 20.0], "case": None, "acknowledged": False}  # fmt: skip


def test_grave_alarms_become_cases_others_are_seen_and_a_few_are_false() -> None:
    grave = Counter(handling(alarm(n, 1), 1.0).path.split("/")[-1] for n in range(400))
    slight = Counter(handling(alarm(n, 4), 1.0).path.split("/")[-1] for n in range(400))

    assert set(grave) == {"case", "clear"}
    assert set(slight) == {"ack", "clear"}
    assert 2 < grave["clear"] < 40
    assert handling(alarm(1, 1), 1.0) == handling(alarm(1, 1), 1.0)

"""Plans as data: what fits, what is refused at the start, and what no order of deeds can break."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.case_table import CaseState
from city.dispatch_rows import shipped as shipped_rules
from city.plan_moves import acted, overdue, reported
from city.plan_rows import plans_of, shipped
from city.plan_runs import OVER, Deed, Run, TaskOrder, TaskState, begun, due_rows
from city.plans import Part
from city.profile import BadProfile, parse_profile
from city.refusal import Refusal
from city.roles import Role
from city.tables import BadTable
from tests.city.case_life import fold_to
from tests.desk import actor
from tests.publisher import HAIKOU

DEPARTMENTS = tuple(one.code for one in parse_profile(HAIKOU.read_text()).departments)
STEP: Mapping[str, Any] = {"id": "a", "zh": "一", "en": "one", "part": "lead", "department": "sw"}
PLAN: Mapping[str, Any] = {
    "zh": "预案", "en": "Plan", "version": 1, "types": ["E0406"], "steps": [STEP],
}  # fmt: skip
LINK: Mapping[str, Any] = {"zh": "联动", "en": "Link", "types": ["E0406"], "plan": "ponding"}


def read(**facts: Any) -> Any:
    return plans_of(facts, DEPARTMENTS, shipped_rules())


def plan(**changes: Any) -> dict[str, Any]:
    return {"x": {**PLAN, **changes}}


def steps(*changes: Mapping[str, Any]) -> dict[str, Any]:
    return plan(steps=[{**STEP, **one} for one in changes])


def test_what_is_shipped_can_be_used_in_haikou() -> None:
    book = read()

    assert len(book.plans) >= 6
    assert all(one.steps and one.advice for one in book.plans.values())
    assert all(Part.LEAD in {step.part for step in one.steps} for one in book.plans.values())
    assert {one.plan for one in book.linkages} <= set(book.plans)


@pytest.mark.parametrize(
    ("code", "severity", "names"),
    [
        ("0406", 1, ["ponding-underpass", "ponding"]), ("0406", 3, ["ponding"]),
        ("0403", 4, ["gas-leak"]), ("0101", 1, []),
    ],
)  # fmt: skip
def test_plans_fit_by_type_and_severity(code: str, severity: int, names: list[str]) -> None:
    case = replace(fold_to(CaseState.HANDLING), type=code, severity=severity)

    assert [one.id for one in shipped().fitting(case)] == names


@pytest.mark.parametrize(
    "facts",
    [
        {"plan": {}},
        {"plans": plan(colour="red")},
        {"plans": plan(steps=[])},
        {"plans": plan(mildest=5)},
        {"plans": plan(advice=[{"zh": "只有中文"}])},
        {"plans": steps({"part": "helper"})},
        {"plans": steps({"department": ""})},
        {"plans": steps({"department": "nobody"})},
        {"plans": steps({"skills": ["fly"]})},
        {"plans": steps({"after": ["a"]})},
        {"plans": steps({"after": ["b"]}, {"id": "b"})},
        {"plans": steps({}, {})},
        {"plans": steps({"id": "a/b"})},
        {"plans": steps({"arrive_within_min": 0})},
        {"plans": steps({"handle_within_min": True})},
        {"plans": steps({"checklist": ["断电"]})},
        {"linkages": {"x": {**LINK, "plan": "none"}}},
        {"linkages": {"x": {**LINK, "inform": ["nobody"]}}},
        {"territories": {"460106": "nobody"}},
    ],
)
def test_an_entry_that_cannot_be_used_is_named(facts: dict[str, Any]) -> None:
    with pytest.raises(BadTable) as trouble:
        read(**facts)

    assert "plans" in str(trouble.value)


def test_a_profile_with_such_an_entry_is_no_profile() -> None:
    text = HAIKOU.read_text() + '\n[plans.territories]\n460106 = "nobody"\n'

    with pytest.raises(BadProfile):
        parse_profile(text)


def test_a_city_replaces_adds_and_takes_out() -> None:
    book = read(plans={**plan(), "cover": False, "ponding": {**PLAN, "zh": "本市积水"}})

    assert "cover" not in book.plans
    assert book.plans["ponding"].zh == "本市积水"
    assert book.plans["x"].origin.source == "profile of the city"


def test_the_place_says_whose_a_territorial_step_is() -> None:
    step = shipped().plans["ponding-underpass"].steps[-1]

    assert shipped().department_of(step, "460107") == "d107"
    assert shipped().department_of(step, "") == ""
    assert read(territories={"460107": "d105"}).department_of(step, "460107123") == "d105"


WHO = actor(Role.DISPATCHER)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """A plan of some steps that wait for each other in some way."""
    count = draw(st.integers(1, 7))
    found = []
    for number in range(count):
        before = [f"s{one}" for one in range(number)]
        after = draw(st.lists(st.sampled_from(before), unique=True, max_size=2)) if before else []
        found.append({
            **STEP, "id": f"s{number}", "after": after,
            "department": draw(st.sampled_from(["sw", "jj"])), "handle_within_min": 10,
        })  # fmt: skip
    book = read(plans={"x": {**PLAN, "steps": found}})
    return begun(book.plans["x"], book, "460106", WHO)


DEEDS = st.tuples(
    st.sampled_from([Deed.ORDER, Deed.RELEASE, Deed.ARRIVE, Deed.DONE, Deed.SKIP, Deed.REDO]),
    st.integers(0, 6),
    st.sampled_from(["", "O-1", "O-2"]),
)


def after_deeds(run: Run, deeds: list[tuple[Deed, int, str]]) -> Run:
    for minutes, (deed, number, order_id) in enumerate(deeds, 1):
        named = order_id if deed is not Deed.SKIP else ""
        order = TaskOrder(deed, f"x/s{number}", named or _needed(deed), note="因故")
        try:
            run = acted(run, order, actor(Role.DISPATCHER, minutes=minutes))
        except Refusal:
            continue
    return run


def _needed(deed: Deed) -> str:
    return "O-9" if deed in (Deed.ORDER, Deed.RELEASE, Deed.ARRIVE) else ""


@given(runs(), st.lists(DEEDS, max_size=30))
def test_whatever_is_done_a_task_waits_exactly_while_another_comes_first(
    run: Run, deeds: list[tuple[Deed, int, str]]
) -> None:
    after = after_deeds(run, deeds)

    over = {one.id for one in after.tasks if one.is_over}
    for task in after.tasks:
        if task.is_over:
            assert task.state in OVER and task.done_ms and task.done_by
            continue
        waits = not over.issuperset(task.after)
        assert (task.state is TaskState.WAITING) is waits
        assert (task.state is TaskState.ORDERED) is (not waits and bool(task.order_ids))
    assert (not after.is_open) is (len(over) == len(after.tasks))
    due = {what.partition(":")[2] for what, _ in due_rows(after)}
    assert due == {one.id for one in after.tasks if not one.is_over}


@given(runs(), st.lists(DEEDS, max_size=12), st.sampled_from(["sw", "jj"]))
def test_a_reported_share_leaves_nothing_of_that_department(
    run: Run, deeds: list[tuple[Deed, int, str]], department: str
) -> None:
    after = reported(after_deeds(run, deeds), department, WHO)

    assert all(one.is_over for one in after.tasks if one.department == department)


@given(runs(), st.integers(0, 6), st.integers(0, 3))
def test_a_limit_is_said_once(run: Run, number: int, times: int) -> None:
    after = run
    for _ in range(times):
        after = overdue(after, f"x/s{number}", "handle", WHO.at_ms)

    said = [one for one in after.log if one.deed == "late"]
    assert len(said) <= min(times, 1)

"""Units are sent from the page of dispatch, answered for, taken back and replaced."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from city.case_table import CaseState
from city.cases import Case
from city.order_table import OrderMove, OrderState
from city.roles import Role
from layouts import dispatch_ids
from store.store import Store
from tests import seats
from tests.callbacks.page import Page, prop
from tests.callbacks.test_dispatch import deed, pick_of, queue_of
from tests.dispatched import Desk
from tests.house import new_app

pytestmark = pytest.mark.store


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def page(store: Store) -> Iterator[Page]:
    """The page as a dispatcher has it open."""
    with TestClient(new_app(store)) as client:
        seats.log_in(client, Role.DISPATCHER)
        yield Page(client)


def send(page: Page, case: Case, *units: str, **more: Any) -> Any:
    asked = {"key": "k-1", "case": case.id, "version": case.version, "units": list(units),
             "tasks": {}} | more  # fmt: skip
    answer = page.call(f"{dispatch_ids.SENT}.data", dispatch_send=asked)
    return prop(answer, dispatch_ids.SENT, "data")


def pumps(desk: Desk, page: Page, count: int) -> list[str]:
    units = [desk.fleet.unit("pumptruck", number, number) for number in range(1, count + 1)]
    page.see()
    return units


def test_a_unit_that_is_sent_dispatches_the_case(store: Store, page: Page, desk: Desk) -> None:
    case = desk.case()
    (unit,) = pumps(desk, page, 1)

    told = send(page, case, unit)

    assert told["why"] == ""
    (order,) = store.orders.of_case(case.id)
    assert (order.id, order.unit, order.state) == (told["orders"][0], unit, OrderState.SENT)
    assert store.cases.get(case.id).state is CaseState.PENDING_HANDLE
    assert desk.told()[-1][1]["unit"] == unit


def test_the_same_key_again_sends_nothing_twice(store: Store, page: Page, desk: Desk) -> None:
    case = desk.case()
    (unit,) = pumps(desk, page, 1)

    first, again = send(page, case, unit), send(page, case, unit)

    assert first["orders"] == again["orders"]
    assert len(store.orders.of_case(case.id)) == 1


def test_units_for_tasks_begin_the_plan(store: Store, page: Page, desk: Desk) -> None:
    case = desk.case(severity=1)
    (unit,) = pumps(desk, page, 1)
    tasks = pick_of(page, case.id)["tasks"]
    drain = next(task for task in tasks if task["department"] == "sw")

    assert send(page, case, unit, tasks={drain["id"]: unit}, version=None)["why"] == ""

    (run,) = store.plans.of_case(case.id)
    task = run.task(drain["id"])
    assert task is not None
    assert task.order_ids == (store.orders.of_case(case.id)[0].id,)


def test_what_was_sent_is_taken_back(store: Store, page: Page, desk: Desk) -> None:
    case = desk.case()
    (unit,) = pumps(desk, page, 1)
    told = send(page, case, unit)

    assert deed(page, "undo", orders=told["orders"], case=case.id)["why"] == ""

    assert store.orders.get(told["orders"][0]).state is OrderState.RECALLED


def test_a_refusal_offers_the_next_unit_which_takes_the_order(
    store: Store, page: Page, desk: Desk
) -> None:
    case = desk.case()
    first, second = pumps(desk, page, 2)
    send(page, case, first)
    (order,) = store.orders.of_case(case.id)
    desk.answer(order, OrderMove.REFUSE, reason="车辆故障")

    shown = pick_of(page, case.id)["orders"][0]
    assert shown["state"] == "is-overdue"
    assert "车辆故障" in shown["said"]
    move, label = shown["moves"][0]
    assert move == f"next {second}"
    assert "改派下一支" in label
    assert deed(page, "order", order=order.id, move=move)["why"] == ""

    _, after = store.orders.of_case(case.id)
    assert (after.unit, after.state, after.came_from) == (second, OrderState.SENT, order.id)


def test_a_case_under_way_is_listed_with_its_units(store: Store, page: Page, desk: Desk) -> None:
    case = desk.case()
    (unit,) = pumps(desk, page, 1)
    send(page, case, unit)

    shown = queue_of(page)

    assert shown["waiting"] == []
    (row,) = shown["active"]
    assert row["id"] == case.id
    assert row["answerBy"] is not None
    assert [one["glyph"] for one in row["units"]] == ["派"]


def test_the_desk_answers_for_a_unit_on_the_radio(store: Store, page: Page, desk: Desk) -> None:
    case = desk.case()
    (unit,) = pumps(desk, page, 1)
    (order_id,) = send(page, case, unit)["orders"]

    deed(page, "order", order=order_id, move="accept")
    deed(page, "order", order=order_id, move="arrive")

    assert store.orders.get(order_id).state is OrderState.ON_SCENE
    assert pick_of(page, case.id)["orders"][0]["glyph"] == "场"


def test_a_refused_command_says_why_and_sends_nothing(store: Store, page: Page, desk: Desk) -> None:
    case, other = desk.case(), desk.case()
    (unit,) = pumps(desk, page, 1)
    send(page, case, unit)

    told = send(page, other, unit, key="k-2")

    assert "正在执行" in told["why"]
    assert store.orders.of_case(other.id) == []


def test_a_typed_order_names_unit_and_case(page: Page, desk: Desk) -> None:
    case = desk.case(title="国兴大道下穿通道积水")
    pumps(desk, page, 1)

    answer = page.call("search-results.children", search="派 P001 国兴")

    assert case.id in str(answer)
    assert "派出该力量" in str(answer)

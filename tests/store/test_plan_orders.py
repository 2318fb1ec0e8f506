"""Units sent for the tasks of a plan: what they report leads the plan, and with it the case."""

import pytest

from city.case_table import CaseState
from city.cases import Case
from city.order_table import OrderMove
from city.orders import Order, Sending, Wish
from city.plan_runs import Run
from city.roles import Role
from store.store import Store
from tests.dispatched import Desk, as_role

pytestmark = pytest.mark.store
COVER = {"kind": "component", "type": "0102", "title": "井盖缺失"}


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def begun(desk: Desk, plan: str, **case: object) -> Case:
    case_ = desk.case(**case)
    desk.store.plans.start(case_.id, plan, as_role(Role.DISPATCHER))
    return case_


def send_for(desk: Desk, case: Case, unit: str, task: str) -> Order:
    sending = Sending((Wish(unit, task),))
    (order,) = desk.store.orders.send(case.id, sending, desk.dispatcher)
    return order


def do_all(desk: Desk, order: Order) -> None:
    for move in (OrderMove.ACCEPT, OrderMove.DEPART, OrderMove.ARRIVE, OrderMove.FINISH):
        desk.answer(order, move)


def states(desk: Desk, case: Case) -> list[str]:
    (run,) = desk.store.plans.of_case(case.id)
    return [str(task.state) for task in run.tasks]


def run_of(desk: Desk, case: Case) -> Run:
    (run,) = desk.store.plans.of_case(case.id)
    return run


def test_the_case_waits_until_the_lead_unit_has_done_all_its_tasks(desk: Desk) -> None:
    case = begun(desk, "cover", **COVER)

    do_all(desk, send_for(desk, case, desk.fleet.unit("repair", 1), "cover/fence"))
    fenced = states(desk, case), desk.store.cases.get(case.id).state
    do_all(desk, send_for(desk, case, desk.fleet.unit("repair", 2), "cover/replace"))

    assert fenced == (["done", "ready"], CaseState.HANDLING)
    assert states(desk, case) == ["done", "done"]
    assert desk.store.cases.get(case.id).state is CaseState.PENDING_CHECK
    assert not run_of(desk, case).is_open


def test_a_task_says_when_its_unit_arrived_and_is_ready_again_when_it_refuses(desk: Desk) -> None:
    case = begun(desk, "cover", **COVER)
    refusing = send_for(desk, case, desk.fleet.unit("repair", 1), "cover/fence")
    sent = states(desk, case)
    desk.answer(refusing, OrderMove.REFUSE, reason="车辆故障")
    refused = states(desk, case)
    other = send_for(desk, case, desk.fleet.unit("repair", 2), "cover/fence")
    desk.answer(other, OrderMove.ACCEPT)
    desk.answer(other, OrderMove.ARRIVE)

    assert (sent[0], refused[0]) == ("ordered", "ready")
    task = run_of(desk, case).tasks[0]
    assert task.order_ids == (other.id,)
    assert task.arrived_ms
    assert task.late == ()


def test_co_units_of_a_plan_do_their_share_by_their_orders(desk: Desk) -> None:
    case = begun(desk, "ponding-underpass", severity=1)
    repair = desk.fleet.unit("repair", 1)

    order = send_for(desk, case, repair, "ponding-underpass/covers")
    do_all(desk, order)

    after = desk.store.cases.get(case.id)
    assert after.lead == "sw"
    share = after.task_of("sz")
    assert share is not None
    assert share.state == "done"
    assert states(desk, case) == ["ready", "waiting", "done", "ready", "ready"]

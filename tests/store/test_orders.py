"""Orders: sent with the case's move, answered, recalled, redirected; each exactly once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from city.case_table import CaseState, Move
from city.cases import Case
from city.cases import Order as CaseOrder
from city.order_table import OrderMove, OrderSource, OrderState
from city.orders import Sending, Wish
from city.plan_runs import TaskState
from city.refusal import Conflict, Forbidden, Malformed, NotFound
from city.roles import Role
from city.units import Status
from store.store import Store
from tests.desk import opening_order
from tests.dispatched import Desk, as_role
from tests.publisher import now_ms

pytestmark = pytest.mark.store
M, S = OrderMove, OrderState


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_an_order_goes_out_with_the_move_of_its_case(desk: Desk) -> None:
    case, unit = desk.case(), desk.fleet.unit("pumptruck", 1)

    (order,) = desk.send(case, unit, note="带两台泵")

    assert desk.store.cases.get(case.id).state is CaseState.PENDING_HANDLE
    assert desk.store.cases.get(case.id).lead == "sw"
    ((topic, said),) = desk.told()
    assert topic == f"cb/v1/460106/sw/order/{case.id}-01/cmd"
    assert said["order_id"] == order.id == f"{case.id}-01"
    assert (said["unit"], said["note"], said["type"]) == (unit, "带两台泵", "0406")
    assert said["pos"] == [110.3357, 20.0021]
    assert said["expires_at"] > said["answer_by"] > said["sent_at"]


def test_a_refused_command_sends_nothing_and_leaves_the_case_alone(desk: Desk) -> None:
    case, unit = desk.case(), desk.fleet.unit("pumptruck", 1)

    with pytest.raises(Conflict):
        desk.send(case, unit, version=1)

    assert desk.store.cases.get(case.id).state is CaseState.PENDING_DISPATCH
    assert desk.told() == []
    assert desk.store.orders.of_case(case.id) == []


def test_the_first_unit_leads_and_the_others_help(desk: Desk) -> None:
    case = desk.case()
    pump, police = desk.fleet.unit("pumptruck", 1), desk.fleet.unit("police", 2)

    pumping, guarding = desk.send(case, pump, police)

    after = desk.store.cases.get(case.id)
    assert (after.lead, after.co) == ("sw", ("ga",))
    assert (pumping.part, guarding.part) == ("lead", "co")


def test_acceptance_signs_the_case_and_the_last_one_done_feeds_back(desk: Desk) -> None:
    case = desk.case()
    first, second = desk.send(
        case, desk.fleet.unit("pumptruck", 1), desk.fleet.unit("pumptruck", 2)
    )

    states = [desk.store.cases.get(case.id).state]
    for order, move in ((first, M.ACCEPT), (second, M.ACCEPT), (first, M.FINISH),
                        (second, M.FINISH)):  # fmt: skip
        desk.answer(order, move)
        states.append(desk.store.cases.get(case.id).state)

    assert states == [
        CaseState.PENDING_HANDLE, CaseState.HANDLING, CaseState.HANDLING, CaseState.HANDLING,
        CaseState.PENDING_CHECK,
    ]  # fmt: skip


def test_the_same_key_again_gives_the_same_orders(desk: Desk) -> None:
    case, unit = desk.case(), desk.fleet.unit("pumptruck", 1)

    first = desk.send(case, unit, key="k1")
    again = desk.send(case, unit, key="k1")

    assert first == again
    assert len(desk.told()) == 1


def test_a_unit_is_not_sent_to_two_cases_unless_somebody_says_so(desk: Desk) -> None:
    unit = desk.fleet.unit("pumptruck", 1)
    one, other = desk.case(), desk.case()
    desk.send(one, unit)

    with pytest.raises(Conflict, match="in hand"):
        desk.send(other, unit)
    desk.send(other, unit, anyway=True)

    assert desk.store.units.one(unit, now_ms()).load == 2


def test_a_unit_shows_what_its_order_says(desk: Desk) -> None:
    unit = desk.fleet.unit("pumptruck", 1)
    (order,) = desk.send(desk.case(), unit)
    seen = []

    for move in (M.ACCEPT, M.DEPART, M.ARRIVE, M.FINISH):
        seen.append(desk.store.units.one(unit, now_ms()).status)
        desk.step(order, move)

    assert seen == [Status.ASSIGNED, Status.ASSIGNED, Status.EN_ROUTE, Status.ON_SCENE]
    assert desk.store.units.one(unit, now_ms()).work == ((), 1)


def test_a_recall_is_told_to_the_field(desk: Desk) -> None:
    (order,) = desk.send(desk.case(), desk.fleet.unit("pumptruck", 1))

    after = desk.step(order, M.RECALL, reason="误派")

    assert after.state is S.RECALLED
    sent, recalled = desk.told()
    assert sent[0] == recalled[0]
    assert (recalled[1]["move"], recalled[1]["reason"]) == ("recall", "误派")


def test_a_redirected_unit_has_the_other_order_alone(desk: Desk) -> None:
    unit = desk.fleet.unit("pumptruck", 1)
    one, other = desk.case(), desk.case()
    (order,) = desk.send(one, unit)

    new = desk.store.orders.redirect(order.id, other.id, desk.dispatcher, key="r")
    again = desk.store.orders.redirect(order.id, other.id, desk.dispatcher, key="r")

    assert new == again
    old = desk.store.orders.get(order.id)
    assert (old.state, old.went_to, new.came_from) == (S.REDIRECTED, new.id, order.id)
    assert [said["move"] for _, said in desk.told()] == ["send", "redirect", "send"]
    assert desk.store.units.one(unit, now_ms()).order_ids == (new.id,)


def test_an_order_is_handed_over_with_its_note(desk: Desk) -> None:
    tired, fresh = desk.fleet.unit("pumptruck", 1), desk.fleet.unit("pumptruck", 2)
    (order,) = desk.send(desk.case(), tired, note="下穿东口")

    new = desk.store.orders.hand_over(order.id, fresh, desk.dispatcher, "车辆故障")

    assert (new.unit, new.note, new.case_id) == (fresh, "下穿东口", order.case_id)
    assert desk.store.orders.get(order.id).state is S.RECALLED


def test_a_late_answer_is_taken_and_one_after_the_end_changes_nothing(desk: Desk) -> None:
    (order,) = desk.send(desk.case(), desk.fleet.unit("pumptruck", 1))
    desk.step(order, M.RECALL)

    assert desk.answer(order, M.ACCEPT) is None
    assert desk.store.orders.get(order.id).state is S.RECALLED


def test_every_time_has_its_source(desk: Desk) -> None:
    (order,) = desk.send(desk.case(), desk.fleet.unit("pumptruck", 1))

    desk.answer(order, M.ACCEPT, by="王师傅")
    after = desk.step(order, M.ARRIVE)

    sources = {state: stamp.source for state, stamp in after.times.items()}
    assert sources == {
        S.SENT: OrderSource.HAND, S.ACCEPTED: OrderSource.ACK, S.ON_SCENE: OrderSource.HAND,
    }  # fmt: skip
    assert after.log[1].name == "王师傅"


def test_a_device_that_runs_ahead_is_not_believed(desk: Desk) -> None:
    (order,) = desk.send(desk.case(), desk.fleet.unit("pumptruck", 1))
    received_ms = now_ms()

    after = desk.answer(order, M.ACCEPT, at_ms=received_ms + 9_000_000, received_ms=received_ms)

    assert after is not None
    assert after.times[S.ACCEPTED].at_ms == received_ms


def test_only_who_serves_on_the_unit_answers_for_it(desk: Desk) -> None:
    unit = desk.fleet.unit("pumptruck", 1)
    (order,) = desk.send(desk.case(), unit)
    handler = as_role(Role.HANDLER, "li", "sw")

    with pytest.raises(Forbidden):
        desk.step(order, M.ACCEPT, by=handler)
    desk.store.units.sign_on(unit, handler)
    after = desk.step(order, M.ACCEPT, by=handler, key="k")

    assert after.state is S.ACCEPTED
    assert desk.step(order, M.ACCEPT, by=handler, key="k") == after
    with pytest.raises(Forbidden):
        desk.step(order, M.RECALL, by=handler)


def test_a_refusal_by_hand_says_why(desk: Desk) -> None:
    (order,) = desk.send(desk.case(), desk.fleet.unit("pumptruck", 1))

    with pytest.raises(Malformed):
        desk.step(order, M.REFUSE)


def test_a_department_sends_its_own_units_alone(desk: Desk) -> None:
    case = desk.case()
    desk.send(case, desk.fleet.unit("pumptruck", 1))
    own, other = desk.fleet.unit("pumptruck", 2), desk.fleet.unit("police", 3)
    clerk = as_role(Role.UNIT, "sw-clerk", "sw")

    assert desk.send(case, own, by=clerk)
    with pytest.raises((Forbidden, NotFound)):
        desk.send(case, other, by=clerk)


def test_who_sends_no_orders_is_told_who_does(desk: Desk) -> None:
    case, unit = desk.case(), desk.fleet.unit("pumptruck", 1)

    with pytest.raises(Forbidden):
        desk.send(case, unit, by=as_role(Role.CHIEF))


def test_what_was_done_to_orders_stands_in_the_trail_of_their_case(desk: Desk) -> None:
    case = desk.case()
    (order,) = desk.send(case, desk.fleet.unit("pumptruck", 1))
    desk.answer(order, M.ACCEPT)
    desk.step(order, M.RECALL, reason="误派")

    actions = [one.draft.action for one in desk.store.audit.of(f"case/{case.id}", 10)]

    assert actions[:3] == ["order.recall", "order.accept", "order.send"]


def test_nobody_stays_on_the_way_to_a_case_that_is_over(desk: Desk) -> None:
    case = desk.case()
    there, coming = desk.send(case, desk.fleet.unit("police", 1), desk.fleet.unit("police", 2))
    desk.step(there, M.ARRIVE)
    voided = as_role(Role.DISPATCHER, "ann"), as_role(Role.CHIEF, "bo")

    desk.store.cases.move(case.id, CaseOrder(Move.ASK_VOID, {"reason": "误报"}), voided[0])
    desk.store.cases.move(case.id, CaseOrder(Move.GRANT_VOID), voided[1])

    states = [one.state for one in desk.store.orders.of_case(case.id)]
    assert states == [S.RECALLED, S.RECALLED]
    assert [said["move"] for _, said in desk.told()] == ["send", "send", "recall", "recall"]
    assert desk.store.units.one(coming.unit, now_ms()).load == 0


def test_the_log_of_a_case_tells_of_its_orders(desk: Desk) -> None:
    case = desk.case()
    (order,) = desk.send(case, desk.fleet.unit("pumptruck", 1))
    desk.answer(order, M.REFUSE, reason="车辆故障")

    told = [one for one in desk.store.cases.log(case.id) if one.move is Move.ORDER]

    assert [(one.facts["stands"], one.reason) for one in told] == [
        ("sent", ""), ("refused", "车辆故障"),
    ]  # fmt: skip
    assert list(desk.store.cases.doubtful()) == []


def test_two_desks_cannot_send_one_unit_to_two_cases(desk: Desk) -> None:
    unit = desk.fleet.unit("pumptruck", 1)
    cases = [desk.case() for _ in range(6)]
    together = threading.Barrier(len(cases))

    def send(case: Case) -> bool:
        together.wait()
        try:
            desk.send(case, unit)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(len(cases)) as pool:
        won = list(pool.map(send, cases))

    assert sum(won) == 1
    assert len(desk.told()) == 1
    waiting = [desk.store.cases.get(case.id).state for case in cases]
    assert waiting.count(CaseState.PENDING_DISPATCH) == len(cases) - 1


def test_a_case_before_it_is_filed_takes_orders_and_its_own_moves_come_after(desk: Desk) -> None:
    case, _ = desk.store.cases.create(opening_order(), as_role(Role.ACCEPTOR))

    (order,) = desk.send(case, desk.fleet.unit("fire", 1))
    desk.answer(order, M.ACCEPT)

    assert desk.store.cases.get(case.id).state is CaseState.REPORTED
    assert desk.store.orders.get(order.id).state is S.ACCEPTED


def test_an_order_of_a_task_of_a_plan_does_the_task(desk: Desk) -> None:
    case = desk.case()
    run = desk.store.plans.start(case.id, "ponding", as_role(Role.CHIEF))
    task = next(one for one in run.tasks if one.state == TaskState.READY)
    wish = Wish(desk.fleet.unit("pumptruck", 1), task.id)
    (order,) = desk.store.orders.send(case.id, Sending((wish,)), desk.dispatcher)

    def stands() -> str:
        (now,) = desk.store.plans.of_case(case.id)
        found = now.task(task.id)
        assert found is not None
        return str(found.state)

    seen = [stands()]
    for move in (M.ARRIVE, M.FINISH):
        desk.answer(order, move)
        seen.append(stands())

    assert seen == ["ordered", "ordered", "done"]


def test_a_refused_task_is_free_again(desk: Desk) -> None:
    case = desk.case()
    run = desk.store.plans.start(case.id, "ponding", as_role(Role.CHIEF))
    task = next(one for one in run.tasks if one.state == TaskState.READY)
    wish = Wish(desk.fleet.unit("pumptruck", 1), task.id)
    (order,) = desk.store.orders.send(case.id, Sending((wish,)), desk.dispatcher)

    desk.answer(order, M.REFUSE)

    (now,) = desk.store.plans.of_case(case.id)
    assert [one.state for one in now.tasks if one.id == task.id] == [TaskState.READY]

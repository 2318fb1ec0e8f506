"""Plans on cases in a real store: started once, in order, due from T0, and what follows of them."""

import pytest

from city.case_table import CaseState, Move
from city.cases import Case, Order
from city.plan_runs import Deed, Run, TaskOrder
from city.plans import Part, Shares
from city.refusal import Conflict, Forbidden, Malformed, NotFound
from city.roles import Role
from store import keys
from store.store import Store
from tests.desk import LEAD, MAIN_PATH, actor, opening_order
from tests.store.test_cases import trail
from watch.deadlines import Deadlines
from watch.plan_effects import plan_effects

MINUTE_MS = 60_000
PLAN = "ponding-underpass"
CHIEF, DISPATCHER = actor(Role.CHIEF), actor(Role.DISPATCHER)


def opened(store: Store, **changes: object) -> Case:
    order = opening_order(severity=1, **changes)
    case, _ = store.cases.create(order, actor(Role.ACCEPTOR))
    return case


def led_to(store: Store, state: CaseState) -> Case:
    case = opened(store)
    for move, role, department, fields, _ in MAIN_PATH:
        if case.state == state:
            return case
        case = store.cases.move(case.id, Order(move, fields), actor(role, department=department))
    return case


def by_sensor(store: Store, number: str = "A-1") -> Case:
    """The case that a red alarm of ponding becomes."""
    return opened(store, source="sensor", external_id=number)


def states(run: Run) -> list[str]:
    return [str(task.state) for task in run.tasks]


def do(store: Store, case: Case, deed: Deed, step: str, minutes: float = 1, **more: object) -> Run:
    order = TaskOrder(deed, f"{PLAN}/{step}", **more)  # type: ignore[arg-type]
    return store.plans.act(case.id, order, actor(Role.DISPATCHER, minutes=minutes))


def fire(store: Store, at_ms: int) -> None:
    deadlines = Deadlines(store, plan_effects(store), lambda: at_ms)
    while deadlines.fire():
        pass


def due(store: Store, case: Case) -> dict[str, int]:
    rows = store.redis.zrange(keys.DUE, 0, -1, withscores=True)
    mine = f"plan|{case.id}|".encode()
    return {member.decode()[len(mine) :]: int(at) for member, at in rows if member.startswith(mine)}


def test_a_plan_becomes_tasks_in_the_declared_order_due_from_its_start(store: Store) -> None:
    case = opened(store)

    run = store.plans.start(case.id, PLAN, DISPATCHER)

    t0 = DISPATCHER.at_ms
    assert run.started_ms == t0
    assert [task.id.partition("/")[2] for task in run.tasks] == [
        "close-road", "drain", "covers", "power", "people"
    ]  # fmt: skip
    assert [task.number for task in run.tasks] == [1, 2, 3, 4, 5]
    assert [(task.arrive_by_ms - t0) / MINUTE_MS for task in run.tasks] == [10, 30, 30, 30, 15]
    assert [(task.due_ms - t0) / MINUTE_MS for task in run.tasks] == [20, 120, 120, 60, 60]
    assert states(run) == ["ready", "waiting", "ready", "ready", "ready"]
    assert run.tasks[4].part is Part.TERRITORIAL
    assert run.tasks[4].department == "d106"
    assert store.plans.of_case(case.id) == (run,)
    assert due(store, case)[f"handle:{PLAN}/drain"] == t0 + 120 * MINUTE_MS


def test_a_start_is_on_record_in_the_log_and_in_the_trail(store: Store) -> None:
    case = opened(store)

    store.plans.start(case.id, PLAN, DISPATCHER)

    entry = store.cases.log(case.id)[-1]
    assert (entry.move, entry.by) == (Move.START_PLAN, "dispatcher")
    assert entry.facts == {"plan": PLAN, "edition": 3}
    draft = trail(store)[-1].draft
    assert (draft.action, draft.subject) == ("plan.start", f"case/{case.id}")
    assert list(store.cases.doubtful()) == []


def test_a_plan_is_started_once_on_a_case(store: Store) -> None:
    case = opened(store)
    store.plans.start(case.id, PLAN, DISPATCHER)

    with pytest.raises(Conflict) as refused:
        store.plans.start(case.id, PLAN, DISPATCHER)

    assert refused.value.reason == "plan_runs"
    assert len(store.plans.of_case(case.id)) == 1


def test_only_the_command_desk_starts_plans_and_only_those_that_exist(store: Store) -> None:
    case = opened(store)

    with pytest.raises(Forbidden):
        store.plans.start(case.id, PLAN, actor(Role.ACCEPTOR))
    with pytest.raises(NotFound):
        store.plans.start(case.id, "flood", DISPATCHER)
    with pytest.raises(NotFound):
        store.plans.start("HK20260907-09999", PLAN, DISPATCHER)

    assert store.plans.of_case(case.id) == ()


def test_a_case_that_is_over_starts_no_plan(store: Store) -> None:
    case = led_to(store, CaseState.CLOSED)

    with pytest.raises(Conflict) as refused:
        store.plans.start(case.id, PLAN, DISPATCHER)

    assert refused.value.reason == "case_over"


def test_one_alarm_is_one_case_with_its_tasks_and_notices_however_often_it_comes(
    store: Store,
) -> None:
    cases = [by_sensor(store) for _ in range(3)]

    assert len({case.id for case in cases}) == 1
    (run,) = store.plans.of_case(cases[0].id)
    assert (run.plan, run.linkage) == (PLAN, PLAN)
    told = {name: [one.task for one, _ in store.notices.of(name)]
            for name in ("jj", "sw", "sz", "gd", "d106", "yj")}  # fmt: skip
    assert told == {
        "jj": [f"{PLAN}/close-road"], "sw": [f"{PLAN}/drain"], "sz": [f"{PLAN}/covers"],
        "gd": [f"{PLAN}/power"], "d106": [f"{PLAN}/people"], "yj": [""],
    }  # fmt: skip
    assert [one.move for one in store.cases.log(cases[0].id)] == [Move.CREATE, Move.START_PLAN]


def test_an_incident_starts_the_closest_plan_of_its_level_unless_one_goes_on(store: Store) -> None:
    mild, known = opened(store, external_id="HL-3"), by_sensor(store)
    fields = {"class": "natural", "level": 3, "reason": "积水扩大"}

    for case in (mild, known):
        store.cases.move(case.id, Order(Move.ESCALATE, fields), CHIEF)

    assert [run.plan for run in store.plans.of_case(mild.id)] == ["ponding"]
    assert [run.plan for run in store.plans.of_case(known.id)] == [PLAN]


def test_what_people_report_begins_no_plan_by_itself(store: Store) -> None:
    assert store.plans.of_case(opened(store).id) == ()
    assert store.notices.of("jj") == []


def test_a_dispatch_brings_the_departments_of_the_plan_along(store: Store) -> None:
    case = by_sensor(store)
    for move, role, department, fields, _ in MAIN_PATH[:3]:
        case = store.cases.move(case.id, Order(move, fields), actor(role, department=department))

    assert case.lead == LEAD
    assert case.co == ("jj", "sz", "gd", "d106")
    needed = {task.department for task in case.tasks if task.is_mandatory}
    assert needed == {"sw", "jj"}


def test_the_shares_are_told_before_anybody_is_sent(store: Store) -> None:
    case = by_sensor(store)

    assert store.plans.shares(case.id) == Shares(
        "sw", ("jj", "sz", "gd", "d106"), ("sz", "gd", "d106")
    )
    assert store.plans.shares(opened(store, external_id="HL-2").id) == Shares()


def test_a_plan_started_later_adds_its_units_to_the_case(store: Store) -> None:
    case = led_to(store, CaseState.HANDLING)

    store.plans.start(case.id, PLAN, DISPATCHER)

    case = store.cases.get(case.id)
    assert case.co == ("jj", "sz", "gd", "d106")
    assert [one.move for one in store.cases.log(case.id)[-2:]] == [Move.START_PLAN, Move.ADD_CO]


def test_a_mandatory_task_keeps_the_case_from_being_closed_until_it_is_done(store: Store) -> None:
    case = led_to(store, CaseState.HANDLING)
    store.plans.start(case.id, PLAN, DISPATCHER)
    for move, role, department, fields, _ in MAIN_PATH[4:7]:
        store.cases.move(case.id, Order(move, fields), actor(role, department=department))

    with pytest.raises(Conflict) as refused:
        store.cases.move(case.id, Order(Move.CLOSE), CHIEF)
    do(store, case, Deed.DONE, "close-road")

    assert refused.value.reason == "open_task"
    assert store.cases.move(case.id, Order(Move.CLOSE), CHIEF).state is CaseState.CLOSED


def test_a_unit_that_reports_its_share_done_has_done_its_tasks(store: Store) -> None:
    case = led_to(store, CaseState.HANDLING)
    store.plans.start(case.id, PLAN, DISPATCHER)
    police = actor(Role.UNIT, department="jj", minutes=6)

    store.cases.move(case.id, Order(Move.CO_SIGN), police)
    store.cases.move(case.id, Order(Move.CO_FEEDBACK), police)

    (run,) = store.plans.of_case(case.id)
    assert states(run)[:2] == ["done", "ready"]
    assert (run.tasks[0].done_by, run.tasks[0].done_ms) == (police.seat.account, police.at_ms)


def test_a_task_waits_for_another_and_is_told_which(store: Store) -> None:
    case = opened(store)
    store.plans.start(case.id, PLAN, DISPATCHER)

    with pytest.raises(Conflict) as refused:
        do(store, case, Deed.DONE, "drain")
    run = do(store, case, Deed.DONE, "close-road", minutes=5)

    assert "双向封控分流" in refused.value.said("zh")
    assert states(run)[:2] == ["done", "ready"]
    drain = run.tasks[1]
    assert drain.ready_ms == actor(Role.DISPATCHER, minutes=5).at_ms


def test_a_task_follows_the_orders_that_are_sent_for_it(store: Store) -> None:
    case = opened(store)
    store.plans.start(case.id, PLAN, DISPATCHER)

    one = do(store, case, Deed.ORDER, "close-road", order_id="O-1")
    two = do(store, case, Deed.ORDER, "close-road", order_id="O-2")
    refused = do(store, case, Deed.RELEASE, "close-road", order_id="O-1")
    arrived = do(store, case, Deed.ARRIVE, "close-road", minutes=7, order_id="O-2")
    done = do(store, case, Deed.DONE, "close-road", minutes=9, order_id="O-2")

    assert states(one)[0] == "ordered"
    assert two.tasks[0].order_ids == ("O-1", "O-2")
    assert (states(refused)[0], refused.tasks[0].order_ids) == ("ordered", ("O-2",))
    assert arrived.tasks[0].arrived_ms == actor(Role.DISPATCHER, minutes=7).at_ms
    assert states(done)[0] == "done"


def test_a_task_is_not_done_while_another_unit_is_at_it(store: Store) -> None:
    case = opened(store)
    store.plans.start(case.id, PLAN, DISPATCHER)
    do(store, case, Deed.ORDER, "close-road", order_id="O-1")
    do(store, case, Deed.ORDER, "close-road", order_id="O-2")

    run = do(store, case, Deed.DONE, "close-road", order_id="O-1")

    assert states(run)[0] == "ordered"


def test_units_may_be_sent_for_a_task_that_still_waits(store: Store) -> None:
    case = opened(store)
    store.plans.start(case.id, PLAN, DISPATCHER)

    waiting = do(store, case, Deed.ORDER, "drain", order_id="O-1")
    freed = do(store, case, Deed.DONE, "close-road")

    assert states(waiting)[1] == "waiting"
    assert states(freed)[1] == "ordered"


def test_a_task_left_out_frees_what_waits_for_it_and_says_why(store: Store) -> None:
    case = opened(store)
    store.plans.start(case.id, PLAN, DISPATCHER)

    with pytest.raises(Malformed):
        do(store, case, Deed.SKIP, "close-road")
    run = do(store, case, Deed.SKIP, "close-road", note="路段已封闭施工")

    assert states(run)[:2] == ["skipped", "ready"]
    assert run.log[-1].note == "路段已封闭施工"


def test_what_is_done_again_makes_the_tasks_behind_it_wait(store: Store) -> None:
    case = opened(store)
    store.plans.start(case.id, PLAN, DISPATCHER)
    do(store, case, Deed.DONE, "close-road")

    run = do(store, case, Deed.REDO, "close-road")

    assert states(run)[:2] == ["ready", "waiting"]


def test_the_own_department_ticks_and_finishes_but_leaves_nothing_out(store: Store) -> None:
    case = led_to(store, CaseState.HANDLING)
    store.plans.start(case.id, PLAN, DISPATCHER)
    police, water = (actor(Role.UNIT, department=one) for one in ("jj", "sw"))
    tick = TaskOrder(Deed.TICK, f"{PLAN}/close-road", item=0)

    run = store.plans.act(case.id, tick, police)
    with pytest.raises(Forbidden):
        store.plans.act(case.id, tick, water)
    with pytest.raises(Forbidden):
        store.plans.act(case.id, TaskOrder(Deed.SKIP, f"{PLAN}/close-road", note="x"), police)
    done = store.plans.act(case.id, TaskOrder(Deed.DONE, f"{PLAN}/close-road"), police)

    item = run.tasks[0].checklist[0]
    assert (item.by, item.at_ms) == (police.seat.account, police.at_ms)
    assert states(done)[0] == "done"
    share = store.cases.get(case.id).task_of("jj")
    assert share is not None and share.state == "done"


def test_an_item_is_ticked_once_and_can_be_taken_back(store: Store) -> None:
    case = opened(store)
    store.plans.start(case.id, PLAN, DISPATCHER)

    do(store, case, Deed.TICK, "drain", minutes=1, item=1)
    again = do(store, case, Deed.TICK, "drain", minutes=2, item=1)
    back = do(store, case, Deed.UNTICK, "drain", minutes=3, item=1)

    assert again.tasks[1].checklist[1].at_ms == actor(Role.DISPATCHER, minutes=1).at_ms
    assert back.tasks[1].checklist[1].at_ms == 0
    with pytest.raises(Malformed):
        do(store, case, Deed.TICK, "drain", item=9)


def test_a_limit_that_passes_is_said_once_and_not_of_what_is_done(store: Store) -> None:
    case = opened(store)
    run = store.plans.start(case.id, PLAN, DISPATCHER)
    do(store, case, Deed.ARRIVE, "close-road", minutes=5, order_id="O-1")
    do(store, case, Deed.DONE, "power", minutes=5)

    for minutes in (16, 16, 30):
        fire(store, run.started_ms + minutes * MINUTE_MS)

    (after,) = store.plans.of_case(case.id)
    assert {task.id.partition("/")[2]: task.late for task in after.tasks} == {
        "close-road": ("handle",), "drain": ("arrive",), "covers": ("arrive",), "power": (),
        "people": ("arrive",),
    }  # fmt: skip
    said = [(one.task.partition("/")[2], one.note) for one in after.log if one.deed == "late"]
    assert len(said) == len(set(said)) == 4
    assert f"arrive:{PLAN}/drain" not in due(store, case)


def test_a_plan_ends_with_its_last_task_and_with_its_case(store: Store) -> None:
    done, closed = opened(store), by_sensor(store)
    store.plans.start(done.id, PLAN, DISPATCHER)
    for step in ("close-road", "drain", "covers", "power", "people"):
        run = do(store, done, Deed.DONE, step, minutes=3)
    store.cases.move(closed.id, Order(Move.DECLINE, {"reason": "误报"}), actor(Role.ACCEPTOR))

    (other,) = store.plans.of_case(closed.id)
    assert run.ended_ms == actor(Role.DISPATCHER, minutes=3).at_ms
    assert not other.is_open
    assert due(store, done) == due(store, closed) == {}


def test_news_of_orders_that_came_too_late_changes_nothing(store: Store) -> None:
    case = opened(store)
    order = TaskOrder(Deed.DONE, f"{PLAN}/drain", order_id="O-1")

    found = store.ledger.write(lambda page: store.plans.follow_in(page, case.id, order, CHIEF))

    assert found is None


def test_a_notice_is_seen_by_its_department_once(store: Store) -> None:
    by_sensor(store)
    ((notice, _),) = store.notices.of("jj")
    police = actor(Role.UNIT, department="jj")

    with pytest.raises(Forbidden):
        store.notices.see("jj", notice.id, actor(Role.UNIT, department="sw"))
    store.notices.see("jj", notice.id, police)
    store.notices.see("jj", notice.id, actor(Role.UNIT, "other", "jj", minutes=5))

    ((_, seen),) = store.notices.of("jj")
    assert seen is not None
    assert (seen.by, seen.at_ms) == (police.seat.account, police.at_ms)

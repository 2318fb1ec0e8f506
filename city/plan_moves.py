"""What is done with the tasks of a plan: one table of deeds, and the run that each one gives."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from city.plan_runs import Deed, PlanTask, Run, RunEntry, TaskOrder, TaskState, Tick
from city.refusal import Conflict, Forbidden, Malformed, NotFound, Refusal, say
from city.roles import SYSTEM, Actor, Right

say({
    "plan_runs": ("预案“{plan}”已在本案启动", "The plan {plan} is under way on this case already"),
    "plan_ended": ("预案已结束", "The plan has ended"),
    "case_over": ("案件已办结,不能启动预案", "The case is over: no plan can be started"),
    "task_waits": ("须先完成“{first}”", "First comes: {first}"),
    "task_over": ("该任务已办结", "That task is over already"),
    "task_not_over": ("该任务尚未办结", "That task is not over"),
    "task_of_others": (
        "只有指挥席位或“{department}”能办理该任务",
        "Only the command desk or {department} may do that",
    ),
    "no_such_item": ("清单没有第 {item} 项", "The checklist has no item {item}"),
})  # fmt: skip
TASK = ("任务", "task")
REASON = ("理由", "reason")


def acted(run: Run, order: TaskOrder, actor: Actor) -> Run:
    """The run after a deed, or its Refusal; what follows for the tasks behind it is in it."""
    task = task_in(run, order.task)
    if refusal := against(run, task, order, actor):
        raise refusal
    after = DEEDS_DONE[order.deed](task, order, actor)
    if after == task:
        return run
    tasks = tuple(after if one.id == task.id else one for one in run.tasks)
    return settled(replace(run, tasks=tasks, log=(*run.log, line(order, actor))), actor.at_ms)


def task_in(run: Run, task_id: str) -> PlanTask:
    """One of its tasks, or NotFound."""
    task = run.task(task_id)
    if task is None:
        raise NotFound("not_found", name=task_id, what=TASK)
    return task


def against(run: Run, task: PlanTask, order: TaskOrder, actor: Actor) -> Refusal | None:
    """What stands against a deed."""
    if not order.order_id and not may_act(actor, task, order.deed):  # an order may by itself
        return Forbidden("task_of_others", department=task.department)
    if order.deed is Deed.REDO:
        return None if task.is_over else Conflict("task_not_over")
    if task.is_over and order.deed not in (Deed.TICK, Deed.UNTICK):
        return Conflict("task_over")
    if order.deed is Deed.SKIP and not order.note:
        return Malformed("missing", what=REASON)
    if order.deed in (Deed.TICK, Deed.UNTICK) and not 0 <= order.item < len(task.checklist):
        return Malformed("no_such_item", item=order.item + 1)
    if order.deed is Deed.DONE and not order.order_id:
        return waits(run, task)
    return None


def waits(run: Run, task: PlanTask) -> Refusal | None:
    """Another task comes first."""
    first = next((one for one in run.tasks if one.id in task.after and not one.is_over), None)
    return Conflict("task_waits", first=(first.zh, first.en)) if first else None


def may_act(actor: Actor, task: PlanTask, deed: Deed) -> bool:
    """The command desk may; the unit whose task it is may do all but leave it out."""
    seat = actor.seat
    if seat == SYSTEM or seat.may(Right.START_PLANS):
        return True
    is_own = bool(seat.department) and seat.department == task.department
    return is_own and seat.may(Right.ANSWER_ORDERS) and deed not in (Deed.SKIP, Deed.REDO)


def ordered(task: PlanTask, order: TaskOrder, _actor: Actor) -> PlanTask:
    """A unit has it; one more may."""
    return replace(task, order_ids=tuple(dict.fromkeys((*task.order_ids, order.order_id))))


def arrived(task: PlanTask, _order: TaskOrder, actor: Actor) -> PlanTask:
    """The first unit is there."""
    if task.arrived_ms:
        return task
    is_late = bool(task.arrive_by_ms) and actor.at_ms > task.arrive_by_ms
    return replace(task, arrived_ms=actor.at_ms, late=with_late(task, "arrive", is_late))


def released(task: PlanTask, order: TaskOrder, _actor: Actor) -> PlanTask:
    """That unit will not do it."""
    return replace(task, order_ids=without(task, order))


def done(task: PlanTask, order: TaskOrder, actor: Actor) -> PlanTask:
    """Finished; by an order only when no other unit is still at it."""
    left = without(task, order) if order.order_id else ()
    return replace(task, order_ids=left) if left else finished(task, actor)


def finished(task: PlanTask, actor: Actor) -> PlanTask:
    """Done, in time or not."""
    is_late = bool(task.due_ms) and actor.at_ms > task.due_ms
    return over(replace(task, late=with_late(task, "handle", is_late)), TaskState.DONE, actor)


def skipped(task: PlanTask, _order: TaskOrder, actor: Actor) -> PlanTask:
    """Left out, for a reason."""
    return over(task, TaskState.SKIPPED, actor)


def over(task: PlanTask, state: TaskState, actor: Actor) -> PlanTask:
    """Nothing is left to do."""
    seat = actor.seat
    return replace(task, state=state, done_ms=actor.at_ms, done_by=seat.account,
                   done_name=seat.name, order_ids=())  # fmt: skip


def redone(task: PlanTask, _order: TaskOrder, _actor: Actor) -> PlanTask:
    """It was not done after all."""
    return replace(task, state=TaskState.READY, done_ms=0, done_by="", done_name="")


def ticked(task: PlanTask, order: TaskOrder, actor: Actor) -> PlanTask:
    """Who looked at it first stays."""
    item = task.checklist[order.item]
    seat = actor.seat
    by = Tick(item.zh, item.en, seat.account, seat.name, actor.at_ms)
    return with_item(task, order.item, item if item.at_ms else by)


def unticked(task: PlanTask, order: TaskOrder, _actor: Actor) -> PlanTask:
    """It is to be looked at again."""
    item = task.checklist[order.item]
    return with_item(task, order.item, Tick(item.zh, item.en))


def with_item(task: PlanTask, place: int, item: Tick) -> PlanTask:
    """The task with one item of its list changed."""
    items = [item if at == place else one for at, one in enumerate(task.checklist)]
    return replace(task, checklist=tuple(items))


def without(task: PlanTask, order: TaskOrder) -> tuple[str, ...]:
    """The orders that are left."""
    return tuple(one for one in task.order_ids if one != order.order_id)


def with_late(task: PlanTask, what: str, is_late: bool) -> tuple[str, ...]:
    """What was not done in time, with one more where it is so."""
    return tuple(dict.fromkeys((*task.late, what))) if is_late else task.late


Do = Callable[[PlanTask, TaskOrder, Actor], PlanTask]
DEEDS_DONE: Mapping[Deed, Do] = {
    Deed.ORDER: ordered,
    Deed.ARRIVE: arrived,
    Deed.RELEASE: released,
    Deed.DONE: done,
    Deed.SKIP: skipped,
    Deed.REDO: redone,
    Deed.TICK: ticked,
    Deed.UNTICK: unticked,
}


def settled(run: Run, at_ms: int) -> Run:
    """What waits for what is worked out anew; a run without anything left to do has ended."""
    finished = {one.id for one in run.tasks if one.is_over}
    tasks = tuple(one if one.is_over else placed(one, finished, at_ms) for one in run.tasks)
    is_over = len(finished) == len(tasks)
    return replace(run, tasks=tasks, ended_ms=(run.ended_ms or at_ms) if is_over else 0)


def placed(task: PlanTask, finished: set[str], at_ms: int) -> PlanTask:
    """A task that is not over, where it stands now."""
    if not finished.issuperset(task.after):
        return replace(task, state=TaskState.WAITING, ready_ms=0)
    state = TaskState.ORDERED if task.order_ids else TaskState.READY
    return replace(task, state=state, ready_ms=task.ready_ms or at_ms)


def reported(run: Run, department: str, actor: Actor) -> Run:
    """A department says of its whole share that it is done: so are its tasks, in whatever order."""
    own = {one.id for one in run.tasks if one.department == department and not one.is_over}
    if not own or not run.is_open:
        return run
    tasks = tuple(finished(one, actor) if one.id in own else one for one in run.tasks)
    lines = tuple(line(TaskOrder(Deed.DONE, one), actor) for one in sorted(own))
    return settled(replace(run, tasks=tasks, log=(*run.log, *lines)), actor.at_ms)


def ended(run: Run, actor: Actor) -> Run:
    """The case is over, and so is its plan."""
    if not run.is_open:
        return run
    said = RunEntry(actor.at_ms, actor.seat.account, actor.seat.name, "end")
    return replace(run, ended_ms=actor.at_ms, log=(*run.log, said))


def overdue(run: Run, task_id: str, what: str, at_ms: int) -> Run:
    """A limit has passed: `arrive` or `handle`; the same run where that is moot."""
    task = run.task(task_id)
    if task is None or task.is_over or not run.is_open or what in task.late:
        return run
    late = replace(task, late=with_late(task, what, True))
    tasks = tuple(late if one.id == task_id else one for one in run.tasks)
    said = RunEntry(at_ms, SYSTEM.account, SYSTEM.name, "late", task_id, what)
    return replace(run, tasks=tasks, log=(*run.log, said))


def line(order: TaskOrder, actor: Actor) -> RunEntry:
    """The line in the run's log."""
    seat = actor.seat
    note = order.note or order.order_id or (str(order.item + 1) if order.item >= 0 else "")
    return RunEntry(actor.at_ms, seat.account, seat.name, str(order.deed), order.task, note)


def left_to_do(runs: tuple[Run, ...], department: str) -> bool:
    """Whether plans that go on want more of a department than it has done."""
    tasks = (task for run in runs if run.is_open for task in run.tasks)
    return any(one.department == department and one.is_mandatory and not one.is_over
               for one in tasks)  # fmt: skip


def finished_by(runs: tuple[Run, ...], task_id: str) -> str:
    """The department that has nothing left to do with that task; empty where something is left."""
    tasks = [task for run in runs for task in run.tasks]
    own = next((one.department for one in tasks if one.id == task_id), "")
    left = [one for one in tasks if one.department == own and not one.is_over]
    return "" if left else own

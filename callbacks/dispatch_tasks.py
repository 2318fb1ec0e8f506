"""Tasks of the open case in plain values: of the plans under way, else of the plan that fits."""

from collections.abc import Sequence
from typing import Any

from callbacks.desk import Desk
from city.cases import Case
from city.plan_runs import Deed, PlanTask, Run, TaskState, Tick
from city.plans import Plan, Step
from city.roles import Actor, Right
from layouts.case_naming import Naming
from layouts.panels.dispatch_pick import TaskRow

MINUTE_MS, HOUR_MIN = 60_000, 60
STATES = {TaskState.ORDERED: "sent", TaskState.DONE: "done", TaskState.SKIPPED: "done"}


def tasked(desk: Desk, case: Case, wanted: str, actor: Actor, naming: Naming) -> dict[str, Any]:
    """What the right column says of plans, as fields of its `Pick`; `wanted` is a plan's id."""
    runs = [run for run in desk.store.plans.of_case(case.id) if run.is_open]
    plans = desk.store.plans.fitting(case)
    run = next((one for one in runs if one.plan == wanted), runs[0] if runs else None)
    plan = next((one for one in plans if one.id == wanted), plans[0] if plans else None)
    offered = options(runs, plans, naming)
    if run is not None and (not wanted or run.plan == wanted):
        return {"plans": offered, **of_run(desk, run, actor, naming)}
    if plan is None:
        return {}
    may = actor.seat.may(Right.START_PLANS)
    return {"plans": offered, "may_start": may, **of_plan(desk, plan, case, naming)}


def options(runs: Sequence[Run], plans: Sequence[Plan], naming: Naming) -> list[tuple[str, str]]:
    """What may be chosen: what goes on first, then what else fits."""
    words, known = naming.words, {run.plan for run in runs}
    going = [(one.plan, words("dispatch.plan_going", name=words.pick(one.zh, one.en),
                              v=one.version)) for one in runs]  # fmt: skip
    others = [(one.id, words("dispatch.plan_label", name=words.pick(one.zh, one.en),
                             v=one.version)) for one in plans if one.id not in known]  # fmt: skip
    return going + others


def of_run(desk: Desk, run: Run, actor: Actor, naming: Naming) -> dict[str, Any]:
    """A plan under way."""
    names = {one.id: one.name(naming.words.lang) for one in run.tasks}
    label = naming.words.pick(run.zh, run.en)
    return {
        "plan": run.plan,
        "plan_started": True,
        "tasks": [task_of(desk, one, names, actor, naming) for one in run.tasks],
        "points": [naming.words.pick(*one) for one in run.advice],
        "points_from": naming.words("dispatch.points_of", plan=label),
    }


def task_of(
    desk: Desk, task: PlanTask, names: dict[str, str], actor: Actor, naming: Naming
) -> TaskRow:
    """One task under way."""
    words, left = naming.words, (task.due_ms - desk.now_ms()) / MINUTE_MS
    late = words("dispatch.task_late") if "handle" in task.late else ""
    limit = late or (limits(None, left, naming) if task.due_ms and not task.is_over else "")
    first = next((names[one] for one in task.after), "") if task.state is TaskState.WAITING else ""
    return TaskRow(
        id=task.id,
        role=str(task.part),
        text=names[task.id],
        who=naming.department(task.department),
        department=task.department,
        unit=words("dispatch.task_has", n=len(task.order_ids)) if task.order_ids
        else words(f"dispatch.task_{task.state}") if task.is_over else "",
        limits=limit,
        waits_for=first,
        state=STATES.get(task.state, "open"),
        skills=frozenset(task.skills),
        checklist=[ticked(one, naming) for one in task.checklist],
        deeds=deeds(task, actor, naming),
    )  # fmt: skip


def ticked(item: Tick, naming: Naming) -> tuple[str, bool, str]:
    """One item of a checklist: its words, whether it is done, by whom."""
    return naming.words.pick(item.zh, item.en), bool(item.at_ms), item.name


def deeds(task: PlanTask, actor: Actor, naming: Naming) -> list[tuple[str, str]]:
    """What the command desk may do with a task by hand."""
    if not actor.seat.may(Right.START_PLANS):
        return []
    open_to = (Deed.REDO,) if task.is_over else (Deed.DONE, Deed.SKIP)
    return [(str(one), naming.words(f"dispatch.deed_{one}")) for one in open_to]


def of_plan(desk: Desk, plan: Plan, case: Case, naming: Naming) -> dict[str, Any]:
    """A plan that is not started: its steps as they would be."""
    names = {one.id: naming.words.pick(one.zh, one.en) for one in plan.steps}
    label = f"{naming.words.pick(plan.zh, plan.en)} v{plan.version}"
    return {
        "plan": plan.id,
        "tasks": [step_of(desk, plan, one, names, case, naming) for one in plan.steps],
        "points": [naming.words.pick(*one) for one in plan.advice],
        "points_from": naming.words("dispatch.points_of", plan=label),
    }


def step_of(
    desk: Desk, plan: Plan, step: Step, names: dict[str, str], case: Case, naming: Naming
) -> TaskRow:  # fmt: skip
    """One step as it would be a task."""
    department = desk.store.plans.library.department_of(step, case.area)
    return TaskRow(
        id=f"{plan.id}/{step.id}",
        role=str(step.part),
        text=names[step.id],
        who=naming.department(department),
        department=department,
        limits=limits(step.arrive_within_min, step.handle_within_min, naming),
        waits_for=names[step.after[0]] if step.after else "",
        skills=frozenset(step.skills),
    )


def limits(arrive_min: float | None, handle_min: float | None, naming: Naming) -> str:
    """`到场 30 分 · 处置 2 时`."""
    words = naming.words
    said = (("arrive", arrive_min), ("handle", handle_min))
    return " · ".join(words(f"dispatch.limit_{name}", span=spent(minutes, naming))
                      for name, minutes in said if minutes is not None)  # fmt: skip


def spent(minutes: float, naming: Naming) -> str:
    """`30 分`, `2 时`, or what is over."""
    words = naming.words
    if minutes < 0:
        return words("dispatch.over_by", span=spent(-minutes, naming))
    hours = minutes / HOUR_MIN
    if hours >= 1 and hours.is_integer():
        return words("dispatch.span_hours", n=int(hours))
    return words("dispatch.span_minutes", n=round(minutes))

"""A plan under way on a case: its tasks, what each waits for, and what was done when, by whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from city.plans import Part, Plan, PlanBook, Shares, Step, Words, in_order
from city.roles import Actor

MINUTE_MS = 60_000


class TaskState(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"  # for another task
    READY = "ready"
    ORDERED = "ordered"  # a unit has it
    DONE = "done"
    SKIPPED = "skipped"


TASK_STATES: Mapping[TaskState, Words] = {
    TaskState.WAITING: ("等待前序", "Waits for another"),
    TaskState.READY: ("待派", "Ready"),
    TaskState.ORDERED: ("已派", "Ordered"),
    TaskState.DONE: ("完成", "Done"),
    TaskState.SKIPPED: ("免办", "Left out"),
}
OVER = frozenset({TaskState.DONE, TaskState.SKIPPED})


class Deed(StrEnum):
    """What is done with a task."""

    ORDER = "order"  # a unit was sent
    ARRIVE = "arrive"
    RELEASE = "release"  # that unit will not do it: refused, recalled, expired
    DONE = "done"
    SKIP = "skip"
    REDO = "redo"
    TICK = "tick"
    UNTICK = "untick"


DEEDS: Mapping[Deed, Words] = {
    Deed.ORDER: ("派出力量", "Send a unit"),
    Deed.ARRIVE: ("到场", "Arrived"),
    Deed.RELEASE: ("力量退出", "Unit released"),
    Deed.DONE: ("完成", "Done"),
    Deed.SKIP: ("免办", "Leave out"),
    Deed.REDO: ("重办", "Do again"),
    Deed.TICK: ("勾选", "Tick"),
    Deed.UNTICK: ("取消勾选", "Untick"),
}


@dataclass(frozen=True, slots=True)
class TaskOrder:
    """What somebody wants to be done with a task; `task` is `plan/step`."""

    deed: Deed
    task: str
    order_id: str = ""  # of ORDER, ARRIVE, RELEASE, and of DONE by an order
    item: int = -1  # of the checklist, from 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """An item of a checklist; `at_ms` is 0 until somebody ticks it."""

    zh: str
    en: str
    by: str = ""
    name: str = ""
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class PlanTask:
    """A step as it is to be done on this case. Instants are ms since 1970 UTC, 0 for not yet."""

    id: str  # plan/step
    number: int
    zh: str
    en: str
    part: Part
    department: str
    state: TaskState
    skills: tuple[str, ...] = ()
    after: tuple[str, ...] = ()  # ids of tasks
    is_mandatory: bool = True
    arrive_by_ms: int = 0
    due_ms: int = 0
    ready_ms: int = 0
    arrived_ms: int = 0
    done_ms: int = 0
    done_by: str = ""
    done_name: str = ""
    order_ids: tuple[str, ...] = ()  # units that have it now
    checklist: tuple[Tick, ...] = ()
    late: tuple[str, ...] = ()  # of `arrive` and `handle`, what was not done in time

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do."""
        return self.state in OVER

    def name(self, lang: str) -> str:
        """What people call it."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One line of what happened; never changed."""

    at_ms: int
    by: str
    name: str
    deed: str  # a `Deed`, or start, end, late
    task: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A plan on a case, from T0 on. `linkage` says which list began it, where one did."""

    plan: str
    version: int
    zh: str
    en: str
    started_ms: int
    by: str
    by_name: str
    tasks: tuple[PlanTask, ...]
    advice: tuple[Words, ...] = ()
    linkage: str = ""
    ended_ms: int = 0
    log: tuple[RunEntry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return not self.ended_ms

    def task(self, task_id: str) -> PlanTask | None:
        """One of its tasks."""
        return next((one for one in self.tasks if one.id == task_id), None)


def begun(plan: Plan, book: PlanBook, area: str, actor: Actor, linkage: str = "") -> Run:
    """The run that a start gives: one task per step, in the declared order, due from now on."""
    seat, t0_ms = actor.seat, actor.at_ms
    tasks = tuple(task_of(plan, number, step, t0_ms) for number, step in in_order(plan.steps))
    placed = tuple(replace(one, department=book.department_of(step, area))
                   for one, step in zip(tasks, plan.steps, strict=True))  # fmt: skip
    started = RunEntry(t0_ms, seat.account, seat.name, "start")
    return Run(plan.id, plan.version, plan.zh, plan.en, t0_ms, seat.account, seat.name, placed,
               plan.advice, linkage, log=(started,))  # fmt: skip


def task_of(plan: Plan, number: int, step: Step, t0_ms: int) -> PlanTask:
    """A step with its deadlines."""
    waits = bool(step.after)
    return PlanTask(
        id=f"{plan.id}/{step.id}",
        number=number,
        zh=step.zh,
        en=step.en,
        part=step.part,
        department=step.department,
        state=TaskState.WAITING if waits else TaskState.READY,
        skills=step.skills,
        after=tuple(f"{plan.id}/{one}" for one in step.after),
        is_mandatory=step.is_mandatory,
        arrive_by_ms=after_min(t0_ms, step.arrive_within_min),
        due_ms=after_min(t0_ms, step.handle_within_min),
        ready_ms=0 if waits else t0_ms,
        checklist=tuple(Tick(zh, en) for zh, en in step.checklist),
    )


def after_min(t0_ms: int, minutes: float | None) -> int:
    """So long after T0; 0 where nothing is stated."""
    return t0_ms + round(minutes * MINUTE_MS) if minutes is not None else 0


def due_rows(run: Run) -> Iterator[tuple[str, int]]:
    """What comes due by time alone: `arrive:plan/step` and `handle:plan/step` with their ms."""
    if not run.is_open:
        return
    for task in run.tasks:
        if task.is_over:
            continue
        if task.arrive_by_ms and not task.arrived_ms and "arrive" not in task.late:
            yield f"arrive:{task.id}", task.arrive_by_ms
        if task.due_ms and "handle" not in task.late:
            yield f"handle:{task.id}", task.due_ms


def shares(runs: tuple[Run, ...]) -> Shares:
    """Lead and co-units by the plans that go on; who leads in the first leads."""
    tasks = [task for run in runs if run.is_open for task in run.tasks if task.department]
    lead = next((one.department for one in tasks if one.part is Part.LEAD), "")
    co = tuple(dict.fromkeys(one.department for one in tasks if one.department != lead))
    needed = {one.department for one in tasks if one.is_mandatory}
    return Shares(lead, co, tuple(one for one in co if one not in needed))

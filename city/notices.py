"""Notices (告知): what a department is told of a case that it has to do with."""

from collections.abc import Iterator
from dataclasses import dataclass

from city.cases import Case
from city.plan_runs import Run
from city.plans import PARTS, Linkage

WHAT = ("告知", "notice")


@dataclass(frozen=True, slots=True)
class Seen:
    """Who has read a notice."""

    by: str
    name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Told once; `task` is empty where the department is only informed."""

    id: str  # case-plan-number
    case_id: str
    department: str
    zh: str
    en: str
    at_ms: int
    task: str = ""
    due_ms: int = 0


def notices(case: Case, run: Run, linkage: Linkage | None) -> Iterator[Notice]:
    """One for each task that has a department, then one for each department that is informed."""
    count = 0
    for task in run.tasks:
        if task.department:
            count += 1
            part = PARTS[task.part]
            yield Notice(
                f"{case.id}-{run.plan}-{count}", case.id, task.department,
                f"{part[0]}:{task.zh} · {case.title}", f"{part[1]}: {task.en} · {case.title}",
                run.started_ms, task.id, task.due_ms,
            )  # fmt: skip
    for department in linkage.inform if linkage else ():
        count += 1
        yield Notice(
            f"{case.id}-{run.plan}-{count}", case.id, department,
            f"知悉:{run.zh} · {case.title}", f"For information: {run.en} · {case.title}",
            run.started_ms,
        )  # fmt: skip

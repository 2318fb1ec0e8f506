"""What people at their posts do with a case, and how long they take; a table and a few words.

The same case in the same version meets the same decision, so that a staff that was ended and
started again goes on where it was. Times and shares are made up; see docs/simulator.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from city.case_table import HELPED, CaseState, Move
from city.filing import Filing
from city.roles import Role

Json = Mapping[str, Any]
S, M, R = CaseState, Move, Role


class Choice(NamedTuple):
    """A move with its share among what is done in a state."""

    share: int
    role: Role
    move: Move


@dataclass(frozen=True, slots=True)
class Habit:
    """What is done in a state, and after how many seconds: at the earliest, as a rule at most."""

    soonest_s: float
    latest_s: float
    choices: Sequence[Choice]


HABITS: Mapping[CaseState, Habit] = {
    S.REPORTED: Habit(15, 90, (
        Choice(80, R.ACCEPTOR, M.ACCEPT),
        Choice(14, R.ACCEPTOR, M.SEND_VERIFY),
        Choice(6, R.ACCEPTOR, M.DECLINE),
    )),
    S.VERIFYING: Habit(60, 240, (
        Choice(85, R.COLLECTOR, M.VERIFY_TRUE),
        Choice(15, R.COLLECTOR, M.VERIFY_FALSE),
    )),
    S.PENDING_REGISTER: Habit(15, 120, (
        Choice(94, R.CHIEF, M.REGISTER),
        Choice(4, R.CHIEF, M.REFUSE_REGISTER),
        Choice(2, R.CHIEF, M.RETURN_TO_ACCEPT),
    )),
    S.PENDING_DISPATCH: Habit(15, 90, (
        Choice(98, R.DISPATCHER, M.DISPATCH),
        Choice(2, R.DISPATCHER, M.RETURN_TO_REGISTER),
    )),
    S.PENDING_HANDLE: Habit(30, 240, (
        Choice(93, R.UNIT, M.SIGN),
        Choice(7, R.UNIT, M.ASK_RETURN),
    )),
    S.HANDLING: Habit(120, 900, (
        Choice(88, R.UNIT, M.FEEDBACK),
        Choice(9, R.UNIT, M.ASK_EXTENSION),
        Choice(3, R.UNIT, M.ASK_SUSPEND),
    )),
    S.SUSPENDED: Habit(600, 1800, (Choice(1, R.DISPATCHER, M.RESUME),)),
    S.PENDING_CHECK: Habit(15, 90, (
        Choice(96, R.ACCEPTOR, M.SEND_CHECK),
        Choice(4, R.DISPATCHER, M.REJECT_FEEDBACK),
    )),
    S.CHECKING: Habit(60, 300, (
        Choice(91, R.COLLECTOR, M.CHECK_PASS),
        Choice(9, R.COLLECTOR, M.CHECK_FAIL),
    )),
    S.PENDING_CLOSE: Habit(15, 120, (
        Choice(98, R.CHIEF, M.CLOSE),
        Choice(2, R.CHIEF, M.RETURN_TO_CHECK),
    )),
    S.CLOSED: Habit(60, 400, (Choice(1, R.ACCEPTOR, M.RATE),)),
}  # fmt: skip
DAWDLES, DAWDLES_TIMES = 0.06, 8.0  # share of steps that take far too long, and how much longer
# Cases that wait for a unit and are left for a visitor to send one: which share, how long.
LEFT_OPEN, LEFT_OPEN_S = 0.3, 900.0
HANDS_OFF_S = 600.0  # a case that a visitor works on is left to him for so long
GRANTS = 0.7  # share of requests that are granted
# Who is asked to help besides the lead: 道路积水, 路面塌陷, 架空线缆损坏.
HELPERS: Mapping[str, tuple[str, ...]] = {"0406": ("jj",), "0401": ("jj",), "0408": ("jj",)}
OTHERWISE = "zhzf"  # who handles what no table gives to anybody
SATISFIED: Mapping[str, int] = {"satisfied": 78, "basic": 14, "unsatisfied": 8}
REASONS: Mapping[Move, str] = {
    M.DECLINE: "不属于城市管理范围,已告知来电人",
    M.VERIFY_FALSE: "现场查看,未发现所述情况",
    M.REFUSE_REGISTER: "不符合立案条件",
    M.RETURN_TO_ACCEPT: "地点不清,请补充",
    M.RETURN_TO_REGISTER: "类别有误,请重新核定",
    M.ASK_RETURN: "不在本单位职责范围",
    M.GRANT_RETURN: "改派",
    M.DENY_RETURN: "经核实属你单位职责",
    M.ASK_EXTENSION: "材料未到,需延长处置时间",
    M.GRANT_EXTENSION: "同意延期",
    M.DENY_EXTENSION: "理由不充分",
    M.ASK_SUSPEND: "需待审批后施工",
    M.GRANT_SUSPEND: "同意挂账",
    M.DENY_SUSPEND: "不符合挂账条件",
    M.ENDORSE: "情况属实",
    M.FEEDBACK: "已处置完毕",
    M.CO_FEEDBACK: "协办事项已完成",
    M.REJECT_FEEDBACK: "处置后照片不清楚",
    M.CHECK_PASS: "现场已恢复",
    M.CHECK_FAIL: "现场仍有遗留",
    M.RETURN_TO_CHECK: "请补充核查照片",
}
DECISIONS: Mapping[str, tuple[Move, Move]] = {
    "return": (M.GRANT_RETURN, M.DENY_RETURN),
    "extension": (M.GRANT_EXTENSION, M.DENY_EXTENSION),
    "suspend": (M.GRANT_SUSPEND, M.DENY_SUSPEND),
}


@dataclass(frozen=True, slots=True)
class Intention:
    """A move that somebody is about to make, in which post, and whether with a photo."""

    role: Role
    department: str
    move: Move
    due_s: float  # seconds since 1970
    fields: Json = field(default_factory=dict)
    with_photo: bool = False


def intentions(case: Json, filing: Filing, pace: float) -> list[Intention]:
    """What the staff will do with a case as it stands: a decision, tasks of helpers, a step."""
    chance = Random(f"{case['id']}/{case['version']}")
    waits = open_request(case)
    step = decision(case, waits, chance) if waits else next_step(case, filing, chance)
    return [*helping(case, pace), *([timed(step, case, chance, pace)] if step else [])]


def open_request(case: Json) -> Json | None:
    """The request that somebody has to decide."""
    return next((one for one in case.get("requests", ()) if one["status"].startswith("pending")),
                None)  # fmt: skip


def decision(case: Json, request: Json, chance: Random) -> Intention | None:
    """The department passes it on, the dispatcher decides it; others are left to visitors."""
    if request["status"] == "pending_dept":
        fields = {"reason": REASONS[M.ENDORSE], "request": request["kind"]}
        return Intention(R.UNIT, str(case["lead"]), M.ENDORSE, 0, fields)
    moves = DECISIONS.get(request["kind"])
    if moves is None:
        return None
    move = moves[0] if chance.random() < GRANTS else moves[1]
    return Intention(R.DISPATCHER, "", move, 0, {"reason": REASONS[move]})


def next_step(case: Json, filing: Filing, chance: Random) -> Intention | None:
    """One of the choices of its state."""
    habit = HABITS.get(CaseState(case["state"]))
    if habit is None or (case["state"] == S.CLOSED and case.get("satisfaction")):
        return None
    weights = [choice.share for choice in habit.choices]
    chosen = chance.choices(habit.choices, weights)[0]
    department = str(case["lead"]) if chosen.role == R.UNIT else ""
    fields = {**said(chosen.move), **wanted(chosen.move, case, filing, chance)}
    with_photo = chosen.move == M.FEEDBACK
    return Intention(chosen.role, department, chosen.move, 0, fields, with_photo)


def said(move: Move) -> dict[str, Any]:
    """The reason that is given."""
    return {"reason": REASONS[move]} if move in REASONS else {}


def wanted(move: Move, case: Json, filing: Filing, chance: Random) -> dict[str, Any]:
    """What a move needs besides."""
    if move == M.DISPATCH:
        lead = filing.lead_of(case["kind"], case["type"]) or OTHERWISE
        return {"lead": lead, "co": [one for one in HELPERS.get(case["type"], ()) if one != lead]}
    if move == M.ASK_EXTENSION:
        return {"limit": "4 WH"}
    if move == M.ASK_SUSPEND:
        return {"until": case["updated_at"][:4] + "-12-31"}
    if move == M.RATE:
        word = chance.choices([*SATISFIED], [*SATISFIED.values()])[0]
        return {"satisfaction": word, "solved": word != "unsatisfied"}
    return {"pos": case["pos"]} if move in (M.CHECK_PASS, M.CHECK_FAIL) and case["pos"] else {}


def timed(step: Intention, case: Json, chance: Random, pace: float) -> Intention:
    """When it is done: some while after the case came into this state."""
    habit = HABITS.get(CaseState(case["state"])) or Habit(20, 120, ())
    takes = chance.uniform(habit.soonest_s, habit.latest_s)
    if chance.random() < DAWDLES:
        takes *= DAWDLES_TIMES
    due_s = case["updated_s"] + takes / pace + left_open_s(case)
    return Intention(step.role, step.department, step.move, due_s, step.fields, step.with_photo)


def left_open_s(case: Json) -> float:
    """How long a case that waits for a unit is left to whoever looks at the page."""
    if case["state"] != S.PENDING_DISPATCH:
        return 0.0
    return LEFT_OPEN_S if Random(f"{case['id']}/left").random() < LEFT_OPEN else 0.0


def helping(case: Json, pace: float) -> list[Intention]:
    """What helpers do with their tasks, each on its own time."""
    if case["state"] not in HELPED:
        return []
    found = []
    for task in case.get("tasks", ()):
        move = {"waiting": M.CO_SIGN, "handling": M.CO_FEEDBACK}.get(task["state"])
        if task["part"] == "lead" or move is None:
            continue
        chance = Random(f"{case['id']}/{task['department']}/{move}")
        due_s = case["opened_s"] + chance.uniform(120, 700) / pace
        found.append(Intention(R.UNIT, task["department"], move, due_s, said(move)))
    return found

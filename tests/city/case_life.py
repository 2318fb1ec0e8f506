"""Cases in every state, and what makes each guard of the table pass or refuse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from city.case_bounds import SHIPPED
from city.case_fold import apply, begun, fold
from city.case_moves import opening, propose
from city.case_requests import STEPS, kind_of
from city.case_table import CaseState, Move, Rule
from city.cases import PENDING, PENDING_DEPT, Case, Entry, Order, Request, Task
from city.roles import SYSTEM, Actor, Role, Seat
from tests.desk import LEAD, MONDAY, PONDING, actor, at_work, seat

S, M, R = CaseState, Move, Role
DAY_MS = 86_400_000
AT = at_work(SYSTEM).at_ms
UNTIL = AT + 10 * DAY_MS
CO = "jj"
PARENT = "HK20260907-00777"
# A value that each field may have.
VALUES: Mapping[str, Any] = {
    **PONDING, "kind": "event", "thing": "sw/waterlogging/WL-0007", "area": "460106",
    "cell": "22266-38742", "event_id": "E1", "reason": "现场情况属实", "condition": "E0406-1",
    "lead": LEAD, "co": [CO], "co_optional": [CO], "assignee": "worker", "collector": "grid-7",
    "limit": "2 WD", "until": UNTIL, "request": "return", "satisfaction": "unsatisfied",
    "solved": False, "class": "natural", "level": 2, "into": PARENT, "child": "HK20260907-00002",
    "about": "overdue", "stage": "handle", "multiple": 1,
    "plan": "ponding", "edition": 1, "linkage": "ponding", "warning": "1", "message": "alert",
    "order": "HK20260907-00001-01", "unit": "sw/pumptruck/PT-0001", "stands": "sent",
    "evidence": [{"digest": "ab" * 32, "media_type": "image/jpeg", "size": 9, "slot": "found"}],
}  # fmt: skip

Step = tuple[Move, Role, str, Mapping[str, Any]]
ACCEPT: Step = (M.ACCEPT, R.ACCEPTOR, "", {})
FILE: Step = (M.REGISTER, R.CHIEF, "", {})
DISPATCH: Step = (M.DISPATCH, R.DISPATCHER, "", {"lead": LEAD, "co": [CO]})
SIGN: Step = (M.SIGN, R.UNIT, LEAD, {})
FEEDBACK: Step = (M.FEEDBACK, R.UNIT, LEAD, {})
IN_HAND = (ACCEPT, FILE, DISPATCH, SIGN)
CHECKED = (*IN_HAND, FEEDBACK, (M.SEND_CHECK, R.ACCEPTOR, "", {}),
           (M.CHECK_PASS, R.COLLECTOR, "", {}))  # fmt: skip
WAYS: Mapping[CaseState, tuple[Step, ...]] = {
    S.REPORTED: (),
    S.VERIFYING: ((M.SEND_VERIFY, R.ACCEPTOR, "", {}),),
    S.PENDING_REGISTER: (ACCEPT,),
    S.REJECTED: ((M.DECLINE, R.ACCEPTOR, "", {"reason": "无效"}),),
    S.PENDING_DISPATCH: (ACCEPT, FILE),
    S.PENDING_HANDLE: (ACCEPT, FILE, DISPATCH),
    S.HANDLING: IN_HAND,
    S.SUSPENDED: (
        *IN_HAND,
        (M.ASK_SUSPEND, R.UNIT, LEAD, {"reason": "待批", "until": UNTIL}),
        (M.GRANT_SUSPEND, R.DISPATCHER, "", {}),
    ),
    S.PENDING_CHECK: (*IN_HAND, FEEDBACK),
    S.CHECKING: CHECKED[:-1],
    S.PENDING_CLOSE: CHECKED,
    S.CLOSED: (*CHECKED, (M.CO_FEEDBACK, R.UNIT, CO, {}), (M.CLOSE, R.CHIEF, "", {})),
    S.FORCED_CLOSE: (
        *IN_HAND,
        (M.ASK_FORCE_CLOSE, R.CHIEF, "", {"reason": "无主"}),
        (M.GRANT_FORCE_CLOSE, R.LEADER, "", {}),
    ),
    S.CANCELLED: (
        (M.ASK_VOID, R.ACCEPTOR, "", {"reason": "误报"}),
        (M.GRANT_VOID, R.CHIEF, "", {}),
    ),
}


def fold_to(state: CaseState) -> Case:
    """A case that came to a state by its own way."""
    return fold(log_to(state))


def log_to(state: CaseState, **changes: Any) -> list[Entry]:
    """The log of such a case."""
    is_draft = state is S.DRAFT
    who = actor(R.COLLECTOR, "author") if is_draft else actor(R.ACCEPTOR)
    order = Order(M.SAVE_DRAFT if is_draft else M.CREATE, {**PONDING, **changes})
    first = opening(order, who)
    log = [replace(first, facts={"id": "HK20260907-00001", **first.facts})]
    case = begun(log[0])
    for move, role, department, fields in WAYS.get(state, ()):
        entry = propose(case, Order(move, fields), actor(role, department=department))
        log.append(entry)
        case = apply(case, entry)
    assert case.state is state
    return log


@dataclass(frozen=True)
class Scene:
    """A case, whoever acts on it, and what he fills in."""

    case: Case
    who: Actor
    fields: Mapping[str, Any] = field(default_factory=dict)
    parent: Case | None = None

    def changed(self, **changes: Any) -> "Scene":
        return replace(self, case=replace(self.case, **changes))

    def by(self, **changes: Any) -> "Scene":
        return replace(self, who=replace(self.who, seat=replace(self.who.seat, **changes)))

    def filled(self, **changes: Any) -> "Scene":
        return replace(self, fields={**self.fields, **changes})

    def propose(self, move: Move) -> Entry:
        return propose(self.case, Order(move, self.fields), self.who, SHIPPED, self.parent)


def scene(rule: Rule, case: Case, role: Role | None) -> Scene:
    """All that a line of the table needs so that nothing stands against it."""
    worker = seat(role, f"a-{role}", department_for(rule, role)) if role else SYSTEM
    fields = {name: VALUES[name] for name in rule.needs}
    parent = replace(case, id=PARENT, state=S.REPORTED, children=())
    ready = Scene(case, Actor(worker, "10.0.0.9", MONDAY), fields, parent)
    if role and case.state is S.DRAFT:
        ready = ready.by(account="author")
    if worker.department and not case.lead:
        ready = ready.changed(lead=LEAD)
    for name in rule.guards:
        ready = READY.get(name, same)(ready, rule)
    return ready


def department_for(rule: Rule, role: Role | None) -> str:
    if "of_a_co_unit" in rule.guards:
        return CO
    return LEAD if role in (R.UNIT, R.HANDLER) else ""


Prepare = Callable[[Scene, Rule], Scene]


def same(scene: Scene, _rule: Rule) -> Scene:
    return scene


def request(kind: str, by: str, status: str = PENDING) -> Request:
    return Request(kind, status, by, by.title(), AT, "因故", fields=VALUES)


def asked(scene: Scene, rule: Rule) -> Scene:
    return scene.changed(requests=(request(kind_of(rule.move), "somebody"),))


def waiting_task(scene: Scene, _rule: Rule) -> Scene:
    return scene.changed(tasks=(Task(CO, is_lead=False),))


def later(scene: Scene, share: str) -> Scene:
    timer = scene.case.timer
    assert timer is not None
    at_ms = timer.clock.warn_ms if share == "warn" else timer.clock.due_ms
    return replace(scene, case=replace(scene.case, updated_ms=at_ms))


READY: Mapping[str, Prepare] = {
    "is_asked": asked,
    "awaits_endorsement": lambda scene, _: scene.changed(
        requests=(request("return", "worker", PENDING_DEPT),)
    ),
    "no_open_task": lambda scene, _: scene.changed(tasks=()),
    "of_the_lead": lambda scene, _: scene.changed(lead=LEAD),
    "of_a_co_unit": waiting_task,
    "own_if_unit": lambda scene, _: scene.changed(lead=LEAD),
    "new_co_units": lambda scene, _: scene.filled(co=["hb"], co_optional=["hb"]),
    "another_lead": lambda scene, _: scene.filled(lead="hb"),
    "rated_unsatisfied": lambda scene, _: scene.changed(satisfaction="unsatisfied"),
    "is_merged": lambda scene, _: scene.changed(merged_into=PARENT, merged_from=S.HANDLING),
    "time_to_warn": lambda scene, _: later(scene, "warn"),
    "time_is_over": lambda scene, _: later(scene, "over"),
}

# What makes a guard refuse, and the reason it then gives.
BROKEN: Mapping[str, tuple[Prepare, str]] = {
    "has_place": (lambda s, _: s.changed(pos=None), "no_place"),
    "known_type": (lambda s, _: s.filled(type="9999"), "unknown_type"),
    "not_asked_yet": (asked, "asked_already"),
    "is_asked": (lambda s, _: s.changed(requests=()), "not_asked"),
    "is_endorsed": (
        lambda s, rule: s.changed(requests=(request(kind_of(rule.move), "x", PENDING_DEPT),)),
        "not_endorsed",
    ),
    "awaits_endorsement": (lambda s, _: s.changed(requests=()), "nothing_to_endorse"),
    "another_person": (
        lambda s, rule: s.changed(requests=(request(kind_of(rule.move), s.who.seat.account),)),
        "same_person",
    ),
    "no_open_task": (waiting_task, "open_task"),
    "has_condition": (lambda s, _: s.filled(condition="E0101-1"), "no_condition"),
    "known_departments": (lambda s, _: s.filled(lead=LEAD, co=[LEAD]), "lead_twice"),
    "of_the_lead": (
        lambda s, _: s.changed(lead="hb", co=(s.who.seat.department,)),
        "not_the_lead",
    ),
    "of_a_co_unit": (lambda s, _: s.changed(tasks=()), "not_a_co_unit"),
    "task_waits": (
        lambda s, _: s.changed(tasks=(Task(CO, is_lead=False, state="handling"),)),
        "task_not_waiting",
    ),
    "task_is_open": (
        lambda s, _: s.changed(tasks=(Task(CO, is_lead=False, state="done"),)),
        "task_done",
    ),
    "in_time_to_return": (
        lambda s, _: s.changed(dispatched_ms=AT, updated_ms=AT + DAY_MS + 1),
        "late_return",
    ),
    "not_overdue": (lambda s, _: later(s, "over"), "is_overdue"),
    "extensions_left": (lambda s, _: s.changed(extended=2), "no_extension_left"),
    "suspension_left": (lambda s, _: s.changed(suspended=1), "no_suspension_left"),
    "until_in_reach": (lambda s, _: s.filled(until=AT + 366 * DAY_MS), "until_out_of_reach"),
    "until_lies_ahead": (lambda s, _: s.changed(updated_ms=UNTIL), "until_is_past"),
    "has_its_evidence": (lambda s, _: s.changed(slots=("after_photo",)), "no_evidence"),
    "not_a_handler": (lambda s, _: s.changed(handlers=(s.who.seat.account,)), "a_handler"),
    "collector_is_no_handler": (
        lambda s, _: s.changed(handlers=("grid-7",)).filled(collector="grid-7"),
        "collector_handled",
    ),
    "close_to_the_case": (lambda s, _: s.filled(pos=[110.3357, 20.0035]), "too_far"),
    "own_if_unit": (
        lambda s, _: s.changed(lead="hb", co=(), handlers=(s.who.seat.account,)),
        "not_yours",
    ),
    "not_rated_yet": (lambda s, _: s.changed(satisfaction="basic"), "rated"),
    "not_merged": (lambda s, _: s.changed(merged_into=PARENT), "merged"),
    "is_merged": (lambda s, _: s.changed(merged_into=""), "not_merged"),
    "was_dispatched": (lambda s, _: s.changed(lead=""), "never_dispatched"),
    "reopening_left": (lambda s, _: s.changed(reopened=1), "reopened"),
    "rated_unsatisfied": (lambda s, _: s.changed(satisfaction="satisfied"), "not_unsatisfied"),
    "in_time_to_reopen": (lambda s, _: s.changed(closed_ms=AT - 31 * DAY_MS), "late_reopening"),
    "not_an_incident": (lambda s, _: s.changed(incident={"level": 1}), "an_incident"),
    "has_no_children": (lambda s, _: s.changed(children=("HK1",)), "has_children"),
    "parent_is_open": (lambda s, _: replace(s, parent=None), "no_parent"),
    "new_co_units": (lambda s, _: s.filled(co=[LEAD], co_optional=[]), "has_a_share"),
    "another_lead": (lambda s, _: s.filled(lead=LEAD), "leads_already"),
    "not_corrected_yet": (lambda s, _: s.changed(corrections={"overdue": {}}), "corrected"),
    "time_to_warn": (lambda s, _: s.changed(updated_ms=AT), "no_clock"),
    "time_is_over": (lambda s, _: s.changed(updated_ms=AT), "no_clock"),
}


def somebody(role: Role) -> Seat:
    """A seat of one post that the case has to do with."""
    return seat(role, f"a-{role}", LEAD if role in (R.UNIT, R.HANDLER) else "")


ASKING = frozenset(STEPS)

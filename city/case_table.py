"""The life of a case: its states, its moves, and who makes them; one table, read at a glance.

Steps and posts as in GB/T 30428.8 systems (立案、处置和结案); names merged from running systems,
since the text of the standard is not freely available: none of this is verified against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from city.case_states import ENDED, OPEN, STATES, CaseState, Move, Stage
from city.roles import Role

__all__ = ["AUTOMATIC", "ENDED", "FROM", "OPEN", "OPENING", "RULES", "STATES", "TABLE",
           "CaseState", "Move", "Rule", "Stage"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: from which states, to which (None: it stays), by whom, with what.

    No roles: the system alone. `needs` are fields that an order must have, `may` those it may
    have; a `reason` may always be given. `guards` name functions of `city.case_guards` that can
    refuse it. `number` groups the lines of one step. An undone merge goes back to where the case
    stood before it.
    """

    number: str
    move: Move
    zh: str
    en: str
    sources: frozenset[CaseState]
    target: CaseState | None
    roles: frozenset[Role]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()


def _from(*states: CaseState) -> frozenset[CaseState]:
    return frozenset(states)


def _by(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


R, M, S = Role, Move, CaseState
NEW: frozenset[CaseState] = frozenset()
SYSTEM_ONLY: frozenset[Role] = frozenset()
CENTRE = _by(R.ACCEPTOR, R.CHIEF, R.DISPATCHER)
INVOLVED = CENTRE | _by(R.COLLECTOR, R.UNIT, R.HANDLER, R.INSPECTOR, R.LEADER, R.AGENT)
FACTS = ("title", "description", "pos", "severity", "reporter", "thing", "area")
OURS = ("cell", "event_id")  # what the house finds out itself
LIVE = OPEN - {S.DRAFT}  # a draft is its author's alone
TIMED = LIVE - {S.SUSPENDED}
HELPED = _from(S.PENDING_HANDLE, S.HANDLING, S.PENDING_CHECK, S.CHECKING, S.PENDING_CLOSE)
IN_HAND = _from(S.PENDING_HANDLE, S.HANDLING)
BEFORE_FEEDBACK = _from(
    S.REPORTED, S.VERIFYING, S.PENDING_REGISTER, S.PENDING_DISPATCH, S.PENDING_HANDLE, S.HANDLING
)
APPEALABLE = _from(
    S.PENDING_HANDLE, S.HANDLING, S.SUSPENDED, S.PENDING_CHECK, S.CHECKING, S.PENDING_CLOSE,
    S.CLOSED, S.FORCED_CLOSE,
)  # fmt: skip
CAN_FORCE = _from(S.HANDLING, S.SUSPENDED, S.PENDING_CLOSE)

TABLE: tuple[Rule, ...] = (
    Rule("T01", M.SAVE_DRAFT, "保存草稿", "Save draft", NEW, S.DRAFT,
         _by(R.COLLECTOR), ("source", "type"), ("external_id", "kind", *FACTS, *OURS),
         ("known_type",)),
    Rule("T02", M.REPORT, "上报", "Report", _from(S.DRAFT), S.REPORTED,
         _by(R.COLLECTOR), (), FACTS, ("has_place",)),
    Rule("T03", M.CREATE, "登记", "Open", NEW, S.REPORTED,
         _by(R.ACCEPTOR, R.CHIEF, R.COLLECTOR, R.AGENT, R.HANDLER), ("source", "type"),
         ("external_id", "kind", *FACTS, *OURS),
         ("known_type",)),
    Rule("T04", M.SEND_VERIFY, "发核实", "Have verified", _from(S.REPORTED), S.VERIFYING,
         _by(R.ACCEPTOR), (), ("reason",)),
    Rule("T05", M.VERIFY_TRUE, "核实属实", "Verified", _from(S.VERIFYING), S.REPORTED,
         _by(R.COLLECTOR), (), ("reason", "pos")),
    Rule("T06", M.VERIFY_FALSE, "核实不属实", "Not so", _from(S.VERIFYING), S.REJECTED,
         _by(R.ACCEPTOR, R.COLLECTOR), ("reason",)),
    Rule("T07", M.ACCEPT, "受理", "Accept", _from(S.REPORTED), S.PENDING_REGISTER,
         _by(R.ACCEPTOR), (), ("reason", "type"), ("known_type",)),
    Rule("T08", M.DECLINE, "不予受理", "Decline", _from(S.REPORTED), S.REJECTED,
         _by(R.ACCEPTOR), ("reason",)),
    Rule("T09", M.ASK_SETTLE, "即办", "Settle at once", _from(S.REPORTED), None,
         _by(R.ACCEPTOR), ("reason",), (), ("not_asked_yet",)),
    Rule("T09", M.GRANT_SETTLE, "同意即办", "Agree to settle", _from(S.REPORTED), S.CLOSED,
         _by(R.CHIEF), (), ("reason",),
         ("is_asked", "another_person", "not_a_handler", "no_open_task")),
    Rule("T09", M.DENY_SETTLE, "不同意即办", "Do not settle", _from(S.REPORTED), None,
         _by(R.CHIEF), ("reason",), (), ("is_asked", "another_person")),
    Rule("T10", M.REGISTER, "立案", "File", _from(S.PENDING_REGISTER), S.PENDING_DISPATCH,
         _by(R.CHIEF), (), ("reason", "condition", "severity"), ("has_condition",)),
    Rule("T11", M.REFUSE_REGISTER, "不予立案", "Do not file", _from(S.PENDING_REGISTER),
         S.REJECTED, _by(R.CHIEF), ("reason",)),
    Rule("T12", M.RETURN_TO_ACCEPT, "退回受理", "Back to acceptor", _from(S.PENDING_REGISTER),
         S.REPORTED, _by(R.CHIEF), ("reason",)),
    Rule("T13", M.DISPATCH, "派遣", "Dispatch", _from(S.PENDING_DISPATCH), S.PENDING_HANDLE,
         _by(R.DISPATCHER), ("lead",), ("co", "co_optional", "reason"), ("known_departments",)),
    Rule("T14", M.RETURN_TO_REGISTER, "退回立案", "Back to filing", _from(S.PENDING_DISPATCH),
         S.PENDING_REGISTER, _by(R.DISPATCHER), ("reason",)),
    Rule("T15", M.SIGN, "签收", "Sign for", _from(S.PENDING_HANDLE), S.HANDLING,
         _by(R.UNIT), (), ("reason",), ("of_the_lead",)),
    Rule("T16", M.ASK_RETURN, "申请回退", "Ask to return", IN_HAND, None,
         _by(R.UNIT, R.HANDLER), ("reason",), (),
         ("of_the_lead", "not_asked_yet", "in_time_to_return")),
    Rule("T17", M.GRANT_RETURN, "同意回退", "Grant return", IN_HAND, S.PENDING_DISPATCH,
         _by(R.DISPATCHER), (), ("reason",), ("is_asked", "is_endorsed")),
    Rule("T18", M.DENY_RETURN, "驳回回退", "Deny return", IN_HAND, None,
         _by(R.DISPATCHER), ("reason",), (), ("is_asked", "is_endorsed")),
    Rule("T19", M.ASSIGN_INSIDE, "内部下派", "Assign inside", _from(S.HANDLING), None,
         _by(R.UNIT), ("assignee",), ("reason",), ("of_the_lead",)),
    Rule("T20", M.ASK_EXTENSION, "申请延期", "Ask for time", _from(S.HANDLING), None,
         _by(R.UNIT, R.HANDLER), ("reason", "limit"), (),
         ("of_the_lead", "not_asked_yet", "not_overdue", "extensions_left")),
    Rule("T20", M.GRANT_EXTENSION, "同意延期", "Grant time", _from(S.HANDLING), None,
         _by(R.DISPATCHER), (), ("reason",), ("is_asked", "is_endorsed")),
    Rule("T20", M.DENY_EXTENSION, "驳回延期", "Deny time", _from(S.HANDLING), None,
         _by(R.DISPATCHER), ("reason",), (), ("is_asked", "is_endorsed")),
    Rule("T21", M.ASK_SUSPEND, "申请挂账", "Ask to suspend", _from(S.HANDLING), None,
         _by(R.UNIT, R.HANDLER), ("reason", "until"), (),
         ("of_the_lead", "not_asked_yet", "suspension_left", "until_in_reach")),
    Rule("T21", M.GRANT_SUSPEND, "同意挂账", "Grant suspension", _from(S.HANDLING),
         S.SUSPENDED, _by(R.DISPATCHER), (), ("reason",),
         ("is_asked", "is_endorsed", "until_lies_ahead")),
    Rule("T21", M.DENY_SUSPEND, "驳回挂账", "Deny suspension", _from(S.HANDLING), None,
         _by(R.DISPATCHER), ("reason",), (), ("is_asked", "is_endorsed")),
    Rule("T20", M.ENDORSE, "部门同意申请", "Endorse request", IN_HAND, None,
         _by(R.UNIT), ("request",), ("reason",), ("of_the_lead", "awaits_endorsement")),
    Rule("T22", M.RESUME, "挂账恢复", "Resume", _from(S.SUSPENDED), S.HANDLING,
         _by(R.DISPATCHER), (), ("reason",)),
    Rule("T23", M.FEEDBACK, "反馈", "Report done", _from(S.HANDLING), S.PENDING_CHECK,
         _by(R.UNIT, R.HANDLER), (), ("reason",), ("of_the_lead", "has_its_evidence")),
    Rule("A02", M.CO_SIGN, "协办签收", "Sign as co-unit", HELPED, None,
         _by(R.UNIT), (), ("reason",), ("of_a_co_unit", "task_waits")),
    Rule("A02", M.CO_FEEDBACK, "协办反馈", "Co-unit done", HELPED, None,
         _by(R.UNIT, R.HANDLER), (), ("reason",), ("of_a_co_unit", "task_is_open")),
    Rule("A02", M.ADD_CO, "增派协办", "Add co-units", HELPED | {S.SUSPENDED}, None,
         _by(R.DISPATCHER), ("co",), ("co_optional", "reason"), ("new_co_units",)),
    Rule("A06", M.HAND_OVER, "移交", "Hand over", IN_HAND, S.PENDING_HANDLE,
         _by(R.DISPATCHER), ("lead", "reason"), (), ("another_lead",)),
    Rule("T24", M.REJECT_FEEDBACK, "反馈不合格退回", "Feedback not good", _from(S.PENDING_CHECK),
         S.HANDLING, _by(R.DISPATCHER), ("reason",)),
    Rule("T25", M.SEND_CHECK, "发核查", "Have checked", _from(S.PENDING_CHECK), S.CHECKING,
         _by(R.ACCEPTOR), (), ("reason", "collector"), ("collector_is_no_handler",)),
    Rule("T26", M.CHECK_PASS, "核查通过", "Check passed", _from(S.CHECKING), S.PENDING_CLOSE,
         _by(R.COLLECTOR), (), ("reason", "pos"), ("not_a_handler", "close_to_the_case")),
    Rule("T27", M.CHECK_FAIL, "核查不通过", "Check failed", _from(S.CHECKING), S.HANDLING,
         _by(R.COLLECTOR, R.ACCEPTOR), (), ("reason", "pos"), ("not_a_handler",)),
    Rule("T28", M.CLOSE, "结案", "Close", _from(S.PENDING_CLOSE), S.CLOSED,
         _by(R.CHIEF), (), ("reason",), ("not_a_handler", "no_open_task")),
    Rule("T29", M.RETURN_TO_CHECK, "退回复核", "Check again", _from(S.PENDING_CLOSE), S.CHECKING,
         _by(R.CHIEF), ("reason",)),
    Rule("T30", M.ASK_FORCE_CLOSE, "申请强制结案", "Ask to force close", CAN_FORCE, None,
         _by(R.CHIEF), ("reason",), (), ("not_a_handler", "not_asked_yet")),
    Rule("T30", M.GRANT_FORCE_CLOSE, "同意强制结案", "Force close", CAN_FORCE, S.FORCED_CLOSE,
         _by(R.LEADER), (), ("reason",), ("is_asked", "another_person", "not_a_handler")),
    Rule("T30", M.DENY_FORCE_CLOSE, "不同意强制结案", "Do not force", CAN_FORCE, None,
         _by(R.LEADER), ("reason",), (), ("is_asked", "another_person")),
    Rule("T31", M.ASK_VOID, "申请作废", "Ask to void", LIVE, None,
         _by(R.ACCEPTOR, R.DISPATCHER, R.UNIT), ("reason",), (), ("not_asked_yet", "own_if_unit")),
    Rule("T31", M.GRANT_VOID, "同意作废", "Void", LIVE, S.CANCELLED,
         _by(R.CHIEF), (), ("reason",), ("is_asked", "another_person")),
    Rule("T31", M.DENY_VOID, "不同意作废", "Do not void", LIVE, None,
         _by(R.CHIEF), ("reason",), (), ("is_asked", "another_person")),
    Rule("A84", M.RATE, "回访评价", "Rate", _from(S.CLOSED, S.FORCED_CLOSE), None,
         _by(R.ACCEPTOR, R.AGENT), ("satisfaction",), ("reason", "solved"), ("not_rated_yet",)),
    Rule("T32", M.REOPEN, "不满意重办", "Handle again", _from(S.CLOSED), S.HANDLING,
         _by(R.ACCEPTOR), ("reason",), (),
         ("not_merged", "was_dispatched", "reopening_left", "rated_unsatisfied",
          "in_time_to_reopen")),
    Rule("T33", M.SUPERVISE, "督办", "Supervise", LIVE, None,
         _by(R.INSPECTOR, R.LEADER, R.CHIEF), ("reason",), ("until", "level")),
    Rule("T34", M.URGE, "催办", "Urge", _from(S.PENDING_HANDLE, S.HANDLING), None,
         _by(R.DISPATCHER), (), ("reason",)),
    Rule("T35", M.ESCALATE, "升级为突发事件", "Raise to incident", LIVE, None,
         _by(R.CHIEF, R.LEADER), ("class", "level", "reason"), (), ("not_an_incident",)),
    Rule("T36", M.MERGE, "并案", "Merge into", BEFORE_FEEDBACK, S.CLOSED,
         _by(R.ACCEPTOR), ("into",), ("reason",), ("has_no_children", "parent_is_open")),
    Rule("T36", M.UNMERGE, "撤销并案", "Undo merge", _from(S.CLOSED), None,
         _by(R.ACCEPTOR), ("reason",), (), ("is_merged",)),
    Rule("T36", M.ABSORB, "并入一案", "Take in", LIVE, None, SYSTEM_ONLY, ("child",)),
    Rule("T36", M.RELEASE, "并案撤销", "Let go", frozenset(S), None, SYSTEM_ONLY, ("child",)),
    Rule("T37", M.WARN, "预警", "Warn", TIMED, None, SYSTEM_ONLY, ("stage",), (),
         ("time_to_warn",)),
    Rule("T37", M.OVERDUE, "超期", "Overdue", TIMED, None, SYSTEM_ONLY,
         ("stage", "multiple"), (), ("time_is_over",)),
    Rule("T38", M.APPEAL, "申诉", "Appeal", _from(S.HANDLING, S.CLOSED), None,
         _by(R.UNIT), ("reason", "about"), (),
         ("of_the_lead", "not_merged", "not_asked_yet", "not_corrected_yet")),
    Rule("T38", M.GRANT_APPEAL, "支持申诉", "Grant appeal", APPEALABLE, None,
         _by(R.EVALUATOR), ("reason",), (), ("is_asked",)),
    Rule("T38", M.DENY_APPEAL, "驳回申诉", "Deny appeal", APPEALABLE, None,
         _by(R.EVALUATOR), ("reason",), (), ("is_asked",)),
    Rule("A10", M.START_PLAN, "启动预案", "Start plan", LIVE, None, SYSTEM_ONLY,
         ("plan", "edition"), ("linkage",)),
    Rule("D3", M.ORDER, "派遣单", "Order", frozenset(S), None, SYSTEM_ONLY,
         ("order", "unit", "stands"), ("reason",)),
    Rule("E2", M.ISSUE_WARNING, "发布公众预警", "Warn the public", frozenset(S), None, SYSTEM_ONLY,
         ("warning", "message")),
    Rule("A80", M.COMMENT, "留言", "Comment", frozenset(S), None, INVOLVED, ("reason",)),
    Rule("A80", M.ATTACH, "上传附件", "Attach", OPEN, None, INVOLVED, ("evidence",)),
)  # fmt: skip

RULES: Mapping[Move, Rule] = {rule.move: rule for rule in TABLE}
FROM: Mapping[CaseState, tuple[Rule, ...]] = {
    state: tuple(rule for rule in TABLE if state in rule.sources) for state in CaseState
}
# What the house does itself as well as people do.
AUTOMATIC = frozenset({M.CREATE, M.RESUME, M.COMMENT, M.ATTACH})
OPENING = frozenset(rule.move for rule in TABLE if not rule.sources)

"""The words of a case's life: where it can stand, and what can be done to it."""

from collections.abc import Mapping
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    REPORTED = "reported"
    VERIFYING = "verifying"
    PENDING_REGISTER = "pending_register"
    REJECTED = "rejected"
    PENDING_DISPATCH = "pending_dispatch"
    PENDING_HANDLE = "pending_handle"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    PENDING_CHECK = "pending_check"
    CHECKING = "checking"
    PENDING_CLOSE = "pending_close"
    CLOSED = "closed"
    FORCED_CLOSE = "forced_close"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """One of the seven steps of the loop (发现→立案→派遣→处置→核查→结案→评价)."""

    FOUND = "found"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLED = "handled"
    CHECKED = "checked"
    CLOSED = "closed"
    RATED = "rated"


S = CaseState
STATES: Mapping[CaseState, tuple[str, str, Stage]] = {
    S.DRAFT: ("草稿", "Draft", Stage.FOUND),
    S.REPORTED: ("待受理", "Reported", Stage.FOUND),
    S.VERIFYING: ("核实中", "Being verified", Stage.FOUND),
    S.PENDING_REGISTER: ("待立案", "To be filed", Stage.FILED),
    S.REJECTED: ("不予受理", "Not taken", Stage.FILED),
    S.PENDING_DISPATCH: ("待派遣", "To be dispatched", Stage.DISPATCHED),
    S.PENDING_HANDLE: ("待签收", "To be signed for", Stage.HANDLED),
    S.HANDLING: ("处置中", "Being handled", Stage.HANDLED),
    S.SUSPENDED: ("挂账中", "Suspended", Stage.HANDLED),
    S.PENDING_CHECK: ("待核查", "To be checked", Stage.CHECKED),
    S.CHECKING: ("核查中", "Being checked", Stage.CHECKED),
    S.PENDING_CLOSE: ("待结案", "To be closed", Stage.CLOSED),
    S.CLOSED: ("已结案", "Closed", Stage.RATED),
    S.FORCED_CLOSE: ("强制结案", "Closed by force", Stage.RATED),
    S.CANCELLED: ("作废", "Void", Stage.CLOSED),
}
ENDED = frozenset({S.REJECTED, S.CLOSED, S.FORCED_CLOSE, S.CANCELLED})
OPEN = frozenset(S) - ENDED


class Move(StrEnum):
    """What is done to a case. Requests have three: ask, grant, deny."""

    SAVE_DRAFT = "save_draft"
    REPORT = "report"
    CREATE = "create"
    SEND_VERIFY = "send_verify"
    VERIFY_TRUE = "verify_true"
    VERIFY_FALSE = "verify_false"
    ACCEPT = "accept"
    DECLINE = "decline"
    ASK_SETTLE = "ask_settle"
    GRANT_SETTLE = "grant_settle"
    DENY_SETTLE = "deny_settle"
    REGISTER = "register"
    REFUSE_REGISTER = "refuse_register"
    RETURN_TO_ACCEPT = "return_to_accept"
    DISPATCH = "dispatch"
    RETURN_TO_REGISTER = "return_to_register"
    SIGN = "sign"
    ASK_RETURN = "ask_return"
    GRANT_RETURN = "grant_return"
    DENY_RETURN = "deny_return"
    ASSIGN_INSIDE = "assign_inside"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    DENY_EXTENSION = "deny_extension"
    ASK_SUSPEND = "ask_suspend"
    GRANT_SUSPEND = "grant_suspend"
    DENY_SUSPEND = "deny_suspend"
    ENDORSE = "endorse"
    RESUME = "resume"
    FEEDBACK = "feedback"
    CO_SIGN = "co_sign"
    CO_FEEDBACK = "co_feedback"
    REJECT_FEEDBACK = "reject_feedback"
    SEND_CHECK = "send_check"
    CHECK_PASS = "check_pass"
    CHECK_FAIL = "check_fail"
    CLOSE = "close"
    RETURN_TO_CHECK = "return_to_check"
    ASK_FORCE_CLOSE = "ask_force_close"
    GRANT_FORCE_CLOSE = "grant_force_close"
    DENY_FORCE_CLOSE = "deny_force_close"
    ASK_VOID = "ask_void"
    GRANT_VOID = "grant_void"
    DENY_VOID = "deny_void"
    RATE = "rate"
    REOPEN = "reopen"
    SUPERVISE = "supervise"
    URGE = "urge"
    ESCALATE = "escalate"
    MERGE = "merge"
    UNMERGE = "unmerge"
    WARN = "warn"
    OVERDUE = "overdue"
    APPEAL = "appeal"
    GRANT_APPEAL = "grant_appeal"
    DENY_APPEAL = "deny_appeal"
    COMMENT = "comment"
    ATTACH = "attach"
    ADD_CO = "add_co"
    HAND_OVER = "hand_over"
    START_PLAN = "start_plan"
    ORDER = "order"
    ISSUE_WARNING = "issue_warning"
    ABSORB = "absorb"
    RELEASE = "release"

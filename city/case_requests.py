"""What has to be asked for and is decided by somebody else: 回退 延期 挂账 作废 即办 强制结案 申诉.

A handler's request goes to his own department first (`pending_dept`), then to whoever decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from city.case_table import RULES, CaseState, Move
from city.cases import APPROVED, LAPSED, PENDING, PENDING_DEPT, REJECTED, Case, Entry, Request
from city.roles import Role

KINDS: Mapping[str, tuple[str, str]] = {
    "settle": ("即办", "settling at once"),
    "return": ("回退", "return"),
    "extension": ("延期", "extension"),
    "suspend": ("挂账", "suspension"),
    "force_close": ("强制结案", "closing by force"),
    "void": ("作废", "voiding"),
    "appeal": ("申诉", "appeal"),
}


OF_THE_LEAD = frozenset({"return", "extension", "suspend", "appeal"})


class Step(StrEnum):
    """What a move does to a request."""

    ASK = "ask"
    GRANT = "grant"
    DENY = "deny"


STEPS: Mapping[Move, tuple[Step, str]] = {
    Move.ASK_SETTLE: (Step.ASK, "settle"),
    Move.GRANT_SETTLE: (Step.GRANT, "settle"),
    Move.DENY_SETTLE: (Step.DENY, "settle"),
    Move.ASK_RETURN: (Step.ASK, "return"),
    Move.GRANT_RETURN: (Step.GRANT, "return"),
    Move.DENY_RETURN: (Step.DENY, "return"),
    Move.ASK_EXTENSION: (Step.ASK, "extension"),
    Move.GRANT_EXTENSION: (Step.GRANT, "extension"),
    Move.DENY_EXTENSION: (Step.DENY, "extension"),
    Move.ASK_SUSPEND: (Step.ASK, "suspend"),
    Move.GRANT_SUSPEND: (Step.GRANT, "suspend"),
    Move.DENY_SUSPEND: (Step.DENY, "suspend"),
    Move.ASK_FORCE_CLOSE: (Step.ASK, "force_close"),
    Move.GRANT_FORCE_CLOSE: (Step.GRANT, "force_close"),
    Move.DENY_FORCE_CLOSE: (Step.DENY, "force_close"),
    Move.ASK_VOID: (Step.ASK, "void"),
    Move.GRANT_VOID: (Step.GRANT, "void"),
    Move.DENY_VOID: (Step.DENY, "void"),
    Move.APPEAL: (Step.ASK, "appeal"),
    Move.GRANT_APPEAL: (Step.GRANT, "appeal"),
    Move.DENY_APPEAL: (Step.DENY, "appeal"),
}
GRANTS: Mapping[str, Move] = {kind: move for move, (step, kind) in STEPS.items()
                              if step is Step.GRANT}  # fmt: skip


def kind_of(move: Move) -> str:
    """Which kind of request a move asks for or decides."""
    return STEPS[move][1]


def requests_after(case: Case, entry: Entry) -> tuple[Request, ...]:
    """The requests of a case once a move is made."""
    return tuple(lapsed(one, entry) for one in dealt_with(case.requests, entry))


def dealt_with(requests: Sequence[Request], entry: Entry) -> Iterable[Request]:
    """The same, before those that came to nothing are set aside."""
    if entry.move is Move.ENDORSE:
        return [endorsed(one, entry) for one in requests]
    if entry.move not in STEPS:
        return requests
    step, kind = STEPS[entry.move]
    if step is Step.ASK:
        return [*requests, asked(kind, entry)]
    return [decided(one, step, entry) if one.kind == kind else one for one in requests]


def asked(kind: str, entry: Entry) -> Request:
    """A new request; a handler's waits for his department first."""
    return Request(
        kind=kind,
        status=PENDING_DEPT if entry.role == Role.HANDLER else PENDING,
        by=entry.by,
        name=entry.name,
        at_ms=entry.at_ms,
        reason=entry.reason,
        department=entry.department,
        fields=entry.facts,
    )


def endorsed(request: Request, entry: Entry) -> Request:
    """The department passes its handler's request on."""
    is_meant = request.kind == entry.facts["request"] and request.status == PENDING_DEPT
    return replace(request, status=PENDING) if is_meant else request


def decided(request: Request, step: Step, entry: Entry) -> Request:
    """Granted or denied; what was decided before stays as it is."""
    if not request.is_waiting:
        return request
    return replace(
        request,
        status=APPROVED if step is Step.GRANT else REJECTED,
        decided_by=entry.by,
        decided_ms=entry.at_ms,
        opinion=entry.reason,
    )


def lapsed(request: Request, entry: Entry) -> Request:
    """A request that nobody can decide any more, where the case stands now and who leads it."""
    is_moot = request.is_waiting and (
        entry.after not in decidable(request.kind)
        or (entry.move is Move.HAND_OVER and request.kind in OF_THE_LEAD)
    )
    return replace(request, status=LAPSED, decided_ms=entry.at_ms) if is_moot else request


def decidable(kind: str) -> frozenset[CaseState]:
    """The states in which a kind of request can be granted."""
    return RULES[GRANTS[kind]].sources

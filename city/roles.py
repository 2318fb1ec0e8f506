"""Who may do what: one table of the posts of a command centre and their rights.

Posts and separation of duties: the collection, filing and handling axes of GB/T 30428 systems and
the three exclusive administrators of GB/T 22239-2019 level 3 (安全管理机构), as practised; which
moves a post makes on a case stands in `city.case_table`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from city.audit import Draft
from city.refusal import Forbidden
from city.rights import RIGHT_NAMES, STANDS_ON, Right

__all__ = ["ADMINISTRATORS", "ALONE", "EXCLUSIVE", "OWN_DEPARTMENT", "RIGHTS", "RIGHT_NAMES",
           "ROLE_NAMES", "SYSTEM", "Actor", "Loan", "Right", "Role", "Seat", "clash", "holders",
           "named", "rights_of"]  # fmt: skip


class Role(StrEnum):
    """A post (岗位)."""

    COLLECTOR = "collector"
    ACCEPTOR = "acceptor"
    CHIEF = "chief"
    DISPATCHER = "dispatcher"
    UNIT = "unit"
    HANDLER = "handler"
    INSPECTOR = "inspector"
    LEADER = "leader"
    EVALUATOR = "evaluator"
    CDO = "cdo"
    AGENT = "agent"
    ANALYST = "analyst"
    DISCIPLINE = "discipline"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    PUBLIC = "public"


ROLE_NAMES: Mapping[Role, tuple[str, str]] = {
    Role.COLLECTOR: ("采集员", "Collector"),
    Role.ACCEPTOR: ("受理员", "Acceptor"),
    Role.CHIEF: ("值班长", "Duty chief"),
    Role.DISPATCHER: ("派遣员", "Dispatcher"),
    Role.UNIT: ("处置部门", "Handling department"),
    Role.HANDLER: ("处置人员", "Handler"),
    Role.INSPECTOR: ("督查员", "Inspector"),
    Role.LEADER: ("领导", "Leader"),
    Role.EVALUATOR: ("考评员", "Evaluator"),
    Role.CDO: ("首席数据官", "Chief data officer"),
    Role.AGENT: ("12345 坐席", "12345 agent"),
    Role.ANALYST: ("分析员", "Analyst"),
    Role.DISCIPLINE: ("纪检", "Discipline inspection"),
    Role.SYSADMIN: ("系统管理员", "System administrator"),
    Role.SECADMIN: ("安全管理员", "Security administrator"),
    Role.AUDITOR: ("审计管理员", "Audit administrator"),
    Role.OPERATOR: ("运营企业", "Operator company"),
    Role.PUBLIC: ("公众", "Public"),
}


_LOOK = {Right.VIEW_MAP, Right.VIEW_FEEDS, Right.VIEW_ALARMS, Right.VIEW_CASES}
_DESK = {*_LOOK, Right.VIEW_LETTERS, Right.VIEW_FIGURES, Right.HAND_OVER}
_COMMAND = {Right.LEAD_GROUPS, Right.SWITCH_MODE, Right.APPROVE_WARNINGS}
_SEND = {Right.VIEW_DISPATCH, Right.MANAGE_ROADS, Right.START_PLANS, Right.DRAFT_WARNINGS}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.COLLECTOR: frozenset({Right.VIEW_MAP, Right.VIEW_CASES, Right.CREATE_CASES}),
    Role.ACCEPTOR: frozenset(
        {*_DESK, Right.HANDLE_ALARMS, Right.CREATE_CASES, Right.MERGE, Right.UNMASK}
    ),
    Role.CHIEF: frozenset(
        {
            *_DESK,
            *_COMMAND,
            *_SEND,
            Right.HANDLE_ALARMS,
            Right.CREATE_CASES,
            Right.MERGE,
            Right.UNMASK,
            Right.EXPORT,
        }
    ),
    Role.DISPATCHER: frozenset({*_DESK, *_SEND, Right.SEND_ORDERS}),
    Role.UNIT: frozenset(
        {*_LOOK, Right.VIEW_FIGURES, Right.VIEW_DISPATCH, Right.SEND_ORDERS, Right.ANSWER_ORDERS}
    ),
    Role.HANDLER: frozenset(
        {Right.VIEW_MAP, Right.VIEW_CASES, Right.CREATE_CASES, Right.UNMASK, Right.ANSWER_ORDERS}
    ),
    Role.INSPECTOR: frozenset({*_LOOK, Right.VIEW_FIGURES, Right.EXPORT}),
    Role.LEADER: frozenset({*_LOOK, *_COMMAND, Right.VIEW_FIGURES, Right.VIEW_DISPATCH}),
    Role.EVALUATOR: frozenset({*_LOOK, Right.VIEW_FIGURES, Right.EXPORT}),
    Role.CDO: frozenset({Right.VIEW_FEEDS, Right.VIEW_LETTERS, Right.CATALOGUE}),
    Role.AGENT: frozenset({Right.VIEW_CASES, Right.CREATE_CASES, Right.UNMASK}),
    Role.ANALYST: frozenset({Right.VIEW_MAP, Right.VIEW_FEEDS, Right.VIEW_FIGURES}),
    Role.DISCIPLINE: frozenset({Right.VIEW_CASES, Right.VIEW_FIGURES, Right.READ_TRAIL}),
    Role.SYSADMIN: frozenset({Right.VIEW_FEEDS, Right.CONFIGURE}),
    Role.SECADMIN: frozenset({Right.MANAGE_ACCOUNTS}),
    Role.AUDITOR: frozenset({Right.READ_AUDIT}),
    Role.OPERATOR: frozenset({Right.VIEW_FEEDS}),
    Role.PUBLIC: frozenset(),
}

# GB/T 22239-2019 L3: system, security and audit administration are three people's work.
EXCLUSIVE: tuple[frozenset[Role], ...] = (frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR}),)
ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})
# Whoever runs the machines has no business post.
ALONE = ADMINISTRATORS | {Role.OPERATOR, Role.PUBLIC}

OWN_DEPARTMENT = frozenset({Role.UNIT, Role.HANDLER, Role.AGENT})  # see only what theirs is


@dataclass(frozen=True, slots=True)
class Loan:
    """Rights that a command group (专班) lends a member for a while; see `city.groups`."""

    group: str
    rights: frozenset[Right]
    departments: frozenset[str] = frozenset()  # those that work in the group
    cases: frozenset[str] = frozenset()  # those it works on; its members see them
    until_ms: int = 0


@dataclass(frozen=True, slots=True)
class Seat:
    """Who acts: an account in its post, with the part of the city that it may see."""

    account: str
    name: str
    roles: frozenset[Role]
    areas: tuple[str, ...] = ()  # adcodes or longer codes below them; none: the whole city
    department: str = ""  # slug; needed by the roles of OWN_DEPARTMENT
    loans: tuple[Loan, ...] = ()  # of the groups it works in at this moment

    def holds(self, right: Right) -> bool:
        """Whether one of its posts has it."""
        return any(right in RIGHTS[role] for role in self.roles)

    def may(self, right: Right) -> bool:
        """Whether one of its posts has it, or a group lends it."""
        return self.holds(right) or any(right in loan.rights for loan in self.loans)

    def reaches(self, right: Right, department: str) -> bool:
        """Whether it may use a right on what belongs to a department."""
        if self.holds(right) and (not self.own_department_only or department == self.department):
            return True
        return any(right in one.rights and department in one.departments for one in self.loans)

    def lender(self, right: Right) -> str:
        """The group by whose loan it has a right that none of its posts has; else empty."""
        if self.holds(right):
            return ""
        return next((loan.group for loan in self.loans if right in loan.rights), "")

    def works_on(self, case_id: str) -> str:
        """The group through which a case is its business; empty where there is none."""
        return next((loan.group for loan in self.loans if case_id in loan.cases), "")

    def require(self, right: Right) -> None:
        """Raises Forbidden where it has not, naming who has."""
        if not self.may(right):
            raise Forbidden("forbidden", who=named(holders(right)), what=RIGHT_NAMES[right])

    def covers(self, area: str) -> bool:
        """Whether a place lies in its part of the city; what lies nowhere is everybody's."""
        return not self.areas or not area or any(area.startswith(one) for one in self.areas)

    def is_one_of(self, roles: Iterable[Role]) -> bool:
        """Whether it holds one of these posts."""
        return not self.roles.isdisjoint(roles)

    @property
    def own_department_only(self) -> bool:
        """Whether it sees only what its own department has to do with."""
        return bool(self.roles) and self.roles <= OWN_DEPARTMENT


SYSTEM = Seat("system", "系统", frozenset())


@dataclass(frozen=True, slots=True)
class Actor:
    """A seat that does something: from where, and when (aware UTC)."""

    seat: Seat
    address: str
    at: datetime

    @property
    def at_ms(self) -> int:
        """The instant in ms since 1970 UTC."""
        return round(self.at.timestamp() * 1000)

    def draft(self, action: str, subject: str, **detail: Any) -> Draft:
        """What goes on record of it; `reason` among the details is what the person gave."""
        reason = str(detail.pop("reason", ""))
        role = "+".join(sorted(self.seat.roles))
        if group := group_of(self.seat, action, subject):
            detail["group"] = group
        return Draft(self.seat.account, self.seat.name, role, action, subject, self.at_ms,
                     self.address, reason=reason, detail=detail)  # fmt: skip


def group_of(seat: Seat, action: str, subject: str) -> str:
    """The group in whose name a command is given: by a lent right, or on a case of the group."""
    kind, _, name = subject.partition("/")
    right = STANDS_ON.get(action) or STANDS_ON.get(action.partition(".")[0])
    lender = seat.lender(right) if right else ""
    case_id = name if kind == "case" else name.rpartition("-")[0] if kind == "order" else ""
    return lender or (seat.works_on(case_id) if case_id else "")


def holders(right: Right) -> tuple[Role, ...]:
    """The posts that have a right."""
    return tuple(role for role in Role if right in RIGHTS[role])


def rights_of(seat: Seat) -> frozenset[Right]:
    """All that a seat may do."""
    return frozenset(right for right in Right if seat.may(right))


def named(roles: Iterable[Role]) -> tuple[str, str]:
    """Several posts in words, in both languages."""
    names = [ROLE_NAMES[role] for role in roles]
    return "、".join(zh for zh, _ in names), ", ".join(en for _, en in names)


def clash(roles: Iterable[Role]) -> tuple[Role, ...]:
    """The posts that one person must not hold together; none where all is well."""
    held = frozenset(roles)
    alone = sorted(held & ALONE)
    return tuple(sorted(held)) if alone and len(held) > 1 else ()

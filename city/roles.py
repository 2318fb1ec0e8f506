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


class Right(StrEnum):
    """What a door asks for. Moves of a case have no right of their own: see `city.case_table`."""

    VIEW_MAP = "view_map"  # things, their readings and history
    VIEW_FEEDS = "view_feeds"  # how suppliers are doing
    VIEW_LETTERS = "view_letters"  # rejected messages with their text
    VIEW_ALARMS = "view_alarms"
    HANDLE_ALARMS = "handle_alarms"
    VIEW_CASES = "view_cases"
    CREATE_CASES = "create_cases"
    MERGE = "merge"  # 并单: join and part events
    UNMASK = "unmask"  # personal fields in clear, with a reason, one record at a time
    EXPORT = "export"
    VIEW_FIGURES = "view_figures"
    CONFIGURE = "configure"  # system settings
    CATALOGUE = "catalogue"  # the data catalogue
    MANAGE_ACCOUNTS = "manage_accounts"  # accounts, roles, tokens
    READ_AUDIT = "read_audit"
    READ_TRAIL = "read_trail"  # the trail of one case
    HAND_OVER = "hand_over"  # sign a shift over
    VIEW_DISPATCH = "view_dispatch"  # units, candidates, orders, plans under way
    SEND_ORDERS = "send_orders"  # to units; of the own department only for OWN_DEPARTMENT
    ANSWER_ORDERS = "answer_orders"  # on behalf of the unit that one serves on
    MANAGE_ROADS = "manage_roads"  # close a road, and open it again
    START_PLANS = "start_plans"
    LEAD_GROUPS = "lead_groups"  # form and end a command group (专班)
    SWITCH_MODE = "switch_mode"  # 平急转换: always two of them
    DRAFT_WARNINGS = "draft_warnings"  # for the public
    APPROVE_WARNINGS = "approve_warnings"  # always two of them


RIGHT_NAMES: Mapping[Right, tuple[str, str]] = {
    Right.VIEW_MAP: ("查看感知数据", "see the sensors"),
    Right.VIEW_FEEDS: ("查看数据源", "see the feeds"),
    Right.VIEW_LETTERS: ("查看被拒消息", "read rejected messages"),
    Right.VIEW_ALARMS: ("查看告警", "see alarms"),
    Right.HANDLE_ALARMS: ("处理告警", "handle alarms"),
    Right.VIEW_CASES: ("查看案件", "see cases"),
    Right.CREATE_CASES: ("登记案件", "open cases"),
    Right.MERGE: ("并单", "merge reports"),
    Right.UNMASK: ("查看个人信息明文", "see personal data in clear"),
    Right.EXPORT: ("导出", "export"),
    Right.VIEW_FIGURES: ("查看统计", "see figures"),
    Right.CONFIGURE: ("配置系统", "configure the system"),
    Right.CATALOGUE: ("管理数据目录", "keep the data catalogue"),
    Right.MANAGE_ACCOUNTS: ("管理账号与权限", "manage accounts and rights"),
    Right.READ_AUDIT: ("查看审计日志", "read the audit trail"),
    Right.READ_TRAIL: ("查看案件留痕", "read the trail of a case"),
    Right.HAND_OVER: ("交接班", "hand over a shift"),
    Right.VIEW_DISPATCH: ("查看指挥调度", "see units and orders"),
    Right.SEND_ORDERS: ("派遣力量", "send units"),
    Right.ANSWER_ORDERS: ("应答派遣单", "answer orders"),
    Right.MANAGE_ROADS: ("管理道路封控", "close and open roads"),
    Right.START_PLANS: ("启动预案", "start plans"),
    Right.LEAD_GROUPS: ("组建专班", "form command groups"),
    Right.SWITCH_MODE: ("平急转换", "switch to emergency mode and back"),
    Right.DRAFT_WARNINGS: ("起草公众预警", "draft public warnings"),
    Right.APPROVE_WARNINGS: ("批准公众预警", "approve public warnings"),
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
class Seat:
    """Who acts: an account in its post, with the part of the city that it may see."""

    account: str
    name: str
    roles: frozenset[Role]
    areas: tuple[str, ...] = ()  # adcodes or longer codes below them; none: the whole city
    department: str = ""  # slug; needed by the roles of OWN_DEPARTMENT

    def may(self, right: Right) -> bool:
        """Whether one of the roles has it."""
        return any(right in RIGHTS[role] for role in self.roles)

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
        return Draft(self.seat.account, self.seat.name, role, action, subject, self.at_ms,
                     self.address, reason=reason, detail=detail)  # fmt: skip


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

"""What the doors ask for: the rights, their names, and what is done by which of them."""

from collections.abc import Mapping
from enum import StrEnum


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

# The right that a command stands on, by its word on record or by what that begins with: so the
# record of what was done by a lent right names the group that lent it.
STANDS_ON: Mapping[str, Right] = {
    "order": Right.SEND_ORDERS,
    "order.accept": Right.ANSWER_ORDERS,
    "order.refuse": Right.ANSWER_ORDERS,
    "order.depart": Right.ANSWER_ORDERS,
    "order.arrive": Right.ANSWER_ORDERS,
    "order.finish": Right.ANSWER_ORDERS,
    "unit": Right.SEND_ORDERS,
    "resource": Right.SEND_ORDERS,
    "transfer": Right.SEND_ORDERS,
    "closure": Right.MANAGE_ROADS,
    "plan": Right.START_PLANS,
    "warning": Right.DRAFT_WARNINGS,
    "alarm": Right.HANDLE_ALARMS,
    "event": Right.MERGE,
}

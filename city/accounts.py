"""Accounts, sessions and tokens: what they are, how long they hold, and when they do not.

The numbers of `SeatRules` are practice that assessors of GB/T 22239-2019 L3 accept (identity
authentication a, b), not clauses: each is a setting.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from city import roles
from city.refusal import Conflict, Malformed, say
from city.roles import OWN_DEPARTMENT, Role, Seat, named

say({
    "wrong_login": (
        "账号、密码或动态口令不对，还可尝试 {left} 次，之后锁定 {minutes} 分钟",
        "Wrong account, password or code; {left} tries left, then locked for {minutes} min",
    ),
    "locked": ("登录失败次数过多，请在 {minutes} 分钟后再试",
               "Too many failed logins, try again in {minutes} min"),
    "account_off": ("账号已停用或合同已到期，请联系安全管理员",
                    "This account is disabled or its contract over, ask your administrator"),
    "account_taken": ("账号“{name}”已存在", "The account `{name}` exists already"),
    "account_name": (
        "账号须为 2 至 32 个小写字母、数字、点、横线或下划线",
        "An account is 2 to 32 small letters, digits, dots, dashes and underscores",
    ),
    "roles_missing": ("至少需要一个岗位", "At least one post is needed"),
    "roles_clash": ("岗位“{who}”不能由同一人担任", "One person cannot be {who} at once"),
    "department_missing": ("岗位“{who}”需要所属部门", "{who} needs a department"),
    "own_account": ("不能停用或修改自己的账号权限", "Nobody changes the rights of his own account"),
    "last_administrator": (
        "这是最后一个安全管理员账号", "This is the last security administrator"),
    "wrong_password": ("当前密码不对", "The present password is wrong"),
    "same_password": ("新密码不能与当前密码相同", "The new password is the present one"),
    "wrong_code": ("动态口令不对，请核对手机时间", "Wrong code, check the clock of the phone"),
    "token_taken": ("已有名为“{name}”的有效令牌", "A token named `{name}` is valid already"),
    "cross_site": ("请求来自其他网站，已拒绝", "The request comes from another site"),
})  # fmt: skip

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True)
class SeatRules:
    """Every number of seats; see docs/settings.md."""

    idle_for: timedelta = timedelta(minutes=10)
    session_for: timedelta = timedelta(hours=12)
    most_failures: int = 5
    locked_for: timedelta = timedelta(minutes=5)
    password_length: int = 8
    password_classes: int = 3
    password_for: timedelta = timedelta(days=90)
    token_for: timedelta = timedelta(days=365)
    logins_a_minute: int = 30  # from one address
    requests_a_minute: int = 600  # without a seat, from one address
    totp_roles: frozenset[Role] = frozenset()
    is_demo: bool = False
    is_https: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """One person; nobody shares one. Times are ms since 1970 UTC, 0 for never."""

    account: str
    name: str
    roles: tuple[Role, ...]
    areas: tuple[str, ...] = ()
    department: str = ""
    password: str = ""  # argon2id; empty: no password opens it
    password_ms: int = 0  # when it was set
    must_change: bool = False
    totp: str = ""  # base32 secret; empty: not set up
    totp_step: int = 0  # the last step whose code was used
    made_ms: int = 0
    login_ms: int = 0
    login_address: str = ""
    until: str = ""  # last day of a contract, ISO 8601 date; empty: none
    is_disabled: bool = False
    is_demo: bool = False
    epoch: int = 0  # sessions of an earlier one are over

    @property
    def seat(self) -> Seat:
        """What it may do, and where."""
        return Seat(self.account, self.name, frozenset(self.roles), self.areas, self.department)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that logged in; its id is kept as a digest only."""

    account: str
    epoch: int
    made_ms: int
    seen_ms: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A machine's key to the API; its secret is kept as a digest only."""

    id: str
    name: str
    role: Role
    digest: str
    made_ms: int
    until_ms: int
    areas: tuple[str, ...] = ()
    department: str = ""
    made_by: str = ""
    revoked_ms: int = 0

    @property
    def seat(self) -> Seat:
        """What it may do, and where."""
        account = f"token/{self.name}"
        return Seat(account, self.name, frozenset({self.role}), self.areas, self.department)

    def holds(self, at_ms: int) -> bool:
        """Whether it opens anything at that time."""
        return not self.revoked_ms and at_ms < self.until_ms


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed logins of one name in a row."""

    count: int = 0
    last_ms: int = 0
    locked_until_ms: int = 0


class Duty(StrEnum):
    """What an account owes before it may do anything else."""

    NOTHING = "nothing"
    NEW_PASSWORD = "new_password"
    SET_UP_TOTP = "set_up_totp"


def duty(account: Account, rules: SeatRules, at_ms: int) -> Duty:
    """A first password is changed, an old one too, and some posts need a second factor."""
    if account.is_demo:
        return Duty.NOTHING
    if account.must_change or at_ms - account.password_ms > ms(rules.password_for):
        return Duty.NEW_PASSWORD
    if not account.totp and not rules.totp_roles.isdisjoint(account.roles):
        return Duty.SET_UP_TOTP
    return Duty.NOTHING


def is_open(account: Account, rules: SeatRules, today: str) -> bool:
    """Whether it may be used at all; `today` is the city's date, ISO 8601."""
    is_over = bool(account.until) and today > account.until
    return not (account.is_disabled or is_over or (account.is_demo and not rules.is_demo))


def is_alive(session: Session, account: Account, rules: SeatRules, at_ms: int) -> bool:
    """Whether a session still holds: same epoch, not idle, not too old."""
    return (
        session.epoch == account.epoch
        and at_ms - session.seen_ms < ms(rules.idle_for)
        and at_ms - session.made_ms < ms(rules.session_for)
    )


def failed(before: Failures, rules: SeatRules, at_ms: int) -> Failures:
    """One more; the last one locks. After the lock, or as long without a try, it begins anew."""
    is_fresh = at_ms - before.last_ms >= ms(rules.locked_for)
    count = 1 if is_fresh else before.count + 1
    until = at_ms + ms(rules.locked_for) if count >= rules.most_failures else 0
    return Failures(count, at_ms, until)


def refuse_locked(failures: Failures, at_ms: int) -> None:
    """Raises Conflict while a name is locked."""
    if at_ms < failures.locked_until_ms:
        minutes = -(-(failures.locked_until_ms - at_ms) // 60_000)
        raise Conflict("locked", minutes=minutes)


def require_lawful(account: str, posts: Iterable[Role], department: str) -> None:
    """Raises Malformed for a bad name, posts that exclude each other, or a missing department."""
    held = frozenset(posts)
    if not NAME.fullmatch(account):
        raise Malformed("account_name")
    if not held:
        raise Malformed("roles_missing")
    if both := roles.clash(held):
        raise Malformed("roles_clash", who=named(both))
    require_department(held, department)


def require_department(posts: Iterable[Role], department: str) -> None:
    """Posts that see only their department's work need one."""
    narrow = sorted(OWN_DEPARTMENT.intersection(posts))
    if narrow and not department:
        raise Malformed("department_missing", who=named(narrow))


def ms(span: timedelta) -> int:
    """A span in ms."""
    return round(span.total_seconds() * 1000)

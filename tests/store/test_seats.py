"""Accounts, sessions and tokens: who gets in, how long, and what stays on record."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from city import totp
from city.accounts import Account, SeatRules, duty, is_alive, is_open
from city.audit import Outcome, Record
from city.refusal import Conflict, Malformed, NotFound, TooMany
from city.roles import Actor, Role, Seat
from store import keys, secrets
from store.accounts import Post
from store.sessions import Attempt
from store.store import Store
from store.tokens import Scope

pytestmark = pytest.mark.store

AT = datetime(2026, 9, 6, 7, 10, tzinfo=UTC)
RULES = SeatRules()
ADMIN = Actor(Seat("an", "安全", frozenset({Role.SECADMIN})), "10.0.0.1", AT)
GOOD = "Longkun-S-31.5"


def ms(after: timedelta = timedelta()) -> int:
    return round((AT + after).timestamp() * 1000)


def attempt(
    password: str = GOOD, name: str = "li", code: str = "", after: timedelta = timedelta()
) -> Attempt:
    return Attempt(name, password, code, "10.0.0.7", ms(after), "2026-09-06")


def records(store: Store) -> list[Record]:
    found = store.redis.xrange(keys.AUDIT)
    return [msgspec.json.decode(fields[b"r"], type=Record) for _, fields in found]


@pytest.fixture
def li(store: Store) -> Account:
    return store.accounts.create("li", Post("李四", (Role.CHIEF,)), GOOD, ADMIN, RULES)


def test_the_right_password_opens_a_session_of_its_account(store: Store, li: Account) -> None:
    secret = store.sessions.log_in(attempt(), RULES)

    session, account = found(store, secret)
    assert (session.account, account.login_address) == ("li", "10.0.0.7")
    assert secret.encode() not in b"".join(store.redis.hgetall(keys.SESSIONS))


def found(store: Store, secret: str):  # type: ignore[no-untyped-def]
    kept = store.sessions.find(secret)
    assert kept is not None
    return kept


def test_two_logins_never_share_an_id(store: Store, li: Account) -> None:
    assert store.sessions.log_in(attempt(), RULES) != store.sessions.log_in(attempt(), RULES)


def test_failures_are_counted_down_then_lock_even_the_right_password(
    store: Store, li: Account
) -> None:
    left = []
    for _ in range(RULES.most_failures):
        with pytest.raises(Conflict) as refusal:
            store.sessions.log_in(attempt("wrong"), RULES)
        left.append((refusal.value.reason, refusal.value.values.get("left")))

    assert left == [("wrong_login", 4), ("wrong_login", 3), ("wrong_login", 2),
                    ("wrong_login", 1), ("locked", 0)]  # fmt: skip
    with pytest.raises(Conflict, match="Too many failed logins"):
        store.sessions.log_in(attempt(after=timedelta(minutes=4, seconds=59)), RULES)
    assert store.accounts.locked(ms()) == {"li": ms(timedelta(minutes=5))}
    assert store.sessions.log_in(attempt(after=timedelta(minutes=5)), RULES)


def test_a_name_that_does_not_exist_is_refused_in_the_same_words(store: Store, li: Account) -> None:
    said = []
    for name in ("li", "nobody"):
        with pytest.raises(Conflict) as refusal:
            store.sessions.log_in(attempt("wrong", name), RULES)
        said.append(refusal.value.said("zh"))

    assert said[0] == said[1]


def test_an_administrator_unlocks(store: Store, li: Account) -> None:
    for _ in range(RULES.most_failures):
        with pytest.raises(Conflict):
            store.sessions.log_in(attempt("wrong"), RULES)

    store.accounts.unlock("li", ADMIN)

    assert store.sessions.log_in(attempt(), RULES)


def test_every_login_and_every_failure_is_on_record(store: Store, li: Account) -> None:
    with pytest.raises(Conflict):
        store.sessions.log_in(attempt("wrong"), RULES)
    secret = store.sessions.log_in(attempt(), RULES)
    store.sessions.log_out(secret, replace(ADMIN, seat=li.seat))

    told = [(one.draft.action, one.draft.outcome, one.draft.reason) for one in records(store)]
    assert told == [
        ("account.create", Outcome.DONE, ""),
        ("login", Outcome.REFUSED, "wrong_login"),
        ("login", Outcome.DONE, ""),
        ("logout", Outcome.DONE, ""),
    ]
    assert GOOD not in str(records(store)) and "argon2" not in str(records(store))


def test_a_second_factor_is_asked_and_its_code_opens_once(store: Store, li: Account) -> None:
    secret = totp.secret_of(b"12345678901234567890")
    code = totp.hotp(totp.key_of(secret), totp.step_of(ms()))
    store.accounts.set_up_totp(secret, code, replace(ADMIN, seat=li.seat))
    later = timedelta(minutes=1)
    next_code = totp.hotp(totp.key_of(secret), totp.step_of(ms(later)))

    for wrong in ("", code):
        with pytest.raises(Conflict):
            store.sessions.log_in(attempt(code=wrong, after=later), RULES)
    assert store.sessions.log_in(attempt(code=next_code, after=later), RULES)
    with pytest.raises(Conflict):
        store.sessions.log_in(attempt(code=next_code, after=later), RULES)


@pytest.mark.parametrize("how", ["disable", "assign", "reset", "everywhere", "password"])
def test_whatever_changes_an_account_ends_its_sessions(store: Store, li: Account, how: str) -> None:
    secret = store.sessions.log_in(attempt(), RULES)
    own = replace(ADMIN, seat=li.seat)
    changes = {
        "disable": lambda: store.accounts.disable("li", ADMIN),
        "assign": lambda: store.accounts.assign("li", Post("李四", (Role.LEADER,)), ADMIN),
        "reset": lambda: store.accounts.reset("li", ADMIN),
        "everywhere": lambda: store.sessions.log_out_everywhere("li", own),
        "password": lambda: store.accounts.change_password(GOOD, "Other-Word-77", own, RULES),
    }

    changes[how]()

    session, account = found(store, secret)
    assert not is_alive(session, account, RULES, ms())


def test_a_session_ends_idle_and_ends_at_last(store: Store, li: Account) -> None:
    secret = store.sessions.log_in(attempt(), RULES)

    def alive(after: timedelta) -> bool:
        return is_alive(*found(store, secret), RULES, ms(after))

    assert alive(timedelta(minutes=9, seconds=59))
    assert not alive(timedelta(minutes=10))
    for minutes in range(9, 12 * 60, 9):
        store.sessions.touch(secret, found(store, secret)[0], ms(timedelta(minutes=minutes)))
    assert alive(timedelta(hours=11, minutes=59))
    assert not alive(timedelta(hours=12))


def test_touching_never_brings_a_session_back(store: Store, li: Account) -> None:
    secret = store.sessions.log_in(attempt(), RULES)
    session, _ = found(store, secret)
    store.sessions.log_out(secret, replace(ADMIN, seat=li.seat))

    store.sessions.touch(secret, session, ms(timedelta(minutes=1)))

    assert store.sessions.find(secret) is None


def test_a_disabled_account_a_demo_one_and_one_whose_contract_is_over_stay_shut(
    store: Store,
) -> None:
    today = "2026-09-06"
    plain = Account("wang", "王五", (Role.UNIT,), department="sw")

    assert is_open(plain, RULES, today)
    assert is_open(replace(plain, until=today), RULES, today)
    assert not is_open(replace(plain, until="2026-09-05"), RULES, today)
    assert not is_open(replace(plain, is_disabled=True), RULES, today)
    assert not is_open(replace(plain, is_demo=True), RULES, today)
    assert is_open(replace(plain, is_demo=True), replace(RULES, is_demo=True), today)


def test_a_contract_that_is_over_refuses_the_login(store: Store) -> None:
    post = Post("王五", (Role.HANDLER,), department="sw", until="2026-09-05")
    store.accounts.create("wang", post, GOOD, ADMIN, RULES)

    with pytest.raises(Conflict) as refusal:
        store.sessions.log_in(attempt(name="wang"), RULES)
    assert refusal.value.reason == "account_off"


def test_a_first_an_old_and_a_reset_password_must_be_changed(store: Store, li: Account) -> None:
    own = replace(ADMIN, seat=li.seat)
    assert duty(li, RULES, ms()) == "new_password"

    changed = store.accounts.change_password(GOOD, "Other-Word-77", own, RULES)
    assert duty(changed, RULES, ms()) == "nothing"
    assert duty(changed, RULES, ms(timedelta(days=91))) == "new_password"
    strict = replace(RULES, totp_roles=frozenset({Role.CHIEF}))
    assert duty(changed, strict, ms()) == "set_up_totp"

    password = store.accounts.reset("li", ADMIN)
    assert store.sessions.log_in(attempt(password), RULES)
    assert duty(store.accounts.get("li"), RULES, ms()) == "new_password"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Ab1-", "password_short"), ("abcdefgh1", "password_plain"), ("x" * 129, "password_long"),
        ("li-Longkun-1", "password_named"), ("Aa1-Aa1-", ""), ("Abcdefgh-1", "password_repeats"),
        ("AAAAaaaa1111", "password_repeats"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_what_is_missing(
    store: Store, password: str, reason: str
) -> None:
    def create() -> str:
        try:
            store.accounts.create("li", Post("李四", (Role.CHIEF,)), password, ADMIN, RULES)
        except Malformed as refusal:
            return refusal.reason
        return ""

    assert create() == reason


@pytest.mark.parametrize(
    ("roles", "department", "reason"),
    [
        ((Role.SYSADMIN, Role.AUDITOR), "", "roles_clash"),
        ((Role.SECADMIN, Role.CHIEF), "", "roles_clash"),
        ((Role.OPERATOR, Role.DISPATCHER), "", "roles_clash"),
        ((Role.UNIT,), "", "department_missing"),
        ((), "", "roles_missing"),
    ],
)
def test_posts_that_exclude_each_other_are_never_one_persons(
    store: Store, roles: tuple[Role, ...], department: str, reason: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        store.accounts.create("li", Post("李四", roles, (), department), GOOD, ADMIN, RULES)
    assert refusal.value.reason == reason


def test_nobody_gives_himself_rights(store: Store, li: Account) -> None:
    own = replace(ADMIN, seat=li.seat)

    with pytest.raises(Conflict):
        store.accounts.assign("li", Post("李四", (Role.SECADMIN,)), own)


def test_a_name_is_taken_once(store: Store, li: Account) -> None:
    with pytest.raises(Conflict, match="exists already"):
        store.accounts.create("li", Post("李雷", (Role.LEADER,)), GOOD, ADMIN, RULES)


def test_a_token_holds_until_it_expires_or_is_revoked(store: Store) -> None:
    said = store.tokens.create(
        Scope("rain", Role.UNIT, ("460106",), "sw"), timedelta(days=1), ADMIN
    )

    token = store.tokens.find(said)
    assert token is not None
    assert token.seat == Seat("token/rain", "rain", frozenset({Role.UNIT}), ("460106",), "sw")
    assert token.holds(ms()) and not token.holds(ms(timedelta(days=1)))
    assert said.encode() not in b"".join(store.redis.hgetall(keys.TOKENS).values())

    store.tokens.revoke("rain", ADMIN)
    now = store.tokens.find(said)
    assert now is not None and not now.holds(ms())


@pytest.mark.parametrize("said", ["", "cb_", "cb_x_y", "Bearer", "cb__"])
def test_what_is_no_token_opens_nothing(store: Store, said: str) -> None:
    assert store.tokens.find(said) is None


def test_a_token_with_another_secret_opens_nothing(store: Store) -> None:
    said = store.tokens.create(Scope("rain", Role.CHIEF), timedelta(days=1), ADMIN)

    assert store.tokens.find(said[:-1] + ("A" if said[-1] != "A" else "B")) is None


def test_a_valid_name_of_a_token_is_taken_and_an_unknown_one_cannot_be_revoked(
    store: Store,
) -> None:
    store.tokens.create(Scope("rain", Role.CHIEF), timedelta(days=1), ADMIN)

    with pytest.raises(Conflict):
        store.tokens.create(Scope("rain", Role.CHIEF), timedelta(days=1), ADMIN)
    with pytest.raises(NotFound):
        store.tokens.revoke("sun", ADMIN)


def test_too_many_in_a_minute_are_told_when_again(store: Store) -> None:
    for _ in range(3):
        store.rates.admit("login", "10.0.0.7", 3, ms())

    with pytest.raises(TooMany) as refusal:
        store.rates.admit("login", "10.0.0.7", 3, ms(timedelta(seconds=20)))
    assert 0 < int(str(refusal.value.values["seconds"])) <= 60
    store.rates.admit("login", "10.0.0.8", 3, ms())
    store.rates.admit("login", "10.0.0.7", 3, ms(timedelta(minutes=1)))


def test_what_is_over_is_swept(store: Store, li: Account) -> None:
    secret = store.sessions.log_in(attempt(), RULES)
    with pytest.raises(Conflict):
        store.sessions.log_in(attempt("wrong", "nobody"), RULES)

    assert store.sessions.sweep(ms()) == 0
    for _ in range(2):
        store.sessions.sweep(ms(timedelta(days=4)))

    assert store.sessions.find(secret) is None
    assert [store.redis.hgetall(key) for key in (keys.SESSIONS, keys.SEEN, keys.FAILURES)] == [
        {}, {}, {}]  # fmt: skip


def test_a_password_is_kept_so_that_it_cannot_be_read() -> None:
    kept = secrets.kept(GOOD)

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert secrets.fits(GOOD, kept)
    assert not secrets.fits("other", kept)
    assert not secrets.fits(GOOD, "") and not secrets.fits(GOOD, "rubbish")

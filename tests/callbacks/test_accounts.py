"""The page of the security administrator: accounts, tokens, posts; secrets are shown once."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from city.audit_search import AuditQuery
from city.roles import Role
from layouts import account_ids, ids
from store import keys
from store.sessions import Attempt
from store.store import Store
from tests.callbacks.page import Json, Page, prop, text
from tests.house import new_app
from tests.seats import actor, log_in, new_account

pytestmark = pytest.mark.store
FORM = {
    "account": "chen.li", "name": "陈丽", "roles-business": ["acceptor", "dispatcher"],
    "roles-administrators": [], "roles-outside": [], "areas": ["460106"], "department": None,
    "until": "",
}  # fmt: skip


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(new_app(store)) as client:
        yield client


class Office:
    """The page as a security administrator has it open."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.store, self.client = store, client
        self.account = log_in(client, Role.SECADMIN)
        self.page = Page(client)

    def rows(self, find: str = "") -> list[str]:
        answer = self.page.call(f"{account_ids.ROWS}.children", account_done=0, account_find=find)
        return [text(row) for row in prop(answer, account_ids.ROWS)]

    def tokens(self) -> str:
        answer = self.page.call(f"{account_ids.TOKENS}.children", account_done=0, account_find="")
        return text(prop(answer, account_ids.TOKENS))

    def open(self, what: str) -> str:
        answer = self.page.call(f"{account_ids.PANEL}.children", account_open=what, account_done=0)
        return text(prop(answer, account_ids.PANEL))

    def do(self, deed: str, opened: str, form: Mapping[str, Any] = FORM) -> Json:
        return self.page.call(f"{account_ids.SAID}.children", pressed=account_ids.deed(deed),
                              account_open=opened, account_done=4,
                              fields={"account-field": form})  # fmt: skip

    def said(self, deed: str, opened: str, **changes: Any) -> str:
        return text(prop(self.do(deed, opened, {**FORM, **changes}), account_ids.SAID))

    def last(self) -> tuple[str, str, str, str]:
        one = self.store.audit.page(AuditQuery(), 0, 1).records[0].draft
        return one.action, one.subject, one.outcome, one.account


@pytest.fixture
def office(client: TestClient, store: Store) -> Office:
    return Office(client, store)


def shown(answer: Json) -> str:
    """The secret of an answer."""
    _, output, _ = prop(answer, account_ids.SAID)["props"]["children"]
    return str(output["props"]["children"])


def attempt(account: str, password: str) -> Attempt:
    now = actor()
    return Attempt(account, password, "", "10.0.0.8", now.at_ms, f"{now.at:%Y-%m-%d}")


def test_a_new_account_logs_in_with_the_password_that_is_shown_once(office: Office) -> None:
    password = shown(office.do("create", account_ids.NEW_ACCOUNT))

    made = office.store.accounts.get("chen.li")
    assert (made.roles, made.areas) == ((Role.ACCEPTOR, Role.DISPATCHER), ("460106",))
    assert made.must_change
    rules = office.client.app.state.seating.rules  # type: ignore[attr-defined]
    assert office.store.sessions.log_in(attempt("chen.li", password), rules)
    assert password not in office.open("account/chen.li")
    assert password.encode() not in b"".join(
        fields[b"r"] for _, fields in office.store.redis.xrange(keys.AUDIT)
    )


def test_what_is_done_is_on_record_under_the_administrator(office: Office) -> None:
    office.do("create", account_ids.NEW_ACCOUNT)

    assert office.last() == ("account.create", "account/chen.li", "done", office.account)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"account": "Chen Li"}, "小写字母"),
        ({"name": " "}, "缺少“姓名”"),
        ({"roles-business": []}, "至少需要一个岗位"),
        ({"roles-administrators": ["auditor"]}, "不能由同一人担任"),
        ({"roles-business": [], "roles-administrators": ["secadmin", "auditor"]}, "不能由同一人"),
        ({"roles-business": ["unit"]}, "需要所属部门"),
        ({"until": "next year"}, "2027-06-30"),
    ],
)
def test_what_is_not_lawful_is_refused_in_words(
    office: Office, changes: Mapping[str, Any], sentence: str
) -> None:
    assert sentence in office.said("create", account_ids.NEW_ACCOUNT, **changes)
    assert office.store.accounts.find("chen.li") is None


def test_posts_scope_and_contract_are_changed(office: Office) -> None:
    person = new_account(office.store, Role.LEADER)

    said = office.said(
        "assign",
        f"account/{person.account}",
        **{"roles-business": ["unit"]},
        department="sw",
        until="2027-06-30",
    )

    after = office.store.accounts.get(person.account)
    assert (after.roles, after.department, after.until) == ((Role.UNIT,), "sw", "2027-06-30")
    assert "已修改" in said
    assert after.epoch == person.epoch + 1


def test_an_account_is_disabled_enabled_unlocked_and_reset(office: Office) -> None:
    person = new_account(office.store, Role.LEADER)
    opened = f"account/{person.account}"

    assert "已停用" in office.said("disable", opened)
    assert "✕ 已停用" in office.open(opened)
    assert "已启用" in office.said("enable", opened)
    password = shown(office.do("reset", opened))
    rules = office.client.app.state.seating.rules  # type: ignore[attr-defined]
    for _ in range(rules.most_failures):
        with pytest.raises(Exception, match=r"Wrong|Too many"):
            office.store.sessions.log_in(attempt(person.account, "wrong"), rules)
    assert "▲ 已锁定" in office.open(opened)
    assert "已解除锁定" in office.said("unlock", opened)
    assert office.store.sessions.log_in(attempt(person.account, password), rules)


def test_nobody_changes_the_rights_of_his_own_account(office: Office) -> None:
    mine = f"account/{office.account}"

    assert "另一名安全管理员" in office.open(mine)
    for deed in ("assign", "disable"):
        assert "自己的账号" in office.said(deed, mine)
    assert office.store.accounts.get(office.account).roles == (Role.SECADMIN,)


def test_a_token_is_shown_once_opens_the_api_and_is_revoked(office: Office) -> None:
    answer = office.do("new_token", account_ids.NEW_TOKEN,
                       {**FORM, "name": "大屏", "role": "leader"})  # fmt: skip
    token = shown(answer)
    machine = TestClient(office.client.app)
    machine.headers["Authorization"] = f"Bearer {token}"

    before = machine.get("/api/v1/things").status_code
    [kept] = office.store.tokens.all()
    said = office.said("revoke", f"token/{kept.id}")
    after = machine.get("/api/v1/things").status_code

    assert (before, after) == (200, 401)
    assert token.split("_")[2] not in office.tokens() + office.open(f"token/{kept.id}") + said
    assert "✕ 已吊销" in office.tokens()


def test_a_token_needs_a_name_and_a_post(office: Office) -> None:
    assert "缺少“名称”" in office.said("new_token", account_ids.NEW_TOKEN, name="", role="leader")
    assert "缺少“岗位”" in office.said("new_token", account_ids.NEW_TOKEN, name="x", role=None)


def test_accounts_are_found_by_any_word(office: Office) -> None:
    new_account(office.store, Role.UNIT, ["460105"], "sw", name="孙梅")
    new_account(office.store, Role.LEADER, name="吴刚")

    [row] = office.rows("孙梅 水务")

    for word in ("孙梅", "处置部门", "秀英区", "水务", "从未登录", "未启用"):
        assert word in row


def test_opening_something_else_takes_the_secret_away(office: Office) -> None:
    callback = next(one for one in office.page.callbacks if account_ids.SAID in one["output"])
    body = {
        "output": callback["output"],
        "outputs": [{"id": account_ids.SAID, "property": "children"},
                    {"id": account_ids.DONE, "property": "data"}],
        "inputs": [[], {"id": account_ids.OPEN, "property": "data", "value": "account/x"}],
        "state": [[], {"id": account_ids.DONE, "property": "data", "value": 3}],
        "changedPropIds": [f"{account_ids.OPEN}.data"],
    }  # fmt: skip

    answer = office.client.post("/_dash-update-component", json=body).json()

    assert answer["response"][account_ids.SAID]["children"] is None


def test_nobody_else_sees_the_page_or_is_answered(store: Store, client: TestClient) -> None:
    victim = new_account(store, Role.LEADER)
    log_in(client, Role.SECADMIN)
    known = Page(client).callbacks
    for role in set(Role) - {Role.SECADMIN}:
        log_in(client, role, department="sw")
        assert (role, client.get("/accounts").status_code) == (role, 403)
        refuses(Page(client, callbacks=known), victim.account)

    assert store.accounts.get(victim.account) == victim
    assert store.accounts.find("chen.li") is None


def refuses(page: Page, victim: str) -> None:
    deeds = [(account_ids.SAID, account_ids.deed(name)) for name in ("reset", "create", "revoke")]
    for output, pressed in ((account_ids.ROWS, None), (account_ids.PANEL, None), *deeds):
        answer = page.call(f"{output}.children", pressed=pressed, account_done=0,
                           account_open=f"account/{victim}", account_find="",
                           fields={"account-field": FORM})  # fmt: skip
        assert not answer.get("response")
        assert "安全管理员" in text(answer["sideUpdate"][ids.NOTICE]["children"])


def test_the_table_of_posts_names_rights_and_who_stands_alone(client: TestClient) -> None:
    log_in(client, Role.SECADMIN)
    layout = client.get("/_dash-layout", headers={"referer": "http://testserver/accounts"})
    said = text(msgspec.json.decode(layout.content))

    for words in ("查看审计日志", "不可兼任", "仅本部门", "管理账号与权限"):
        assert words in said

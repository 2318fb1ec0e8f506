"""The auditor's page: the trail is searched, turned, opened, verified; for nobody else."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from city.audit import Draft
from city.audit_search import AuditQuery
from city.refusal import Conflict
from city.roles import Role
from layouts import audit_ids, ids
from layouts.figures import CHINA
from layouts.pages.audit import EVERYTHING, FIELDS
from store import keys
from store.books import Page as Books
from store.store import Store
from tests.callbacks.page import Json, Page, prop, text
from tests.house import new_app
from tests.seats import log_in

pytestmark = pytest.mark.store
AT = datetime.now(CHINA)
TODAY, TOMORROW = (f"{AT + timedelta(days=n):%Y-%m-%d}" for n in (0, 1))


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(new_app(store)) as client:
        yield client


@pytest.fixture
def page(client: TestClient) -> Page:
    log_in(client, Role.AUDITOR)
    return Page(client)


def note(store: Store, action: str = "case.sign", **more: Any) -> None:
    def act(_page: Books) -> None:
        if more.get("reason") == "wrong_password":
            raise Conflict("wrong_password")

    said = {
        "subject": "case/HK1",
        "at_ms": round(AT.timestamp() * 1000),
        "address": "10.0.0.7",
        **more,
    }
    store.ledger.write(act, Draft("li", "李四", "unit", action, **said))


def refused(store: Store) -> None:
    with pytest.raises(Conflict):
        note(store, "login", subject="account/li", reason="wrong_password")


def listed(
    page: Page, choice: Mapping[str, str] = EVERYTHING, stack: Any = (), **said: str
) -> Json:
    fields = {"audit-field": {name: said.get(name, "") for name in FIELDS}}
    return page.call(f"{audit_ids.ROWS}.children", audit_stack=list(stack),
                     audit_choice=dict(choice), fields=fields)  # fmt: skip


def numbers(answer: Json) -> list[int]:
    rows = prop(answer, audit_ids.ROWS)
    return [int(row["props"]["data-number"]) for row in rows if "data-number" in row["props"]]


def test_a_row_says_who_did_what_on_what_when_from_where_and_how_it_ended(
    store: Store, page: Page
) -> None:
    note(store)
    refused(store)

    done, not_done = listed(page, account="li")["response"][audit_ids.ROWS]["children"][::-1]

    for said in ("李四", "li", "处置部门", "签收", "case.sign", "case/HK1", "✓ 完成", "10.0.0.7"):
        assert said in text(done)
    for said in ("登录", "✕ 拒绝", "当前密码不对"):
        assert said in text(not_done)


def test_it_is_searched_by_every_field(store: Store, page: Page) -> None:
    first = store.audit.head().number + 1
    note(store, at_ms=round((AT - timedelta(days=2)).timestamp() * 1000))
    note(store, "login", subject="account/li")
    refused(store)
    signed, logged_in, not_in = first, first + 1, first + 2

    assert numbers(listed(page, account="李四")) == [not_in, logged_in, signed]
    assert numbers(listed(page, action="login", account="li")) == [not_in, logged_in]
    assert numbers(listed(page, subject="case/HK1")) == [signed]
    assert numbers(listed(page, {"outcome": "refused", "period": ""})) == [not_in]
    assert numbers(listed(page, text="10.0.0.7 case.sign")) == [signed]
    lately = {"outcome": "", "period": "day"}
    assert numbers(listed(page, lately, account="李四")) == [not_in, logged_in]
    span = {"from": TODAY, "to": TODAY}
    assert numbers(listed(page, account="李四", **span)) == [not_in, logged_in]
    assert numbers(listed(page, account="李四", **{"from": f"{TOMORROW} 0:00"})) == []


def test_where_nothing_fits_it_says_what_to_do(page: Page) -> None:
    assert "没有符合条件的记录" in text(listed(page, account="nobody"))


def test_a_date_that_cannot_be_read_is_refused_in_words(page: Page) -> None:
    for wrong in ("yesterday", "2026-02-30"):
        answer = listed(page, **{"from": wrong})

        assert "2026-09-06" in text(answer["sideUpdate"][ids.NOTICE]["children"])


def test_pages_are_turned_to_older_ones_and_back(store: Store, page: Page) -> None:
    for _ in range(60):
        note(store)
    first = listed(page)
    older = next(one for one in buttons(first) if one.isdigit())

    second = listed(page, stack=[int(older)])

    head = store.audit.head().number
    assert numbers(first) == [*range(head, head - 50, -1)]
    assert numbers(second) == [*range(head - 50, 0, -1)]
    turned = page.call(f"{audit_ids.STACK}.data", pressed=audit_ids.turn(older), audit_stack=[])
    assert prop(turned, audit_ids.STACK, "data") == [int(older)]
    back = page.call(f"{audit_ids.STACK}.data", pressed=audit_ids.turn("newer"),
                     audit_stack=[int(older)])  # fmt: skip
    assert prop(back, audit_ids.STACK, "data") == []


def buttons(answer: Json) -> list[str]:
    parts = prop(answer, audit_ids.FOOT)
    found = [part["props"].get("id") for part in parts]
    return [str(one["name"]) for one in found if isinstance(one, dict)]


def test_the_list_does_not_move_by_itself_but_tells_what_is_new(store: Store, page: Page) -> None:
    shown = prop(listed(page), audit_ids.SHOWN, "data")
    note(store)
    note(store)

    said = page.call(f"{audit_ids.FRESH}.children", pulse_audit=7, audit_shown=shown)

    assert "2 条新记录" in text(prop(said, audit_ids.FRESH))


def test_the_export_has_what_the_list_was_asked_for(
    store: Store, page: Page, client: TestClient
) -> None:
    note(store, subject="case/HK7")
    note(store, subject="case/HK8")
    foot = prop(listed(page, subject="case/HK7", **{"from": TODAY}), audit_ids.FOOT)

    link = next(part["props"]["href"] for part in foot if "href" in part["props"])

    lines = client.get(link).text.splitlines()
    assert [msgspec.json.decode(one)["draft"]["subject"] for one in lines] == ["case/HK7"]


def opened(page: Page, number: int) -> str:
    answer = page.call(f"{audit_ids.RECORD}.children", audit_open=number)
    return text(prop(answer, audit_ids.RECORD))


def test_a_record_shows_before_and_after_and_that_its_digest_fits(store: Store, page: Page) -> None:
    detail = {"before": {"roles": ["unit"]}, "after": {"roles": ["unit", "leader"]}, "minutes": 3}
    note(store, "account.assign", subject="account/wang", detail=detail, reason="电话 13812345678")

    number = store.audit.head().number

    said = opened(page, number)

    for word in (
        "处置部门, 领导",
        f"{AT:%Y-%m-%d %H:%M:%S}",
        "内容与摘要相符",
        "138****5678",
        "分钟",
    ):
        assert word in said
    assert store.audit.get(number).digest in said


def test_a_record_that_was_altered_says_so(store: Store, page: Page) -> None:
    note(store)
    [*others, (name, fields)] = store.redis.xrange(keys.AUDIT)
    raw = fields[b"r"].replace("李四".encode(), "王五".encode())
    with store.redis.pipeline(transaction=True) as pipe:
        pipe.unlink(keys.AUDIT)
        for one, its in [*others, (name, {b"r": raw})]:
            pipe.xadd(keys.AUDIT, its, id=one.decode())
        pipe.execute()
    number = len(others) + 1

    assert "记录被改动过" in opened(page, number)
    said = f"第 {number} 条被改动、删除或插入 · 此前 {len(others)} 条完整"
    assert said in verified(page)


def verified(page: Page) -> str:
    answer = page.call(f"{audit_ids.VERDICT}.children", audit_verify=1)
    return text(prop(answer, audit_ids.VERDICT))


def test_a_verification_says_how_many_hold_and_names_the_newest(store: Store, page: Page) -> None:
    note(store)
    head = store.audit.head()

    said = verified(page)

    assert f"完整 · {head.number} 条" in said
    assert head.digest[:12] in said
    assert store.audit.get(head.number + 1).draft.action == "audit.verify"


def test_nobody_else_sees_the_page_or_is_answered(
    store: Store, client: TestClient, page: Page
) -> None:
    note(store)
    for role in set(Role) - {Role.AUDITOR}:
        log_in(client, role, department="sw")
        other = Page(client, callbacks=page.callbacks)
        assert (role, client.get("/audit").status_code) == (role, 403)
        for output in (audit_ids.ROWS, audit_ids.RECORD, audit_ids.VERDICT, audit_ids.FRESH):
            answer = other.call(f"{output}.children", audit_open=1, audit_shown=0, audit_stack=[],
                                audit_choice=EVERYTHING)  # fmt: skip
            assert not answer.get("response")
            assert "审计管理员" in text(answer["sideUpdate"][ids.NOTICE]["children"])

    assert not store.audit.page(AuditQuery(action="audit")).records

"""The trail over HTTP: for the auditor alone; the trail of one case for discipline inspection."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.instants import written
from city.audit import Draft
from city.audit_search import AuditQuery
from city.case_table import Move
from city.cases import Order
from city.roles import Role
from store.books import Page
from store.store import Store
from tests.desk import PONDING
from tests.seats import actor, log_in

pytestmark = pytest.mark.store
PATHS = ("/api/v1/audit", "/api/v1/audit/verification", "/api/v1/audit/export")


def note(store: Store, action: str, subject: str = "case/HK1", **more: Any) -> None:
    def nothing(_page: Page) -> None:
        """Only the record is written."""

    said = {"at_ms": actor().at_ms, **more}
    store.ledger.write(nothing, Draft("li", "李四", "unit", action, subject, **said))


@pytest.fixture
def auditor(client: TestClient) -> Iterator[TestClient]:
    log_in(client, Role.AUDITOR)
    yield client


@pytest.mark.parametrize("path", PATHS)
def test_nobody_but_the_auditor_reads_the_trail(client: TestClient, path: str) -> None:
    client.cookies.clear()
    assert client.get(path).status_code == 401
    for role in set(Role) - {Role.AUDITOR}:
        log_in(client, role, department="sw")
        answer = client.get(path)
        assert (role, answer.status_code) == (role, 403)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_route_changes_or_deletes_it(auditor: TestClient, path: str, method: str) -> None:
    assert auditor.request(method, path).status_code == 405


def test_the_newest_record_comes_first_with_all_that_an_auditor_asks_for(
    store: Store, auditor: TestClient
) -> None:
    note(
        store,
        "case.sign",
        at_ms=1_788_678_600_000,
        address="10.0.0.7",
        detail={"before": "a", "after": "b"},
        reason="急",
    )

    [first, *_] = auditor.get("/api/v1/audit").json()["items"]

    assert first["digest"] == store.audit.get(first["number"]).digest
    del first["number"], first["before"], first["digest"]
    assert first == {
        "at": "2026-09-06T07:10:00.000Z", "account": "li", "name": "李四", "role": "unit",
        "action": "case.sign", "subject": "case/HK1", "address": "10.0.0.7", "outcome": "done",
        "reason": "急", "detail": {"before": "a", "after": "b"},
    }  # fmt: skip


def test_it_is_searched_and_paged(store: Store, auditor: TestClient) -> None:
    for number in range(5):
        note(store, "case.sign", f"case/HK{number}")
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        query = {"action": "case", "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = auditor.get("/api/v1/audit", params=query).json()
        seen += [one["subject"] for one in page["items"]]
        cursor = page["next"]

    assert seen == [f"case/HK{number}" for number in range(4, -1, -1)]
    first = store.audit.page(AuditQuery(subject="case/HK0")).records[0].draft.at_ms
    last = store.audit.page(AuditQuery(subject="case/HK4")).records[0].draft.at_ms
    span = {"from": written(first), "to": written(last), "action": "case"}
    assert len(auditor.get("/api/v1/audit", params=span).json()["items"]) == 5
    later = {"from": written(last + 1), "action": "case"}
    assert auditor.get("/api/v1/audit", params=later).json()["items"] == []


@pytest.mark.parametrize(
    "query", ["from=yesterday", "outcome=lost", "cursor=x", "limit=0", "cursor=-1"]
)
def test_what_cannot_be_read_is_named(auditor: TestClient, query: str) -> None:
    answer = auditor.get(f"/api/v1/audit?{query}")

    assert answer.status_code == 422
    assert query.split("=")[0] in answer.json()["detail"]


def test_the_chain_is_verified_and_that_is_on_record(store: Store, auditor: TestClient) -> None:
    note(store, "case.sign")
    head = store.audit.chain.stretch(1).head

    said = auditor.get("/api/v1/audit/verification").json()

    assert said == {"count": head.number, "after": 0, "number": head.number,
                    "digest": head.digest, "broken": None}  # fmt: skip
    [last] = auditor.get("/api/v1/audit?limit=1").json()["items"]
    assert (last["action"], last["role"]) == ("audit.verify", "auditor")


def test_an_export_is_a_file_of_lines_and_is_on_record(store: Store, auditor: TestClient) -> None:
    note(store, "case.sign", "case/HK7")

    answer = auditor.get("/api/v1/audit/export?action=case")

    [line] = map(json.loads, answer.text.splitlines())
    assert line["draft"]["subject"] == "case/HK7"
    assert "attachment" in answer.headers["content-disposition"]
    [last] = auditor.get("/api/v1/audit?limit=1").json()["items"]
    assert (last["action"], last["detail"]) == ("audit.export", {"query": {"action": "case"}})


def test_discipline_inspection_reads_the_trail_of_a_case_masked(
    store: Store, client: TestClient
) -> None:
    case, _ = store.cases.create(Order(Move.CREATE, PONDING), actor())
    other, _ = store.cases.create(Order(Move.CREATE, {**PONDING, "external_id": "x"}), actor())
    note(store, "case.remind", f"case/{case.id}", reason="请联系 13812345678")
    log_in(client, Role.DISCIPLINE)

    items = client.get(f"/api/v1/cases/{case.id}/trail").json()["items"]

    assert [one["action"] for one in items] == ["case.remind", "case.create"]
    assert items[0]["reason"] == "请联系 138****5678"
    assert all(one["subject"] != f"case/{other.id}" for one in items)


def test_others_do_not_read_the_trail_of_a_case(store: Store, client: TestClient) -> None:
    case, _ = store.cases.create(Order(Move.CREATE, PONDING), actor())
    path = f"/api/v1/cases/{case.id}/trail"

    client.cookies.clear()
    assert client.get(path).status_code == 401
    for role in (Role.CHIEF, Role.ACCEPTOR, Role.AUDITOR, Role.SECADMIN):
        log_in(client, role)
        assert client.get(path).status_code == 403
    log_in(client, Role.DISCIPLINE, areas=["460105"])
    assert client.get(path).status_code == 403
    assert client.get("/api/v1/cases/HK1/trail").status_code == 404

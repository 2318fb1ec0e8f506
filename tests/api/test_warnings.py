"""Public warnings over HTTP: from the draft to the XML that others fetch, and back again."""

from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from city.cap import NAMESPACE
from city.case_table import Move
from city.cases import Case, Order
from city.roles import Role
from store.store import Store
from tests.desk import PONDING
from tests.seats import actor, log_in, new_account

pytestmark = pytest.mark.store
WARNINGS = "/api/v1/warnings"


@pytest.fixture
def case(store: Store) -> Case:
    seat = new_account(store, Role.ACCEPTOR).seat
    case, _ = store.cases.create(Order(Move.CREATE, {**PONDING, "severity": 2}), actor(seat=seat))
    return case


def draft(client: TestClient, case: Case, **fields: object) -> dict:  # type: ignore[type-arg]
    log_in(client, Role.DISPATCHER)
    answer = client.post(WARNINGS, json={"case": case.id, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def approve(client: TestClient, warning: dict) -> dict:  # type: ignore[type-arg]
    for role in (Role.CHIEF, Role.LEADER):
        log_in(client, role)
        warning = client.post(f"{WARNINGS}/{warning['id']}/approve").json()
    return warning


def test_a_warning_goes_from_its_draft_to_the_xml(client: TestClient, case: Case) -> None:
    warning = draft(client, case, instruction="请绕行")
    before = ET.fromstring(client.get(warning["xml"]).content)

    issued = approve(client, warning)

    answer = client.get(issued["xml"])
    root = ET.fromstring(answer.content)
    assert before.findtext(f"{{{NAMESPACE}}}status") == "Draft"
    assert answer.headers["content-type"].startswith("application/cap+xml")
    assert root.findtext(f"{{{NAMESPACE}}}identifier") == issued["identifier"]
    assert root.findtext(f".//{{{NAMESPACE}}}instruction") == "请绕行"
    assert (issued["state"], issued["in_force"], len(issued["approvals"])) == ("issued", True, 2)
    listed = client.get(f"{WARNINGS}?case={case.id}&in_force=true").json()["items"]
    assert [one["id"] for one in listed] == [warning["id"]]
    assert client.get(f"{WARNINGS}/{warning['id']}").json() == issued


def test_it_is_updated_and_cancelled_by_others_of_its_kind(client: TestClient, case: Case) -> None:
    alert = approve(client, draft(client, case))
    log_in(client, Role.DISPATCHER)
    path = f"{WARNINGS}/{alert['id']}"
    assert client.post(f"{path}/cancel", json={}).status_code == 422
    cancel = client.post(f"{path}/cancel", json={"reason": "积水已退"})
    assert cancel.status_code == 201
    assert client.post(f"{path}/update", json={"level": 1}).status_code == 409

    issued = approve(client, cancel.json())

    assert (issued["message"], issued["follows"]) == ("cancel", alert["id"])
    assert client.get(path).json()["replaced_by"] == issued["id"]
    assert client.get(f"{WARNINGS}?in_force=true").json()["items"] == []
    moves = [one["move"] for one in client.get(f"/api/v1/cases/{case.id}").json()["log"]]
    assert moves == ["create", "issue_warning", "issue_warning"]


def test_what_cannot_be_is_refused_in_words(client: TestClient, case: Case) -> None:
    warning = draft(client, case)
    path = f"{WARNINGS}/{warning['id']}"

    assert client.post(WARNINGS, json={"case": "HK1"}).status_code == 404
    assert client.post(WARNINGS, json={}).status_code == 422
    assert client.patch(path, json={"expires": "soon"}).status_code == 422
    assert client.patch(path, json={"event": "内涝"}).json()["event"] == "内涝"
    assert client.post(f"{path}/approve").status_code == 403
    log_in(client, Role.CHIEF)
    assert client.post(f"{path}/approve").status_code == 200
    again = client.post(f"{path}/approve", headers={"accept-language": "zh"})
    assert (again.status_code, again.json()["reason"]) == (409, "warning_twice")
    assert client.post(f"{path}/refuse", json={}).status_code == 422
    assert client.post(f"{path}/refuse", json={"reason": "先核实"}).json()["state"] == "refused"
    assert client.get(f"{WARNINGS}/W99").status_code == 404


def test_a_seat_of_another_district_sees_none_of_it(client: TestClient, case: Case) -> None:
    warning = draft(client, case)
    log_in(client, Role.CHIEF, areas=["460108"])

    assert client.get(WARNINGS).json()["items"] == []
    assert client.get(f"{WARNINGS}/{warning['id']}").status_code == 403
    assert client.get(warning["xml"]).status_code == 403
    assert client.post(f"{WARNINGS}/{warning['id']}/approve").status_code == 403

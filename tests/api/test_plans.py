"""Plans and hand-overs over HTTP: read, started, done, counted; by whom it may be."""

import pytest
from starlette.testclient import TestClient

from city.case_table import Move
from city.cases import Case, Order
from city.roles import Role
from store.store import Store
from tests.desk import PONDING
from tests.seats import actor, log_in, new_account

pytestmark = pytest.mark.store
PLAN = "ponding-underpass"
CENTRE = (Move.ACCEPT, Role.ACCEPTOR), (Move.REGISTER, Role.CHIEF)


@pytest.fixture
def case(store: Store) -> Case:
    """A case of ponding, red, in hand of the water department."""
    seats = {role: new_account(store, role, department="sw" if role is Role.UNIT else "").seat
             for role in (Role.ACCEPTOR, Role.CHIEF, Role.DISPATCHER, Role.UNIT)}  # fmt: skip
    order = Order(Move.CREATE, {**PONDING, "severity": 1})
    case, _ = store.cases.create(order, actor(seat=seats[Role.ACCEPTOR]))
    steps = (*CENTRE, (Move.DISPATCH, Role.DISPATCHER), (Move.SIGN, Role.UNIT))
    for move, role in steps:
        fields = {"lead": "sw"} if move is Move.DISPATCH else {}
        case = store.cases.move(case.id, Order(move, fields), actor(seat=seats[role]))
    return case


def start(client: TestClient, case: Case) -> dict:  # type: ignore[type-arg]
    log_in(client, Role.DISPATCHER)
    answer = client.post(f"/api/v1/cases/{case.id}/plans", json={"plan": PLAN})
    assert answer.status_code == 201
    return answer.json()  # type: ignore[no-any-return]


def deed(client: TestClient, case: Case, step: str, **body: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    path = f"/api/v1/cases/{case.id}/plans/{PLAN}/tasks/{step}/deeds"
    answer = client.post(path, json=body)
    return answer.status_code, answer.json()


def test_the_library_tells_each_plan_with_its_steps_and_origin(client: TestClient) -> None:
    found = client.get("/api/v1/plans").json()["items"]
    one = client.get(f"/api/v1/plans/{PLAN}").json()

    assert one in found
    assert (one["zh"], one["version"]) == ("内涝-下穿", 3)
    assert one["steps"][1]["after"] == ["close-road"]
    assert one["origin"]["verified"] is False
    assert client.get("/api/v1/plans/flood").status_code == 404
    linkages = client.get("/api/v1/plans/linkages").json()["items"]
    assert {one["plan"] for one in linkages} >= {PLAN}


def test_plans_for_a_case_come_the_closest_first(client: TestClient, case: Case) -> None:
    found = client.get(f"/api/v1/plans?case={case.id}").json()["items"]

    assert [one["id"] for one in found] == [PLAN, "ponding"]


def test_a_plan_is_started_and_its_tasks_done_over_http(client: TestClient, case: Case) -> None:
    run = start(client, case)
    code, waiting = deed(client, case, "drain", deed="done")
    ticked = deed(client, case, "drain", deed="tick", item=0)[1]
    done = deed(client, case, "close-road", deed="done", note="两端已封控")[1]

    assert [one["state"] for one in run["tasks"][:2]] == ["ready", "waiting"]
    assert (code, waiting["reason"]) == (409, "task_waits")
    assert ticked["tasks"][1]["checklist"][0]["at"]
    assert [one["state"] for one in done["tasks"][:2]] == ["done", "ready"]
    assert done["log"][-1]["note"] == "两端已封控"
    told = client.get(f"/api/v1/cases/{case.id}/plans").json()
    assert told["items"] == [done]
    assert told["shares"]["lead"] == "sw"
    assert client.post(f"/api/v1/cases/{case.id}/plans", json={"plan": PLAN}).status_code == 409


@pytest.mark.parametrize(
    "body", [{}, {"deed": "order"}, {"deed": "tick", "item": "1"}, {"deed": "done", "note": 7}]
)
def test_a_deed_that_cannot_be_read_is_refused(
    client: TestClient, case: Case, body: dict[str, object]
) -> None:
    start(client, case)

    assert deed(client, case, "drain", **body)[0] == 422


def test_a_department_does_its_own_tasks_and_reads_its_own_notices(
    client: TestClient, case: Case
) -> None:
    start(client, case)
    log_in(client, Role.UNIT, department="jj")

    assert deed(client, case, "drain", deed="done")[0] == 403
    assert deed(client, case, "close-road", deed="done")[0] == 200
    (notice,) = client.get("/api/v1/notices").json()["items"]
    assert (notice["task"], notice["seen_at"]) == (f"{PLAN}/close-road", None)
    assert client.post(f"/api/v1/notices/{notice['id']}/seen").status_code == 200
    assert client.get("/api/v1/notices").json()["items"][0]["seen_at"]
    assert client.get("/api/v1/notices?department=sw").status_code == 403


def test_a_case_of_others_shows_no_plan(client: TestClient, case: Case) -> None:
    start(client, case)
    log_in(client, Role.UNIT, department="hb")

    assert client.get(f"/api/v1/cases/{case.id}/plans").status_code == 403
    assert client.get(f"/api/v1/cases/{case.id}/transfers").status_code == 403
    assert deed(client, case, "close-road", deed="done")[0] == 403


def test_a_case_is_handed_over_and_the_report_adds_up(client: TestClient, case: Case) -> None:
    log_in(client, Role.DISPATCHER)
    path = f"/api/v1/cases/{case.id}/transfers"

    one = client.post(path, json={"to": "d106", "reason": "属地处置"})

    assert one.status_code == 201
    assert (one.json()["kind"], one.json()["to"]["region"]) == ("down", "460106")
    assert set(one.json()["crosses"]) == {"level", "region", "system", "department", "business"}
    assert [each["kind"] for each in client.get(path).json()["items"]] == ["dispatch", "down"]
    listed = client.get("/api/v1/transfers?crosses=level,region").json()
    assert [each["id"] for each in listed["items"]] == [one.json()["id"]]
    for by in ("level", "region", "system", "department", "business", "level,region"):
        report = client.get(f"/api/v1/transfers/report?by={by}").json()
        assert sum(each["count"] for each in report["items"]) == report["total"] == 2
    assert client.get("/api/v1/transfers/report?by=colour").status_code == 422
    assert client.get("/api/v1/transfers?kind=lost").status_code == 422
    assert client.get("/api/v1/transfers?from=yesterday").status_code == 422
    assert client.post(path, json={"reason": "x"}).status_code == 422
    assert client.post(path, json={"to": "d106", "reason": "x"}).status_code == 409

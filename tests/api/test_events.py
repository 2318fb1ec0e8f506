"""Events over HTTP: seen by those who may, merged and taken apart with their reasons."""

import time
from typing import Any

import pytest
from starlette.testclient import TestClient

from city.cases import Source
from city.events import Member
from city.reports import Report
from city.roles import Role
from store.store import Store
from tests.seats import actor, log_in

pytestmark = pytest.mark.store
NORTH = 1 / 111_195  # degrees of a metre


def told(store: Store, number: int, metres: float = 0, **more: Any) -> tuple[str, str]:
    """A call that was taken in: its event and its case."""
    facts: dict[str, Any] = {
        "source": Source.HOTLINE, "external_id": f"HL-{number}", "type": "0406",
        "at_ms": round(time.time() * 1000), "title": "道路积水",
        "description": "龙昆南路附近,联系 13812345678", "area": "460106", "severity": 3,
        "pos": (110.3357, 20.0021 + metres * NORTH),
    }  # fmt: skip
    taken = store.events.take(Report(**facts | more), actor())
    return taken.event_id, taken.case_id


@pytest.fixture
def pair(store: Store) -> tuple[str, str]:
    return told(store, 1)[0], told(store, 2, 340)[0]


def post(client: TestClient, event: str, deed: str, **body: Any) -> Any:
    return client.post(f"/api/v1/events/{event}/{deed}", json=body)


def test_an_event_tells_who_joined_by_which_rule_with_score_and_reasons(
    store: Store, client: TestClient
) -> None:
    event, case = told(store, 1)
    told(store, 2, 80)
    log_in(client, Role.ACCEPTOR)

    said = client.get(f"/api/v1/events/{event}").json()

    assert (said["case_id"], said["reports"], said["alarms"]) == (case, 2, 0)
    joined = said["members"][1]["joined"]
    assert (joined["automatic"], joined["rule"], joined["limit"]) == (True, "merging/1", 0.4)
    assert joined["score"] > 0.9
    assert {"zh": "相距 80 m(半值 220 m)", "en": "80 m apart (half at 220 m)"} in joined["reasons"]
    assert [one["deed"] for one in said["log"]] == ["join", "case", "join"]


def test_a_case_names_its_event_and_all_who_told_of_it_masked(
    store: Store, client: TestClient
) -> None:
    event, case = told(store, 1)
    told(store, 2, 80)
    log_in(client, Role.ACCEPTOR)

    said = client.get(f"/api/v1/cases/{case}").json()

    assert said["event_id"] == event
    assert [one["external_id"] for one in said["reports"]] == ["HL-1", "HL-2"]
    assert "13812345678" not in client.get(f"/api/v1/events/{event}").text + str(said)


def test_a_case_opened_by_hand_has_an_event_too(client: TestClient) -> None:
    log_in(client, Role.ACCEPTOR)
    body = {"source": "hotline", "external_id": "HL-9", "type": "0406", "title": "积水",
            "pos": [110.3357, 20.0021], "event_id": "EV-of-mine"}  # fmt: skip

    said = client.post("/api/v1/cases", json=body).json()

    path = f"/api/v1/events/{said['event_id']}"
    event = client.get(path).json()
    assert (event["case_id"], event["id"] != "EV-of-mine") == (said["id"], True)


def test_suggestions_stand_beside_a_case_and_merging_takes_both_cases(
    store: Store, client: TestClient, pair: tuple[str, str]
) -> None:
    log_in(client, Role.ACCEPTOR)
    one, two = (client.get(f"/api/v1/events/{event}").json() for event in pair)

    [suggested] = client.get(f"/api/v1/cases/{two['case_id']}/suggestions").json()["items"]
    merged = post(client, pair[0], "merge", other=two["case_id"], reason="同一处")
    gone = client.get(f"/api/v1/cases/{two['case_id']}").json()
    parted = post(client, pair[0], "unmerge", other=pair[1], reason="是两处")
    back = client.get(f"/api/v1/cases/{two['case_id']}").json()

    assert suggested["event"]["id"] == pair[0]
    assert suggested["case"]["id"] == one["case_id"]
    assert (suggested["verdict"], suggested["score"] < 0.4) == ("suggested", True)
    assert (merged.status_code, merged.json()["reports"]) == (200, 2)
    assert (gone["state"], gone["merged_into"]) == ("closed", one["case_id"])
    assert (parted.status_code, parted.json()["reports"]) == (200, 1)
    assert (back["state"], back["merged_into"]) == ("reported", None)


def test_a_report_is_split_off_into_an_event_of_its_own(store: Store, client: TestClient) -> None:
    event, _ = told(store, 1)
    told(store, 2, 80)
    log_in(client, Role.ACCEPTOR)

    new = post(client, event, "split", member="report/hotline|HL-2", reason="另一处").json()

    assert (new["id"] != event, new["case_id"] is not None, new["reports"]) == (True, True, 1)


@pytest.mark.parametrize(
    ("deed", "body", "status", "word"),
    [
        ("merge", {"other": "EV-none"}, 404, "not_found"),
        ("merge", {"other": "{one}"}, 409, "same_event"),
        ("unmerge", {"other": "{two}", "reason": "x"}, 409, "not_part"),
        ("split", {"member": "report/x", "reason": "x"}, 409, "not_a_member"),
        ("unmerge", {"other": "{two}"}, 422, ""),
        ("merge", {}, 422, ""),
    ],
)
def test_what_cannot_be_done_is_a_problem_with_its_reason(
    client: TestClient, pair: tuple[str, str], deed: str, body: dict[str, str], status: int,
    word: str,
) -> None:  # fmt: skip
    log_in(client, Role.ACCEPTOR)
    said = {name: one.format(one=pair[0], two=pair[1]) for name, one in body.items()}

    answer = post(client, pair[0], deed, **said)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().get("reason", "") == word


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ACCEPTOR, Role.CHIEF}))
def test_who_may_not_merge_is_refused(
    client: TestClient, pair: tuple[str, str], role: Role
) -> None:
    log_in(client, role, department="sw")

    assert post(client, pair[0], "merge", other=pair[1]).status_code == 403


def test_nobody_is_401_on_every_route(client: TestClient, pair: tuple[str, str]) -> None:
    client.cookies.clear()
    routes = ["events", f"events/{pair[0]}", f"events/{pair[0]}/suggestions"]

    assert {client.get(f"/api/v1/{route}").status_code for route in routes} == {401}
    assert post(client, pair[0], "merge", other=pair[1]).status_code == 401


def test_a_seat_sees_the_events_of_its_areas_and_a_department_its_own(
    store: Store, client: TestClient
) -> None:
    ours, theirs = told(store, 1)[0], told(store, 2, 5000, area="460108")[0]
    alarm = Member("alarm/1", "sensor/gas", 1, "gas", area="460106")
    store.ledger.write(lambda page: store.events.take_in(page, alarm, actor()))

    log_in(client, Role.ACCEPTOR, ["460106"])
    seen = [one["id"] for one in client.get("/api/v1/events").json()["items"]]
    hidden = client.get(f"/api/v1/events/{theirs}").status_code
    outside = post(client, ours, "merge", other=theirs).status_code
    log_in(client, Role.UNIT, department="sw")
    of_unit = client.get("/api/v1/events").json()["items"]

    assert (ours in seen, theirs in seen, len(seen)) == (True, False, 2)
    assert (hidden, outside) == (404, 403)
    assert of_unit == []


def test_pages_follow_each_other_without_a_gap(store: Store, client: TestClient) -> None:
    events = {told(store, n, 900 * n)[0] for n in range(7)}
    log_in(client, Role.ACCEPTOR)
    found: list[str] = []
    cursor = ""

    for _ in range(4):
        page = client.get("/api/v1/events", params={"limit": 2, "cursor": cursor}).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"] or ""

    assert (len(found), set(found), cursor) == (7, events, "")
    assert client.get("/api/v1/events?cursor=nonsense").status_code == 422

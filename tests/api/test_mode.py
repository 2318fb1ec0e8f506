"""The switch and the groups over HTTP: shapes, who may, and what a group lends at the doors."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from city.roles import Role
from store.store import Store
from tests.house import new_app
from tests.seats import actor, log_in, new_account
from watch.duties import report_emergencies

pytestmark = pytest.mark.store
STORM = {"turn": "enter", "level": 2, "plan": "flood", "reason": "台风橙色预警"}


@pytest.fixture
def app(store: Store) -> FastAPI:
    return new_app(store)


def seat(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def chief(app: FastAPI) -> Iterator[TestClient]:
    with seat(app) as client:
        log_in(client, Role.CHIEF)
        yield client


@pytest.fixture
def leader(app: FastAPI, chief: TestClient) -> TestClient:
    client = seat(app)
    log_in(client, Role.LEADER)
    return client


def switched(chief: TestClient, leader: TestClient) -> str:
    assert chief.post("/api/v1/mode/propose", json=STORM).status_code == 200
    return str(leader.post("/api/v1/mode/confirm").json()["episode"]["id"])


def test_two_seats_switch_over_http(chief: TestClient, leader: TestClient) -> None:
    assert chief.get("/api/v1/mode").json() == {
        "mode": "normal", "episode": None, "proposal": None
    }  # fmt: skip
    told = chief.post("/api/v1/mode/propose", json=STORM).json()
    assert (told["mode"], told["proposal"]["level"]) == ("normal", 2)
    own = chief.post("/api/v1/mode/confirm")
    assert (own.status_code, own.json()["reason"]) == (409, "mode_self")

    told = leader.post("/api/v1/mode/confirm").json()

    assert (told["mode"], told["episode"]["level"], told["proposal"]) == ("emergency", 2, None)
    episode = chief.get(f"/api/v1/mode/episodes/{told['episode']['id']}").json()
    assert episode["steps"][0]["confirmed_by"]["role"] == "leader"
    assert [one["name"] for one in episode["reports"]] == ["call", "written", "follow_up-1"]


@pytest.mark.parametrize(
    "wrong", [{}, {**STORM, "turn": "jump"}, {**STORM, "level": "high"}, {**STORM, "reason": ""}]
)
def test_a_malformed_proposal_is_422(chief: TestClient, wrong: dict[str, object]) -> None:
    assert chief.post("/api/v1/mode/propose", json=wrong).status_code == 422


def test_the_report_is_read_and_exported(
    store: Store, chief: TestClient, leader: TestClient
) -> None:
    episode = switched(chief, leader)
    chief.post(f"/api/v1/mode/episodes/{episode}/reports", json={"name": "call"})
    chief.post("/api/v1/mode/propose", json={"turn": "leave", "reason": "解除"})
    leader.post("/api/v1/mode/confirm")
    assert chief.get(f"/api/v1/mode/episodes/{episode}/report").status_code == 404
    report_emergencies(store)

    told = chief.get(f"/api/v1/mode/episodes/{episode}/report").json()
    sheet = chief.get(f"/api/v1/mode/episodes/{episode}/report.html?lang=en")

    assert told["made_at"].endswith("Z") and told["reports"][0]["sent_at"]
    assert told["during"]["cases"]["opened"] == 0
    assert "Flood and typhoon plan" in sheet.text and "<script" not in sheet.text
    assert sheet.headers["content-disposition"] == f'attachment; filename="{episode}.html"'
    figures = chief.get("/api/v1/mode/figures").json()
    assert set(figures) == {"normal", "emergency", "exercise"}


@pytest.mark.parametrize("name", ["from", "to"])
def test_figures_of_a_span_that_is_none_are_refused_by_the_name_of_its_end(
    chief: TestClient, name: str
) -> None:
    refused = chief.get("/api/v1/mode/figures", params={name: "yesterday"})

    assert refused.status_code == 422
    assert name in refused.json()["detail"]


def test_figures_up_to_the_first_day_of_all_are_of_nothing(chief: TestClient) -> None:
    told = chief.get("/api/v1/mode/figures", params={"to": "0001-01-01T00:00:00Z"})

    assert told.status_code == 200


def test_a_group_opens_doors_for_its_members_until_it_ends(
    app: FastAPI, store: Store, chief: TestClient
) -> None:
    member = seat(app)
    account = log_in(member, Role.ACCEPTOR)
    assert member.get("/api/v1/groups").status_code == 403

    asked = {"name": "积水专班", "hours": 1,
             "members": [{"account": account, "post": "commander"}]}  # fmt: skip
    formed = chief.post("/api/v1/groups", json=asked)
    group = formed.json()["id"]

    assert formed.status_code == 201
    assert [one["id"] for one in member.get("/api/v1/groups").json()["items"]] == [group]
    other = new_account(store, Role.UNIT, department="jj").account
    added = member.post(f"/api/v1/groups/{group}/members", json={"account": other})
    assert added.json()["members"][1]["department"] == "jj"
    assert member.post(f"/api/v1/groups/{group}/note", json={"text": "集合"}).status_code == 200
    log = member.get(f"/api/v1/groups/{group}/log").json()["items"]
    assert [one["action"] for one in log] == ["group.note", "group.add", "group.form"]

    chief.post(f"/api/v1/groups/{group}/end", json={"reason": "已退水"})
    assert member.get("/api/v1/groups").status_code == 403


def test_a_group_is_unknown_to_who_has_nothing_to_do_with_it(
    app: FastAPI, store: Store, chief: TestClient
) -> None:
    group = chief.post("/api/v1/groups", json={"name": "专班"}).json()["id"]
    stranger = seat(app)
    log_in(stranger, Role.DISPATCHER)

    assert stranger.get("/api/v1/groups").json()["items"] == []
    assert stranger.get(f"/api/v1/groups/{group}").status_code == 404
    assert stranger.post(f"/api/v1/groups/{group}/end").status_code == 404
    assert not store.groups.get(group).is_over(actor().at_ms)


def test_cameras_are_listed_near_a_place(chief: TestClient) -> None:
    assert chief.get("/api/v1/cameras?pos=110.33,20.02").status_code == 200
    assert chief.get("/api/v1/cameras?pos=nowhere").status_code == 422


def test_the_level_of_an_emergency_is_measured(chief: TestClient, leader: TestClient) -> None:
    assert 'citybrain_mode_level{mode="emergency"} 0.0' in chief.get("/metrics").text
    switched(chief, leader)
    told = chief.get("/metrics").text
    assert 'citybrain_mode_level{mode="emergency"} 2.0' in told
    assert 'citybrain_mode_level{mode="exercise"} 0.0' in told

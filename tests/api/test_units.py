"""Units and candidates over HTTP, by a real server over a real store."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from city.roles import OWN_DEPARTMENT
from store.store import Store
from tests.desk import PONDING
from tests.fleet import Fleet
from tests.house import new_app
from tests.seats import token

pytestmark = pytest.mark.store


class Desk:
    """A server, a fleet, and machines with a token for each post."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fleet = Fleet(store)
        self.client = TestClient(new_app(store), raise_server_exceptions=False)

    def get(self, path: str, role: str = "dispatcher", lang: str = "en", **scope: Any) -> Any:
        headers = {**self.key(role, **scope), "Accept-Language": lang}
        return self.client.get(f"/api/v1{path}", headers=headers)

    def post(self, path: str, body: Any, role: str = "dispatcher", **scope: Any) -> Any:
        return self.client.post(f"/api/v1{path}", json=body, headers=self.key(role, **scope))

    def key(self, role: str, **scope: Any) -> dict[str, str]:
        department = "sw" if role in OWN_DEPARTMENT else ""
        scope = {"department": department, **scope}
        return {"Authorization": f"Bearer {token(self.store, role, **scope)}"}

    def case(self, **changes: Any) -> str:
        body = {**PONDING, **changes}
        answer = self.post("/cases", body, role="acceptor")
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_candidates_of_a_case_have_the_shape_of_the_contract(desk: Desk) -> None:
    near, far = desk.fleet.unit("patrol", 12, 1), desk.fleet.unit("patrol", 13, 3)
    busy = desk.fleet.unit("patrol", 14, 0.5, status="busy")

    found = desk.get(f"/cases/{desk.case()}/candidates").json()

    assert [one["unit"] for one in found["items"]] == [near, far]
    first = found["items"][0]
    assert first["eta_s"] > 0 and first["distance_m"] >= 900 and first["reasons"]
    assert isinstance(first["by_road"], bool)
    assert {"unit": busy, "why": "busy"}.items() <= found["left_out"][0].items()
    assert found["computed"] == 3
    assert found["took_ms"] >= 0


def test_units_are_listed_with_status_and_its_source(desk: Desk) -> None:
    pump = desk.fleet.unit("pumptruck", 1, status="returning")

    (item,) = desk.get("/units").json()["items"]

    assert item["unit"] == pump
    assert (item["status"], item["status_source"]) == ("returning", "device")
    assert item["skills"][0]["skill"] == "drain"
    assert desk.get(f"/units/{pump}").json() == item | {"fix_age_s": pytest.approx(0, abs=60)}


def test_a_department_sees_and_sends_its_own_units_alone(desk: Desk) -> None:
    pump, car = desk.fleet.unit("pumptruck", 1), desk.fleet.unit("patrol", 1)

    seen = desk.get("/units", role="unit").json()["items"]

    assert [one["unit"] for one in seen] == [pump]
    assert desk.get(f"/units/{car}", role="unit").status_code == 404
    assert desk.post(f"/units/{car}/rest", {"minutes": 5}, role="unit").status_code == 404
    assert desk.post(f"/units/{pump}/rest", {"minutes": 5}, role="unit").status_code == 200


def test_a_status_is_set_by_hand_and_written_down(desk: Desk) -> None:
    car = desk.fleet.unit("patrol", 12)

    said = desk.post(f"/units/{car}/status", {"status": "off_duty", "reason": "检修"}).json()
    log = desk.get(f"/units/{car}/log").json()["items"]

    assert (said["status"], said["status_source"]) == ("off_duty", "hand")
    assert [(line["what"], line["text"], line["reason"]) for line in log] == [
        ("status", "off_duty", "检修")
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("status", {"status": "flying"}),
        ("status", {"status": "en_route"}),
        ("status", {}),
        ("rest", {"minutes": "5"}),
        ("rest", {"minutes": True}),
        ("rest", {"minutes": 1441}),
        ("log", {"text": ""}),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, path: str, body: Any) -> None:
    car = desk.fleet.unit("patrol", 12)

    assert desk.post(f"/units/{car}/{path}", body).status_code == 422


def test_a_handler_signs_on_and_off(desk: Desk) -> None:
    car = desk.fleet.unit("patrol", 12)
    headers = desk.key("handler", department="zhzf")

    on = desk.client.post(f"/api/v1/units/{car}/crew", headers=headers).json()
    off = desk.client.delete(f"/api/v1/units/{car}/crew", headers=headers).json()

    assert len(on["crew"]) == 1
    assert off == {"unit": car}
    assert desk.get(f"/units/{car}").json()["crew"] == []


def test_units_are_filtered_by_status_kind_department_and_area(desk: Desk) -> None:
    car = desk.fleet.unit("patrol", 12)
    pump = desk.fleet.unit("pumptruck", 1, status="returning")

    def units(query: str) -> list[str]:
        return [one["unit"] for one in desk.get(f"/units?{query}").json()["items"]]

    assert units("status=returning") == units("kind=pumptruck") == units("department=sw") == [pump]
    assert units("area=460107") == [pump, car]
    assert desk.get("/units?status=flying").status_code == 422


def test_a_place_has_candidates_too_and_a_what_if_says_so(desk: Desk) -> None:
    near, far = desk.fleet.unit("ambulance", 1, 1), desk.fleet.unit("ambulance", 2, 60)

    plain = desk.get("/candidates?pos=110.3357,20.0021&skill=medical").json()
    wide = desk.get("/candidates?pos=110.3357,20.0021&within_km=90&within_min=300").json()

    assert [one["unit"] for one in plain["items"]] == [near]
    assert [(one["unit"], one["why"]) for one in plain["left_out"]] == [(far, "too_far")]
    assert plain["what_if"] is None
    assert {one["unit"] for one in wide["items"]} == {near, far}
    assert wide["what_if"]["within_km"] == 90
    assert desk.get("/candidates?pos=x").status_code == 422
    assert desk.get("/candidates?pos=20.0,110.3").status_code == 422


def test_reasons_are_said_in_the_language_that_is_asked_for(desk: Desk) -> None:
    desk.fleet.unit("pumptruck", 1)
    case = desk.case()

    zh, en = (desk.get(f"/cases/{case}/candidates", lang=lang).json() for lang in ("zh", "en"))

    assert zh["items"][0]["reasons"] == ["路网用时最短", "具备所需技能：抽排"]
    assert en["items"][0]["reasons"] == ["Quickest by road", "Has the skill: Draining"]


def test_several_cases_are_served_together(desk: Desk) -> None:
    desk.fleet.unit("pumptruck", 1, 0)
    desk.fleet.unit("pumptruck", 2, 1)
    cases = [desk.case(external_id=str(number)) for number in range(2)]

    found = desk.post("/joint", {"cases": cases}).json()

    assert {one["case_id"] for one in found["best"]["items"]} == set(cases)
    assert len({one["unit"] for one in found["best"]["items"]}) == 2
    assert found["gain_s"] == 0
    assert desk.post("/joint", {"cases": []}).status_code == 422
    assert desk.post("/joint", {"cases": ["HK-0"]}).status_code == 404


def test_who_is_the_last_ambulance_of_an_area_is_said(desk: Desk) -> None:
    here, other = desk.fleet.unit("ambulance", 1, 0), desk.fleet.unit("ambulance", 2, -25)

    alone = desk.get(f"/coverage?unit={here}").json()
    now = desk.get("/coverage?kind=ambulance").json()

    assert alone["safe"] is False
    assert alone["lost"]
    lost = {one["area"] for one in alone["areas"] if one["loses_last"]}
    assert "460107" in lost or "460106" in lost
    assert {one["area"]: one["before"] for one in now["areas"]} == {
        one["area"]: one["before"] for one in alone["areas"]
    }
    assert alone["move_up"] is None or alone["move_up"]["unit"] == other
    assert desk.get("/coverage?kind=patrol").status_code == 409
    assert desk.get("/coverage").status_code == 422


def test_a_resource_says_how_it_stands_and_the_nearest_comes_first(desk: Desk) -> None:
    first = desk.get("/resources?kind=pump&pos=110.2876,20.0068").json()["items"]
    desk.post(f"/resources/{first[0]['id']}/use", {"use": "in_use", "text": "调往国兴大道"})

    then = desk.get("/resources?kind=pump&pos=110.2876,20.0068").json()["items"]

    assert first[0]["eta_s"] < first[1]["eta_s"]
    assert [one["id"] for one in then] == [first[1]["id"], first[0]["id"]]
    assert then[1]["use"] == "in_use"
    assert desk.post("/resources/nobody/use", {"use": "ready"}).status_code == 404
    assert desk.post(f"/resources/{first[0]['id']}/use", {"use": "x"}).status_code == 422


def test_a_case_without_a_place_has_no_candidates(desk: Desk) -> None:
    answer = desk.get(f"/cases/{desk.case(pos=None, external_id='HL-9')}/candidates")

    assert (answer.status_code, answer.json()["reason"]) == (409, "case_nowhere")

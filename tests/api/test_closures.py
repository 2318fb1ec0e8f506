"""Closures and ways over HTTP."""

import pytest
from starlette.testclient import TestClient

from city.roles import Role
from tests.seats import log_in

pytestmark = pytest.mark.store

HERE, THERE = "110.3357,20.0021", "110.3300,20.0300"
WORKS = {
    "kind": "works",
    "reason": {"zh": "给水管抢修", "en": "Burst water main"},
    "geometry": {"type": "LineString", "coordinates": [[110.33, 20.01], [110.34, 20.01]]},
}


def test_a_closure_is_made_listed_and_lifted(client: TestClient) -> None:
    made = client.post("/api/v1/closures", json=WORKS)
    assert made.status_code == 201
    closure = made.json()
    assert (closure["reason"], closure["speed_factor"]) == (WORKS["reason"], 0)
    assert closure["geometry"]["type"] == "Polygon"
    assert closure["area"] == "460107"

    assert [one["id"] for one in client.get("/api/v1/closures").json()["items"]] == [closure["id"]]
    lifted = client.delete(f"/api/v1/closures/{closure['id']}", params={"reason": "修好"})

    assert lifted.json()["ended_why"] == "修好"
    assert client.get("/api/v1/closures").json()["items"] == []
    assert len(client.get("/api/v1/closures?state=all").json()["items"]) == 1
    assert client.delete(f"/api/v1/closures/{closure['id']}").status_code == 409
    assert client.delete("/api/v1/closures/FK0").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"geometry": None}, {"geometry": {"type": "Point"}}, {"geometry": "POINT (1 2)"},
        {"reason": ""}, {"reason": 5}, {"kind": "ponding"}, {"kind": "flood"},
        {"speed_factor": "slow"}, {"speed_factor": 2}, {"until": "tomorrow"},
        {"until": "2020-01-01T00:00:00Z"},
        {"geometry": {"type": "Point", "coordinates": [110.3, 20.0]}, "radius_m": 1e9},
        {"geometry": {"type": "Polygon", "coordinates": []}},
    ],
    ids=range(13),
)  # fmt: skip
def test_a_body_that_cannot_be_used_is_a_422_with_a_sentence(
    client: TestClient, change: dict
) -> None:
    answer = client.post("/api/v1/closures", json={**WORKS, **change})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_who_only_looks_closes_nothing(client: TestClient) -> None:
    log_in(client, Role.LEADER)

    assert client.get("/api/v1/closures").status_code == 200
    assert client.post("/api/v1/closures", json=WORKS).status_code == 403


def test_a_route_is_a_line_with_its_time_and_goes_around_a_closure(client: TestClient) -> None:
    path = "/api/v1/routes"
    free = client.get(path, params={"from": HERE, "to": THERE}).json()
    middle = free["geometry"]["coordinates"][len(free["geometry"]["coordinates"]) // 2]
    disc = {"geometry": {"type": "Point", "coordinates": middle}, "radius_m": 60, "reason": "塌陷"}
    closure = client.post("/api/v1/closures", json=disc).json()

    around = client.get(path, params={"from": HERE, "to": THERE}).json()

    assert free["properties"]["by_road"] and free["properties"]["roads"]
    assert free["properties"]["closures_avoided"] == []
    assert around["properties"]["closures_avoided"] == [closure["id"]]
    assert around["properties"]["eta_s"] >= free["properties"]["eta_s"]


def test_isochrones_are_areas_one_for_each_number(client: TestClient) -> None:
    answer = client.get("/api/v1/isochrones", params={"pos": HERE, "minutes": "5,10"}).json()

    assert [one["properties"]["minutes"] for one in answer["features"]] == [5, 10]
    assert {one["geometry"]["type"] for one in answer["features"]} <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize(
    "path",
    [
        "routes?from=1&to=2,3", "routes?from=110.3,20&to=110.3,200", "routes?from=nan,1&to=1,1",
        "isochrones?pos=110.3,20&minutes=", "isochrones?pos=110.3,20&minutes=0",
        "isochrones?pos=110.3,20&minutes=1,2,3,4,5,6,7", "isochrones?pos=110.3,20&minutes=nan",
    ],
)  # fmt: skip
def test_what_is_no_place_or_no_time_is_a_422(client: TestClient, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code == 422

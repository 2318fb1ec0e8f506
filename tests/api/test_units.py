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
    assert desk.get(f"/units/{pump}").json() == item | {"fix_age_s": pytest.approx(0, abs=5)}

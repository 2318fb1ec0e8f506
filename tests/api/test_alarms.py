"""The contract's words on alarms, kept by a real server over a real store."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from city.roles import OWN_DEPARTMENT, RIGHTS, Right, Role
from store.store import Store
from tests.house import new_app
from tests.seats import log_in, token
from tests.watch.court import Court

pytestmark = pytest.mark.store
HELD_BY = [role for role in Role if Right.VIEW_ALARMS in RIGHTS[role]]


class Desk:
    """A server, a judge, and machines with a token for each post."""

    def __init__(self, store: Store) -> None:
        self.court = Court(store)
        self.store = store
        self.client = TestClient(new_app(store), raise_server_exceptions=False)

    def raise_some(self, *depths: float) -> list[str]:
        for number, depth in enumerate(depths):
            self.court.publisher.ponding(number, depth)
        self.court.sit()
        return [alarm.id for alarm in self.court.alarms("waterlogging.depth_cm")]

    def get(self, path: str, role: str = "acceptor", **scope: Any) -> Any:
        return self.client.get(f"/api/v1/alarms{path}", headers=self.key(role, **scope))

    def post(self, path: str, body: Any = None, role: str = "acceptor", **scope: Any) -> Any:
        return self.client.post(
            f"/api/v1/alarms/{path}", json=body, headers=self.key(role, **scope)
        )

    def key(self, role: str, **scope: Any) -> dict[str, str]:
        if not role:
            return {}
        department = "sw" if role in OWN_DEPARTMENT else ""
        scope = {"department": department, **scope}
        return {"Authorization": f"Bearer {token(self.store, role, **scope)}"}


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_alarms_are_listed_the_worst_first_and_page_by_page(desk: Desk) -> None:
    desk.raise_some(6, 45, 16)

    first = desk.get("?state=active&limit=2").json()
    second = desk.get(f"?state=active&limit=2&cursor={first['next']}").json()

    assert [one["severity"] for one in first["items"]] == [1, 3]
    assert [one["severity"] for one in second["items"]] == [4]
    assert (first["total"], second["next"]) == (3, None)


def test_what_is_done_with_an_alarm_is_told_and_on_record(desk: Desk) -> None:
    (alarm,) = desk.raise_some(45)

    commented = desk.post(f"{alarm}/comment", {"text": "已电话核实"})
    acked = desk.post(f"{alarm}/ack")
    shelved = desk.post(f"{alarm}/shelve", {"minutes": 30, "reason": "检修"})

    assert [commented.status_code, acked.status_code, shelved.status_code] == [200, 200, 200]
    told = desk.get(f"/{alarm}").json()
    assert (told["state"], told["acknowledged"], told["reason"]) == ("shelved", True, "检修")
    assert [line["deed"] for line in told["log"]] == ["raise", "comment", "ack", "shelve"]
    assert desk.get("?state=open").json()["items"] == []
    assert desk.get("?state=shelved").json()["total"] == 1


def test_a_false_alarm_needs_a_reason_and_is_over_then(desk: Desk) -> None:
    (alarm,) = desk.raise_some(45)

    without = desk.post(f"{alarm}/clear", {})
    done = desk.post(f"{alarm}/clear", {"reason": "传感器被淋"})
    again = desk.post(f"{alarm}/ack")

    assert (without.status_code, done.status_code, again.status_code) == (422, 200, 409)
    assert done.json()["state"] == "false"
    assert again.headers["content-type"].startswith("application/problem+json")
    assert again.json()["reason"] == "alarm_false"


@pytest.mark.parametrize(
    "body",
    [{"minutes": "30", "reason": "x"}, {"minutes": 30, "reason": 7},
     {"minutes": 481, "reason": "x"}, {"minutes": True, "reason": "x"}],
)  # fmt: skip
def test_a_body_that_cannot_be_used_is_refused(desk: Desk, body: Any) -> None:
    (alarm,) = desk.raise_some(45)

    assert desk.post(f"{alarm}/shelve", body).status_code == 422


@pytest.mark.parametrize("query", ["state=nothing", "severity=9", "cursor=1.2", "limit=0"])
def test_a_question_that_cannot_be_read_is_refused(desk: Desk, query: str) -> None:
    assert desk.get(f"?{query}").status_code == 422


@pytest.mark.parametrize("role", ["", *Role])
def test_only_seats_with_the_right_see_and_handle_alarms(desk: Desk, role: str) -> None:
    (alarm,) = desk.raise_some(45)
    sees = role in HELD_BY
    handles = bool(role) and Right.HANDLE_ALARMS in RIGHTS[Role(role)]

    seen, handled = desk.get(f"/{alarm}", role), desk.post(f"{alarm}/ack", None, role)

    nobody = 401 if not role else 403
    assert seen.status_code == (200 if sees else nobody)
    assert handled.status_code == (200 if handles else nobody)


def test_a_seat_sees_no_alarm_of_another_part_of_the_city(desk: Desk) -> None:
    (alarm,) = desk.raise_some(45)

    other = {"areas": ("460105",)}

    assert desk.get("", "acceptor", **other).json()["items"] == []
    assert desk.get(f"/{alarm}", "acceptor", **other).status_code == 404
    assert desk.post(f"{alarm}/ack", None, "acceptor", **other).status_code == 404
    assert desk.get("", "unit", department="jj").json()["items"] == []
    assert desk.get("", "unit", department="sw").json()["total"] == 1


def test_the_rules_in_force_and_the_load_are_told(desk: Desk) -> None:
    desk.raise_some(*[45] * 11)

    load, rules = desk.get("/load").json(), desk.get("/rules").json()["items"]

    assert (load["recent"], load["flood"], load["by_severity"]["1"]) == (11, True, 11)
    assert rules[0]["limits"] == [5, 15, 27, 40] and rules[0]["verified"] is False


def test_metrics_tell_the_queue_and_how_far_the_judge_is_behind(desk: Desk) -> None:
    log_in(desk.client, Role.CHIEF)
    desk.raise_some(45, 16)
    level = desk.client.get("/metrics").text

    desk.court.publisher.ponding(9, 45)
    behind = desk.client.get("/metrics").text

    assert 'citybrain_alarms_open{severity="1"} 1.0' in level
    assert "citybrain_judge_lag_seconds 0.0\n" in level
    assert "citybrain_judge_lag_seconds 0.0\n" not in behind


def test_an_alarm_becomes_one_case_however_often_it_is_filed(desk: Desk) -> None:
    (alarm_id,) = desk.raise_some(45)

    filed = desk.post(f"{alarm_id}/case", {"title": "下穿通道积水"})
    again = desk.post(f"{alarm_id}/case")

    case = desk.store.cases.get(filed.json()["id"])
    assert (filed.status_code, again.json()["id"]) == (200, case.id)
    assert (case.source, case.external_id, case.type) == ("sensor", alarm_id, "0406")
    assert (case.title, case.severity, case.state) == ("下穿通道积水", 1, "reported")
    alarm = desk.get(f"/{alarm_id}").json()
    assert (alarm["case"], alarm["acknowledged"]) == (case.id, True)


def test_whoever_may_not_handle_alarms_files_none(desk: Desk) -> None:
    (alarm_id,) = desk.raise_some(45)

    assert desk.post(f"{alarm_id}/case", role="inspector").status_code == 403
    assert desk.post("NOSUCH/case").status_code == 404
    assert list(desk.store.cases.all()) == []

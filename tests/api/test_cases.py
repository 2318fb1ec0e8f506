"""The contract's words on cases, kept by a real server over a real store."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from city.roles import Role
from store.store import Store
from tests.desk import PONDING
from tests.house import new_app
from tests.seats import token

BODY = {name: value for name, value in PONDING.items() if name != "area"}
MAIN_PATH = (
    ("accept", "acceptor", {}, "pending_register"),
    ("register", "chief", {}, "pending_dispatch"),
    ("dispatch", "dispatcher", {"lead": "sw", "co": ["jj"]}, "pending_handle"),
    ("sign", "unit", {}, "handling"),
    ("feedback", "unit", {}, "pending_check"),
    ("send_check", "acceptor", {}, "checking"),
    ("check_pass", "collector", {}, "pending_close"),
)


class City:
    """A server, and a machine with a token for each post."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.client = TestClient(new_app(store))
        self._tokens: dict[tuple[str, ...], str] = {}

    def ask(self, role: str, method: str, path: str, body: Any = None) -> Any:
        department = "sw" if role in ("unit", "handler") else ""
        return self.ask_as(role, department, method, path, body)

    def ask_as(self, role: str, department: str, method: str, path: str, body: Any = None) -> Any:
        key = role, department
        if key not in self._tokens:
            self._tokens[key] = token(self.store, Role(role), department=department)
        headers = {"authorization": f"Bearer {self._tokens[key]}", "accept-language": "zh"}
        content = json.dumps(body)  # a lone surrogate travels as \\ud800
        headers["content-type"] = "application/json"
        return self.client.request(method, f"/api/v1{path}", content=content, headers=headers)

    def opened(self, **changes: Any) -> dict[str, Any]:
        answer = self.ask("acceptor", "POST", "/cases", {**BODY, **changes})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def moved(self, case_id: str, role: str, move: str, fields: Mapping[str, Any]) -> Any:
        return self.ask(role, "POST", f"/cases/{case_id}/moves", {"move": move, **fields})


@pytest.fixture
def city(store: Store) -> City:
    return City(store)


def test_a_report_opens_a_case_and_again_gives_the_same(city: City) -> None:
    first = city.ask("acceptor", "POST", "/cases", {**BODY, "pos": [110.33, 20.02]})
    again = city.ask("acceptor", "POST", "/cases", {**BODY, "title": "again"})

    assert (first.status_code, again.status_code) == (201, 200)
    told = first.json()
    assert told["id"] == again.json()["id"]
    assert told["state"] == "reported"
    assert "accept" in told["allowed"]
    assert told["area"] == "460106"
    assert told["cell"]
    assert told["version"] == 1
    assert first.headers["location"] == f"/api/v1/cases/{told['id']}"


def test_the_main_path_runs_as_the_contract_writes_it(city: City) -> None:
    case = city.opened()
    for move, role, fields, after in MAIN_PATH:
        answer = city.moved(case["id"], role, move, fields)
        assert answer.status_code == 200, answer.text
        assert answer.json()["state"] == after

    blocked = city.moved(case["id"], "chief", "close", {})
    assert blocked.status_code == 409
    assert "协办" in blocked.json()["detail"]
    assert blocked.json()["state"] == "pending_close"

    done = city.ask_as("unit", "jj", "POST", f"/cases/{case['id']}/moves", {"move": "co_feedback"})
    assert done.status_code == 200, done.text
    closed = city.moved(case["id"], "chief", "close", {"reason": "已解决"})
    assert closed.json()["state"] == "closed"
    told = city.ask("chief", "GET", f"/cases/{case['id']}").json()
    assert [entry["move"] for entry in told["log"]][-1] == "close"
    assert told["log"][-1] | {"at": 0, "by": "", "name": ""} == {
        "move": "close", "from": "pending_close", "to": "closed", "role": "chief", "at": 0,
        "by": "", "name": "", "reason": "已解决", "department": None, "facts": {},
    }  # fmt: skip
    assert [one["stage"] for one in told["deadlines"]] == [
        "accept", "file", "dispatch", "handle", "check", "close",
    ]  # fmt: skip
    assert [(one["department"], one["part"], one["state"]) for one in told["tasks"]] == [
        ("sw", "lead", "done"), ("jj", "co", "done"),
    ]  # fmt: skip
    assert told["reports"][0]["external_id"] == "HL-1"


def test_personal_data_is_masked(city: City) -> None:
    case = city.opened(description="请回电 13800000000")

    told = city.ask("chief", "GET", f"/cases/{case['id']}")

    assert "13800000000" not in told.text
    assert "王先生" not in told.text


def test_an_illegal_move_is_409_with_state_and_legal_moves(city: City) -> None:
    case = city.opened()

    answer = city.moved(case["id"], "chief", "close", {})

    assert answer.status_code == 409
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["state"] == "reported"
    assert isinstance(problem["allowed"], list)
    assert "accept" in problem["legal"]
    assert "结案" in problem["detail"]


def test_a_move_of_another_post_is_403_and_without_a_token_401(city: City) -> None:
    case = city.opened()

    assert city.moved(case["id"], "dispatcher", "accept", {}).status_code == 403
    path = f"/api/v1/cases/{case['id']}/moves"
    assert city.client.post(path, json={"move": "accept"}).status_code == 401
    assert city.ask("auditor", "GET", "/cases").status_code == 403
    assert city.ask("auditor", "POST", "/cases", BODY).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {}, {"move": "dance"}, {"move": "dispatch"}, {"move": "dispatch", "lead": 7},
        {"move": "dispatch", "lead": "nobody"}, {"move": "dispatch", "lead": "sw", "co": "jj"},
        {"move": "dispatch", "lead": "sw", "version": "x"}, [], "text", None,
        {"move": "dispatch", "lead": "\ud800"}, {"move": ["accept"]}, {"move": {}},
    ],
)  # fmt: skip
def test_a_malformed_move_is_422(city: City, body: Any) -> None:
    case = city.opened()
    for move, role, fields, _ in MAIN_PATH[:2]:
        city.moved(case["id"], role, move, fields)

    answer = city.ask("dispatcher", "POST", f"/cases/{case['id']}/moves", body)

    assert answer.status_code == 422, answer.text
    assert city.ask("chief", "GET", f"/cases/{case['id']}").json()["version"] == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "9999"}, {"type": None}, {"source": "rumour"}, {"pos": [200, 1]}, {"pos": "here"},
        {"pos": [110.3]}, {"severity": 5}, {"severity": "3"}, {"title": 7}, {"kind": "thing"},
        {"reporter": "me"}, {"title": "x" * 201},
    ],
)  # fmt: skip
def test_a_malformed_report_is_422(city: City, changes: Mapping[str, Any]) -> None:
    assert city.ask("acceptor", "POST", "/cases", {**BODY, **changes}).status_code == 422


def test_an_outdated_version_is_409_with_what_happened_meanwhile(city: City) -> None:
    case = city.opened()
    city.moved(case["id"], "acceptor", "accept", {"version": 1})

    late = city.moved(case["id"], "chief", "register", {"version": 1})

    assert late.status_code == 409
    assert [one["move"] for one in late.json()["meanwhile"]] == ["accept"]
    assert late.json()["version"] == 2
    assert city.moved(case["id"], "chief", "register", {"version": 2}).status_code == 200


def test_evidence_cannot_be_named_in_a_move(city: City) -> None:
    case = city.opened()

    answer = city.moved(case["id"], "acceptor", "attach", {"evidence": [{"digest": "ab" * 32}]})

    assert answer.status_code == 403


def test_an_unknown_case_is_404(city: City) -> None:
    assert city.ask("chief", "GET", "/cases/HK20260101-00001").status_code == 404
    assert city.moved("HK20260101-00001", "chief", "close", {}).status_code == 404


def test_a_unit_sees_only_what_its_department_has(city: City) -> None:
    case = city.opened()

    assert city.ask("unit", "GET", f"/cases/{case['id']}").status_code == 403
    assert city.ask("unit", "GET", "/cases").json()["items"] == []
    for move, role, fields, _ in MAIN_PATH[:3]:
        city.moved(case["id"], role, move, fields)
    assert city.ask("unit", "GET", f"/cases/{case['id']}").status_code == 200
    assert [one["id"] for one in city.ask("unit", "GET", "/cases").json()["items"]] == [case["id"]]
    assert city.ask_as("unit", "hb", "GET", "/cases").json()["items"] == []
    assert city.ask_as("unit", "hb", "GET", f"/cases/{case['id']}").status_code == 403
    assert city.ask_as("unit", "jj", "GET", "/cases").json()["total"] == 1
    signed = city.ask_as("unit", "jj", "POST", f"/cases/{case['id']}/moves", {"move": "sign"})
    assert signed.status_code == 403


def test_a_list_pages_through_every_case_once(city: City) -> None:
    ids = [city.opened(external_id=f"HL-{n}")["id"] for n in range(7)]
    found, cursor = [], ""
    while cursor is not None:
        page = city.ask("chief", "GET", f"/cases?limit=3&cursor={cursor}").json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
        city.opened(external_id=f"later-{len(found)}")

    assert found == ids[::-1]


def test_a_list_is_filtered_and_its_views_add_up(city: City) -> None:
    first = city.opened(external_id="HL-1", severity=1)
    second = city.opened(external_id="HL-2", title="井盖丢失", kind="component", type="0102")
    city.moved(second["id"], "acceptor", "accept", {})

    def ids(question: str) -> list[str]:
        answer = city.ask("chief", "GET", f"/cases?{question}")
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    assert ids("state=reported") == [first["id"]]
    assert ids("severity=1") == [first["id"]]
    assert ids("type=01&area=4601") == [second["id"]]
    assert ids("q=井盖") == [second["id"]]
    assert ids("view=to_file") == ids("view=mine") == [second["id"]]
    assert ids("source=public") == ids("overdue=true") == ids("department=sw") == []
    assert ids("sort=urgency") == [first["id"], second["id"]]
    counts = city.ask("chief", "GET", "/cases").json()["counts"]
    steps = ("to_accept", "to_file", "to_dispatch", "to_sign", "in_hand", "suspended", "to_check",
             "to_close")  # fmt: skip
    assert sum(counts[step] for step in steps) == counts["open"] == 2


@pytest.mark.parametrize(
    "question",
    ["state=lost", "severity=9", "from=yesterday", "limit=0", "view=x", "cursor=x", "sort=x",
     "sort=due&cursor=x", "overdue=perhaps"],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_422(city: City, question: str) -> None:
    assert city.ask("chief", "GET", f"/cases?{question}").status_code == 422

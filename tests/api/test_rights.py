"""The matrix of rights: every post at every door, and what it sees of the city from there."""

import re
from collections.abc import Iterator

import msgspec
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api.doors import is_open
from api.seating import Needs
from callbacks.pages import PAGES
from callbacks.wiring import wiring
from city.audit import Outcome, Record
from city.case_table import Move
from city.cases import Order
from city.roles import OWN_DEPARTMENT, RIGHTS, Right, Role
from store import keys
from store.store import Store
from tests.house import new_app
from tests.publisher import CENTRE, Publisher
from tests.seats import actor, log_in, new_account, token

pytestmark = pytest.mark.store
EAST = (110.47, 20.0)  # in another district than the centre
# Routes that ask for their right inside, because refusing is itself on record.
INSIDE = {"/api/v1/cases/{case_id}/unmask": Right.UNMASK}
# Doors of the same server that are no part of the API.
STATIC = {"/city/districts.geojson": Right.VIEW_MAP, "/metrics": Right.VIEW_FEEDS}


@pytest.fixture
def app(store: Store) -> FastAPI:
    return new_app(store)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def routes_of(app: FastAPI) -> dict[tuple[str, str], Right | None]:
    """Every route of the API with the right it states."""
    return {
        (method, route.path): right_of(route)
        for route in every_route(app)
        for method in sorted(route.methods or ())
        if route.path.startswith("/api/v1/")
    }


def every_route(app: FastAPI) -> Iterator[APIRoute]:
    """Also those of routers that the server keeps whole."""
    waiting = list(app.router.routes)
    while waiting:
        route = waiting.pop()
        inner = getattr(route, "original_router", None) or getattr(route, "router", None)
        if inner is not None:
            waiting += inner.routes
        elif isinstance(route, APIRoute):
            yield route


def right_of(route: APIRoute) -> Right | None:
    waiting = list(route.dependant.dependencies)
    while waiting:
        one = waiting.pop()
        if isinstance(one.call, Needs):
            return one.call.right
        waiting += one.dependencies
    return None


def asked(client: TestClient, method: str, path: str, said: str = "") -> int:
    """The status of a request with names that nobody has."""
    plain = re.sub(r"{[^}]*}", "x", path)
    headers = {"authorization": f"Bearer {said}"} if said else {}
    body = {"json": {"reason": "to check"}} if method in {"POST", "PUT", "PATCH"} else {}
    return client.request(method, plain, headers=headers, **body).status_code  # type: ignore[arg-type]


def test_every_route_of_the_api_states_a_right(app: FastAPI) -> None:
    found = routes_of(app)

    assert len(found) >= 10
    assert [place for place, right in found.items() if right is None] == []


def test_nobody_enters_anywhere(client: TestClient, app: FastAPI) -> None:
    codes = {place: asked(client, *place) for place in routes_of(app)}

    assert {place: code for place, code in codes.items() if code != 401} == {}
    assert client.get("/api/v1/feeds").headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("role", Role)
def test_a_post_enters_where_its_rights_say_and_nowhere_else(
    client: TestClient, app: FastAPI, store: Store, role: Role
) -> None:
    said = token(store, role, department="sw")

    wrong = {}
    for (method, path), right in routes_of(app).items():
        code = asked(client, method, path, said)
        may = right in RIGHTS[role]
        if (code in (401, 403)) is may and not (path in INSIDE and may):
            wrong[method, path] = code
    assert wrong == {}


@pytest.mark.parametrize("role", Role)
def test_a_post_sees_the_pages_and_files_that_its_rights_say(
    client: TestClient, role: Role
) -> None:
    doors = {page.path: page.right for page in PAGES} | STATIC
    log_in(client, role, department="sw")

    found = {path: client.get(path).status_code for path in doors}

    assert found == {path: 200 if right in RIGHTS[role] else 403 for path, right in doors.items()}


def test_nobody_sees_a_page_or_a_file(client: TestClient) -> None:
    for path in [*(page.path for page in PAGES), "/city/districts.geojson", "/", "/nowhere"]:
        answer = client.get(path)
        assert answer.headers["location"].startswith("/login"), path
    for path in ("/_dash-layout", "/_dash-dependencies", "/metrics"):
        assert client.get(path).status_code == 401


def test_what_is_open_holds_nothing_of_the_city(client: TestClient) -> None:
    for path in ("/healthz", "/login", "/assets/1-tokens.css", "/api/docs", "/api/openapi.json"):
        assert is_open(path)
        assert client.get(path).status_code == 200
    for path in ("/", "/situation", "/city/roads.geojson", "/api/v1/feeds", "/_dash-layout",
                 "/loginx", "/accounts", "/assets", "/login/../situation"):  # fmt: skip
        assert not is_open(path) or path.startswith("/login/")
    assert client.get("/login/../situation").status_code in (303, 404)


def test_the_refusal_names_who_may(client: TestClient, store: Store) -> None:
    headers = {"authorization": f"Bearer {token(store, Role.LEADER)}", "accept-language": "zh"}

    answer = client.get("/api/v1/dead-letters", headers=headers)

    assert answer.status_code == 403
    assert answer.json()["reason"] == "forbidden"
    assert "值班长" in answer.json()["detail"]


@pytest.mark.parametrize("role", Role)
def test_every_callback_is_for_seats_that_have_its_right(client: TestClient, role: Role) -> None:
    """A callback that states a right tells others who may, and never fails."""
    stated = {function.__name__: right for function, right, _ in wiring._waiting if right}
    log_in(client, Role.CHIEF)
    callbacks = client.get("/_dash-dependencies").json()
    log_in(client, role, department="sw")

    answer = client.post("/_dash-update-component", json=body_of(callbacks, "search-results"))

    assert stated["find"] is Right.VIEW_MAP
    told = str(answer.json() if answer.content else "")
    assert answer.status_code in (200, 204)
    assert ("岗位才能查看感知数据" in told) is (Right.VIEW_MAP not in RIGHTS[role])


def test_a_callback_tells_who_is_logged_out_the_way_in(client: TestClient) -> None:
    log_in(client, Role.CHIEF)
    callbacks = client.get("/_dash-dependencies").json()
    client.cookies.clear()

    answer = client.post(
        "/_dash-update-component", json=body_of(callbacks, "search-results"),
        headers={"referer": "http://testserver/situation?area=460106"},
    )  # fmt: skip

    told = str(answer.json())
    assert answer.status_code == 200
    assert "/login?next=/situation%3Farea%3D460106" in told and "已退出登录" in told


def body_of(callbacks: list[dict], output: str) -> dict:  # type: ignore[type-arg]
    found = next(one for one in callbacks if one["output"].startswith(output))
    name, _, property_ = found["output"].partition(".")
    inputs = [{**one, "value": "x"} for one in found["inputs"]]
    changed = f"{inputs[0]['id']}.{inputs[0]['property']}"
    return {"output": found["output"], "outputs": {"id": name, "property": property_},
            "inputs": inputs, "state": [], "changedPropIds": [changed]}  # fmt: skip


@pytest.fixture
def city(store: Store) -> dict[str, str]:
    """Things of two departments in two districts: id → area."""
    publisher = Publisher(store)
    publisher.ponding(1, 45)
    publisher.ponding(2, 3, pos=list(EAST))
    publisher.bus(1, *CENTRE)
    publisher.bus(2, *EAST)
    publisher.send(
        ("cb/v1/460106/sw/waterlogging/WL-9/data", b"rubbish 1"),
        ("cb/v1/460108/jj/flow/F-9/data", b"rubbish 2"),
    )
    store.live.catch_up()
    table = store.live.table
    return {thing: str(table.records[place]["area"]) for thing, place in table.index.items()}


def seen(client: TestClient) -> set[str]:
    return {one["id"] for one in client.get("/api/v1/things").json()["features"]}


def test_a_seat_sees_the_things_of_its_districts_only(
    client: TestClient, city: dict[str, str]
) -> None:
    areas = set(city.values())
    assert len(areas) == 2

    for area in areas:
        log_in(client, Role.CHIEF, areas=[area])
        mine = {thing for thing, where in city.items() if where == area}
        assert seen(client) == mine
        for thing, where in city.items():
            expected = 200 if where == area else 404
            assert client.get(f"/api/v1/things/{thing}").status_code == expected
            assert client.get(f"/api/v1/things/{thing}/history").status_code == expected


@pytest.mark.parametrize("role", sorted(OWN_DEPARTMENT & {Role.UNIT, Role.HANDLER}))
def test_a_department_sees_its_own_things_only(
    client: TestClient, city: dict[str, str], role: Role
) -> None:
    log_in(client, role, department="sw")

    assert seen(client) == {thing for thing in city if thing.startswith("sw/")}


def test_department_and_district_hold_together(client: TestClient, city: dict[str, str]) -> None:
    area = city["sw/waterlogging/WL-0002"]
    log_in(client, Role.UNIT, areas=[area], department="sw")

    assert seen(client) == {"sw/waterlogging/WL-0002"}


def test_history_of_what_moved_is_told_from_here_only(
    client: TestClient, store: Store, city: dict[str, str]
) -> None:
    Publisher(store).bus(2, *CENTRE, ts="2030-01-01T00:00:00Z")  # it came over from the east
    log_in(client, Role.CHIEF, areas=[city["jt/bus/B-0001"]])

    items = client.get("/api/v1/things/jt/bus/B-0002/history").json()["items"]

    assert [one["pos"] for one in items] == [list(CENTRE)]


@pytest.mark.parametrize(
    ("areas", "count"), [((), 2), (("460106",), 1), (("460108",), 1), (("460105",), 0)]
)
def test_rejected_messages_are_read_where_they_are_from(
    client: TestClient, city: dict[str, str], areas: tuple[str, ...], count: int
) -> None:
    log_in(client, Role.CHIEF, areas=areas)

    assert len(client.get("/api/v1/dead-letters").json()["items"]) == count


@pytest.fixture
def case_id(store: Store) -> str:
    fields = {
        "source": "hotline", "external_id": "HL-1", "type": "0406", "title": "积水", "severity": 3,
        "pos": list(CENTRE), "area": "460106", "description": "回电 13800138000",
        "reporter": {"name": "张小三", "phone": "13800138000"},
    }  # fmt: skip
    agent = new_account(store, Role.ACCEPTOR)
    case, _ = store.cases.create(Order(Move.CREATE, fields), actor(seat=agent.seat))
    return case.id


def records(store: Store) -> list[tuple[str, Outcome, str]]:
    found = [msgspec.json.decode(fields[b"r"], type=Record).draft
             for _, fields in store.redis.xrange(keys.AUDIT)]  # fmt: skip
    return [(one.account, one.outcome, one.reason) for one in found if one.action == "case.unmask"]


def test_personal_data_is_masked_until_it_is_asked_for_with_a_reason(
    client: TestClient, store: Store, case_id: str
) -> None:
    account = log_in(client, Role.CHIEF)
    shown = client.get(f"/api/v1/cases/{case_id}").text
    assert "13800138000" not in shown and "138****8000" in shown

    path = f"/api/v1/cases/{case_id}/unmask"
    assert client.post(path, json={"reason": " "}).status_code == 422
    told = client.post(path, json={"reason": "回电核实地点"}).json()

    assert told["reporter"] == {"name": "张小三", "phone": "13800138000"}
    assert records(store) == [
        (account, Outcome.REFUSED, "missing"), (account, Outcome.DONE, "回电核实地点")
    ]  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_only_posts_with_the_right_look_behind_the_mask_and_each_try_is_on_record(
    client: TestClient, store: Store, case_id: str, role: Role
) -> None:
    log_in(client, role, department="sw")

    code = client.post(
        f"/api/v1/cases/{case_id}/unmask", json={"reason": "to call back"}
    ).status_code

    may_look, may_unmask = Right.VIEW_CASES in RIGHTS[role], Right.UNMASK in RIGHTS[role]
    is_others = role in {Role.UNIT, Role.HANDLER}  # an agent sees what the hot line took
    assert code == (200 if may_look and may_unmask and not is_others else 403)
    assert len(records(store)) == (1 if may_look else 0)


def test_a_case_of_another_district_stays_masked(
    client: TestClient, store: Store, case_id: str
) -> None:
    log_in(client, Role.CHIEF, areas=["460108"])

    answer = client.post(f"/api/v1/cases/{case_id}/unmask", json={"reason": "to call back"})

    assert answer.status_code == 403
    assert records(store)[0][1] is Outcome.REFUSED

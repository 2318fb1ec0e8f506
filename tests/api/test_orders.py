"""Orders over HTTP, by a real server over a real store."""

from typing import Any

import pytest

from city.cases import Case
from city.orders import Order
from city.roles import Role
from store.store import Store
from tests.api.test_units import Desk as Server
from tests.dispatched import Desk

pytestmark = pytest.mark.store


class Both:
    """A server, and the desk beside it."""

    def __init__(self, store: Store) -> None:
        self.desk, self.server = Desk(store), Server(store)

    def order(self) -> tuple[Case, Order]:
        case = self.desk.case()
        (order,) = self.desk.send(case, self.desk.fleet.unit("patrol", 12))
        return case, order

    def move(self, order_id: str, **body: Any) -> Any:
        return self.server.post(f"/orders/{order_id}/moves", body)


@pytest.fixture
def both(store: Store) -> Both:
    return Both(store)


def test_an_order_has_the_shape_of_the_contract(both: Both) -> None:
    case, unit = both.desk.case(), both.desk.fleet.unit("patrol", 12)

    answer = both.server.post(f"/cases/{case.id}/orders", {"unit": unit, "note": "带警示牌"})

    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert (said["order_id"], said["state"]) == (f"{case.id}-01", "sent")
    assert answer.headers["location"] == f"/api/v1/orders/{said['order_id']}"
    ((topic, told),) = both.desk.told()
    assert topic == f"cb/v1/460106/zhzf/order/{said['order_id']}/cmd"
    wanted = {"order_id", "case_id", "unit", "type", "title", "pos", "note", "expires_at"}
    assert wanted <= told.keys()


def test_a_repeated_key_answers_the_orders_that_there_are(both: Both) -> None:
    case, unit = both.desk.case(), both.desk.fleet.unit("patrol", 12)
    path, body = f"/cases/{case.id}/orders", {"units": [unit], "key": "k"}

    first, again = both.server.post(path, body), both.server.post(path, body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["order_id"] == again.json()["order_id"]


def test_several_units_are_sent_together_or_not_at_all(both: Both) -> None:
    case = both.desk.case()
    pump, police = both.desk.fleet.unit("pumptruck", 1), both.desk.fleet.unit("police", 4)
    path = f"/cases/{case.id}/orders"

    bad = both.server.post(path, {"units": [pump, "ga/police/nobody"]})
    good = both.server.post(path, {"units": [pump, {"unit": police, "note": "封东口"}]})

    assert bad.status_code == 404
    assert [one["note"] for one in good.json()["orders"]] == ["", "封东口"]


def test_an_order_tells_its_times_sources_and_what_the_seat_may_do(both: Both) -> None:
    _, order = both.order()
    both.move(order.id, move="accept")
    both.move(order.id, move="arrive")

    said = both.server.get(f"/orders/{order.id}").json()

    assert said["state"] == "on_scene"
    assert {state: one["source"] for state, one in said["times"].items()} == {
        "sent": "hand", "accepted": "hand", "on_scene": "hand",
    }  # fmt: skip
    assert [line["move"] for line in said["log"]] == ["send", "accept", "arrive"]
    assert said["allowed"] == ["finish", "recall", "redirect"]


def test_a_move_that_is_illegal_says_how_the_order_stands(both: Both) -> None:
    _, order = both.order()
    both.move(order.id, move="recall")

    answer = both.move(order.id, move="accept")

    assert answer.status_code == 409
    assert answer.json()["state"] == "recalled"


def test_orders_are_redirected_and_handed_over(both: Both) -> None:
    _, order = both.order()
    other, fresh = both.desk.case(), both.desk.fleet.unit("patrol", 13)

    redirected = both.move(order.id, move="redirect", case=other.id).json()
    handed = both.move(redirected["order_id"], move="hand_over", unit=fresh).json()

    assert (redirected["case_id"], redirected["came_from"]) == (other.id, order.id)
    assert (handed["unit"], handed["case_id"]) == (fresh, other.id)


def test_orders_are_found_by_case_unit_and_state(both: Both) -> None:
    case, order = both.order()
    both.desk.send(both.desk.case(), both.desk.fleet.unit("police", 4))

    def found(query: str) -> list[str]:
        items = both.server.get(f"/orders?{query}").json()["items"]
        return [one["order_id"] for one in items]

    assert len(found("")) == 2
    assert found(f"case={case.id}") == found(f"unit={order.unit}") == [order.id]
    assert found("state=done") == []
    assert both.server.get(f"/cases/{case.id}/orders").json()["items"][0]["order_id"] == order.id


def test_the_crew_answers_for_its_own_unit(both: Both, store: Store) -> None:
    _, order = both.order()
    path, body = f"/orders/{order.id}/answers", {"status": "accepted", "key": "a"}

    stranger = both.server.post(path, body, role="handler", department="zhzf")
    headers = both.server.key("handler", department="zhzf")
    on = both.server.client.post(f"/api/v1/units/{order.unit}/crew", headers=headers)
    crew = both.server.client.post(f"/api/v1{path}", json=body, headers=headers)

    assert (stranger.status_code, on.status_code, crew.status_code) == (403, 200, 200)
    assert store.orders.get(order.id).state == "accepted"


UNREADABLE: tuple[Any, ...] = (
    {}, {"unit": 7}, {"unit": " "}, {"units": "x"}, {"units": [3]}, {"units": []},
    {"unit": "zhzf/patrol/P-012", "version": -1}, {"unit": "zhzf/patrol/P-012", "anyway": "yes"},
    {"units": [{"unit": "zhzf/patrol/P-012", "part": "boss"}]},
    {"unit": "zhzf/patrol/P-012", "co": "ga"}, {"unit": "zhzf/patrol/P-012", "note": "x" * 2001},
)  # fmt: skip
NO_MOVES: tuple[Any, ...] = (
    {}, {"move": "fly"}, {"move": "send"}, {"move": "miss"}, {"move": "redirect"},
    {"move": "hand_over"}, {"move": "arrive", "at": "yesterday"}, {"move": "refuse"},
)  # fmt: skip


def test_what_cannot_be_read_is_named(both: Both) -> None:
    case, order = both.order()

    sent = [both.server.post(f"/cases/{case.id}/orders", one).status_code for one in UNREADABLE]
    moved = [both.move(order.id, **one).status_code for one in NO_MOVES]

    assert set(sent) == set(moved) == {422}, (sent, moved)


def test_who_only_looks_sends_nobody(both: Both) -> None:
    case, unit = both.desk.case(), both.desk.fleet.unit("patrol", 12)

    answer = both.server.post(f"/cases/{case.id}/orders", {"unit": unit}, role=Role.LEADER)

    assert answer.status_code == 403
    assert both.desk.told() == []


def test_a_monitor_sees_how_many_orders_wait(both: Both) -> None:
    both.order()

    told = both.server.client.get("/metrics", headers=both.server.key("chief")).text

    assert 'citybrain_orders_open{state="sent"} 1.0' in told
    assert 'citybrain_orders_open{state="unanswered"} 0.0' in told

"""The command bar answers with alarms, cases, things, places and commands, and does them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from city.case_table import Move
from city.cases import Order
from city.commands import USAGES
from city.roles import Role
from layouts import ids
from store.store import Store
from tests.callbacks.page import Page, prop, text
from tests.house import new_app
from tests.seats import actor, log_in
from tests.watch.court import Court

pytestmark = pytest.mark.store


class Bar:
    """The command bar of one post."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.client, self.store, self.court = client, store, Court(store)
        self.page = self.as_(Role.ACCEPTOR)

    def as_(self, role: Role) -> Page:
        self.account = log_in(self.client, role)
        self.page = Page(self.client)
        return self.page

    def flood(self, *depths: float) -> None:
        for number, depth in enumerate(depths, 1):
            self.court.publisher.ponding(number, depth)
        self.court.sit()
        self.client.get("/api/v1/things")

    def typed(self, asked: str) -> Any:
        return prop(self.page.call("search-results.children", search=asked), ids.FOUND)

    def said(self, asked: str) -> str:
        return text(self.typed(asked))

    def does(self, asked: str) -> list[Any]:
        rows = [one["props"] for one in self.typed(asked) if isinstance(one, dict)]
        return [json.loads(row["data-does"]) for row in rows if "data-does" in row]


@pytest.fixture
def bar(store: Store) -> Iterator[Bar]:
    with TestClient(new_app(store)) as client:
        yield Bar(client, store)


def test_alarms_things_and_places_stand_in_their_groups(bar: Bar) -> None:
    bar.flood(45)

    said = bar.said("积水")
    assert said.index("告警与案件") < said.index("积水深度超限 45")
    assert "感知对象" in bar.said("WL-0001")
    assert "地点" in bar.said("海甸岛")
    assert "fly" in bar.does("海甸岛")[0]


def test_a_case_is_found_by_its_number(bar: Bar) -> None:
    fields = {"source": "hotline", "type": "0406", "title": "路口积水", "area": "460106"}
    seat = bar.store.accounts.get(bar.account).seat
    who = actor()
    case, _ = bar.store.cases.create(
        Order(Move.CREATE, fields), type(who)(seat, who.address, who.at)
    )

    assert {"href": f"/cases/{case.id}"} in bar.does(f"案 {case.id[-10:]}")
    assert "路口积水" in bar.said(case.id)


def test_a_command_says_what_it_will_do_and_does_it(bar: Bar) -> None:
    bar.flood(45, 16)

    (does,) = [one for one in bar.does("确认 2") if "run" in one]
    assert "确认这条告警" in bar.said("确认 2")
    bar.page.call("command.data", command=does["run"])

    acked = [one for one in bar.store.alarms.all() if one.is_acknowledged]
    assert [one.severity for one in acked] == [3]


def test_layers_levels_scope_and_pages_are_commands(bar: Bar) -> None:
    (layers,) = bar.does("图层 只看水务")
    hidden = layers["set"][ids.MAP]["hidden"]
    assert "waterlogging" not in hidden
    assert "bus" in hidden
    assert bar.does("图层 全部") == [{"set": {ids.MAP: {"hidden": []}}}]
    assert {"levels": "1 2"} in bar.does("等级 1 2")
    assert {"set": {ids.SCOPE: {"data": "460106"}}} in bar.does("范围 龙华")
    assert {"href": "/cases"} in bar.does("去 事件")


def test_mute_by_command_is_on_record_like_the_button(bar: Bar) -> None:
    (does,) = [one for one in bar.does("静音 5") if "run" in one]
    bar.page.call("command.data", command=does["run"])

    assert bar.store.sounds.muted_until(bar.account) > 0


def test_a_lone_slash_tells_every_command(bar: Bar) -> None:
    assert len(bar.does("/")) == len(USAGES)


def test_who_may_not_handle_alarms_is_offered_none(bar: Bar) -> None:
    bar.flood(45)
    bar.as_(Role.LEADER)

    assert not [one for one in bar.does("确认 1") if "run" in one]


def test_a_command_of_another_post_is_refused_by_the_server_too(bar: Bar) -> None:
    bar.flood(45)
    (alarm,) = bar.store.alarms.all()
    bar.as_(Role.LEADER)

    answer = bar.page.call("command.data", command={"verb": "acknowledge", "of": alarm.id})

    assert "岗位" in text(answer["sideUpdate"][ids.NOTICE]["children"])
    assert not bar.store.alarms.get(alarm.id).is_acknowledged

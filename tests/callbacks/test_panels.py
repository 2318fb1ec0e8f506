"""Panels live: what their callbacks answer over a real store."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from city.roles import Role
from layouts import ids
from store.store import Store, open_store
from tests.callbacks.page import Page, prop, text
from tests.house import new_app
from tests.publisher import CENTRE, Publisher
from tests.seats import log_in

pytestmark = pytest.mark.store
WL1, WL2 = "sw/waterlogging/WL-0001", "sw/waterlogging/WL-0002"


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(new_app(store)) as client:
        log_in(client, Role.CHIEF)
        yield client


@pytest.fixture
def page(client: TestClient) -> Page:
    return Page(client)


@pytest.fixture
def city(store: Store, client: TestClient) -> Publisher:
    """Two sensors, one of them over its limit, and a bus."""
    publisher = Publisher(store)
    publisher.ponding(1, 45)
    publisher.ponding(2, 3)
    publisher.bus(1, *CENTRE)
    publisher.meta(WL1, name={"zh": "龙昆南下穿", "en": "Longkun S underpass"})
    client.get("/api/v1/things")  # what was written is read
    return publisher


def test_the_list_shows_the_worst_first(page: Page, city: Publisher) -> None:
    answer = page.call("things-body.children")

    said = text(prop(answer, ids.THINGS))
    assert said.index("龙昆南下穿") < said.index("WL-0002")
    assert "45\u2009cm" in said
    assert prop(answer, ids.THINGS_COUNT) == "3"


def test_the_list_speaks_the_language_of_the_cookie(client: TestClient, city: Publisher) -> None:
    said = text(prop(Page(client, "en").call("things-body.children"), ids.THINGS))

    assert "Longkun S underpass" in said
    assert "Ponding · Longhua" in said


def test_the_list_follows_layers_filter_and_scope(page: Page, city: Publisher) -> None:
    def count(**values: object) -> str:
        return str(prop(page.call("things-body.children", **values), ids.THINGS_COUNT))

    # the map has several inputs of one id: the test fills all of them alike
    assert count(scope="460106") == "3"
    assert count(scope="460105") == "0"


def test_layers_tell_how_many_are_online(page: Page, city: Publisher) -> None:
    said = text(prop(page.call("layers-body.children"), ids.LAYERS))

    assert "积水监测 2/2" in said
    assert "市水务局" in said


def test_a_panel_travels_compressed(page: Page, city: Publisher) -> None:
    page.call("layers-body.children")

    assert page.headers["content-encoding"] == "gzip"
    assert int(page.headers["content-length"]) < 10_000


def test_a_kind_nobody_declared_has_a_row(page: Page, city: Publisher) -> None:
    city.send(("cb/v1/460106/sw/gauge/G-1/data", {"ts": "2026-01-01T00:00:00Z", "values": {}}))
    page.see()

    assert "gauge" in text(prop(page.call("layers-body.children"), ids.LAYERS))


def test_a_feed_opens_with_its_dead_letters(page: Page, city: Publisher) -> None:
    city.send((f"cb/v1/460106/{WL1}/data", b"{rubbish"))
    name = prop(
        page.call("feed-open.data", pressed=ids.feed_name("waterlogging")), "feed-open", "data"
    )
    said = text(prop(page.call("feed-panel.children", feed_open=name), ids.FEED_PANEL))

    assert "cb/v1/+/+/waterlogging/+/+" in said
    assert "{rubbish" in said


def test_the_same_name_again_closes_the_feed(page: Page, city: Publisher) -> None:
    answer = page.call("feed-open.data", pressed=ids.feed_name("rain"), feed_open="rain")

    assert prop(answer, "feed-open", "data") is None


def test_the_inspector_opens_with_value_limits_chart_and_links(page: Page, city: Publisher) -> None:
    answer = page.call("inspector.children", map=WL1)

    shown = prop(answer, ids.INSPECTOR)
    for part in ("龙昆南下穿", "45", "Ⅰ级阈值 40\u2009cm · 超 5\u2009cm", "市水务局", "WGS-84"):
        assert part in text(shown)
    assert f"/api/v1/things/{WL1}/history" in str(shown)
    assert "'y': [45.0]" in str(shown)


def test_the_inspector_of_a_vehicle_draws_its_speed(page: Page, city: Publisher) -> None:
    said = {"ts": "2026-01-01T00:00:00Z", "speed_mps": 10, "status": "available"}
    city.send(("cb/v1/460106/zhzf/patrol/P-1/data", said))
    page.see()
    shown = prop(page.call("inspector.children", map="zhzf/patrol/P-1"), ids.INSPECTOR)

    assert "'y': [36.0]" in str(shown)
    assert "待命" in text(shown)


def test_a_link_to_an_unknown_thing_is_answered(page: Page, city: Publisher) -> None:
    assert "sw/rain/X" in text(
        prop(page.call("inspector.children", map="sw/rain/X"), ids.INSPECTOR)
    )


def test_an_inspector_without_a_thing_is_closed(page: Page, city: Publisher) -> None:
    answer = page.call("inspector.children")

    assert prop(answer, ids.INSPECTOR, "className").endswith("is-empty")


def test_a_new_reading_changes_the_value_and_the_mark(page: Page, city: Publisher) -> None:
    city.ponding(1, 16)
    page.see()
    answer = page.call("inspector-now.children", live_reading={"id": WL1}, map=WL1)

    assert "16" in text(prop(answer, ids.INSPECTOR_NOW))
    assert text(prop(answer, ids.INSPECTOR_MARK)) == "3"


def test_a_reading_of_another_thing_changes_nothing(page: Page, city: Publisher) -> None:
    assert page.call("inspector-now.children", live_reading={"id": WL2}, map=WL1)["response"] == {}


def test_things_are_found_by_name_number_and_kind(
    client: TestClient, page: Page, city: Publisher
) -> None:
    log_in(client, Role.ACCEPTOR)

    def found(asked: str) -> str:
        return text(prop(page.call("search-results.children", search=asked), ids.FOUND))

    assert "龙昆南下穿" in found("龙昆")
    assert "龙昆南下穿" in found("UNDERPASS")
    assert "WL-0002" in found("wl 0002")
    assert "没有找到" in found("nothing at all")
    assert found("  ") == ""


def test_a_district_is_shown_whole(page: Page, city: Publisher) -> None:
    code = prop(page.call("scope.data", pressed=ids.scope_choice("460106")), ids.SCOPE, "data")
    answer = page.call("scopes.children", scope=code)

    west, south, east, north = prop(answer, ids.MAP, "bounds")
    assert west < CENTRE[0] < east
    assert south < CENTRE[1] < north


def test_without_its_store_a_panel_says_so(page: Page, client: TestClient) -> None:
    with TestClient(new_app(open_store("unix:///nowhere/redis.sock"))) as lost:
        lost.cookies.update(client.cookies)
        answer = Page(lost, callbacks=page.callbacks).call("layers-body.children")

    assert ids.LAYERS not in answer.get("response", {})
    assert "存储没有应答" in text(answer["sideUpdate"][ids.NOTICE]["children"])


def test_every_app_of_a_process_has_all_callbacks(store: Store) -> None:
    clients = [TestClient(new_app(store)) for _ in range(2)]
    for client in clients:
        log_in(client, Role.CHIEF)

    counts = [len(Page(client).callbacks) for client in clients]

    assert counts[0] == counts[1] > 15

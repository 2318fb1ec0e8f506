"""The page of dispatch in a browser: by keyboard, by mouse, and standing still."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from city.case_table import Move
from city.cases import Case, Order
from city.order_table import OrderState
from city.roles import Actor, Role
from store.store import Store
from tests.browser.centre import Centre
from tests.browser.conftest import Visitor
from tests.desk import opening_order, seat
from tests.fleet import Fleet

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.timeout(240)]
Visit = Callable[..., Visitor]
SLOW_S = 40
CANDIDATES = "document.querySelectorAll('.candidate')"


@pytest.fixture
def centre(store: Store) -> Iterator[Centre]:
    centre = Centre(store)
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture
def fleet(store: Store) -> Fleet:
    return Fleet(store)


@pytest.fixture
def see(centre: Centre, visit: Visit) -> Visit:
    """The page as somebody of a post has it open."""

    def enter(path: str = "/dispatch", role: Role = Role.DISPATCHER, **options: Any) -> Visitor:
        _, cookie = centre.session(role)
        kept = cookie | options.pop("kept", {})
        visitor = visit(centre.address + path, kept=kept, **options)
        visitor.until("window.city?.live?.state === 'live' && city.dispatch.queue", SLOW_S)
        return visitor

    return enter


def now(role: Role) -> Actor:
    return Actor(seat(role), "10.0.0.7", datetime.now(UTC))


def waiting(store: Store, **changes: Any) -> Case:
    """A case that was filed just now."""
    case, _ = store.cases.create(opening_order(**changes), now(Role.ACCEPTOR))
    store.cases.move(case.id, Order(Move.ACCEPT, {}), now(Role.ACCEPTOR))
    return store.cases.move(case.id, Order(Move.REGISTER, {}), now(Role.CHIEF))


def open_first(visitor: Visitor) -> None:
    """Chooses the first case with the keyboard alone."""
    visitor.until("document.querySelector('.wait-row')", SLOW_S)
    visitor.page.keyboard.press("ArrowDown")
    visitor.until(f"{CANDIDATES}.length", SLOW_S)


def test_digits_tick_candidates_and_the_button_says_what_will_happen(
    store: Store, see: Visit, fleet: Fleet
) -> None:
    case = waiting(store)
    fleet.unit("pumptruck", 1, 1.0)
    fleet.unit("pumptruck", 2, 3.0)
    visitor = see()

    open_first(visitor)
    assert f"/dispatch/{case.id}" in visitor.page.url
    visitor.page.keyboard.press("1")
    visitor.page.keyboard.press("2")

    visitor.until("document.querySelectorAll('.candidate.is-on').length === 2")
    assert "2 支" in visitor.page.locator("[data-send=all]").inner_text()
    visitor.page.keyboard.press("1")
    visitor.until("document.querySelectorAll('.candidate.is-on').length === 1")


def test_candidates_stand_soon_after_the_click(store: Store, see: Visit, fleet: Fleet) -> None:
    waiting(store, external_id="1")
    waiting(store, external_id="2")
    fleet.unit("pumptruck", 1, 1.0)
    visitor = see()
    visitor.until("document.querySelectorAll('.wait-row').length === 2", SLOW_S)

    visitor.page.locator(".wait-row").nth(0).click()
    visitor.until("city.dispatch.shownAfter !== null", SLOW_S)
    visitor.page.locator(".wait-row").nth(1).click()
    visitor.until("city.dispatch.shownAfter !== null && city.dispatch.rows().length", SLOW_S)

    assert visitor.value("city.dispatch.shownAfter") < 1000


def test_two_keys_after_the_case_is_chosen_the_order_is_sent(
    store: Store, see: Visit, fleet: Fleet
) -> None:
    case = waiting(store)
    unit = fleet.unit("pumptruck", 1, 1.0)
    visitor = see()
    open_first(visitor)

    visitor.page.keyboard.press("1")
    visitor.page.keyboard.press("Control+Enter")

    visitor.until("document.querySelector('.undo-bar')", SLOW_S)
    (order,) = store.orders.of_case(case.id)
    assert (order.unit, order.state) == (unit, OrderState.SENT)
    visitor.until("document.querySelector('[data-order] [data-answer-by]')", SLOW_S)


def test_what_was_sent_is_taken_back_by_one_key(store: Store, see: Visit, fleet: Fleet) -> None:
    case = waiting(store)
    fleet.unit("pumptruck", 1, 1.0)
    visitor = see()
    open_first(visitor)
    visitor.page.keyboard.press("1")
    visitor.page.keyboard.press("Control+Enter")
    visitor.until("document.querySelector('.undo-bar')", SLOW_S)

    visitor.page.keyboard.press("z")

    visitor.until("document.querySelector('[data-order].is-done')", SLOW_S)
    assert store.orders.of_case(case.id)[0].state is OrderState.RECALLED


def test_a_unit_dropped_on_the_map_is_sent(store: Store, see: Visit, fleet: Fleet) -> None:
    case = waiting(store)
    unit = fleet.unit("pumptruck", 1, 1.0)
    visitor = see()
    open_first(visitor)
    visitor.until(f"document.querySelector('.unit[data-unit=\"{unit}\"]')", SLOW_S)

    card = visitor.page.locator(f'.unit[data-unit="{unit}"]')
    card.drag_to(visitor.page.locator(".dispatch-map"), target_position={"x": 300, "y": 300})

    visitor.until("document.querySelector('.undo-bar')", SLOW_S)
    assert [one.unit for one in store.orders.of_case(case.id)] == [unit]


def test_a_typed_order_is_sent(store: Store, see: Visit, fleet: Fleet) -> None:
    case = waiting(store)
    unit = fleet.unit("pumptruck", 1, 1.0)
    visitor = see()
    open_first(visitor)
    keys = visitor.page.keyboard

    keys.press("/")
    keys.insert_text("派 P001")
    visitor.until("document.querySelector('.search-row[data-does]')", SLOW_S)
    keys.press("Enter")

    visitor.until("document.querySelector('.undo-bar')", SLOW_S)
    assert [one.unit for one in store.orders.of_case(case.id)] == [unit]


def test_the_map_draws_rings_and_ways_for_the_open_case(
    store: Store, see: Visit, fleet: Fleet
) -> None:
    waiting(store)
    fleet.unit("pumptruck", 1, 1.0)
    visitor = see()

    open_first(visitor)

    visitor.until("city.dispatchMap.ways?.rings.length === 3", SLOW_S)
    assert visitor.value("city.dispatchMap.ways.routes[0].points.length") >= 2


def test_a_dragged_unit_takes_the_task_it_is_dropped_on(
    store: Store, see: Visit, fleet: Fleet
) -> None:
    waiting(store, severity=1)
    fleet.unit("pumptruck", 1, 1.0)
    visitor = see()
    open_first(visitor)
    visitor.until("document.querySelector('[data-task]')", SLOW_S)

    visitor.page.locator(".candidate").first.drag_to(visitor.page.locator("[data-task]").last)

    visitor.until("document.querySelector('[data-task].is-on')")
    assert visitor.value("Object.values(city.dispatch.tasks).length") == 1


def test_units_move_into_the_column_of_their_status(store: Store, see: Visit, fleet: Fleet) -> None:
    unit = fleet.unit("pumptruck", 1, 1.0)
    visitor = see()
    visitor.until(f"document.querySelector('.lane:nth-child(1) [data-unit=\"{unit}\"]')", SLOW_S)

    fleet.unit("pumptruck", 1, 1.0, status="on_scene")

    visitor.until(f"document.querySelector('.lane:nth-child(4) [data-unit=\"{unit}\"]')", SLOW_S)


def test_what_is_drawn_by_keys_says_what_lies_inside(
    store: Store, see: Visit, fleet: Fleet
) -> None:
    waiting(store)
    fleet.unit("pumptruck", 1, 0.2)
    visitor = see()
    open_first(visitor)
    visitor.until("city.map && city.dispatchMap.framed", SLOW_S)
    keys = visitor.page.keyboard

    visitor.page.evaluate("city.map.map.jumpTo({center: [110.3357, 20.0021], zoom: 14})")
    keys.press("c")
    visitor.until("city.isDrawing()")
    keys.press("Space")
    for _ in range(4):
        keys.press("ArrowRight")
    keys.press("Space")

    visitor.until("document.querySelector('.inside-card:not(.is-empty)')", SLOW_S)
    assert "排涝车" in visitor.page.locator(".inside-card").inner_text()


def test_the_card_of_a_unit_opens_and_closes_by_key(store: Store, see: Visit, fleet: Fleet) -> None:
    unit = fleet.unit("pumptruck", 1, 1.0)
    visitor = see()
    visitor.until(f"document.querySelector('[data-unit=\"{unit}\"]')", SLOW_S)

    visitor.page.locator(f'.unit[data-unit="{unit}"]').focus()
    visitor.page.keyboard.press("Enter")
    visitor.until("document.querySelector('.unit-card:not(.is-empty)')", SLOW_S)
    visitor.page.keyboard.press("Escape")

    visitor.until("document.querySelector('.unit-card.is-empty')", SLOW_S)


def test_what_is_not_filed_does_not_wait_for_a_unit(store: Store, see: Visit) -> None:
    store.cases.create(opening_order(), now(Role.ACCEPTOR))

    visitor = see()

    visitor.until("document.querySelector('.wait .empty')", SLOW_S)
    assert visitor.page.locator(".wait-row").count() == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_shows_one_region_at_a_time(
    store: Store, see: Visit, fleet: Fleet, lang: str
) -> None:
    waiting(store)
    fleet.unit("pumptruck", 1, 1.0)
    visitor = see(width=390, height=844, kept={"city_lang": lang})
    visitor.until("document.querySelector('.wait-row')", SLOW_S)

    visitor.page.locator(".wait-row").first.click()

    visitor.until(f"{CANDIDATES}.length", SLOW_S)
    assert not visitor.page.locator(".wait").is_visible()
    assert visitor.value("document.documentElement.scrollWidth") == 390

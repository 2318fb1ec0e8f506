"""The page of cases in a browser: by keyboard, with two people at one case, and standing still."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from city.case_table import CaseState, Move
from city.cases import Case, Order
from city.roles import Actor, Role
from store.store import Store
from tests.browser.centre import Centre
from tests.browser.conftest import Visitor
from tests.callbacks.test_cases import led_to
from tests.desk import actor, opening_order

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.timeout(240)]
Visit = Callable[..., Visitor]
ROWS = "document.querySelectorAll('.ag-row .is-number .num')"
SLOW_S = 30


@pytest.fixture
def centre(store: Store) -> Iterator[Centre]:
    centre = Centre(store)
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture
def see(centre: Centre, visit: Visit) -> Visit:
    """The page as somebody of a post has it open."""

    def enter(path: str = "/cases", role: Role = Role.CHIEF, **options: Any) -> Visitor:
        _, cookie = centre.session(role)
        visitor = visit(centre.address + path, kept=cookie, **options)
        visitor.until("window.city?.live?.state === 'live'", SLOW_S)
        return visitor

    return enter


def acceptor_now() -> Actor:
    return replace(actor(Role.ACCEPTOR), at=datetime.now(UTC))


def numbers(visitor: Visitor) -> list[str]:
    """The rows from top to bottom."""
    return list(visitor.value(
        "[...document.querySelectorAll('.ag-center-cols-container .ag-row')]"
        ".sort((a, b) => a.getAttribute('row-index') - b.getAttribute('row-index'))"
        ".map(row => row.getAttribute('row-id'))"
    ))  # fmt: skip


def focused(visitor: Visitor, selector: str) -> bool:
    return bool(visitor.value(f"Boolean(document.activeElement.closest({selector!r}))"))


def test_from_the_list_to_a_moved_case_with_the_keyboard_alone(store: Store, see: Visit) -> None:
    case = led_to(store, CaseState.PENDING_REGISTER)
    visitor = see()
    visitor.until(f"{ROWS}.length === 1", SLOW_S)
    keys = visitor.page.keyboard

    keys.press("j")
    visitor.until("document.activeElement.closest('.ag-row')")
    keys.press("Enter")
    visitor.until("document.querySelector('.case-actions [data-key=L]')", SLOW_S)
    assert visitor.page.url.endswith(f"/cases/{case.id}")
    keys.press("l")
    visitor.until("document.activeElement.closest('.move-form')", SLOW_S)
    visitor.page.locator("#field-reason").focus()
    keys.type("水深超过 27 厘米")
    keys.press("Control+Enter")

    visitor.until("!document.querySelector('.move-form')", SLOW_S)
    visitor.until(
        "document.querySelector('.step.is-now .step-name').textContent === '派遣'", SLOW_S
    )
    after = store.cases.get(case.id)
    assert after.state is CaseState.PENDING_DISPATCH
    assert store.cases.log(case.id)[-1].reason == "水深超过 27 厘米"
    assert focused(visitor, "[data-region]")

    keys.press("Escape")
    visitor.until("!document.querySelector('.main').classList.contains('has-open')")
    assert visitor.page.url.endswith("/cases")
    assert focused(visitor, "[data-region=cases]")


def test_two_at_one_case_see_each_other_and_the_second_is_told(store: Store, see: Visit) -> None:
    case = led_to(store, CaseState.PENDING_REGISTER)
    one, two = see(f"/cases/{case.id}"), see(f"/cases/{case.id}")
    for visitor in (one, two):
        visitor.until("document.querySelector('.case-actions [data-key=L]')", SLOW_S)
        visitor.until("document.querySelector('.case-watchers')", SLOW_S)
    one.page.keyboard.press("x")
    one.until("document.querySelector('#field-reason')", SLOW_S)
    two.until("document.querySelector('.case-watchers')?.textContent.includes('不予立案')", SLOW_S)

    two.page.keyboard.press("l")
    two.until("document.querySelector('.move-form')", SLOW_S)
    two.page.keyboard.press("Control+Enter")
    two.until("!document.querySelector('.move-form')", SLOW_S)
    one.page.locator("#field-reason").fill("重复上报")
    one.page.keyboard.press("Control+Enter")

    one.until("document.querySelector('.move-form .notice')", SLOW_S)
    said = one.page.locator(".move-form .notice").inner_text()
    assert "立案" in said
    assert one.page.locator("#field-reason").input_value() == "重复上报"
    assert store.cases.get(case.id).state is CaseState.PENDING_DISPATCH


def test_nothing_moves_under_the_pointer(store: Store, see: Visit) -> None:
    calm = led_to(store, CaseState.REPORTED, external_id="1", severity=3)
    visitor = see()
    visitor.until(f"{ROWS}.length === 1", SLOW_S)
    visitor.page.locator(".ag-center-cols-container .ag-row").first.hover()

    worse, _ = store.cases.create(opening_order(external_id="2", severity=1), acceptor_now())
    store.cases.move(calm.id, Order(Move.ACCEPT, {}), actor(Role.ACCEPTOR, minutes=9))

    visitor.until("document.querySelector('.case-fresh')", SLOW_S)
    visitor.until("document.querySelector('.case-stage').textContent === '待立案'", SLOW_S)
    assert numbers(visitor) == [calm.id]
    visitor.page.keyboard.press("u")
    visitor.until(f"{ROWS}.length === 2", SLOW_S)
    assert numbers(visitor) == [worse.id, calm.id]


def test_the_address_keeps_what_is_asked_for(store: Store, see: Visit) -> None:
    red = led_to(store, CaseState.REPORTED, external_id="1", severity=1)
    led_to(store, CaseState.REPORTED, external_id="2", severity=4)
    visitor = see("/cases?level=1")
    visitor.until(f"{ROWS}.length === 1", SLOW_S)
    assert numbers(visitor) == [red.id]

    visitor.page.locator("[data-view=to_accept]").click()
    visitor.until("location.search.includes('view=to_accept')")
    assert "level=1" in visitor.page.url
    visitor.page.go_back()

    visitor.until("document.querySelector('[data-view=open]').ariaSelected === 'true'", SLOW_S)
    visitor.page.locator("[data-clear]").first.click()
    visitor.until(f"{ROWS}.length === 2", SLOW_S)


def test_another_district_is_another_list(store: Store, see: Visit) -> None:
    here = led_to(store, CaseState.REPORTED, external_id="1", area="460106")
    led_to(store, CaseState.REPORTED, external_id="2", area="460105")
    visitor = see()
    visitor.until(f"{ROWS}.length === 2", SLOW_S)

    visitor.page.locator(".topbar-scopes button", has_text="龙华").click()

    visitor.until(f"{ROWS}.length === 1", SLOW_S)
    assert numbers(visitor) == [here.id]


def test_space_ticks_a_row_and_the_bar_offers_what_is_lawful(store: Store, see: Visit) -> None:
    case = led_to(store, CaseState.PENDING_REGISTER)
    visitor = see()
    visitor.until(f"{ROWS}.length === 1", SLOW_S)

    visitor.page.keyboard.press("j")
    visitor.until("document.activeElement.closest('.ag-row')")
    visitor.page.keyboard.press("Space")
    visitor.until("document.querySelector('[data-bulk=register]')", SLOW_S)
    visitor.page.locator("[data-bulk=register]").click()
    visitor.until("document.activeElement.closest('.case-bulk .move-form')", SLOW_S)
    visitor.page.keyboard.press("Control+Enter")

    visitor.until("!document.querySelector('.case-bulk .move-form')", SLOW_S)
    assert store.cases.get(case.id).state is CaseState.PENDING_DISPATCH


def test_a_new_case_begins_with_a_point_of_the_map(store: Store, see: Visit) -> None:
    visitor = see("/cases/new?pos=110.3357,20.0021", role=Role.ACCEPTOR)
    visitor.until("document.querySelector('#field-pos')?.value === '110.3357,20.0021'", SLOW_S)

    visitor.page.locator("#field-type").fill("0406")
    visitor.page.locator("#field-title").fill("龙昆南路积水")
    visitor.page.keyboard.press("Control+Enter")

    visitor.until("/cases\\/HK/.test(location.pathname)", SLOW_S)
    visitor.until("document.querySelector('.case-head .case-title')", SLOW_S)
    (case,) = store.cases.all()
    assert (case.title, case.area[:4]) == ("龙昆南路积水", "4601")


def test_a_deadline_ticks(store: Store, see: Visit) -> None:
    store.cases.create(opening_order(), acceptor_now())
    visitor = see()
    visitor.until("document.querySelector('.deadline-text')", SLOW_S)
    before = visitor.page.locator(".deadline-text").first.inner_text()

    visitor.until(f"document.querySelector('.deadline-text').textContent !== '{before}'")


def test_a_phone_shows_one_region_at_a_time(store: Store, see: Visit) -> None:
    case: Case = led_to(store, CaseState.PENDING_REGISTER)
    visitor = see(width=390, height=844)
    visitor.until(f"document.querySelector('[row-id=\"{case.id}\"]')", SLOW_S)

    visitor.page.locator(f'[row-id="{case.id}"] b').first.click()

    visitor.until("document.querySelector('.case-actions')", SLOW_S)
    assert not visitor.page.locator(".case-list").is_visible()
    assert visitor.value("document.documentElement.scrollWidth") == 390

"""The phone page in a phone-sized browser: a dead spot, a whole task, its looks."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from city.case_table import CaseState
from city.order_table import OrderMove, OrderState
from city.orders import OrderStep
from city.roles import Role
from store.store import Store
from tests.browser.centre import Centre
from tests.browser.conftest import Visitor
from tests.crew import HERE, Crew, a_photo
from tests.seats import actor
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WITHIN_S = 20
THERE = {"longitude": HERE[0], "latitude": HERE[1], "accuracy": 8}
AWAY = {"longitude": HERE[0] + 0.01, "latitude": HERE[1], "accuracy": 8}


@pytest.fixture
def centre(store: Store) -> Iterator[Centre]:
    centre = Centre(store)
    centre.start()
    yield centre
    centre.stop()


class Phone:
    """A crew and its browser."""

    def __init__(self, centre: Centre, visit: Callable[..., Visitor], **options: object) -> None:
        self.crew = Crew(centre.store)
        self.store = centre.store
        look = {"kept": self.crew.cookie(), "permissions": ["geolocation"], "geolocation": THERE}
        self.visitor = visit(f"{centre.address}/m", width=390, height=844, **look | options)
        self.page: Page = self.visitor.page

    def go_dark(self) -> None:
        """Into a dead spot, once the page is on the phone."""
        self.page.evaluate("navigator.serviceWorker.ready")
        self.visitor.until("navigator.serviceWorker.controller")
        self.page.context.set_offline(True)

    def come_back(self) -> None:
        """Out of it."""
        self.page.context.set_offline(False)

    def press(self, act: str) -> None:
        self.page.click(f"[data-act={act}]")

    def take(self, slot: str) -> None:
        """Takes a photo, and waits until the phone has it."""
        self.page.set_input_files(f"input[data-slot={slot}]", a_photo())
        self.page.locator(".shots img").first.wait_for()

    def waiting(self) -> int:
        """How many deeds wait to be sent, as the page says."""
        return int(self.page.get_attribute("[data-sync]", "data-waiting") or 0)

    def until_waiting(self, count: int) -> None:
        self.page.wait_for_selector(f"[data-sync][data-waiting='{count}']")


@pytest.fixture
def phone(centre: Centre, visit: Callable[..., Visitor]) -> Phone:
    return Phone(centre, visit)


def has(store: Store, order_id: str, state: OrderState) -> int:
    return int(store.orders.get(order_id).state is state)


def shown(store: Store) -> int:
    """How many cases have a photo."""
    return len([one for one in store.cases.all() if one.evidence])


def moves(store: Store, order_id: str) -> list[OrderMove]:
    return [one.move for one in store.orders.get(order_id).log]


def test_in_a_dead_spot_everything_is_done_and_sent_once_in_order(phone: Phone) -> None:
    order = phone.crew.sent()
    phone.page.wait_for_selector(".offer")
    phone.go_dark()

    phone.press("accept")
    phone.until_waiting(1)
    phone.press("arrive")
    phone.until_waiting(2)
    phone.press("feedback")
    phone.take("after_photo")
    phone.until_waiting(3)
    phone.page.click("[data-result=solved]")
    phone.press("finish")
    phone.until_waiting(4)
    assert moves(phone.store, order.id) == [OrderMove.SEND]
    phone.page.reload()  # the page itself, and what waits, are on the phone
    phone.until_waiting(4)
    phone.come_back()

    phone.until_waiting(0)
    after, case = phone.store.orders.get(order.id), phone.store.cases.get(order.case_id)
    assert moves(phone.store, order.id) == [
        OrderMove.SEND, OrderMove.ACCEPT, OrderMove.ARRIVE, OrderMove.FINISH,
    ]  # fmt: skip
    stamps = [one.at_ms for one in after.log]
    assert stamps == sorted(stamps)
    assert after.log[1].at_ms < after.log[1].received_ms  # its own time, not that of the sending
    assert [one.slot for one in case.evidence] == ["after_photo"]
    assert case.state is CaseState.PENDING_CHECK


def test_an_answer_that_was_lost_doubles_nothing(phone: Phone) -> None:
    order = phone.crew.sent()
    phone.page.wait_for_selector(".offer")
    lost: list[str] = []

    def lose_the_first(route: object) -> None:
        if lost:
            return route.continue_()  # type: ignore[attr-defined, no-any-return]
        lost.append(route.fetch().text())  # type: ignore[attr-defined]
        return route.abort()  # type: ignore[attr-defined, no-any-return]

    phone.page.context.route("**/api/v1/field/actions", lose_the_first)
    phone.press("accept")
    phone.page.wait_for_selector("[data-act=arrive]")

    phone.until_waiting(0)
    assert lost
    assert moves(phone.store, order.id) == [OrderMove.SEND, OrderMove.ACCEPT]


def test_what_is_refused_comes_back_with_its_reason(phone: Phone) -> None:
    order = phone.crew.sent()
    phone.page.wait_for_selector(".offer")
    phone.go_dark()
    phone.press("accept")
    phone.until_waiting(1)
    dispatcher = actor(seat=phone.crew.desk(Role.DISPATCHER))
    phone.store.orders.step(order.id, OrderStep(OrderMove.RECALL, "误派"), dispatcher)
    phone.come_back()

    phone.until_waiting(0)
    phone.page.click(".tabbar a[href='#news']")
    said = phone.page.inner_text(".note.is-returned")

    assert "未能办理：接单" in said
    assert "已撤回" in said
    phone.page.click("[data-act=dismiss]")
    phone.page.locator(".note.is-returned").wait_for(state="detached")
    assert phone.store.orders.get(order.id).state is OrderState.RECALLED


def test_an_offer_appears_by_itself_and_is_refused_with_a_reason(phone: Phone) -> None:
    phone.page.wait_for_selector(".seg")
    order = phone.crew.sent()

    phone.page.wait_for_selector(f".offer[data-order='{order.id}']")
    phone.press("refuse")
    phone.page.click("[data-choice=blocked]")

    until(phone.store, 1, lambda store: has(store, order.id, OrderState.REFUSED), WITHIN_S)
    assert phone.store.orders.get(order.id).reason == "道路不通"
    phone.page.locator(".offer").wait_for(state="detached")


def test_far_away_one_cannot_check_in_and_is_told_how_far(
    centre: Centre, visit: Callable[..., Visitor]
) -> None:
    phone = Phone(centre, visit, geolocation=AWAY)
    order = phone.crew.sent()
    phone.press("accept")

    blocked = phone.page.locator("[data-act=arrive][aria-disabled=true]")
    blocked.click(force=True)
    assert "50 m" in phone.page.inner_text("#toast")
    phone.page.context.set_geolocation(THERE)
    phone.page.locator("[data-act=arrive].is-primary").click()

    until(phone.store, 1, lambda store: has(store, order.id, OrderState.ON_SCENE), WITHIN_S)


def test_without_a_position_a_photo_shows_the_arrival(
    centre: Centre, visit: Callable[..., Visitor]
) -> None:
    phone = Phone(centre, visit, permissions=[])
    order = phone.crew.sent()
    phone.press("accept")

    phone.page.set_input_files("input[data-slot=arrival]", a_photo())

    until(phone.store, 1, lambda store: has(store, order.id, OrderState.ON_SCENE), WITHIN_S)
    assert phone.store.orders.get(order.id).reason == "人工打卡，附照片"


def test_a_problem_on_the_way_becomes_a_case(phone: Phone) -> None:
    phone.page.click(".tabbar a[href='#report']")
    phone.page.set_input_files("input[data-slot=report]", a_photo())
    phone.page.locator(".shots img").wait_for()
    phone.page.click("[data-type='0406']")
    phone.page.fill("[data-keep=title]", "井口积水")

    phone.press("report")

    phone.until_waiting(0)
    until(phone.store, 1, shown, WITHIN_S)
    (case,) = phone.store.cases.all()
    assert (case.title, case.source) == ("井口积水", "department")


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_view_fits_the_phone_and_every_target_a_thumb(
    centre: Centre, visit: Callable[..., Visitor], width: int, lang: str, theme: str
) -> None:
    phone = Phone(centre, visit)
    phone.page.set_viewport_size({"width": width, "height": 740})
    site = {"url": centre.address}
    looks = ({"name": "city_lang", "value": lang}, {"name": "city_theme", "value": theme})
    phone.page.context.add_cookies([{**one, **site} for one in looks])  # type: ignore[list-item]
    order = phone.crew.sent()
    phone.page.reload()
    phone.page.wait_for_selector(".offer")

    for view in ("tasks", f"task/{order.id}", f"feedback/{order.id}", f"way/{order.id}", "map",
                 "report", "news", "mine"):  # fmt: skip
        phone.page.evaluate("view => { location.hash = view; }", view)
        phone.page.locator("#app h1").first.wait_for()
        assert phone.visitor.value(WIDE) == [], view
        assert phone.visitor.value(SMALL) == [], view


WIDE = (
    "[...document.querySelectorAll('#app, #app *')].filter((one) => one.getBoundingClientRect()"
    ".right > innerWidth + 1 && !one.matches('.sr, .sr *')).map((one) => one.className)"
)
SMALL = (
    "[...document.querySelectorAll('#app button, #app a, #app label.shot-add, #app .text')]"
    ".map((one) => [one.className, one.getBoundingClientRect()])"
    ".filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name)"
)


def test_a_button_that_is_drawn_anew_under_the_finger_keeps_its_press(phone: Phone) -> None:
    order = phone.crew.sent()
    button = phone.page.locator("[data-act=accept]")
    button.hover()

    phone.page.mouse.down()
    phone.page.evaluate("field.tell('news')")  # as when news comes just now
    phone.page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    phone.page.mouse.up()

    until(phone.store, 1, lambda store: has(store, order.id, OrderState.ACCEPTED), WITHIN_S)

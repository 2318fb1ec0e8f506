"""The switch in two browsers: one proposes, the other confirms, every page shows it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from city.mode import Mode
from store import secrets
from store.store import Store
from tests.browser.centre import Centre
from tests.browser.conftest import Visitor
from tests.seats import new_account
from watch.duties import report_emergencies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WHY = "台风橙色预警，市防指决定"


@pytest.fixture
def centre(store: Store) -> Iterator[Centre]:
    centre = Centre(store)
    centre.start()
    yield centre
    centre.stop()


def opened(centre: Centre, visit: Callable[..., Visitor], role: str, path: str) -> Page:
    _, kept = centre.session(role)
    return visit(f"{centre.address}{path}", kept=kept).page


def signing(centre: Centre, role: str) -> tuple[str, str]:
    """An account with a password that opens it."""
    password = secrets.new_password()
    account = new_account(centre.store, role, password=secrets.kept(password))
    return account.account, password


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def propose(page: Page, level: str = "Ⅱ 橙") -> None:
    page.locator("#mode-enter:not(.is-empty)").wait_for()
    page.locator("#mode-enter .mode-levels label", has_text=level).click()
    page.locator("#mode-enter .dash-dropdown").click()
    page.get_by_text("防汛防风应急预案").click()
    page.locator("#mode-enter textarea").fill(WHY)
    press(page, "提出")


def test_two_seats_switch_and_every_page_shows_it(
    centre: Centre, visit: Callable[..., Visitor]
) -> None:
    chief = opened(centre, visit, "chief", "/mode")
    leader = opened(centre, visit, "leader", "/mode")
    other = opened(centre, visit, "acceptor", "/cases")
    other.locator(".mode-pill.is-normal", has_text="平时").wait_for()

    propose(chief)
    chief.locator("#mode-waits.is-mine").wait_for()
    assert not chief.get_by_role("button", name="确认", exact=True).is_visible()
    leader.locator("#mode-waits:not(.is-empty)", has_text=WHY).wait_for()
    leader.locator(".mode-pill .mode-asked").wait_for()
    press(leader, "确认")

    for page in (chief, leader, other):
        page.locator(".mode-pill.is-emergency.is-level-2", has_text="应急 Ⅱ级").wait_for()
        assert page.locator(".mode-line.is-emergency").is_visible()
    assert centre.store.mode.standing().mode is Mode.EMERGENCY

    leader.get_by_role("row", name="电话首报").get_by_role("button").click()
    chief.get_by_role("row", name="电话首报").get_by_text("已报").wait_for()

    leader.locator("#mode-change textarea").fill("预警解除")
    press(leader, "提出转回平时")
    press(chief, "确认")
    for page in (chief, leader, other):
        page.locator(".mode-pill.is-normal", has_text="平时").wait_for()
    read_report(centre, chief)


def read_report(centre: Centre, page: Page) -> None:
    """The report is there, is read, and is taken along."""
    report_emergencies(centre.store)
    page.locator(".mode-past .past-row", has_text="防汛防风应急预案").click()
    page.locator(".mode-sheet h3", has_text="时间线").wait_for()
    assert page.locator(".mode-sheet").get_by_text(WHY).count()
    with page.expect_download() as taken:
        page.get_by_role("link", name="HTML").click()
    assert WHY in taken.value.path().read_text()


def test_the_second_person_signs_at_the_same_desk_and_an_exercise_is_marked(
    centre: Centre, visit: Callable[..., Visitor]
) -> None:
    page = opened(centre, visit, "chief", "/mode")
    page.locator("#mode-enter label", has_text="演练").click()
    propose(page, "Ⅲ 黄")
    account, password = signing(centre, "leader")
    page.locator("#mode-waits input[placeholder='第二人账号']").fill(account)
    page.locator("#mode-waits input[type='password']").fill(password)

    press(page, "在本席确认")

    page.locator(".mode-pill.is-exercise", has_text="演练 Ⅲ级").wait_for()
    assert page.locator(".mode-watermark").is_visible()
    assert page.locator("#mode-waits input[type='password']").input_value() == ""

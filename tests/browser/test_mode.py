"""The switch in two browsers: one proposes, the other confirms, every page shows it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from city.groups import GroupPost, NewGroup
from city.mode import Asked, Mode, Turn
from store import secrets
from store.store import Store
from tests.browser.centre import Centre
from tests.browser.conftest import Visitor
from tests.seats import COOKIE, actor, new_account
from watch.duties import report_emergencies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
OPTIONS = ".dash-dropdown-options label, [role=option]"
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
    page.get_by_role("row", name="终报").get_by_role("button").click()
    page.locator(".mode-owed", has_text="终报").wait_for(state="detached")
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


def choose(page: Page, field: str, name: str) -> None:
    """One of the people, in a field of the form."""
    page.locator(".group-new .account-field", has_text=field).locator(".dash-dropdown").click()
    page.locator(OPTIONS, has_text=name).first.click()
    page.keyboard.press("Escape")


def test_a_group_is_formed_notes_and_ends(centre: Centre, visit: Callable[..., Visitor]) -> None:
    water = new_account(centre.store, "unit", department="sw")
    chief = opened(centre, visit, "chief", "/mode")
    chief.locator(".group-new > summary").click()
    chief.locator(".group-new input[placeholder*='专班']").fill("龙昆南积水专班")
    choose(chief, "指挥长", water.account)
    press(chief, "组建")

    chief.locator(".group-row", has_text="龙昆南积水专班").click()
    chief.locator(".group-members", has_text=water.name).wait_for()
    chief.locator(".group-deeds input").first.fill("指挥部设在公园东门")
    press(chief, "记录")
    chief.locator(".group-log", has_text="指挥部设在公园东门").wait_for()

    kept = {COOKIE: centre.store.sessions.enter(water, actor())}
    officer = visit(f"{centre.address}/mode", kept=kept).page
    officer.locator(".group-row", has_text="龙昆南积水专班").click()
    officer.locator(".group-log", has_text="指挥部设在公园东门").wait_for()
    press(officer, "结束专班")

    chief.locator(".group-row.is-over", has_text="龙昆南积水专班").wait_for()
    (group,) = centre.store.groups.every()
    assert group.ended_by == water.name
    at_ms = actor().at_ms
    assert not centre.store.groups.seated(water.seat, at_ms).loans


def test_somebody_is_put_on_duty(centre: Centre, visit: Callable[..., Visitor]) -> None:
    people = [actor(seat=new_account(centre.store, role).seat) for role in ("chief", "leader")]
    centre.store.mode.propose(Asked(Turn.ENTER, WHY, 2, "flood"), people[0])
    centre.store.mode.confirm(people[1])
    page = opened(centre, visit, "chief", "/mode")
    for which, name in (0, "值班长"), (1, people[0].seat.name):
        page.locator(".mode-duty-form .dash-dropdown").nth(which).click()
        page.locator(OPTIONS, has_text=name).first.click()

    page.locator(".mode-pill").click()
    page.locator(".mode-short", has_text=WHY).wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".mode-short").is_hidden()
    press(page, "排入值守")

    page.locator(".mode-duty .tag", has_text=people[0].seat.name).wait_for()


def test_an_open_page_goes_on_when_a_group_takes_its_seat_in(
    centre: Centre, visit: Callable[..., Visitor]
) -> None:
    account, kept = centre.session("acceptor")
    visitor = visit(f"{centre.address}/cases", kept=kept)
    visitor.until("city.live.state === 'live'")
    visitor.page.evaluate(
        "() => { window.fell = 0; city.on('connection', (one) => fell += one.state !== 'live') }"
    )
    chief = actor(seat=new_account(centre.store, "chief").seat)

    centre.store.groups.form(NewGroup("专班"), [(account, GroupPost.MEMBER)], chief)

    visitor.until("fell > 0 && city.live.state === 'live'", 30)
    assert visitor.page.locator(".seat-over").is_hidden()
    visitor.page.goto(f"{centre.address}/mode")
    visitor.page.locator(".group-row", has_text="专班").wait_for()

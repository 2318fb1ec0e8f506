"""The pages of the auditor and of the security administrator, by hand and by keyboard."""

from collections.abc import Callable, Iterator

import pytest

from city.roles import Role
from store.store import Store
from tests.browser.centre import Centre
from tests.browser.conftest import Visitor
from tests.seats import new_account

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


@pytest.fixture
def centre(store: Store) -> Iterator[Centre]:
    centre = Centre(store)
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture
def enter(centre: Centre, visit: Visit) -> Callable[..., Visitor]:
    """A page, opened by a post."""

    def enter(role: Role, path: str, **options: object) -> Visitor:
        _, kept = centre.session(role)
        visitor = visit(f"{centre.address}{path}", kept=kept, **options)
        visitor.page.wait_for_selector("tbody tr button")
        return visitor

    return enter


def test_the_auditor_walks_through_the_trail_by_keyboard(
    store: Store, enter: Callable[..., Visitor]
) -> None:
    for _ in range(4):
        new_account(store, Role.LEADER)
    page = enter(Role.AUDITOR, "/audit").page

    page.locator(".audit-row button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".audit-record .audit-seal.is-whole")
    number = page.locator('.audit-row[aria-selected="true"]').get_attribute("data-number")
    assert number == str(store.audit.head().number - 2)
    page.keyboard.press("Escape")
    page.wait_for_selector(".main.audit:not(.has-open)")
    page.keyboard.press("v")
    page.wait_for_selector(".audit-found code")
    assert f"#{store.audit.head().number - 1}" in page.inner_text(".audit-found")


def test_the_list_stays_until_the_auditor_asks_for_what_is_new(
    store: Store, enter: Callable[..., Visitor]
) -> None:
    visitor = enter(Role.AUDITOR, "/audit")
    page, top = visitor.page, ".audit-row:first-child"
    before = page.get_attribute(top, "data-number")

    new_account(store, Role.LEADER)
    page.wait_for_selector("#audit-fresh button")
    assert page.get_attribute(top, "data-number") == before
    page.keyboard.press("r")

    visitor.until(f"document.querySelector('{top}').dataset.number === '{int(before or 0) + 1}'")


def test_what_is_looked_for_is_exported_as_a_file(
    store: Store, enter: Callable[..., Visitor]
) -> None:
    account = new_account(store, Role.LEADER).account
    visitor = enter(Role.AUDITOR, "/audit")
    page = visitor.page

    page.get_by_label("对象").fill(f"account/{account}")
    visitor.until("document.querySelectorAll('.audit-row').length === 1")
    with page.expect_download() as download:
        page.keyboard.press("Tab")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("x")

    assert download.value.suggested_filename == "audit.jsonl"
    assert account in download.value.path().read_text()


def test_a_new_account_gets_a_password_that_is_gone_when_the_form_closes(
    store: Store, enter: Callable[..., Visitor]
) -> None:
    visitor = enter(Role.SECADMIN, "/accounts")
    page = visitor.page

    page.keyboard.press("n")
    page.get_by_label("2 至 32 个小写字母").fill("chen.li")
    page.get_by_label("姓名或名称").fill("陈丽")
    page.get_by_label("派遣员").check()
    page.get_by_label("龙华区").check()
    page.get_by_role("button", name="建立账号").click()
    secret = page.wait_for_selector("[data-secret]")

    assert secret is not None
    assert len(secret.inner_text()) >= 12
    assert store.accounts.get("chen.li").areas == ("460106",)
    page.wait_for_selector("text=chen.li")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    visitor.until("!document.querySelector('[data-secret]')")


def test_posts_that_exclude_each_other_are_refused_in_words(
    enter: Callable[..., Visitor],
) -> None:
    page = enter(Role.SECADMIN, "/accounts").page

    page.keyboard.press("n")
    page.get_by_label("2 至 32 个小写字母").fill("chen.li")
    page.get_by_label("姓名或名称").fill("陈丽")
    for post in ("安全管理员", "审计管理员"):
        page.get_by_label(post, exact=True).check()
    page.get_by_role("button", name="建立账号").click()

    refused = page.wait_for_selector(".account-refused")
    assert refused is not None
    assert "不能由同一人担任" in refused.inner_text()


@pytest.mark.parametrize(("role", "path"), [(Role.AUDITOR, "/audit"), (Role.SECADMIN, "/accounts")])
def test_nothing_is_wider_than_a_phone(
    enter: Callable[..., Visitor], role: Role, path: str
) -> None:
    visitor = enter(role, path, width=390, height=844)

    assert visitor.value("document.documentElement.scrollWidth") <= 390
    visitor.page.locator("tbody tr button").first.click()
    visitor.page.wait_for_selector(".main.has-open")
    assert visitor.value("document.documentElement.scrollWidth") <= 390


def test_each_rail_shows_only_the_administrators_own_page(enter: Callable[..., Visitor]) -> None:
    auditor = enter(Role.AUDITOR, "/audit").page
    security = enter(Role.SECADMIN, "/accounts").page

    for page, here in ((auditor, "/audit"), (security, "/accounts")):
        links = page.locator(".rail a.rail-item").evaluate_all("all => all.map(a => a.pathname)")
        assert [one for one in links if not one.startswith("/api")] == [here]

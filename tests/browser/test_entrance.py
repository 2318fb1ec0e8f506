"""Logging in by keyboard, in a real browser: first password, the seat in the top bar, its end."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.city import ROOT, City
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
NEW = "Longkun-S-31.5"
OPEN_MS = 60_000


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="module")
def city(data_dir: Path) -> Iterator[City]:
    city = City(data_dir)
    try:
        city.until_open()
        yield city
    finally:
        city.end()


def new_account(data_dir: Path, account: str) -> str:
    """The one-time password of an account that an administrator makes."""
    command = [sys.executable, "manage.py", "user", "add", account, "--role", "evaluator",
               "--name", "郑文静"]  # fmt: skip
    kept = {key: value for key, value in os.environ.items() if not key.startswith("CITY_")}
    made = subprocess.run(command, cwd=ROOT, env=kept | {"CITY_DATA_DIR": str(data_dir)},
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def test_a_first_login_by_keyboard_alone_until_the_session_ends(
    city: City, data_dir: Path, visit: Callable[..., Visitor]
) -> None:
    password = new_account(data_dir, "zheng")
    origin = city.address.removesuffix("/situation")
    visitor = visit(f"{origin}/cases")
    page, keys = visitor.page, visitor.page.keyboard
    assert page.url == f"{origin}/login?next=/cases"

    keys.type("zheng")
    keys.press("Tab")
    keys.type("wrong")
    keys.press("Enter")
    page.wait_for_selector(".entrance-trouble")
    assert "还可尝试 4 次" in page.inner_text(".entrance-trouble")

    keys.press("Tab")  # the account is still there
    keys.type(password)
    keys.press("Enter")
    page.wait_for_url("**/account")
    for said in (password, NEW, NEW):
        keys.type(said)
        keys.press("Tab")
    keys.press("Enter")  # on the button
    page.wait_for_url("**/account?done=changed")

    page.goto(f"{origin}/cases")
    page.wait_for_selector(".seat-menu", timeout=OPEN_MS)
    assert "郑文静" in page.inner_text(".seat-menu summary")
    visitor.until("city.live.state === 'live'", 30)

    page.context.request.post(f"{origin}/logout/everywhere", max_redirects=0)
    page.wait_for_selector(".seat-over", state="visible", timeout=OPEN_MS)
    visitor.until("document.activeElement?.closest('.seat-over')")
    keys.press("Enter")
    page.wait_for_url("**/login?next=*")
    assert page.url.endswith("/login?next=/cases") or page.url.endswith("/login?next=%2Fcases")


def test_a_demo_seat_is_one_click_and_logging_out_one_more(
    city: City, visit: Callable[..., Visitor]
) -> None:
    origin = city.address.removesuffix("/situation")
    visitor = visit(f"{origin}/login?next=/cases", width=390, height=844)
    assert visitor.value("document.documentElement.scrollWidth <= innerWidth")
    visitor.page.set_viewport_size({"width": 1440, "height": 900})

    visitor.page.click("button[data-role=evaluator]")
    visitor.page.wait_for_url("**/cases")
    visitor.page.wait_for_selector(".seat-menu", state="attached", timeout=OPEN_MS)
    visitor.value("document.querySelector('[data-action=logout]').click()")

    visitor.page.wait_for_url("**/login?out=1")
    assert "已退出登录" in visitor.page.inner_text("[role=status]")
    assert "city_session" not in {one["name"] for one in visitor.page.context.cookies()}

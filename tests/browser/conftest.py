"""A browser that may speak to nobody but the server under test, and the stage of the map."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.stage import Stage

FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
OURS = {"127.0.0.1", "localhost", ""}
INLINE = {"data", "blob", "about"}
POLL_MS = 50


@dataclass
class Visitor:
    """One page and everything that went wrong in it."""

    page: Page
    foreign: list[str]
    errors: list[str]

    def value(self, expression: str) -> Any:
        return self.page.evaluate(f"() => ({expression})")

    def until(self, expression: str, seconds: float = 15) -> None:
        """Looks again by the clock: a page that draws slowly is not asked less often."""
        self.page.wait_for_function(
            f"() => ({expression})", timeout=seconds * 1000, polling=POLL_MS
        )

    def set_map(self, **props: Any) -> None:
        self.page.evaluate("props => dash_clientside.set_props('map', props)", props)

    def spot(self, index: int) -> tuple[float, float]:
        """Where a thing is on the screen."""
        x, y = self.value(f"city.onScreen(city.map.layer, {index}, city.seconds())")
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One per file: its loop runs in this thread for as long as it lives."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Opens a page; at the end nothing foreign was asked for and no script has failed."""
    visitors: list[Visitor] = []

    def open_page(address: str, width: int = 1440, height: int = 900, **options: Any) -> Visitor:
        kept, role = options.pop("kept", {}), options.pop("role", "")
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        site = urljoin(address, "/")  # a cookie holds for the whole site, not below one path
        context.add_cookies([{"name": n, "value": v, "url": site} for n, v in kept.items()])
        visitor = Visitor(context.new_page(), [], [])
        visitors.append(visitor)
        watch(visitor)
        if role:
            sit_down(visitor.page, address, role)
        visitor.page.goto(address)
        return visitor

    yield open_page
    for visitor in visitors:
        visitor.page.context.close()
        assert visitor.foreign == []
        assert visitor.errors == []


def sit_down(page: Page, address: str, account: str) -> None:
    """A demo seat of the city, as by a click on its login page."""
    entrance = urljoin(address, "/login/demo")
    answer = page.context.request.post(entrance, form={"account": account}, max_redirects=0)
    assert answer.status == 303, answer.text()


def watch(visitor: Visitor) -> None:
    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in INLINE and parts.hostname not in OURS:
            visitor.foreign.append(url)

    visitor.page.on("request", lambda request: note(request.url))
    visitor.page.on("websocket", lambda socket: note(socket.url))
    visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error)))


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    stage.start()
    yield stage
    stage.stop()


@pytest.fixture
def on_stage(stage: Stage, visit: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """A visitor whose map is up and hears the stage."""

    def enter(search: str = "", **options: Any) -> Visitor:
        visitor = visit(stage.address + search, **options)
        visitor.until("window.city?.map && city.live.state === 'live'", 30)
        visitor.until("city.things.layers.length === 2")
        return visitor

    return enter

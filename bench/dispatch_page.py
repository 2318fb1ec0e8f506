"""The page of dispatch in a browser: candidates after a click, an order by keyboard alone."""

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from bench.browser import page
from bench.live import quantile
from bench.rows import Row
from bench.servers import RedisServer
from city.cases import Case
from city.roles import Role
from store.store import Store, open_store
from tests.browser.centre import Centre
from tests.dispatched import Desk
from tests.fleet import DEPARTMENTS
from tests.publisher import CENTRE, Publisher, written

UNITS, CASES = 1_000, 12
SHOWN_MS, KEYS = 300.0, 3
SPREAD = 0.06  # degrees
WITHIN_MS = 60_000


def measure() -> Iterator[Row]:
    """A centre with a fleet, and cases that wait."""
    with TemporaryDirectory(prefix="bench-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        store = open_store(server.url)
        centre = Centre(store)
        centre.start()
        try:
            yield from watched(centre, settled(store))
        finally:
            centre.stop()
            server.kill()


def settled(store: Store) -> list[Case]:
    """Units that have just spoken, and cases among them."""
    chance, publisher, desk = random.Random(7), Publisher(store), Desk(store)
    kinds = sorted(DEPARTMENTS)
    for number in range(UNITS):
        kind = kinds[number % len(kinds)]
        said = {"ts": written(0), "pos": place(chance), "status": "available"}
        publisher.send((f"cb/v1/460106/{DEPARTMENTS[kind]}/{kind}/U-{number}/data", said))
    return [desk.case(pos=place(chance), severity=2) for _ in range(CASES)]


def place(chance: random.Random) -> list[float]:
    """Somewhere in the city."""
    lon, lat = CENTRE
    return [lon + chance.uniform(-SPREAD, SPREAD), lat - chance.uniform(0, SPREAD)]


def watched(centre: Centre, cases: list[Case]) -> Iterator[Row]:
    """Each case is clicked in turn; the last ones are dispatched with keys."""
    _, cookie = centre.session(Role.DISPATCHER)
    with page() as visitor:
        cookies = [{"name": name, "value": value, "url": centre.address}
                   for name, value in cookie.items()]  # fmt: skip
        visitor.context.add_cookies(cookies)  # type: ignore[arg-type]
        visitor.goto(f"{centre.address}/dispatch")
        until(visitor, f"document.querySelectorAll('.wait-row').length === {len(cases)}")
        until(visitor, "city.map && city.dispatch.board")
        shown = [clicked(visitor, number) for number in range(len(cases))]
        sent = [sent_by_keys(visitor) for _ in range(5)]
    warm = sorted(shown[1:])
    late = quantile(warm, 0.95)
    yield Row(f"Click on a case → its candidates on screen, {UNITS:,} units", "p95 ≤ 300 ms",
              f"p50 {quantile(warm, 0.5):.0f} ms, p95 {late:.0f} ms", late <= SHOWN_MS,
              "the demo city's 10,906 roads; software GL; the first click is left out")  # fmt: skip
    keys = max(count for count, _ in sent)
    took = quantile(sorted(ms for _, ms in sent), 0.95)
    yield Row("Case chosen → order sent, keyboard alone", f"≤ {KEYS} keys",
              f"{keys} keys, said on screen after {took:.0f} ms", keys <= KEYS)  # fmt: skip


def clicked(visitor: Page, number: int) -> float:
    """Milliseconds from the click, as the page takes them."""
    visitor.locator(".wait-row").nth(number).click()
    until(visitor, "city.dispatch.shownAfter !== null && city.dispatch.rows().length")
    return float(visitor.evaluate("city.dispatch.shownAfter"))


def sent_by_keys(visitor: Page) -> tuple[int, float]:
    """How many keys it takes, and milliseconds from the last until the page says so."""
    visitor.keyboard.press("Home")
    until(visitor, "city.dispatch.shownAfter !== null && city.dispatch.rows().length")
    visitor.evaluate("city.dispatch.sentAfter = null")
    pressed = ("1", "Control+Enter")
    for key in pressed:
        visitor.keyboard.press(key)
    until(visitor, "city.dispatch.sentAfter")
    return len(pressed), float(visitor.evaluate("city.dispatch.sentAfter"))


def until(visitor: Page, expression: str) -> None:
    """Waits, looking often."""
    visitor.wait_for_function(f"() => ({expression})", timeout=WITHIN_MS, polling=20)

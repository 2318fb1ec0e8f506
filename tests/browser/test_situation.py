"""The whole city in a browser: from a publisher's message to the operator's eye."""

import os
import signal
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.city import City
from tests.browser.conftest import Visitor

OPEN_S = 60
pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("city"))
    try:
        city.until_open()
        yield city
    finally:
        city.end()


@pytest.fixture
def see(city: City, visit: Visit) -> Visit:
    """The situation page, once its map is drawn and things have come."""

    def enter(search: str = "", **options: object) -> Visitor:
        visitor = visit(city.address + search, role="chief", **options)
        visitor.until("window.city?.map && city.things.count > 100", OPEN_S)
        return visitor

    return enter


def test_the_page_shows_things_that_move(see: Visit) -> None:
    visitor = see()

    visitor.until("city.map.layer.drawn > 100")
    before = visitor.value("city.things.motion.reduce((sum, part) => sum + part, 0)")
    visitor.until(f"city.things.motion.reduce((sum, part) => sum + part, 0) !== {before}", 30)


def test_the_base_map_and_its_names_are_there(see: Visit) -> None:
    visitor = see()

    visitor.until("city.map.map.areTilesLoaded()")
    for layer in ("land", "road-major", "district-name"):
        visitor.until(f"city.map.map.queryRenderedFeatures({{layers: ['{layer}']}}).length > 0")


def test_chinese_and_english(see: Visit) -> None:
    chinese = see()
    assert "态势" in chinese.page.locator("h1").inner_text()

    with chinese.page.expect_navigation():
        chinese.page.locator("[data-action=lang]").first.click()
    chinese.until("document.documentElement.lang === 'en'", OPEN_S)
    chinese.page.locator("h1", has_text="Situation").wait_for()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_text_can_be_read(see: Visit, theme: str) -> None:
    visitor = see("?list=things", kept={"city_theme": theme}, width=1920, height=1080)
    visitor.until(f"document.documentElement.dataset.theme === '{theme}'")
    visitor.page.locator(".thing-row").first.wait_for()

    assert visitor.page.evaluate(FAINT_TEXTS) == []


# Every visible text against the first opaque background behind it; large text may be fainter.
FAINT_TEXTS = """() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const opaque = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(e).backgroundColor);
      if (a > 0.99) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const light = (rgb) => rgb.map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || element.closest(".map-credit, .mark, script, style, svg, :disabled")) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    const large = parseFloat(style.fontSize) >= 24;
    const found = ratio(light(parse(style.color).slice(0, 3)), light(opaque(element)));
    if (found < (large ? 3 : 4.5)) faint.push(`${text.slice(0, 30)} ${found.toFixed(2)}`);
  }
  return [...new Set(faint)];
}"""


def test_a_thing_chosen_in_the_list_by_keyboard_opens_and_is_ringed(see: Visit) -> None:
    visitor = see("?list=things")
    row = visitor.page.locator(".thing-row").first
    row.wait_for()

    row.focus()
    visitor.page.keyboard.press("Enter")

    visitor.page.locator(".inspector-title").wait_for()
    visitor.until("city.map.selected !== null && city.selectedThing >= 0")


def test_a_thing_is_found_by_its_number_and_opened_with_two_keys(see: Visit) -> None:
    visitor = see("?list=things")
    visitor.page.locator(".thing-row").first.wait_for()
    thing = visitor.page.locator(".thing-row").first.get_attribute("data-thing")
    assert thing is not None

    visitor.page.keyboard.press("/")
    visitor.page.keyboard.insert_text(thing)
    visitor.page.locator(".search-row").first.wait_for()
    visitor.page.keyboard.press("Enter")

    visitor.page.locator(".inspector-title").wait_for()
    assert visitor.value("city.map.selected") == thing
    visitor.page.locator(".search-row").first.wait_for(state="detached")
    assert visitor.page.locator("#search").input_value() == ""


def test_a_view_goes_round_through_its_address(see: Visit) -> None:
    visitor = see("?list=things")
    visitor.page.locator(".thing-row").first.click()
    visitor.until("city.map.selected !== null && location.search.includes('thing=')")
    visitor.value("city.map.map.jumpTo({center: [110.33, 20.0], zoom: 13})")
    visitor.until("location.search.includes('13.00')")
    address, chosen = visitor.page.url, visitor.value("city.map.selected")

    other = see("?" + urlsplit(address).query)

    other.until(f"city.map.selected === {chosen!r}")
    assert other.value("city.map.map.getZoom()") == 13
    assert parse_qs(urlsplit(other.page.url).query)["thing"] == [chosen]


def test_on_a_phone_nothing_scrolls_sideways(see: Visit) -> None:
    visitor = see(width=390, height=844, has_touch=True)

    assert visitor.value("document.documentElement.scrollWidth") <= 390


def test_a_killed_server_is_told_and_comes_back(city: City, see: Visit) -> None:
    visitor = see()

    os.kill(city.web_process(), signal.SIGKILL)

    bar = visitor.page.locator(".offline-bar")
    bar.wait_for(timeout=5000)
    bar.wait_for(state="hidden", timeout=OPEN_S * 1000)
    visitor.until("city.live.state === 'live' && city.things.count > 100", OPEN_S)

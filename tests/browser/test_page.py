"""What the page does without the server: keys, clock, ages, status, theme and language."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visitor
from tests.browser.stage import Stage

pytestmark = pytest.mark.browser
OnStage = Callable[..., Visitor]


def focused(visitor: Visitor) -> str:
    return str(visitor.value("document.activeElement.id"))


def test_slash_goes_to_the_search_and_escape_leaves_it(on_stage: OnStage) -> None:
    visitor = on_stage()

    visitor.page.keyboard.press("/")
    assert focused(visitor) == "search"

    visitor.page.keyboard.press("Escape")
    assert focused(visitor) != "search"


def test_a_letter_presses_its_control_but_not_while_writing(on_stage: OnStage) -> None:
    visitor = on_stage()
    visitor.value(
        "window.pressed = 0, document.querySelector('#letter').onclick = () => window.pressed++"
    )

    visitor.page.keyboard.press("e")
    assert visitor.value("pressed") == 1

    visitor.page.locator("#search").focus()
    visitor.page.keyboard.type("e")
    assert visitor.value("pressed") == 1


def test_f6_walks_the_regions(on_stage: OnStage) -> None:
    visitor = on_stage()

    visitor.page.keyboard.press("F6")
    first = visitor.value("document.activeElement.dataset.region")
    visitor.page.keyboard.press("F6")

    assert [first, visitor.value("document.activeElement.dataset.region")] == ["bar", "map"]


def test_the_question_mark_shows_the_keys(on_stage: OnStage) -> None:
    visitor = on_stage()

    visitor.page.keyboard.press("?")
    dialog = visitor.page.locator("dialog")
    assert "全市视野" in dialog.inner_text()

    visitor.page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_theme_and_language_are_remembered(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()

    visitor.page.locator("#theme").click()
    assert visitor.value("document.documentElement.dataset.theme") == "light"
    with visitor.page.expect_navigation():
        visitor.page.locator("#lang").click()

    cookies = {cookie["name"]: cookie["value"] for cookie in visitor.page.context.cookies()}
    assert cookies == {"city_theme": "light", "city_lang": "en"}


def test_an_age_ticks_and_says_when_it_is_too_old(on_stage: OnStage) -> None:
    visitor = on_stage()

    visitor.until("document.querySelector('#age').className.includes('is-lost')")

    assert visitor.page.locator("#age").inner_text().endswith(" s")


def test_the_clock_shows_the_time_of_the_server_in_china(on_stage: OnStage) -> None:
    visitor = on_stage()

    visitor.until("/^\\d\\d:\\d\\d:\\d\\d$/.test(document.querySelector('#time').textContent)")

    hour = visitor.value("(new Date(city.now()).getUTCHours() + 8) % 24")
    assert int(visitor.page.locator("#time").inner_text()[:2]) == hour


def test_the_status_bar_is_filled_from_the_socket(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()

    stage.say(
        {"status": {"rate": 6412.4, "delay_p95_ms": 380, "entities": 3, "late": 0, "lost": 0}}
    )

    visitor.until("document.querySelector('#rate').textContent === '6,412'")
    assert visitor.page.locator("#link").inner_text() == "已连接"


def test_a_pulse_reaches_the_panels_store(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    visitor.value("window.heard = [], dash_clientside.set_props = (...told) => heard.push(told)")

    stage.say({"pulse": {"feeds": 12}})

    visitor.until("heard.some(([id]) => id === 'pulse-feeds')")
    assert ["pulse-feeds", {"data": 12}] in visitor.value("heard")


def test_ages_are_short(on_stage: OnStage) -> None:
    visitor = on_stage()

    said = {age: visitor.value(f"city.ageText({age})") for age in (0, 119, 120, 7200, 3 * 86400)}

    assert list(said.values()) == ["0 s", "119 s", "2 min", "2 h", "3 天"]


def test_figures_are_written_as_operators_read_them(on_stage: OnStage) -> None:
    visitor = on_stage()

    said = visitor.value("[NaN, -0.3, 1655, 43, 12.34].map(value => city.valueText(value))")

    assert said == ["—", "−0.3", "1,655", "43", "12.3"]
    assert visitor.value("city.valueText(43, 'cm')") == "43\u2009cm"

"""The queue in a browser: nothing moves under the pointer, nothing is lost, all by keyboard."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from city.alarms import Alarm, AlarmState
from store.store import Store
from tests.browser.centre import Centre
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PER_SECOND, SECONDS = 20, 12  # longer than the list is held still
Visit = Callable[..., Visitor]


@pytest.fixture
def centre(store: Store) -> Iterator[Centre]:
    centre = Centre(store)
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture
def sit(centre: Centre, visit: Visit) -> Callable[..., Visitor]:
    """A seat at the situation page that hears the server."""

    def enter(role: str = "acceptor", search: str = "", **options: Any) -> Visitor:
        _, kept = centre.session(role)
        visitor = visit(f"{centre.address}/situation{search}", kept=kept, **options)
        visitor.until("window.city?.live?.state === 'live' && city.queue.holder?.data", 40)
        return visitor

    return enter


def rows(visitor: Visitor, count: int) -> None:
    visitor.until(f"city.queue.rows === {count}")


def alarm_of(centre: Centre, number: int) -> Alarm:
    name = f"sw/waterlogging/WL-{number:04d}"
    return next(one for one in centre.store.alarms.all() if one.thing == name)


def until_state(centre: Centre, visitor: Visitor, number: int, state: AlarmState) -> Alarm:
    """Waits by the browser's clock until the store has it."""
    for _ in range(200):
        alarm = alarm_of(centre, number)
        if alarm.state(centre.court.clock.now_ms) is state:
            return alarm
        visitor.page.wait_for_timeout(50)
    raise AssertionError(f"the alarm never became {state}")


def choose(visitor: Visitor, centre: Centre, number: int) -> None:
    """To the row of an alarm by the keyboard alone."""
    wanted = alarm_of(centre, number).id
    for _ in range(12):  # F6 goes from region to region
        visitor.page.keyboard.press("F6")
        if visitor.value("document.activeElement.matches('.queue')"):
            break
    visitor.page.keyboard.press("ArrowDown")
    for _ in range(30):
        if visitor.value("document.activeElement.dataset.alarm") == wanted:
            break
        visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("Enter")
    visitor.until(f"city.queue.chosen === {wanted!r}")
    visitor.page.locator(".alarm-acts").wait_for()


def test_a_flood_moves_no_row_under_the_pointer_and_loses_none(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(*[16.0] * 30)
    visitor = sit(height=700)
    rows(visitor, 30)
    row = visitor.page.locator(".alarm-row").nth(4)
    row.hover()
    mine = row.get_attribute("data-alarm")
    box = row.bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + box["height"] / 2
    under = f"document.elementFromPoint({x}, {y})?.closest('.alarm-row')?.dataset.alarm"

    seen, number = set(), 100
    for _ in range(SECONDS):
        levels = [45.0, 30.0, 16.0, 6.0] * (PER_SECOND // 4)
        centre.raise_alarms(*levels, first=number)
        number += PER_SECOND
        for _ in range(8):
            visitor.page.wait_for_timeout(100)
            seen.add(visitor.value(under))

    assert seen == {mine}
    visitor.page.locator(".queue-fresh").wait_for()
    assert visitor.value("city.queue.fresh") > 0
    visitor.page.keyboard.press("u")
    rows(visitor, 30 + PER_SECOND * SECONDS)
    drawn = visitor.value("[...document.querySelectorAll('.alarm-row')].map(r => r.dataset.alarm)")
    kept = {one.id for one in centre.store.alarms.all() if one.measure == "value"}
    assert kept <= set(drawn)
    assert visitor.page.locator(".queue-flood").is_visible()


def test_new_rows_enter_at_the_top_of_their_level(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(45, 16, 17)
    visitor = sit()
    rows(visitor, 3)

    centre.raise_alarms(18, first=10)
    rows(visitor, 4)

    third = visitor.value(
        "[...document.querySelectorAll('.alarm-row.is-level-3')][0].dataset.alarm"
    )
    assert third == alarm_of(centre, 10).id


def test_an_alarm_is_acknowledged_by_keyboard_alone(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(16, 45)
    visitor = sit()
    rows(visitor, 2)

    choose(visitor, centre, 1)
    visitor.page.keyboard.press("a")

    visitor.page.locator(".alarm-row.is-level-1.is-acknowledged").wait_for()
    assert alarm_of(centre, 1).is_acknowledged


def test_an_alarm_is_shelved_by_keyboard_alone(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(16)
    visitor = sit()
    rows(visitor, 1)

    choose(visitor, centre, 0)
    visitor.page.keyboard.press("s")
    visitor.until("document.activeElement.matches('#alarm-sheet input')")
    visitor.page.keyboard.insert_text("泵站检修")
    visitor.page.keyboard.press("Enter")

    alarm = until_state(centre, visitor, 0, AlarmState.SHELVED)
    assert alarm.reason == "泵站检修"
    visitor.until("document.querySelector('[data-queue=shelved]').textContent === '1'")


def test_a_false_alarm_is_said_by_keyboard_alone(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(16)
    visitor = sit()
    rows(visitor, 1)

    choose(visitor, centre, 0)
    visitor.page.keyboard.press("x")
    visitor.until("document.activeElement.matches('#alarm-sheet input')")
    visitor.page.keyboard.insert_text("探头被淋")
    visitor.page.keyboard.press("Enter")

    assert until_state(centre, visitor, 0, AlarmState.FALSE).reason == "传感器故障 · 探头被淋"


def test_a_case_is_filed_with_two_keys(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(45)
    visitor = sit()
    rows(visitor, 1)

    choose(visitor, centre, 0)
    visitor.page.keyboard.press("l")
    visitor.until("document.activeElement.matches('#alarm-sheet [data-submit]')")
    visitor.page.keyboard.press("Enter")

    visitor.page.locator(".alarm-card a.tag").wait_for()
    case = centre.store.cases.get(alarm_of(centre, 0).case_id)
    assert (case.type, case.severity, case.source) == ("0406", 1, "sensor")


def test_escape_goes_one_step_back_and_the_focus_returns(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(45)
    visitor = sit()
    rows(visitor, 1)
    choose(visitor, centre, 0)
    visitor.page.keyboard.press("s")
    visitor.until("document.activeElement.matches('#alarm-sheet input')")

    visitor.page.keyboard.press("Escape")
    visitor.page.locator("#alarm-sheet h3").wait_for(state="detached")
    visitor.until("document.activeElement.matches('.alarm-row')")
    visitor.page.keyboard.press("Escape")

    visitor.until("!city.queue.chosen && !city.map.selected")


def test_the_counts_of_the_top_bar_filter_the_queue(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(45, 16, 17)
    visitor = sit()
    rows(visitor, 3)

    visitor.page.locator(".level-count[data-levels='3']").click()
    rows(visitor, 2)
    visitor.page.locator(".level-count[data-levels='3']").click()

    rows(visitor, 3)


def test_a_whole_level_takes_two_presses(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(16, 17)
    visitor = sit()
    rows(visitor, 2)
    button = visitor.page.locator("[data-acknowledge='3']")

    button.click()
    assert "再按一次" in button.inner_text()
    button.click()

    visitor.until("document.querySelectorAll('.alarm-row.is-acknowledged').length === 2")


def test_a_seat_without_the_right_sees_who_has_it_and_no_button(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(45)
    visitor = sit("leader")
    rows(visitor, 1)

    visitor.page.locator(".alarm-row").click()

    visitor.page.locator(".alarm-card .notice", has_text="受理员").wait_for()
    assert visitor.page.locator(".alarm-acts").count() == 0


def test_level_one_rings_until_it_is_acknowledged(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(45)
    visitor = sit()
    rows(visitor, 1)

    visitor.until("city.sound.state.played.some(p => p.sound === 'level-1')", 20)
    choose(visitor, centre, 0)
    visitor.page.keyboard.press("a")

    visitor.until("city.sound.state.ring.repeat === null")


def test_one_seat_has_one_sound(centre: Centre, visit: Visit) -> None:
    centre.raise_alarms(45)
    _, kept = centre.session("acceptor")
    first = visit(f"{centre.address}/situation", kept=kept)
    first.until("window.city?.sound?.state.played.length > 0", 40)
    page = first.page.context.new_page()
    page.goto(f"{centre.address}/handover")
    second = Visitor(page, [], [])

    second.until("window.city?.sound?.state.ring !== null && window.city?.sound?.state.ring", 40)
    second.until("city.sound.state.isOurs === false")

    for _ in range(10):
        ours = [one.value("city.sound.state.isOurs") for one in (first, second)]
        assert ours.count(True) <= 1
        second.page.wait_for_timeout(100)


def test_the_page_says_that_sound_is_held_back_until_a_gesture(centre: Centre, sit: Any) -> None:
    visitor = sit()
    visitor.until("document.querySelector('.sound.is-blocked') !== null")

    visitor.page.keyboard.press("Shift")

    visitor.until("document.querySelector('.sound.is-blocked') === null")


def test_mute_is_seen_with_its_countdown_and_never_silences_level_one(
    centre: Centre, sit: Any
) -> None:
    centre.raise_alarms(30)
    visitor = sit()
    rows(visitor, 1)

    visitor.page.keyboard.press("Alt+m")

    visitor.page.locator(".sound.is-muted").wait_for()
    visitor.until("/^0[0-5]:/.test(document.querySelector('[data-sound=short]').textContent)")
    before = visitor.value("city.sound.state.played.length")
    centre.raise_alarms(45, first=9)
    visitor.until("city.sound.state.played.some(p => p.sound === 'level-1')", 20)
    heard = visitor.value("city.sound.state.played.map(p => p.sound)")
    assert set(heard[before:]) == {"level-1"}


def test_the_menu_of_the_map_opens_a_case_at_the_place(centre: Centre, sit: Any) -> None:
    visitor = sit()
    visitor.until("window.city.map", 40)

    visitor.page.locator("#map").click(button="right", position={"x": 300, "y": 300})
    item = visitor.page.get_by_role("menuitem").first
    item.wait_for()
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")

    assert "/cases/new?pos=110." in visitor.page.url


def test_the_help_lists_the_keys_that_are_printed(centre: Centre, sit: Any) -> None:
    centre.raise_alarms(45)
    visitor = sit()
    rows(visitor, 1)
    choose(visitor, centre, 0)

    visitor.page.keyboard.press("?")

    said = visitor.page.locator(".keys-dialog").inner_text()
    for key, does in (("A", "确认"), ("L", "立案"), ("X", "误报"), ("E", "只看异常")):
        assert f"{key}\n{does}" in said

"""The map draws what the socket says: where, how old, how grave; and things can be chosen."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visitor
from tests.browser.stage import (
    BUS,
    CENTRE,
    GONE,
    MOVES,
    SNAPSHOT,
    UNCERTAIN,
    WATERLOGGING,
    Row,
    Stage,
)

pytestmark = pytest.mark.browser
OnStage = Callable[..., Visitor]
FRESH, LOST, OFFLINE, ONLINE = 0, 3, 4, 5
EAST, NORTH = 1 / 104_600, 1 / 110_700  # degrees of a metre at 20 degrees north


def moved(metres: float) -> tuple[float, float]:
    return CENTRE[0] + metres * EAST, CENTRE[1]


def east_of_start(visitor: Visitor, index: int) -> float:
    """Metres between where a thing is drawn now and the centre."""
    place = visitor.value(f"city.place({index}, city.seconds(), [0, 0])")
    origin = visitor.value("city.things.origin")
    longitude = (place[0] + origin[0]) * 360 - 180
    return float((longitude - CENTRE[0]) / EAST)


def test_things_of_a_frame_are_drawn(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()

    stage.play(WATERLOGGING, Row(3), Row(900, lat=20.021))
    stage.play(BUS, Row(7, lat=20.022, flags=MOVES))

    visitor.until("city.map.layer.drawn === 3")
    assert visitor.value("city.things.count") == 3


def test_things_known_before_the_page_came_are_drawn(stage: Stage, on_stage: OnStage) -> None:
    stage.play(WATERLOGGING, Row(1), Row(2, lat=20.03))

    visitor = on_stage()

    visitor.until("city.map.layer.drawn === 2")


def test_a_snapshot_replaces_its_layer_and_no_other(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    stage.play(WATERLOGGING, Row(1), Row(2))
    stage.play(BUS, Row(3))

    stage.play(WATERLOGGING, Row(2), kind=SNAPSHOT)

    visitor.until("city.things.count === 2")
    assert visitor.value("[1, 2, 3].map(city.present)") == [False, True, True]


def test_what_is_gone_leaves_the_map(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    stage.play(BUS, Row(1), Row(2))

    stage.play(BUS, Row(1), kind=GONE)

    visitor.until("city.map.layer.drawn === 1")


def test_a_vehicle_glides_to_its_newest_fix_and_no_further(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    stage.play(BUS, Row(1, flags=MOVES))
    visitor.until("city.present(1)")

    stage.play(BUS, Row(1, *moved(100), flags=MOVES))

    visitor.until("city.things.motion[7] > city.things.motion[5]")
    assert -1 < east_of_start(visitor, 1) < 101
    visitor.until("city.seconds() - city.things.motion[9] > city.GLIDE_S")
    assert east_of_start(visitor, 1) == pytest.approx(100, abs=1)


def test_a_jump_of_more_than_500_m_does_not_glide(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    stage.play(BUS, Row(1, flags=MOVES))
    visitor.until("city.present(1)")

    stage.play(BUS, Row(1, *moved(700), flags=MOVES))

    visitor.until("city.things.motion[7] !== 0")
    assert visitor.value("city.things.motion[5] === city.things.motion[7]")


def test_nothing_glides_where_less_motion_is_wished(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage(reduced_motion="reduce")
    stage.play(BUS, Row(1, flags=MOVES))
    visitor.until("city.things.still && city.present(1)")

    stage.play(BUS, Row(1, *moved(100), flags=MOVES))

    visitor.until("city.things.motion[7] !== 0")
    assert visitor.value("city.things.motion[5] === city.things.motion[7]")


def test_age_and_doubt_are_told_by_shape(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()

    stage.play(
        WATERLOGGING,
        Row(0),
        Row(1, age_s=60 * 2.5),
        Row(2, age_s=60 * 6),
        Row(3, state=4),
        Row(4, flags=UNCERTAIN),
    )

    visitor.until("city.present(4)")
    looks = [visitor.value(f"[...city.things.look.slice({i} * 4, {i} * 4 + 3)]") for i in range(5)]
    assert looks[0] == [0, 0, 255]  # solid
    assert looks[1] == [0, 1, 153]  # solid, faded, with a clock
    assert looks[2] == [1, 1, 153]  # hollow, with a clock
    assert looks[3] == [2, 0, 153]  # crossed out
    assert looks[4] == [0, 2, 255]  # with a question mark


def test_only_vehicles_with_a_known_heading_are_arrows(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()

    stage.play(BUS, Row(0, heading=90), Row(1, heading=65535))
    stage.play(WATERLOGGING, Row(2, heading=90))

    visitor.until("city.present(2)")
    looks = [visitor.value(f"[...city.things.look.slice({i} * 4, {i} * 4 + 4)]") for i in range(3)]
    assert looks == [[9, 0, 255, 64], [0, 0, 255, 0], [0, 0, 255, 0]]


def test_a_silent_thing_grows_old_without_any_message(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()

    stage.play(BUS, Row(1, age_s=0, period=1, flags=MOVES))

    visitor.until("city.present(1) && city.things.state[1] < 3")
    visitor.until("city.things.state[1] === 3")


def test_only_abnormal_hides_what_is_normal(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    stage.play(WATERLOGGING, Row(1), Row(2, lat=20.03, level=2, value=30))
    visitor.until("city.map.layer.drawn === 2")

    visitor.set_map(abnormalOnly=True)

    visitor.until("city.map.layer.drawn === 1")
    assert "only=abnormal" in address_of(visitor, "only")


def test_a_hidden_layer_is_neither_drawn_nor_asked_for(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    stage.play(WATERLOGGING, Row(1))
    stage.play(BUS, Row(2, lat=20.03))
    visitor.until("city.map.layer.drawn === 2")

    visitor.set_map(hidden=["bus"])

    visitor.until("city.map.layer.drawn === 1")
    visitor.until("JSON.parse(city.live.looked.text).layers.join() === 'waterlogging'")


def test_marks_that_cover_one_another_become_one_ring(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()

    stage.play(
        WATERLOGGING,
        Row(1, level=3, value=20),
        Row(2, CENTRE[0] + 20 * EAST, level=1, value=50),
        Row(3, CENTRE[0] + 900 * EAST, level=4, value=6),
    )

    visitor.until("city.clusters.length === 1")
    assert visitor.value("city.clusters[0].worst") == 1
    assert visitor.value("city.map.layer.drawn") == 1
    visitor.until("city.clusters[0].at")
    x, y = visitor.spot(1)
    visitor.page.mouse.click(x, y)
    visitor.until("city.map.map.getZoom() > 13.5 && city.clusters.length === 0")


def test_a_click_chooses_a_thing_and_the_address_names_it(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    stage.play(WATERLOGGING, Row(5, level=1, value=43))
    visitor.until("city.map.layer.drawn === 1 && city.map.layer.origin")

    visitor.page.mouse.click(*visitor.spot(5))

    visitor.until("city.map.selected === 'sw/waterlogging/5'")
    assert "thing=sw/waterlogging/5" in address_of(visitor, "thing")


def test_the_keyboard_reaches_and_chooses_a_thing(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    stage.play(WATERLOGGING, Row(1), Row(2, *moved(600)), Row(3, *moved(-600)))
    visitor.until("city.map.layer.drawn === 3 && city.map.layer.origin")
    visitor.page.locator("#map").focus()

    visitor.page.keyboard.press("ArrowRight")
    visitor.page.keyboard.press("ArrowRight")
    visitor.until("city.live.known.has(2)")
    visitor.page.keyboard.press("Enter")

    visitor.until("city.map.selected === 'sw/waterlogging/2'")


def test_a_thing_chosen_elsewhere_is_ringed_and_brought_into_view(
    stage: Stage, on_stage: OnStage
) -> None:
    visitor = on_stage()
    stage.play(WATERLOGGING, Row(1), Row(2, *moved(20_000)))
    visitor.until("city.present(2)")

    visitor.set_map(selected="sw/waterlogging/2")

    visitor.until("city.selectedThing === 2")
    visitor.until("city.map.map.getBounds().contains([110.35 + 20000 / 104600, 20.02])")
    assert visitor.value("city.map.map.getZoom()") == 13


def test_a_link_opens_the_same_view(stage: Stage, on_stage: OnStage) -> None:
    stage.play(WATERLOGGING, Row(1, level=2, value=30))
    link = "?at=110.40000,20.00000,14.50&hide=bus&only=abnormal&thing=sw/waterlogging/1"

    visitor = on_stage(link)

    visitor.until("city.selectedThing === 1")
    assert visitor.value("city.map.map.getZoom()") == 14.5
    assert visitor.value("[...city.things.hidden]") == ["bus"]
    assert visitor.value("city.things.onlyAbnormal") is True


def test_a_thing_off_the_screen_of_level_one_is_pointed_to(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()

    stage.play(WATERLOGGING, Row(1), Row(9, *moved(30_000), level=1, value=50))

    pointer = visitor.page.locator(".edge-pointer")
    pointer.wait_for()
    visitor.until("document.querySelector('.edge-pointer').textContent.includes('测点 9')")
    assert "30 km" in pointer.inner_text()
    pointer.click()
    visitor.until("city.map.selected === 'sw/waterlogging/9'")


def test_a_state_ages_by_itself_but_not_of_what_has_not_measured_yet(
    stage: Stage, on_stage: OnStage
) -> None:
    visitor = on_stage()

    stage.play(
        WATERLOGGING,
        Row(0),
        Row(1, age_s=900),
        Row(2, age_s=None, state=ONLINE),
        Row(3, age_s=900, state=OFFLINE),
    )

    visitor.until("city.things.count === 4")
    assert visitor.value("[...city.things.state.slice(0, 4)]") == [FRESH, LOST, ONLINE, OFFLINE]


def test_a_lost_connection_is_told_and_recovers(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    stage.play(WATERLOGGING, Row(1))
    visitor.until("city.things.count === 1")

    stage.stop()

    bar = visitor.page.locator(".offline-bar")
    bar.wait_for(timeout=3000)
    assert "已断开" in bar.inner_text()
    stage.start()
    visitor.until("city.live.state === 'live'", 30)
    bar.wait_for(state="hidden")
    assert "已恢复" in visitor.page.locator(".toast").inner_text()


def test_another_server_numbers_its_things_anew(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    stage.play(WATERLOGGING, Row(1), Row(2))
    visitor.until("city.things.count === 2")

    stage.stop()
    stage.epoch, stage.shown = "second", {0: {8: Row(8)}, 1: {}}
    stage.start()

    visitor.until("city.live.state === 'live' && city.things.count === 1", 30)
    assert visitor.value("city.present(8)") is True


def test_the_theme_changes_base_map_and_things_at_once(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()
    dark = visitor.value("city.map.map.getPaintProperty('land', 'fill-color')")

    visitor.value("document.documentElement.dataset.theme = 'light'")

    visitor.until(f"city.map.map.getPaintProperty('land', 'fill-color') !== '{dark}'")


def test_names_are_drawn_in_the_language_of_the_page(stage: Stage, on_stage: OnStage) -> None:
    visitor = on_stage()

    visitor.value("document.documentElement.lang = 'en'")

    visitor.until("city.map.map.getLayoutProperty('district-name', 'text-field')[1][1] === 'en'")
    assert visitor.page.locator("#map").get_attribute("aria-label", timeout=1000).startswith("City")


def address_of(visitor: Visitor, word: str) -> str:
    """The address, once it holds the word."""
    visitor.until(f"location.search.includes('{word}=')")
    return str(visitor.value("location.search"))

"""Panels say what is so: pure functions, looked at without a browser."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from city.profile import Place
from layouts import ids, shell
from layouts.pages import situation
from layouts.panels import feed, inspector, layers, search, things
from layouts.panels.feed import FeedFacts, Letter
from layouts.panels.inspector import ThingFacts
from layouts.panels.layers import LayerGroup, LayerRow
from layouts.panels.things import Listing, ThingRow
from layouts.words import words
from tests.layouts.parts import identified, styled, text, walk

NOON = datetime(2026, 9, 17, 4, 0, tzinfo=UTC)
NOON_MS = int(NOON.timestamp() * 1000)
ZH, EN = words("zh"), words("en")
PONDING = (5, 15, 27, 40)
AREAS = (Place("460105", "秀英区", "Xiuying"), Place("460106", "龙华区", "Longhua"))
CITY = shell.City("海口", AREAS, "WGS-84", is_demo=True)
VIEW = situation.View((110.33, 20.02), 11.2, (110, 19, 111, 20), "示意底图")

FACTS = ThingFacts(
    thing="sw/waterlogging/WL-0007", title="龙昆南下穿", kind="积水监测", department="市水务局",
    level=1, quantity="积水深度", value=43, unit="cm", limits=PONDING, period_s=60,
    observed_at=NOON - timedelta(seconds=12), received_at=NOON - timedelta(seconds=11.8),
    area="龙华区", cell="22266-38742", place=(110.3357, 20.0021), source="cb/v1",
)  # fmt: skip
ROW = ThingRow(
    "sw/waterlogging/WL-0007", 1, "龙昆南下穿", "积水监测 · 龙华区", "43 cm", "fresh", NOON_MS, 60
)
LAYER = LayerRow("rain", "雨量站", "dot", "fresh", online=59, total=60, heard_ms=NOON_MS - 5000)
FEED = FeedFacts("rain", "雨量站", "市气象局", "fresh", 60)


@pytest.mark.parametrize("said", [ZH, EN])
def test_the_page_has_a_place_for_every_callback(said: object) -> None:
    page = situation.page(CITY, VIEW, said)
    found = {one for one in identified(page) if isinstance(one, str)}

    wanted = {ids.MAP, ids.LAYERS, ids.THINGS, ids.INSPECTOR, ids.FEED_PANEL, ids.SEARCH, ids.FOUND,
              ids.SCOPES, ids.SCOPE, ids.READING, *map(ids.pulse, ids.PULSES)}  # fmt: skip
    assert found >= wanted


def test_ids_are_given_once() -> None:
    found = [str(one) for one in identified(situation.page(CITY, VIEW, ZH))]

    assert sorted(found) == sorted(set(found))


def test_only_pages_that_exist_are_linked() -> None:
    links = [one.href for one in walk(situation.page(CITY, VIEW, ZH)) if getattr(one, "href", None)]

    assert set(links) == {"/situation", "/api/docs", "#main", "/account", "/login"}


def test_a_pretended_city_says_so_and_a_real_one_does_not() -> None:
    real = replace(CITY, is_demo=False)

    assert styled(shell.topbar(CITY, "态势", "Situation", ZH), "is-demo")
    assert not styled(shell.topbar(real, "态势", "Situation", ZH), "is-demo")


def test_a_value_over_its_limit_says_by_how_much() -> None:
    assert inspector.limit_text(FACTS, ZH) == "Ⅰ级阈值 40\u2009cm · 超 3\u2009cm"


def test_a_value_below_all_limits_says_how_far_the_first_is() -> None:
    below = replace(FACTS, level=0, value=3)

    assert inspector.limit_text(below, EN) == "2\u2009cm to the level Ⅳ limit of 5\u2009cm"


def test_where_a_low_value_is_the_bad_one_it_is_below() -> None:
    slow = replace(FACTS, level=2, value=18, unit="km/h", limits=(40, 30, 20, 15))

    assert inspector.limit_text(slow, ZH) == "Ⅱ级阈值 20\u2009km/h · 低 2\u2009km/h"


@pytest.mark.parametrize("state", ["stale", "lost", "offline"])
def test_a_value_that_stopped_says_since_when(state: str) -> None:
    shown = inspector.latest(replace(FACTS, state=state), NOON, ZH)

    assert "11:59:48" in text(styled(shown, "notice"))
    assert bool(styled(shown, "is-lost")) is (state != "stale")


def test_doubts_are_told_with_their_reasons() -> None:
    doubted = replace(FACTS, uncertain=("clock_ahead", "out_of_bounds"))

    assert "时钟快 5 min 以上 · 位置在城市之外" in text(inspector.latest(doubted, NOON, ZH))


def test_the_inspector_tells_both_times_the_datum_and_the_pair_that_was_sent() -> None:
    sent = replace(FACTS, datum="gcj02", sent_place=(110.3403, 19.9994))
    said = text(inspector.details(sent, NOON, ZH))

    for part in (
        "11:59:48",
        "200\u2009ms",
        "GCJ-02",
        "110.34030 E 19.99940 N",
        "龙华区",
        "22266-38742",
    ):
        assert part in said


def test_a_clock_that_is_ahead_is_told() -> None:
    ahead = replace(FACTS, observed_at=NOON + timedelta(minutes=10))

    assert "sender's clock 10 min ahead" in text(inspector.details(ahead, NOON, EN))


def test_a_link_to_nothing_says_so() -> None:
    assert "sw/rain/X" in text(inspector.missing("sw/rain/X", ZH))


def test_a_row_has_its_level_as_digit_word_and_class() -> None:
    row = things.thing_row(ROW, None, NOON_MS, ZH)

    (mark,) = styled(row, "is-level-1")
    assert (mark.children, getattr(mark, "aria-label")) == ("1", "Ⅰ级")
    assert row.tabIndex == 0


def test_a_lost_row_is_struck_through_and_says_the_word() -> None:
    row = things.thing_row(replace(ROW, state="lost"), ROW.thing, NOON_MS, ZH)

    assert "43 cm" in text(styled(row, "struck"))
    assert "◆ 中断" in text(row)
    assert "is-selected" in row.className


@pytest.mark.parametrize(
    ("listing", "said"),
    [
        (Listing((), 0, 0, False), "还没有对象"),
        (Listing((), 0, 3000, True), "没有达到等级的对象"),
        (Listing((), 0, 3000, False), "所选图层与范围内没有对象"),
    ],
)
def test_an_empty_list_says_why(listing: Listing, said: str) -> None:
    shown = things.table(listing, NOON_MS, ZH)

    assert said in text(shown)
    assert shown.className == "empty"


def test_a_layer_tells_counts_rate_and_age() -> None:
    row = layers.layer_row(replace(LAYER, rate=2.04), NOON_MS, ZH)

    for part in ("59/60", "2 条/s", "5 s"):
        assert part in text(row)
    assert not styled(row, "layer-note")


@pytest.mark.parametrize(
    ("state", "said"), [("late", "◷ 迟到"), ("lost", "◆ 中断"), ("never", "未接入")]
)
def test_a_layer_in_trouble_has_shape_and_word(state: str, said: str) -> None:
    row = layers.layer_row(replace(LAYER, state=state, rejected=12), NOON_MS, ZH)

    (note,) = styled(row, "layer-note")
    assert text(note) == f"{said}  ·  拒收 12"


def test_layers_are_filtered_by_name() -> None:
    groups = [LayerGroup("市气象局", [LAYER, replace(LAYER, name="wind", label="风力站")])]

    assert "雨量站" not in text(layers.rows(groups, "风", NOON_MS, ZH))
    assert "没有叫“x”的图层" in text(layers.rows(groups, "x", NOON_MS, ZH))


def test_a_feed_shows_why_messages_were_rejected() -> None:
    letter = Letter("not_json", "the payload is not JSON", "cb/v1/…", "{", 1, NOON)
    rejected = replace(
        FEED, rejected=3, rejected_by=[("not_json", 2), ("bad_new", 1)], letters=[letter]
    )
    said = text(feed.opened(rejected, NOON, ZH))

    for part in ("3 · 不是 JSON 2 · bad_new 1", "the payload is not JSON", "12:00:00"):
        assert part in said


def test_a_feed_that_was_never_heard_says_so() -> None:
    assert "从未收到" in text(feed.opened(replace(FEED, state="never"), NOON, ZH))


def test_a_search_without_result_says_what_was_sought() -> None:
    assert search.results([], "  ", ZH) == []
    assert "没有找到“龙”" in text(search.results([], " 龙 ", ZH))

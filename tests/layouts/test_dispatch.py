"""The page of dispatch in plain values: what is drawn of queue, board and candidates."""

import pytest

from layouts.panels import dispatch_board as board
from layouts.panels import dispatch_pick as pick
from layouts.panels import dispatch_queue as queue
from layouts.words import ALL, Words

LANGUAGES = pytest.mark.parametrize("words", ALL.values(), ids=ALL.keys())


def unit(name: str, status: str, **more: object) -> board.UnitCard:
    facts = {"id": f"sw/pumptruck/{name}", "name": name, "what": "", "status": status} | more
    return board.UnitCard(**facts)  # type: ignore[arg-type]


def candidate(**more: object) -> pick.PickRow:
    facts = {
        "unit": "sw/pumptruck/PT-0007", "name": "PT-0007", "what": "", "org": "",
        "department": "sw", "eta_s": 370.0, "distance_m": 3240.0, "by_road": True,
    } | more  # fmt: skip
    return pick.PickRow(**facts)  # type: ignore[arg-type]


@LANGUAGES
def test_every_base_type_has_a_column(words: Words) -> None:
    statuses = ("available", "assigned", "en_route", "on_scene", "busy", "returning", "off_duty",
                "out_of_contact", "")  # fmt: skip
    shown = board.shown(board.Board(units=[unit(one or "none", one) for one in statuses]), words)

    assert sum(lane["count"] for lane in shown["lanes"]) == len(statuses)
    assert all(lane["label"] and lane["glyph"] for lane in shown["lanes"])


def test_signs_of_columns_differ() -> None:
    for words in ALL.values():
        signs = [words(f"unit_glyph.{name}") for name, _ in board.LANES]
        assert len(set(signs)) == len(signs)


def test_who_has_been_longest_in_a_status_comes_first() -> None:
    units = [unit("new", "on_scene", since_ms=2000), unit("old", "on_scene", since_ms=1000)]

    shown = board.shown(board.Board(units=units), ALL["zh"])

    lane = next(one for one in shown["lanes"] if one["name"] == "on_scene")
    assert [card["name"] for card in lane["cards"]] == ["old", "new"]


def test_a_column_that_is_too_long_says_how_many_more_there_are() -> None:
    units = [unit(f"U{number}", "available") for number in range(board.MOST_CARDS + 27)]

    shown = board.shown(board.Board(units=units), ALL["zh"])

    assert (len(shown["lanes"][0]["cards"]), shown["lanes"][0]["more"]) == (40, "另 27")


def test_a_chosen_department_hides_the_others_also_from_the_map() -> None:
    units = [unit("A", "available", department="sw", pos=(110.3, 20.0)),
             unit("B", "available", department="ga", pos=(110.3, 20.0))]  # fmt: skip

    shown = board.shown(board.Board(units=units, chosen=frozenset({"sw"})), ALL["zh"])

    assert [one["name"] for one in shown["units"]] == ["A"]
    assert shown["lanes"][0]["count"] == 1


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, ("1", "秒")), (40, ("40", "秒")), (370, ("6", "分")), (float("inf"), ("—", ""))],
)
def test_a_time_on_the_way_is_said_in_minutes(seconds: float, said: tuple[str, str]) -> None:
    assert pick.eta(seconds, ALL["zh"]) == said


def test_a_straight_line_is_named_as_such() -> None:
    zh = ALL["zh"]

    assert pick.row(candidate(), zh)["distance"] == "3.2 km"
    assert pick.row(candidate(by_road=False, distance_m=640), zh)["distance"] == "640 m 直线"


@LANGUAGES
def test_caveats_stand_behind_the_reasons(words: Words) -> None:
    shown = pick.row(candidate(reasons=("near",), caveats=("low fuel",)), words)

    assert (shown["why"], shown["caveats"]) == (["near", "low fuel"], 1)


def test_left_out_says_how_many_for_each_reason() -> None:
    shown = pick.shown(pick.Pick(left_out_counts=(("半径外", 52), ("休整", 6))), ALL["zh"])

    assert shown["leftOut"]["text"] == "未列入 58：半径外 52 · 休整 6"


@LANGUAGES
def test_nothing_open_says_what_to_do(words: Words) -> None:
    shown = pick.nothing(words)

    assert shown["head"] is None
    assert all(shown["empty"])


@LANGUAGES
def test_a_waiting_case_is_read_aloud_with_its_level(words: Words) -> None:
    row = queue.WaitRow(id="HK1", level=1, title="Flood", place="here", sources="", since_ms=0)

    shown = queue.shown(queue.DispatchQueue(waiting=[row], waiting_count=1), words)

    assert "Ⅰ" in shown["waiting"][0]["said"]
    assert shown["counts"]["waiting"] == "1"

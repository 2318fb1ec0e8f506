"""The queue as data for the browser: every text said, nothing by colour alone, nothing dropped."""

from typing import Any

import pytest

from layouts.panels.queue import MOST_ROWS, AlarmRow, Queue, forbidden, panel, shown
from layouts.words import words
from tests.layouts.parts import styled, text

ZH, EN = words("zh"), words("en")


def row(number: int = 1, level: int = 1, **facts: Any) -> AlarmRow:
    given = {"id": f"alarm-{number}", "title": "积水 43 cm", "place": "美兰 · 国兴大道", **facts}
    return AlarmRow(level=level, since_ms=1, **given)


def drawn(*rows: AlarmRow, **facts: Any) -> Any:
    return shown(Queue(rows=rows, **facts), ZH)


def test_groups_are_the_levels_that_have_rows() -> None:
    data = drawn(row(1, 3), row(2, 1), totals={1: (1, 1), 3: (0, 1)})

    assert [(one["label"], one["word"], one["sum"]) for one in data["groups"]] == [
        ("Ⅰ级", "特别重大", "未确认 1 / 1"),
        ("Ⅲ级", "较大", "未确认 0 / 1"),
    ]


def test_a_row_says_level_what_where_and_whether_it_waits() -> None:
    (one,) = drawn(row(is_acknowledged=True, owner="陈雨欣"))["groups"][0]["rows"]

    assert one["said"] == "Ⅰ级, 积水 43 cm, 美兰 · 国兴大道, 已确认"
    assert one["owner"] == "陈雨欣"


def test_chatter_and_children_are_counted() -> None:
    (one,) = drawn(row(times=4, merged=6))["groups"][0]["rows"]

    assert (one["times"], one["merged"]) == ("×4", "并 6")


def test_what_has_cleared_unacknowledged_stays_and_says_so() -> None:
    (one,) = drawn(row(is_cleared=True))["groups"][0]["rows"]

    assert one["state"] == "is-unacknowledged is-cleared"
    assert one["note"] == "已恢复"


def test_a_level_is_acknowledged_at_once_only_where_several_wait_and_one_may() -> None:
    assert drawn(row(), totals={1: (2, 2)})["groups"][0]["all"] == "全部确认 2"
    assert drawn(row(), totals={1: (1, 2)})["groups"][0]["all"] == ""
    assert drawn(row(), totals={1: (2, 2)}, may_acknowledge=False)["groups"][0]["all"] == ""


@pytest.mark.parametrize(("load", "is_flood"), [(10, False), (11, True)])
def test_the_meter_tells_when_it_is_too_much(load: int, is_flood: bool) -> None:
    data = drawn(load=load, limit=10)["load"]

    assert data["is_flood"] is is_flood
    assert data["share"] == 1.0


def test_rows_that_are_not_drawn_are_told() -> None:
    data = drawn(*(row(number) for number in range(MOST_ROWS + 7)))

    assert data["foot"] == "另有 7 条未显示"
    assert sum(len(one["rows"]) for one in data["groups"]) == MOST_ROWS


def test_an_empty_queue_says_why() -> None:
    assert drawn(last_acknowledged="16:31:02")["empty"]["hint"] == "上一条 16:31:02 已确认"
    assert drawn(levels=frozenset({2}))["empty"]["text"] == "所选等级没有告警"
    assert "值班长" in forbidden("值班长", ZH)["empty"]["hint"]


def test_the_panel_has_tabs_load_and_the_list_of_things() -> None:
    for said in (ZH, EN):
        shown_panel = panel(said)
        tabs = styled(shown_panel, "queue-tabs")[0].children
        assert len(tabs) == 5
        assert said("alarms.load") in text(shown_panel)
        assert styled(shown_panel, "things")

"""Charts in the colours of the page."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from layouts import charts
from layouts.charts import PALETTES, Series, sparkline

TOKENS = (Path(__file__).parents[2] / "assets" / "1-tokens.css").read_text()
NOON = datetime(2026, 9, 17, 4, 0, tzinfo=UTC)
PONDING = (5, 15, 27, 40)
FLOW = (40, 30, 20, 15)


def tokens(theme: str) -> dict[str, str]:
    start = TOKENS.index('[data-theme="light"]') if theme == "light" else TOKENS.index(":root")
    block = TOKENS[start : TOKENS.index("}", start)]
    return {
        name: value.upper() for name, value in re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6})", block)
    }


@pytest.mark.parametrize("theme", PALETTES)
def test_the_palette_is_that_of_the_style_sheet(theme: str) -> None:
    known = tokens(theme)

    assert {name: known[name] for name in PALETTES[theme]} == dict(PALETTES[theme])


def series(*values: float | None, limits: tuple[float, ...] = ()) -> Series:
    return Series([(NOON + timedelta(minutes=k), v) for k, v in enumerate(values)], "cm", limits)


def test_a_reading_stands_at_the_time_of_the_city() -> None:
    trace = sparkline(series(3, None, 4), "dark")["data"][0]

    assert trace["x"] == ["2026-09-17T12:00:00", "2026-09-17T12:01:00", "2026-09-17T12:02:00"]
    assert trace["y"] == [3, None, 4]


@pytest.mark.parametrize(
    ("values", "limits", "levels"),
    [
        ((1, 2), PONDING, [4]),
        ((6, 2), PONDING, [4, 3]),
        ((45,), PONDING, [4, 3, 2, 1]),
        ((55,), FLOW, [4]),
        ((25,), FLOW, [4, 3, 2]),
        ((6,), (), []),
        ((None,), PONDING, []),
    ],
)
def test_limits_are_drawn_up_to_the_next_one(
    values: tuple[float, ...], limits: tuple[float, ...], levels: list[int]
) -> None:
    figure = sparkline(series(*values, limits=limits), "light")

    assert [level for level, _ in charts.reached(series(*values, limits=limits))] == levels
    assert len(figure["layout"]["shapes"]) == len(levels)
    digits = [note["text"] for note in figure["layout"]["annotations"]]
    assert digits == [f"<b> {level} </b>" for level in levels]


def test_names_of_limits_that_would_cover_one_another_give_way_to_the_worst() -> None:
    figure = sparkline(series(0, 400, limits=PONDING), "light")

    assert [note["text"] for note in figure["layout"]["annotations"]] == ["<b> 1 </b>"]
    assert len(figure["layout"]["shapes"]) == 4


def test_an_unknown_theme_is_dark() -> None:
    assert sparkline(series(1), None) == sparkline(series(1), "dark")

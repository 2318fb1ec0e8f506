"""Numbers, spans and times as operators read them."""

from datetime import UTC, datetime

import pytest

from layouts import figures

NOON = datetime(2026, 9, 17, 4, 0, tzinfo=UTC)  # 12:00 in China


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "—"), (float("nan"), "—"), (43, "43"), (43.0, "43"), (-0.3, "−0.3"),
        (24816, "24,816"), (1655.4, "1,655"), (12.34, "12.3"), (0.256, "0.26"), (20.0, "20"),
        (20.04, "20"),
    ],
)  # fmt: skip
def test_numbers(value: float | None, said: str) -> None:
    assert figures.number(value) == said


def test_a_unit_stands_after_a_thin_space() -> None:
    assert figures.number(43, "cm") == "43\u2009cm"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "0 s"), (12, "12 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (3 * 86400, "3 d")],
)
def test_spans(seconds: float, said: str) -> None:
    assert figures.span(seconds) == said


@pytest.mark.parametrize(
    ("ms", "said"),
    [(None, "—"), (34.6, "35\u2009ms"), (1500, "1.5\u2009s"), (600_000, "10 min")],
)
def test_delays(ms: float | None, said: str) -> None:
    assert figures.delay(ms) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 9, 17, 8, 48, 21, tzinfo=UTC), "16:48:21"),
        (datetime(2026, 9, 16, 14, 18, tzinfo=UTC), "09-16 22:18"),
        (datetime(2025, 12, 31, 0, 0, tzinfo=UTC), "2025-12-31 08:00"),
        (None, "—"),
    ],
)
def test_instants(at: datetime | None, said: str) -> None:
    assert figures.instant(at, NOON) == said


def test_positions() -> None:
    assert figures.position(110.3568, 20.022) == "110.35680 E 20.02200 N"
    assert figures.position(-0.5, -33.0) == "0.50000 W 33.00000 S"

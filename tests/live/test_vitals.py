"""The figures of the status bar."""

from city.feeds import FeedCard
from live.vitals import Vitals
from store.health import FeedCounts

NOW_MS = 1_800_000_000_000
CARDS = {name: FeedCard(name, name, name, "sw", 60) for name in ("rain", "bus", "hfp")}


def counts(age_s: float | None, rate: float = 0, delays: tuple[int, int] = (0, 0)) -> FeedCounts:
    heard_ms = 0 if age_s is None else int(NOW_MS - age_s * 1000)
    histogram = [0] * 12
    histogram[0], histogram[5] = delays
    return FeedCounts(heard_ms=heard_ms, rate=rate, delays=histogram)


def test_late_and_lost_feeds_are_counted_and_silent_ones_are_not_missed() -> None:
    feeds = {
        "rain": counts(10, 2.0),
        "bus": counts(100, 3.04),
        "hfp": counts(400),
        "new": counts(None),
    }
    figures = Vitals(CARDS).figures(feeds, NOW_MS)

    assert (figures["feeds"], figures["late"], figures["lost"]) == (3, 1, 1)
    assert figures["rate"] == 5.0


def test_the_delay_is_that_of_the_last_minute() -> None:
    vitals = Vitals(CARDS)
    vitals.figures({"rain": counts(1, delays=(0, 1000))}, NOW_MS)
    figures = vitals.figures({"rain": counts(1, delays=(100, 1000))}, NOW_MS)

    assert figures["delay_p95_ms"] is not None
    assert figures["delay_p95_ms"] <= 50


def test_a_city_without_feeds_has_no_delay() -> None:
    assert Vitals(CARDS).figures({}, NOW_MS)["delay_p95_ms"] is None

"""The catalogue of feeds: complete, without overlaps, each with its topic and its samples."""

import json
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from city.kinds import KINDS
from feeds.catalog import all_feeds
from feeds.feed import Feed
from feeds.topics import matches

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "samples"
FEEDS = all_feeds()
DECLARED = [feed for feed in FEEDS if not feed.is_fallback]


def by_name(feed: Feed) -> str:
    return feed.name


def topic_in(about: str) -> str:
    """The topic that a docstring shows: its first indented line."""
    return next(line.strip() for line in about.splitlines() if line.startswith("    "))


def may_both_hear(one: str, other: str) -> bool:
    """Whether some topic is heard by both filters."""
    for here, there in zip(one.split("/"), other.split("/"), strict=False):
        if "#" in (here, there):
            return True
        if "+" not in (here, there) and here != there:
            return False
    return len(one.split("/")) == len(other.split("/"))


def test_every_kind_of_the_city_has_a_feed() -> None:
    assert {kind.name for kind in KINDS} <= {feed.name for feed in FEEDS}


def test_names_are_unique() -> None:
    assert [name for name, count in Counter(map(by_name, FEEDS)).items() if count > 1] == []


def test_a_feed_is_named_after_its_file() -> None:
    files = {path.stem for path in (ROOT / "feeds" / "sources").glob("[a-z]*.py")}

    assert {feed.name for feed in FEEDS} == files


def test_filters_overlap_only_with_the_one_fallback() -> None:
    overlaps = [
        (one.name, other.name)
        for one, other in combinations(DECLARED, 2)
        if may_both_hear(one.topic_filter, other.topic_filter)
    ]

    assert overlaps == []
    assert [feed.name for feed in FEEDS if feed.is_fallback] == ["undeclared"]


@pytest.mark.parametrize("feed", FEEDS, ids=by_name)
def test_a_feed_says_who_it_is(feed: Feed) -> None:
    assert feed.zh
    assert feed.en
    assert feed.period_s > 0
    assert feed.department or feed.is_fallback


@pytest.mark.parametrize("feed", FEEDS, ids=by_name)
def test_the_docstring_shows_a_topic_that_the_feed_hears(feed: Feed) -> None:
    assert matches(feed.topic_filter, topic_in(feed.about))


@pytest.mark.parametrize("feed", FEEDS, ids=by_name)
def test_a_feed_has_samples_and_hears_them(feed: Feed) -> None:
    topics = [json.loads(p.read_text())["topic"] for p in (SAMPLES / feed.name).glob("*.json")]

    assert topics
    assert all(matches(feed.topic_filter, topic) for topic in topics)


def test_no_samples_lie_in_a_folder_without_a_feed() -> None:
    assert {path.parent.name for path in SAMPLES.glob("*/*")} <= {feed.name for feed in FEEDS}

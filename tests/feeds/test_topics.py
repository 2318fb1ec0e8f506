"""Topics: what filters hear, which feed a topic belongs to, what is wrong with a bad one."""

import pytest

from feeds.catalog import all_feeds
from feeds.feed import BadMessage
from feeds.topics import Router, address, matches


@pytest.mark.parametrize(
    ("topic_filter", "topic", "heard"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/+", "a/b", True),
        ("a/+", "a/", True),
        ("a/+", "a", False),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("/hfp/#", "/hfp/v2/journey/ongoing", True),
        ("hfp/#", "/hfp/v2", False),
        ("a/+/c", "a/b b/c", True),
    ],
)
def test_a_filter_hears_what_mqtt_says_it_does(topic_filter: str, topic: str, heard: bool) -> None:
    assert matches(topic_filter, topic) is heard


def test_an_address_has_its_parts() -> None:
    place = address("cb/v1/460106/sw/waterlogging/WL-0007/data")

    assert (place.adcode, place.thing, place.channel) == (
        460106,
        "sw/waterlogging/WL-0007",
        "data",
    )


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("cb/v2/460106/sw/waterlogging/WL-0007/data", "unknown_version"),
        ("cb/", "unknown_version"),
        ("cb/v1", "bad_topic"),
        ("cb/v1/460106/sw/waterlogging/WL-0007", "bad_topic"),
        ("cb/v1/460106/sw/waterlogging/WL-0007/data/", "bad_topic"),
        ("cb/v1/4601/sw/waterlogging/WL-0007/data", "bad_topic"),
        ("cb/v1/４６０１０６/sw/waterlogging/WL-0007/data", "bad_topic"),
        ("cb/v1/060106/sw/waterlogging/WL-0007/data", "bad_topic"),
        ("cb/v1/460106//waterlogging/WL-0007/data", "bad_topic"),
        ("cb/v1/460106/sw/water logging/WL-0007/data", "bad_topic"),
        ("cb/v1/460106/sw/waterlogging/WL 7/data", "bad_topic"),
        ("cb/v1/460106/sw/waterlogging/WL-7\n/data", "bad_topic"),
        ("cb/v1/460106/sw/waterlogging/" + "x" * 65 + "/data", "bad_topic"),
        ("cb/v1/460106/sw/waterlogging/WL-0007/cmd", "unknown_channel"),
        ("cb/v1/460106/sw/waterlogging/WL-0007/ack", "unknown_channel"),
        ("cb/v1/460106/sw/waterlogging/WL-0007/Data", "unknown_channel"),
    ],
)
def test_a_bad_topic_is_refused_with_its_reason(topic: str, reason: str) -> None:
    with pytest.raises(BadMessage) as refused:
        address(topic)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("topic", "feed"),
    [
        ("cb/v1/460106/sw/waterlogging/WL-0007/data", "waterlogging"),
        ("cb/v1/460106/sw/waterlogging/bad name/data", "waterlogging"),
        ("cb/v1/460106/zj/crane/TC-09/data", "undeclared"),
        ("cb/v9/whatever", "undeclared"),
        ("/hfp/v2/journey/ongoing/vp/bus/0018/01029", "hfp"),
        ("/hfp/v1/journey", "hfp"),
    ],
)
def test_a_topic_belongs_to_the_feed_that_hears_it(topic: str, feed: str) -> None:
    assert Router(all_feeds()).route(topic).name == feed


@pytest.mark.parametrize("topic", ["", "/", "zigbee2mqtt/lamp", "hfp/v2/journey", "cbx/v1"])
def test_a_topic_that_nobody_hears_is_refused(topic: str) -> None:
    with pytest.raises(BadMessage) as refused:
        Router(all_feeds()).route(topic)

    assert refused.value.reason == "no_feed"

"""Duplicates: known by identity, whether they are marked or not; order does not matter."""

import json

from city.records import Batch
from feeds.dedup import Recent
from tests.feeds.readers import decode

TOPIC = "cb/v1/460106/sw/waterlogging/WL-{}/data"


def batch(*named: tuple[int, int]) -> Batch:
    """Readings by number of thing and minute."""
    return decode(
        *(
            (TOPIC.format(thing), json.dumps({"ts": f"2026-09-06T07:{minute:02d}:00Z", "seq": 1}))
            for thing, minute in named
        )
    ).batch


def test_what_came_before_is_not_new() -> None:
    recent = Recent()

    assert recent.filter(batch((1, 1), (1, 2), (2, 1))).all()
    assert recent.filter(batch((2, 1), (1, 3), (1, 1))).tolist() == [False, True, False]


def test_the_second_of_two_in_one_batch_is_not_new() -> None:
    assert Recent().filter(batch((1, 1), (1, 1), (1, 2))).tolist() == [True, False, True]


def test_what_comes_out_of_order_is_new() -> None:
    recent = Recent()
    recent.filter(batch((1, 9)))

    assert recent.filter(batch((1, 3), (1, 8))).all()


def test_what_the_store_has_is_not_new() -> None:
    recent = Recent()
    recent.warm(batch((1, 1)))

    assert recent.filter(batch((1, 1), (1, 2))).tolist() == [False, True]


def test_channels_sequences_and_things_are_told_apart() -> None:
    meta = '{"ts":"2026-09-06T07:00:00Z","seq":1}'
    topics = [TOPIC.format(1), TOPIC.format(1).replace("data", "meta"), TOPIC.format(2)]
    other = meta.replace('"seq":1', '"seq":2')

    found = decode(*((topic, meta) for topic in topics), (topics[0], other)).batch

    assert Recent().filter(found).all()


def test_readings_without_a_sequence_are_told_apart_by_what_they_say() -> None:
    said = '{"ts":"2026-09-06T07:00:00Z","values":{"depth_cm":%d}}'
    topic = TOPIC.format(1)

    found = decode((topic, said % 1), (topic, said % 2), (topic, said % 1)).batch

    assert Recent().filter(found).tolist() == [True, True, False]


def test_memory_is_bounded_and_forgets_the_oldest_first() -> None:
    recent = Recent(generation=2)
    for minute in range(10):
        recent.filter(batch((1, minute)))

    assert recent.filter(batch((1, 0))).tolist() == [True]
    assert recent.filter(batch((1, 9))).tolist() == [False]
    assert len(recent) <= 4


def test_an_empty_batch_is_nothing() -> None:
    assert len(Recent().filter(batch())) == 0

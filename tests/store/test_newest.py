"""The newest of everything is the same in whatever order it was told, and by whomever."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.records import RECORD, Batch
from feeds.catalog import all_feeds
from feeds.decoding import Decoder
from geo.areas import AreaIndex
from geo.ground import Ground
from store import rows, tail
from store.newest import NewestTable
from tests.publisher import HAIKOU, haikou

NOW = datetime(2026, 9, 6, 7, 12, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
DISTRICTS = json.loads((HAIKOU.parent / haikou().districts).read_text())
DECODER = Decoder(all_feeds(), Ground(AreaIndex.from_features(DISTRICTS), haikou().bounds))
THING = "cb/v1/460106/sw/waterlogging/WL-1"


def decoded(topic: str, payload: str, received_ms: int) -> Batch:
    found = DECODER.decode_batch([topic.encode()], [payload.encode()], received_ms)
    assert not found.dead
    return found.batch


def reading(second: int, seq: int | None, depth: float, lag: int) -> Batch:
    """Of a numbered reading the depth follows from its number: it is sent again as it was."""
    depth = depth if seq is None else seq / 2
    sequence = "" if seq is None else f'"seq":{seq},'
    said = f'{{"ts":"2026-09-06T07:10:{second:02d}Z",{sequence}"values":{{"depth_cm":{depth}}}}}'
    return decoded(f"{THING}/data", said, NOW_MS - 60_000 + lag)


def registration(place: int) -> Batch:
    said = f'{{"pos":[110.3{place},20.0],"period_s":60}}'
    return decoded(f"{THING}/meta", said, NOW_MS - 90_000 + place)


def presence(word: str, lag: int) -> Batch:
    return decoded(f"{THING}/state", word, NOW_MS - 30_000 + lag)


FACTS = st.one_of(
    st.builds(
        reading,
        st.integers(0, 3),
        st.one_of(st.none(), st.integers(0, 2)),
        st.sampled_from([1.0, 2.0, 3.0]),
        st.integers(0, 3),
    ),
    st.builds(registration, st.integers(1, 3)),
    st.builds(presence, st.sampled_from(["online", "offline"]), st.integers(0, 3)),
)


def folded(batches: list[Batch]) -> tuple[object, ...]:
    table = NewestTable()
    for batch in batches:
        table.apply(batch)
    return (
        table.ids,
        [table.records[name].tobytes() for name in RECORD.names if name != "thing"],
        table.payloads,
        table.online.tolist(),
        table.level.tolist(),
        table.properties(0, NOW),
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(FACTS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_any_order_and_any_cut_into_batches_gives_the_same(facts, chance) -> None:
    shuffled = list(facts)
    chance.shuffle(shuffled)
    half = len(shuffled) // 2

    one_by_one = folded(facts)

    assert folded(shuffled) == one_by_one
    assert folded([tail.joined(shuffled)]) == one_by_one
    settled = rows.unpack(rows.winners(tail.joined(shuffled[:half])).items())
    assert folded([tail.joined([settled, *shuffled[half:]])]) == one_by_one


def test_an_older_reading_never_moves_the_newest_back() -> None:
    table = NewestTable()

    table.apply(reading(30, 5, 12.0, 0))
    changed = table.apply(reading(10, 4, 99.0, 5))

    assert not len(changed)
    assert table.properties(0, NOW)["values"] == {"depth_cm": 2.5}


def test_a_registration_places_a_thing_that_never_measured() -> None:
    table = NewestTable()

    table.apply(registration(2))

    feature = table.feature(0, NOW)
    assert feature["geometry"]["coordinates"] == pytest.approx([110.32, 20.0])
    assert feature["properties"]["observed_at"] is None


def test_what_is_offline_stays_so_until_something_newer_is_measured() -> None:
    table = NewestTable()
    table.apply(reading(30, 1, 1.0, 0))

    table.apply(presence("offline", 0))
    assert table.properties(0, NOW)["state"] == "offline"

    table.apply(
        decoded(f"{THING}/data", '{"ts":"2026-09-06T07:11:50Z","seq":2,"values":{}}', NOW_MS)
    )
    assert table.properties(0, NOW)["state"] != "offline"

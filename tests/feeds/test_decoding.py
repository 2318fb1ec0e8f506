"""Batches: what is counted, what is kept of the unreadable, what doubts a reading carries."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from city.health import DEAD_LETTER_BYTES, DELAY_EDGES_MS
from feeds.standards.refusals import MEANINGS, Reason
from tests.feeds.readers import NOW, NOW_MS, careful_decoder, decode, decoder, told

WAYS = {"bulk": decoder(), "careful": careful_decoder()}
TOPIC = "cb/v1/460106/sw/waterlogging/WL-0007/data"
PATROL = "cb/v1/460106/zhzf/patrol/P-012/data"
EVENT = "cb/v1/460106/rx/hotline/HL-1/event"
META = "cb/v1/460106/sw/waterlogging/WL-0007/meta"
STATE = "cb/v1/460106/sw/waterlogging/WL-0007/state"


def reading(at: datetime = NOW, **said: object) -> str:
    return json.dumps({"ts": at.isoformat(), **said})


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        (TOPIC, reading()[:-1], "not_json"),
        (TOPIC, reading(values=3), "bad_values"),
        (TOPIC, reading(values={"depth_cm": [1]}), "bad_values"),
        (TOPIC, reading(values={"depth_cm": {"a": 1}}), "bad_values"),
        (TOPIC, reading(values={"depth_cm": "31.5"}), "bad_values"),
        (TOPIC, reading(q="fine"), "bad_values"),
        (TOPIC, reading(q=1), "bad_shape"),
        (TOPIC, reading(seq=-1), "bad_shape"),
        (TOPIC, reading(seq=1.5), "bad_shape"),
        (TOPIC, reading(seq=True), "bad_shape"),
        (TOPIC, reading(seq=2**63), "bad_shape"),
        (TOPIC, reading(status=["a"]), "bad_shape"),
        (TOPIC, reading(speed_mps="6"), "bad_shape"),
        (TOPIC, reading(heading_deg=True), "bad_shape"),
        (TOPIC, "{}", "bad_time"),
        (TOPIC, '{"ts":null}', "bad_time"),
        (TOPIC, '{"ts":1788678600}', "bad_time"),
        (TOPIC, '{"ts":"2026-09-06T07:10:00"}', "bad_time"),
        (TOPIC, '{"ts":"2026-09-06"}', "bad_time"),
        (TOPIC, '{"ts":"2026-02-30T07:10:00Z"}', "bad_time"),
        (TOPIC, '{"ts":"1969-12-31T23:59:59Z"}', "bad_time"),
        (TOPIC, '{"ts":"2100-01-01T00:00:00Z"}', "bad_time"),
        (PATROL, reading(pos=[20.03, 110.33]), "bad_position"),
        (PATROL, reading(pos=[181, 0]), "bad_position"),
        (PATROL, reading(pos=[110.33]), "bad_position"),
        (PATROL, reading(pos="110.33,20.03"), "bad_position"),
        (PATROL, reading(pos={"lon": 110.33, "lat": 20.03}), "bad_position"),
        (PATROL, reading(pos=["110.33", "20.03"]), "bad_position"),
        (PATROL, reading(pos=[110.33, 20.03], datum="GCJ-02"), "bad_datum"),
        (PATROL, reading(pos=[110.33, 20.03], datum=["wgs84"]), "bad_datum"),
        (EVENT, reading(title="积水"), "bad_shape"),
        (EVENT, reading(id=""), "bad_shape"),
        (EVENT, reading(id=12), "bad_shape"),
        (EVENT, reading(id="HL-1", severity=5), "bad_values"),
        (EVENT, reading(id="HL-1", severity=True), "bad_values"),
        (EVENT, reading(id="HL-1", severity=[1]), "bad_values"),
        (EVENT, reading(id="HL-1", title=4), "bad_shape"),
        (EVENT, '{"id":"HL-1"}', "bad_time"),
        (META, '{"period_s":0}', "bad_values"),
        (META, '{"period_s":"60"}', "bad_shape"),
        (META, '{"name":{"zh":4}}', "bad_shape"),
        (META, '{"name":["a"]}', "bad_shape"),
        (META, '{"units":["cm"]}', "bad_shape"),
        (META, "[]", "bad_shape"),
        (STATE, "", "not_json"),
        (STATE, "sleeping", "not_json"),
        (STATE, '"sleeping"', "bad_values"),
        (STATE, '{"state":1}', "bad_values"),
        (STATE, "[1]", "bad_values"),
    ],
)
def test_a_bad_message_is_refused_with_its_reason(
    topic: str, payload: str, reason: str, way: str
) -> None:
    decoded = decode((topic, payload), by=WAYS[way])

    assert [letter.reason for letter in decoded.dead] == [reason]
    assert decoded.dead[0].sentence.endswith(".")
    assert len(decoded.batch) == 0


def test_every_reason_is_explained_in_the_manual() -> None:
    assert set(MEANINGS) == set(Reason)


@pytest.mark.parametrize("payload", [b'{"order_id":"C-1-01"}', b"anything at all"])
def test_a_command_to_the_field_tells_us_nothing_and_is_no_dead_letter(
    way: str, payload: bytes
) -> None:
    decoded = WAYS[way].decode_batch([b"cb/v1/460106/sw/order/C-1-01/cmd"], [payload], NOW_MS)

    assert len(decoded.batch) == 0
    assert decoded.dead == []
    assert decoded.tallies == {}


def test_a_swapped_position_is_told_what_is_wrong() -> None:
    decoded = decode((PATROL, reading(pos=[20.03, 110.33])))

    assert "longitude comes first" in decoded.dead[0].sentence


def test_a_dead_letter_keeps_what_is_needed_to_find_the_sender(way: str) -> None:
    payload = b'{"ts":"' + b"x" * 5000

    [letter] = decode((TOPIC, payload), by=WAYS[way]).dead

    assert (letter.feed, letter.topic, letter.received_ms) == ("waterlogging", TOPIC, NOW_MS)
    assert (letter.payload, letter.size) == (payload[:DEAD_LETTER_BYTES], len(payload))


@pytest.mark.parametrize(
    ("topic", "feed"),
    [
        ("cb/v1/460106/sw/waterlogging/WL 7/data", "waterlogging"),
        ("cb/v2/460106/sw/waterlogging/WL-7/data", "undeclared"),
        ("elsewhere", "undeclared"),
        ("cb/v1/\udcff/data", "undeclared"),
        ("/hfp/v2/journey", "hfp"),
    ],
)
def test_a_message_on_a_bad_topic_is_counted_for_the_nearest_feed(topic: str, feed: str) -> None:
    decoded = decode((topic, reading()))

    assert [letter.feed for letter in decoded.dead] == [feed]
    assert decoded.tallies[feed].rejected.total() == 1


@pytest.mark.parametrize(
    ("said", "quality"),
    [
        ({}, []),
        ({"q": "good"}, []),
        ({"q": "uncertain"}, ["said_uncertain"]),
        ({"q": "bad"}, ["said_bad"]),
        ({"values": {"depth_cm": 0}}, []),
        ({"values": {"depth_cm": 500}}, []),
        ({"values": {"depth_cm": 500.01}}, ["out_of_range"]),
        ({"values": {"depth_cm": -1}}, ["out_of_range"]),
        ({"values": {"depth_cm": 1e300}}, ["out_of_range"]),
        ({"values": {"depth_cm": None}}, []),
        ({"values": {"other": -1}}, []),
        ({"values": {"other": "open"}}, []),
        ({"speed_mps": 150.1}, ["out_of_range"]),
        ({"speed_mps": -0.1}, ["out_of_range"]),
        ({"heading_deg": 360}, []),
        ({"heading_deg": 361}, ["out_of_range"]),
        ({"heading_deg": -1}, ["out_of_range"]),
        ({"pos": [110.33, 20.03]}, []),
        ({"pos": [0, 0]}, ["out_of_bounds"]),
        ({"pos": [110.33, 20.03, 12.5]}, []),
        ({"values": None, "pos": None, "datum": None, "q": None, "seq": None}, []),
    ],
)
def test_a_doubt_is_kept_with_the_reading(
    said: dict[str, object], quality: list[str], way: str
) -> None:
    [fact] = told(decode((TOPIC, reading(**said)), by=WAYS[way]))

    assert fact.get("quality", []) == quality


@pytest.mark.parametrize(
    ("age", "quality"),
    [
        (timedelta(), []),
        (timedelta(minutes=-5), []),
        (timedelta(minutes=-5, milliseconds=-1), ["clock_ahead"]),
        (timedelta(hours=24), []),
        (timedelta(hours=24, milliseconds=1), ["late"]),
    ],
)
def test_the_clock_of_a_sender_is_held_against_ours(
    age: timedelta, quality: list[str], way: str
) -> None:
    [fact] = told(decode((TOPIC, reading(NOW - age)), by=WAYS[way]))

    assert fact.get("quality", []) == quality


def test_a_registration_may_be_old_without_being_late() -> None:
    decoded = decode((META, reading(NOW - timedelta(days=400), period_s=60)))

    assert "quality" not in told(decoded)[0]
    assert decoded.tallies["waterlogging"].delays == {}


def test_a_heading_of_360_is_north() -> None:
    [fact] = told(decode((PATROL, reading(heading_deg=360))))

    assert fact["heading_deg"] == 0


def test_payloads_are_kept_byte_for_byte(way: str) -> None:
    odd = b'{ "ts" : "2026-09-06T07:10:00Z", "pos":[110.332765, 20.028948], "datum":"gcj02" }'

    decoded = decode((PATROL, odd), (STATE, b" offline"), by=WAYS[way])

    assert list(decoded.batch.payloads) == [odd, b" offline"]
    assert decoded.batch.records["size"].tolist() == [len(odd), 8]


def test_an_event_is_known_by_its_id() -> None:
    first = reading(id="HL-1", title="道路积水")
    again = reading(id="HL-1", title="道路积水, 已处理")

    decoded = decode((EVENT, first), (EVENT, again), (EVENT, reading(id="HL-2")))

    one, other, third = decoded.batch.records["seq"].tolist()
    assert one == other != third


def test_a_thing_is_named_once_in_a_batch(way: str) -> None:
    decoded = decode(
        (TOPIC, reading(seq=1)), (PATROL, reading()), (TOPIC, reading(seq=2)), by=WAYS[way]
    )

    assert decoded.batch.things == ["sw/waterlogging/WL-0007", "zhzf/patrol/P-012"]
    assert decoded.batch.records["thing"].tolist() == [0, 1, 0]


def test_counts_say_what_happened(way: str) -> None:
    decoded = decode(
        (TOPIC, reading(NOW - timedelta(milliseconds=60))),
        (TOPIC, reading(NOW - timedelta(days=2))),
        (TOPIC, reading(q="bad")),
        (TOPIC, "rubbish"),
        (PATROL, reading()),
        by=WAYS[way],
    )

    ponding, patrol = decoded.tallies["waterlogging"], decoded.tallies["patrol"]
    assert (ponding.accepted, ponding.late, ponding.uncertain) == (3, 1, 1)
    assert ponding.rejected == {"not_json": 1}
    assert ponding.delays == {0: 1, 1: 1, len(DELAY_EDGES_MS): 1}
    assert (ponding.heard_ms, patrol.heard_ms, patrol.accepted) == (NOW_MS, NOW_MS, 1)
    assert decoded.tallies.keys() == {"waterlogging", "patrol"}


def test_rows_that_are_not_kept_are_counted_as_duplicates() -> None:
    decoded = decode(
        (TOPIC, reading(q="bad")), (PATROL, reading()), (TOPIC, reading(seq=2)), (TOPIC, "rubbish")
    )

    kept = decoded.keep(np.array([False, False, True]))

    assert kept.batch.things == ["sw/waterlogging/WL-0007"]
    assert kept.batch.records["thing"].tolist() == [0]
    assert list(kept.batch.payloads) == [reading(seq=2).encode()]
    ponding = kept.tallies["waterlogging"]
    assert (ponding.accepted, ponding.duplicate, ponding.uncertain) == (1, 1, 0)
    assert ponding.rejected == {"not_json": 1}
    assert (kept.tallies["patrol"].accepted, kept.tallies["patrol"].duplicate) == (0, 1)
    assert (len(kept.feeds), kept.dead) == (1, decoded.dead)


def test_an_empty_batch_is_nothing() -> None:
    decoded = decode()

    assert len(decoded.batch) == 0
    assert decoded.keep(np.ones(0, bool)).tallies == {}


def test_receipt_has_the_time_that_the_batch_was_given() -> None:
    at = datetime(2026, 9, 6, 7, 10, 2, 123_000, UTC)

    decoded = decode((STATE, "online"), received_ms=round(at.timestamp() * 1000))

    assert told(decoded)[0]["observed_at"] == "2026-09-06T07:10:02.123Z"

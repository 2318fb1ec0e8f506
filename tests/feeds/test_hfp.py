"""HSL's vehicles: topics with anything in them, bodies with nothing in them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.feed import BadMessage
from feeds.standards.hfp import EVENTS, Topic, read_body, read_topic
from tests.feeds.readers import decode, told

TOPIC = "/hfp/v2/journey/ongoing/vp/bus/0018/01029/1061/2/Itäkeskus (M)/09:52/1020106/3"
AT = "2026-09-06T07:10:00.412Z"
SAID = {"tst": AT, "tsi": 1788678600, "lat": 60.1755, "long": 24.9505, "spd": 8.25, "hdg": 204}


def body(event: str = "vp", **changed: Any) -> bytes:
    return json.dumps({event.upper(): SAID | changed}).encode()


@pytest.mark.parametrize(
    ("levels", "parts"),
    [
        ("", {}),
        ("/", {}),
        ("////////////", {}),
        ("/1061/2/Itäkeskus (M)/09:52/1020106/3/60;24/19/70/55",
         {"route": "1061", "direction": "2", "headsign": "Itäkeskus (M)", "start": "09:52",
          "next_stop": "1020106", "geohash_level": "3", "geohash": "60;24/19/70/55"}),
        ("/1061/2/Itäkeskus (M)/09:52//0/60;24/19/70/55/8841",
         {"route": "1061", "direction": "2", "headsign": "Itäkeskus (M)", "start": "09:52",
          "geohash_level": "0", "geohash": "60;24/19/70/55", "sid": "8841"}),
        ("/31M1/1/Kivenlahti / Matinkylä/09:52/1431",
         {"route": "31M1", "direction": "1", "headsign": "Kivenlahti / Matinkylä",
          "start": "09:52", "next_stop": "1431"}),
        ("/1061/2", {"route": "1061", "direction": "2"}),
        ("/1061/2/Rautatientori", {"route": "1061", "direction": "2",
                                   "headsign": "Rautatientori"}),
    ],
)  # fmt: skip
def test_levels_behind_the_vehicle_may_be_missing_or_empty(
    levels: str, parts: dict[str, str]
) -> None:
    topic = read_topic(f"/hfp/v2/journey/ongoing/vp/bus/0018/01029{levels}")

    assert topic == Topic("journey", "ongoing", "vp", "bus", "0018", "01029", **parts)


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("/hfp", "unknown_version"),
        ("/hfp/v1/journey/ongoing/bus/0018/01029", "unknown_version"),
        ("/hfp/v2/journey/ongoing/vp/bus/0018", "bad_topic"),
        ("/hfp/v2/journey/ongoing/VP/bus/0018/01029", "bad_topic"),
        ("/hfp/v2/journey/ongoing/zzz/bus/0018/01029", "bad_topic"),
        ("/hfp/v2/journey/ongoing/vp//0018/01029", "bad_topic"),
        ("/hfp/v2/journey/ongoing/vp/bus//01029", "bad_topic"),
        ("/hfp/v2/journey/ongoing/vp/bus/0018/", "bad_topic"),
        ("/hfp/v2/journey/ongoing/vp/bus/00 18/01029", "bad_topic"),
    ],
)
def test_a_topic_without_a_vehicle_is_refused(topic: str, reason: str) -> None:
    with pytest.raises(BadMessage) as refused:
        read_topic(topic)

    assert refused.value.reason == reason


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_every_event_type_tells_where_the_vehicle_is(event: str) -> None:
    [fact] = told(decode((TOPIC.replace("/vp/", f"/{event}/"), body(event))))

    assert fact["thing"] == "hsl/bus/0018-01029"
    assert fact["pos"] == [24.9505, 60.1755]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'{"DEP":{}}', "bad_shape"),
        (b'{"VP":{},"DEP":{}}', "bad_shape"),
        (b'{"vp":{}}', "bad_shape"),
        (b'{"VP":[]}', "bad_shape"),
        (b"{}", "bad_shape"),
        (b'{"VP":{}}', "bad_time"),
        (body(tst=None, tsi=None), "bad_time"),
        (body(tst="07:10"), "bad_time"),
        (body(tst=None, tsi="now"), "bad_time"),
        (body(tst=None, tsi=True), "bad_time"),
        (body(tst=None, tsi=10**18), "bad_time"),
        (body(lat=91), "bad_position"),
        (body(long=-181), "bad_position"),
        (body(lat="60.1"), "bad_position"),
        (body(spd="fast"), "bad_shape"),
        (body(hdg=[1]), "bad_shape"),
    ],
)
def test_a_body_that_says_nothing_certain_is_refused(payload: bytes, reason: str) -> None:
    with pytest.raises(BadMessage) as refused:
        read_body("vp", payload)

    assert refused.value.reason == reason


@pytest.mark.parametrize("missing", ["lat", "long"])
def test_a_vehicle_without_a_position_is_still_a_thing(missing: str) -> None:
    [fact] = told(decode((TOPIC, body(**{missing: None}, spd=None, hdg=None))))

    assert fact["thing"] == "hsl/bus/0018-01029"
    assert fact["observed_at"] == AT
    assert not fact.keys() & {"pos", "speed_mps", "heading_deg", "quality"}


def test_whole_seconds_are_taken_where_milliseconds_are_missing() -> None:
    assert told(decode((TOPIC, body(tst=None))))[0]["observed_at"] == "2026-09-06T07:10:00.000Z"


def test_nothing_of_a_message_is_lost_in_translation() -> None:
    payload = body(oper=6, veh=1029, dl=-60, stop=None, **{"dr-type": 1, "new": {"a": [1]}})

    [stored] = decode((TOPIC, payload)).batch.payloads

    said = json.loads(stored)
    assert said["pos"] == [24.9505, 60.1755]
    assert said["values"] | {"event": "vp", "dl": -60} == said["values"]
    assert (
        said["extra"] | {"oper": 6, "veh": 1029, "dr-type": 1, "new": {"a": [1]}} == said["extra"]
    )
    assert said["extra"]["topic"]["headsign"] == "Itäkeskus (M)"


def test_two_events_of_one_instant_are_two_readings() -> None:
    door = TOPIC.replace("/vp/", "/doo/")

    records = decode((TOPIC, body()), (door, body("doo"))).batch.records

    assert records["observed_ms"][0] == records["observed_ms"][1]
    assert records["seq"][0] != records["seq"][1]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*SAID, "occu", "dl", "drst", "stop", "x"]), VALUES))
def test_whatever_a_body_holds_it_is_a_fact_or_a_dead_letter(said: dict[str, Any]) -> None:
    payload = json.dumps({"VP": SAID | said}).encode()

    decoded = decode((TOPIC, payload))

    assert len(decoded.batch) + len(decoded.dead) == 1

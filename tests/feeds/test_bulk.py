"""The bulk path means exactly what the careful one means, whatever it is mixed with."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds.decoding import Decoded
from feeds.rows import Rows
from tests.feeds.readers import NOW_MS, careful_decoder, decode, decoder, told

BULK, CAREFUL = decoder(), careful_decoder()
TOPIC = "cb/v1/460106/sw/waterlogging/WL-0007/data"
GOOD = b'{"ts":"2026-09-06T07:10:00Z","seq":1,"values":{"depth_cm":31.5}}'

TOPICS = st.sampled_from(
    [
        TOPIC,
        "cb/v1/460106/sw/waterlogging/WL-0008/data",
        "cb/v1/460106/zhzf/patrol/P-012/data",
        "cb/v1/460100/jt/bus/B-1/data",
        "cb/v1/460106/zj/crane/TC-09/data",
        "cb/v1/460106/sw/pump/PS-1/data",
        "cb/v1/460106/sw/waterlogging/WL-0007/meta",
        "cb/v1/460106/sw/waterlogging/WL-0007/state",
        "cb/v1/460106/rx/hotline/HL-1/event",
        "cb/v2/460106/sw/waterlogging/WL-0007/data",
        "cb/v1/460106/sw/waterlogging/WL 7/data",
        "/hfp/v2/journey/ongoing/vp/bus/0018/01029",
        "elsewhere",
        "cb/v1/\udcff/sw",
    ]
)
STAMPS = st.sampled_from(
    [
        "2026-09-06T07:10:00Z",
        "2026-09-06T15:10:00.1234567+08:00",
        "2026-09-06T07:09:59.9996Z",
        "2026-09-06T07:30:00Z",
        "2026-09-01T07:10:00-03:30",
        "1969-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2026-09-06T07:10:00",
        "yesterday",
        "",
        None,
        1788678600,
    ]
)
NUMBERS = st.one_of(
    st.integers(-5, 500),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -0.0, 2**63, 10**30, 1e308, -1e-320, 9007199254740993]),
)
TEXTS = st.one_of(
    st.sampled_from(["", "available", "},{", "},\n{", '{"', "\\", '"', "积水", "[", "\u0000"]),
    st.text(max_size=6),
)
PLAIN = st.one_of(NUMBERS, TEXTS, st.booleans(), st.none())
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["depth_cm", "load_pct", "sump_m", "running", "door"])
READINGS = st.fixed_dictionaries(
    {"ts": STAMPS},
    optional={
        "seq": st.one_of(
            st.integers(0, 9), st.sampled_from([-1, 2**63 - 1, 2**63, 1.0, "1", True, None])
        ),
        "values": st.one_of(
            st.dictionaries(NAMES, PLAIN, max_size=3), st.none(), st.lists(PLAIN, max_size=2)
        ),
        "pos": st.one_of(
            st.tuples(st.floats(110, 111), st.floats(19.9, 20.1)),
            st.sampled_from(
                [None, [], [1], [110.3, 20.0, 12], [20.0, 110.3], ["110", "20"], [True, 1]]
            ),
        ),
        "datum": st.sampled_from(["wgs84", "cgcs2000", "gcj02", "bd09", "GCJ02", None, 4]),
        "speed_mps": st.one_of(NUMBERS, st.none(), st.just("fast")),
        "heading_deg": st.one_of(NUMBERS, st.none(), st.booleans()),
        "status": st.one_of(TEXTS, st.none(), st.just(7)),
        "q": st.sampled_from(["good", "uncertain", "bad", "fine", None, 1]),
        "extra": ANYTHING,
    },
)
WHOLE = st.builds(
    lambda said, spaced, ascii_only: as_json(said, spaced, ascii_only),
    READINGS,
    st.booleans(),
    st.booleans(),
)
PLAIN_ONES = st.builds(
    lambda seq, depth: (
        b'{"ts":"2026-09-06T07:10:00Z","seq":%d,"values":{"depth_cm":%d}}' % (seq, depth)
    ),
    st.integers(0, 99),
    st.integers(-10, 600),
)
HOSTILE = st.sampled_from(
    [
        b"",
        b"{",
        b"}",
        b"{}",
        b"null",
        b"online",
        b"\xff\xfe",
        b'{"ts":"2026-09-06T07:10:00Z","status":"},\n{"}',
        b'{"ts":"2026-09-06T07:10:00Z","status":"}',
        b'{"}',
        GOOD + b"," + GOOD,
        GOOD + b",\n" + GOOD,
        GOOD + b"\n",
        b" " + GOOD,
        GOOD[:-1] + b',"seq":1}',
        GOOD[:-1] + b',"seq":2}',
        GOOD[:-1] + b',"\\u0073eq":2}',
        GOOD[:-1] + b',"q":"good","q":"bad"}',
        GOOD[:-1] + b',"x":[{}',
        b"{}]}",
        GOOD[:-1] + b',"x":[1',
        b'{"ts":"2026-09-06T07:10:00Z","values":{"depth_cm":1,"depth_cm":2}}',
        b'{"ts":"2026-09-06T07:10:00Z","values":{"depth_cm":1}',
        b'{"ts":"2026-09-06T07:10:00Z","values":{"depth_cm":1e999}}',
        b'{"ts":"2026-09-06T07:10:00Z","values":{"depth_cm":NaN}}',
        b'{"ts":"2026-09-06T07:10:00Z","values":{"door":"\\ud800"}}',
        b'{"ts":"2026-09-06T07:10:00Z","extra":"\xff"}',
        b'{"ts":"2026-09-06T07:10:00Z","extra":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"ts":"2026-09-06T07:10:00Z","extra":' + b"9" * 400 + b"}",
        b"[" * 50_000,
        b'{"ts":"2026-09-06T07:10:00Z","status":"' + b"x" * 70_000 + b'"}',
        b'{"ts":"2026-09-06T07:10:00Z"\xc2\xa0}',
        b'{"ts":"2026-09-06T07:10:00Z","pos":[1,2],"pos":[3,4]}',
    ]
)
CUT = st.builds(lambda whole, start, end: whole[start:end], WHOLE, st.integers(0, 3), st.integers())
PAYLOADS = st.one_of(WHOLE, PLAIN_ONES, PLAIN_ONES, HOSTILE, CUT, st.binary(max_size=20))
MIXTURES = st.lists(st.tuples(TOPICS, PAYLOADS), max_size=40)


def as_json(said: dict[str, Any], spaced: bool, ascii_only: bool) -> bytes:
    text = json.dumps(
        said, ensure_ascii=ascii_only, separators=(", ", ": ") if spaced else (",", ":")
    )
    return text.encode(errors="replace")


def everything(decoded: Decoded) -> object:
    return (
        list(decoded.batch.things),
        decoded.batch.records.tobytes(),
        list(decoded.batch.payloads),
        decoded.feeds.tolist(),
        decoded.dead,
        decoded.tallies,
    )


@settings(max_examples=400, deadline=None)
@given(MIXTURES)
@example([(TOPIC, GOOD + b"," + GOOD), (TOPIC, b"")])
@example([(TOPIC, b'{"ts":"2026-09-06T07:10:00Z","status":"}'), (TOPIC, b'{"}')])
@example([(TOPIC, GOOD[:-1] + b',"x":[{}'), (TOPIC, GOOD), (TOPIC, b"{}]}")])
@example([(TOPIC, GOOD + b"," + GOOD[:-1] + b',"x":[{}'), (TOPIC, GOOD), (TOPIC, b"{}]}")])
@example([(TOPIC, GOOD + b",\n" + GOOD), (TOPIC, GOOD)])
@example([(TOPIC, GOOD + b"," + GOOD)])
@example([(TOPIC, GOOD + b"," + GOOD), (TOPIC, GOOD[:-1]), (TOPIC, b'"q":"bad"}')])
@example([(TOPIC, GOOD + b",\n" + GOOD), (TOPIC, GOOD[:-1]), (TOPIC, b'"q":"bad"}')])
@example(
    [(TOPIC, GOOD), (TOPIC, b'{"ts":"2026-09-06T07:10:00Z","status":"' + b"x" * 70_000 + b'"}')]
)
@example([(TOPIC, GOOD.replace(b"2026", b"1969"))])
@example([(TOPIC, GOOD.replace(b"2026", b"2100"))])
@example([(TOPIC, GOOD.replace(b"31.5", b"500")), (TOPIC, GOOD.replace(b"31.5", b"0"))])
@example([(TOPIC, GOOD.replace(b"31.5", b"500.1")), (TOPIC, GOOD.replace(b"31.5", b"-0.1"))])
@example([(TOPIC, GOOD[:-1] + b',"status":"\\u79ef\\u6c34 \\"},\\n{\\""}'), (TOPIC, GOOD)])
def test_any_mixture_means_the_same_in_bulk_and_one_by_one(
    mixture: list[tuple[str, bytes]],
) -> None:
    assert everything(decode(*mixture, by=BULK)) == everything(decode(*mixture, by=CAREFUL))


@settings(max_examples=60, deadline=None)
@given(MIXTURES)
def test_every_message_is_a_fact_or_a_dead_letter(mixture: list[tuple[str, bytes]]) -> None:
    decoded = decode(*mixture, by=BULK)

    assert len(decoded.batch) + len(decoded.dead) == len(mixture)
    counted = [(one.accepted, one.rejected.total()) for one in decoded.tallies.values()]
    assert sum(accepted for accepted, _ in counted) == len(decoded.batch)
    assert sum(rejected for _, rejected in counted) == len(decoded.dead)


def left_over(*payloads: bytes) -> list[int]:
    return BULK.bulk.read(Rows(), [TOPIC.encode()] * len(payloads), list(payloads))


def test_plain_readings_are_all_read_in_bulk() -> None:
    vehicle = (
        b'{"ts":"2026-09-06T07:10:00+08:00","pos":[110.33,20.03],"datum":"gcj02",'
        b'"speed_mps":6.2,"heading_deg":null,"status":"available","values":{"line":"28"}}'
    )

    assert left_over(*[GOOD, vehicle] * 50) == []


def test_escaped_letters_are_read_in_bulk() -> None:
    assert left_over(GOOD[:-1] + b',"status":"\\u79ef\\u6c34"}', GOOD) == []


def test_fields_that_nobody_knows_are_read_in_bulk() -> None:
    vendor = GOOD[:-1] + b',"vendor":{"model":"X-1","channels":[1,2,{"a":null}]},"note":"a, b"}'

    assert left_over(*[GOOD, vendor] * 50) == []
    assert decode((TOPIC, vendor), by=BULK).batch.payloads == [vendor]


def test_a_bad_neighbour_does_not_slow_down_many_others() -> None:
    payloads = [GOOD] * 500
    payloads[77] = b"rubbish"

    assert 77 in left_over(*payloads)
    assert len(left_over(*payloads)) < 20


@pytest.mark.parametrize(
    "payload",
    [
        GOOD[:-1] + b',"seq":1}',
        GOOD[:-1] + b',"vendor":1,"vendor":1}',
        GOOD[:-1] + b',"vendor":{"a":1,"a":2}}',
        GOOD[:-1] + b',"vendor":"\\u0041"}',
        GOOD[:-1] + b',"vendor":' + b"[" * 33 + b"]" * 33 + b"}",
        GOOD + b"\n",
        b"{}",
        GOOD + GOOD,
    ],
)
def test_what_could_mean_something_else_is_left_over(payload: bytes) -> None:
    assert 1 in left_over(GOOD, payload, GOOD)


def test_order_is_kept_around_what_went_one_by_one() -> None:
    odd = GOOD.replace(b'"seq":1', b'"vendor":"\\u0041","seq":2')
    last = GOOD.replace(b'"seq":1', b'"seq":3')

    decoded = decode((TOPIC, GOOD), (TOPIC, odd), (TOPIC, last), by=BULK, received_ms=NOW_MS)

    assert [fact["seq"] for fact in told(decoded)] == [1, 2, 3]
    assert list(decoded.batch.payloads) == [GOOD, odd, last]

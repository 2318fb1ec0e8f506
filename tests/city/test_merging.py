"""Merging: what a score says, and that it says the same both ways and near every corner."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.affinity import PAIRS, SENSOR_SCALES, SORTS, affinity, names_of
from city.kinds import BY_NAME
from city.likeness import bigrams, overlap, places_in
from city.merging import MINUTE_MS, Sign, Verdict, match, ranked, score, sign
from city.nearby import SIDE_M, find, glimpse, marks, square, squares_around
from geo.points import Point, distance_m

HERE = Point(110.3357, 20.0021)
NOON_MS = 1_788_652_800_000
KINDS = [*SORTS, *(f"sensor/{kind}" for kind in SENSOR_SCALES)]
TEXTS = ("", "龙昆南路附近,道路积水", "国贸路积水很深", "车过不去", "burst pipe")

signs = st.builds(
    sign,
    st.sampled_from(["report/1", "alarm/2"]),
    st.sampled_from(KINDS),
    st.integers(0, 600).map(lambda minutes: NOON_MS + minutes * MINUTE_MS),
    st.none()
    | st.tuples(st.floats(-0.01, 0.01), st.floats(-0.01, 0.01)).map(
        lambda gap: Point(HERE.lon + gap[0], HERE.lat + gap[1])
    ),
    st.sampled_from(TEXTS),
)


def ponding(number: int = 1, *, metres: float = 0, minutes: float = 0, **more: Any) -> Sign:
    point = Point(HERE.lon, HERE.lat + metres / 111_195)
    facts = {"what": "event/0406", "text": "道路积水"} | more
    return sign(
        f"report/{number}", facts["what"], NOON_MS + int(minutes * MINUTE_MS), point, facts["text"]
    )


class Shelf:
    """A shelf with what it is given."""

    def __init__(self, **events: list[Sign]) -> None:
        self.events = events

    def glimpses(self, mark: str) -> dict[str, Any]:
        return {
            name: glimpse(members)
            for name, members in self.events.items()
            if mark in {one for member in members for one in marks(member)}
        }

    def signs(self, event_id: str) -> list[Sign]:
        return self.events[event_id]


@given(signs, signs)
def test_a_score_is_the_same_both_ways_and_between_nothing_and_all(one: Sign, other: Sign) -> None:
    assert score(one, other) == score(other, one)
    assert 0 <= score(one, other) <= 1


@given(signs)
def test_a_sign_with_a_place_is_wholly_like_itself(one: Sign) -> None:
    assert one.point is None or score(one, one) == 1


@pytest.mark.parametrize(("one", "other", "value"), PAIRS)
def test_an_affinity_stands_once_and_holds_both_ways(one: str, other: str, value: float) -> None:
    assert affinity(one, other) == affinity(other, one) == value
    assert 0 < value <= 1
    assert [pair[:2] for pair in PAIRS].count((one, other)) == 1
    assert (other, one) not in [pair[:2] for pair in PAIRS]


@pytest.mark.parametrize("what", sorted({name for pair in PAIRS for name in pair[:2]}))
def test_what_has_an_affinity_has_a_reach_and_a_name(what: str) -> None:
    family, _, name = what.partition("/")
    assert what in SORTS if family != "sensor" else name in SENSOR_SCALES and name in BY_NAME
    assert all(names_of(what))


def test_a_call_beside_a_sensor_joins_by_itself_and_says_why() -> None:
    sensor = ponding(what="sensor/waterlogging", text="龙昆南路积水点")

    found = match(ponding(2, metres=85, minutes=6, text="龙昆南路附近,道路积水"), [sensor])

    assert found.verdict is Verdict.AUTOMATIC
    assert [zh for zh, _ in found.reasons] == [
        "类型相近:道路积水 ~ 积水监测(1.00)",
        "相距 85 m(半值 240 m)",
        "相差 6 分钟(半值 60 分钟)",
        "同一地点:龙昆南路",
        "文字相似 71%",
    ]
    assert "85 m apart (half at 240 m)" in [en for _, en in found.reasons]


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (ponding(2, metres=100, minutes=10), Verdict.AUTOMATIC),
        (ponding(2, metres=300, minutes=20), Verdict.SUGGESTED),
        (ponding(2, metres=600), Verdict.APART),
        (ponding(2, minutes=300), Verdict.APART),
        (ponding(2, what="event/0505", text="违停"), Verdict.APART),
        (ponding(2, what="event/0402", metres=60), Verdict.AUTOMATIC),
    ],
)
def test_distance_time_and_type_decide(other: Sign, verdict: Verdict) -> None:
    assert match(other, [ponding()]).verdict is verdict


def test_without_a_position_a_common_place_name_is_suggested_at_most() -> None:
    known = ponding(text="龙昆南路附近,道路积水")
    heard = sign("report/2", "event/0406", NOON_MS, None, "龙昆南路,路面积水")
    elsewhere = sign("report/3", "event/0406", NOON_MS, None, "国贸路,路面积水")

    found = find(heard, Shelf(E1=[known]))

    assert [(name, one.verdict) for name, one in found] == [("E1", Verdict.SUGGESTED)]
    assert find(elsewhere, Shelf(E1=[known])) == []


def test_a_chain_does_not_grow_across_the_city() -> None:
    chain = [ponding(n, metres=150 * n) for n in range(12)]

    found = match(ponding(99, metres=150 * 12), chain)

    assert found.score > 0.4
    assert found.verdict is Verdict.SUGGESTED


def test_of_several_events_the_best_comes_first_and_the_older_at_a_tie() -> None:
    events = {
        "far": [ponding(1, metres=150)],
        "near": [ponding(2, metres=20)],
        "older": [ponding(3, metres=20), ponding(4, metres=20, minutes=-60)],
    }

    names = [name for name, _ in ranked(ponding(9), events)]

    assert names[0] in ("near", "older")
    assert ranked(ponding(9), {one: events["near"] for one in "ba"})[0][0] == "a"
    assert names[-1] == "far"


def test_a_burst_main_is_one_event_of_twelve_sensors_and_nine_calls() -> None:
    said = [
        *(ponding(n, metres=-200 + 35 * n, minutes=n, what="sensor/waterlogging", text="积水点")
          for n in range(12)),
        *(ponding(50 + n, metres=-120 + 30 * n, minutes=4 * n, what="event/0402", text="水管爆了")
          for n in range(9)),
    ]  # fmt: skip
    event: list[Sign] = []

    for one in sorted(said, key=lambda one: one.at_ms):
        if not event or find(one, Shelf(E1=event))[0][1].verdict is Verdict.AUTOMATIC:
            event.append(one)

    assert len(event) == 21


@given(st.floats(-80, 80), st.floats(-179, 179), st.floats(-1, 1), st.floats(-1, 1))
def test_whatever_lies_within_reach_lies_in_the_squares_around(
    lat: float, lon: float, north: float, east: float
) -> None:
    here = Point(lon, lat)
    there = Point(lon + east * 0.05, lat + north * 0.012)

    if distance_m(here, there) <= SIDE_M:
        assert square(there) in squares_around(here)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("龙昆南路附近,道路积水", {"龙昆南路"}),
        ("海口市龙华区龙昆南路积水", {"龙昆南路"}),
        ("在国贸路和大同路口", {"国贸路", "大同路"}),
        ("明珠广场东门", {"明珠广场"}),
        ("水没过膝盖", set()),
    ],
)
def test_places_are_read_from_what_people_say(text: str, places: set[str]) -> None:
    assert places_in(text) == places


def test_words_are_alike_by_their_pairs_of_characters() -> None:
    assert overlap(bigrams("道路积水"), bigrams("道路积水")) == 1
    assert overlap(bigrams("道路积水"), bigrams("路面积水")) == pytest.approx(1 / 3)
    assert overlap(bigrams(""), bigrams("路面积水")) == 0

"""Readings become alarms, the same ones in whatever order the readings arrive."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.alarm_rules import OFF, RULES, Measure, Rule, stamped
from city.judgement import IDLE, REPEAT_MS, Fact, Span, State, step
from city.watching import Watch
from geo.fences import fence

MINUTE = 60_000
THING = "sw/waterlogging/WL-0007"
PONDING = Rule("depth", Measure.VALUE, "waterlogging", (5, 15, 27, 40), "积水", "Ponding", clear=2)
BOX = fence([(110, 20), (111, 20), (111, 21), (110, 21)])


def facts(values: Iterable[float], *, every_ms: int = MINUTE) -> list[Fact]:
    return [Fact(at * every_ms, at, value) for at, value in enumerate(values)]


def folded(rule: Rule, readings: Sequence[Fact]) -> list[Span]:
    """The alarms of a recording, each by its last word, as the plain fold tells them."""
    found: dict[int, Span] = {}
    state: State = IDLE
    for fact in sorted(readings, key=lambda one: one.key):
        state = step(rule, state, fact)
        if state.span:
            found[state.span.raised_ms] = state.span
    return list(found.values())


def watched(rules: Sequence[Rule], arrivals: Iterable[Sequence[Fact]]) -> list[dict[str, Span]]:
    """Per rule the alarms that stand after all findings."""
    watch = Watch(THING, rules)
    standing: list[dict[str, Span]] = [{} for _ in rules]
    for batch in arrivals:
        for finding in watch.add(batch):
            mine = standing[list(rules).index(finding.rule)]
            mine.pop(finding.alarm_id, None)
            if finding.span:
                mine[finding.alarm_id] = finding.span
    return standing


def test_a_value_raises_the_level_it_reaches_and_clears_beyond_the_hysteresis() -> None:
    only = folded(PONDING, facts([0, 16, 28, 26, 2]))[0]
    assert only.levels == ((MINUTE, 3), (2 * MINUTE, 2), (4 * MINUTE, 0))
    assert (only.raised_ms, only.cleared_ms, only.highest, only.peak) == (MINUTE, 4 * MINUTE, 2, 28)


def test_a_short_peak_is_no_alarm_where_it_must_last() -> None:
    patient = replace(PONDING, hold_s=120)

    assert folded(patient, facts([0, 20, 1, 20, 20, 1])) == []
    assert folded(patient, facts([0, 20, 20, 20]))[0].raised_ms == 3 * MINUTE


def test_low_values_are_the_bad_ones_where_limits_fall() -> None:
    slow = Rule("speed", Measure.VALUE, "flow", (40, 30, 20, 15), "车速", "Speed", clear=2)

    only = folded(slow, facts([50, 25, 31, 41, 43]))[0]

    assert (only.highest, only.peak) == (3, 25)
    assert only.levels == ((MINUTE, 3), (3 * MINUTE, 4), (4 * MINUTE, 0))


def test_what_comes_back_soon_is_one_alarm_counted_and_later_another() -> None:
    soon = folded(PONDING, facts([6, 0, 6, 0, 6, 0]))
    later = folded(PONDING, [*facts([6, 0]), Fact(MINUTE + REPEAT_MS + 1, 9, 6)])

    assert [(one.times, one.chatters) for one in soon] == [(3, True)]
    assert [one.times for one in later] == [1, 1]


def test_a_value_that_rises_too_fast_is_told_from_one_that_is_only_high() -> None:
    rise = Rule("rise", Measure.RISE, "waterlogging", (OFF, 3, 6, OFF), "上涨", "Rise")

    assert folded(rise, facts([30, 31, 32, 30])) == []
    assert folded(rise, facts([0, 4, 11, 11]))[0].levels == (
        (MINUTE, 3), (2 * MINUTE, 2), (3 * MINUTE, 0),
    )  # fmt: skip


def test_a_value_that_never_moves_is_told_until_it_does() -> None:
    frozen = Rule("frozen", Measure.FROZEN, "noise", (180, OFF, OFF, OFF), "不变", "Frozen")

    only = folded(frozen, facts([55, 55, 55, 55, 55, 56]))[0]

    assert (only.raised_ms, only.cleared_ms) == (3 * MINUTE, 5 * MINUTE)


def test_leaving_the_corridor_for_two_minutes_is_one_violation() -> None:
    rule = Rule("left", Measure.BREACH, "sanitation", (1, 1, OFF, OFF), "驶离", "Left the route",
                hold_s=120, fence=BOX)  # fmt: skip
    inside, outside = (1_105_000_000, 205_000_000), (1_120_000_000, 205_000_000)
    way = [inside, outside, inside, outside, outside, outside, inside]

    found = folded(rule, [Fact(i * MINUTE, i, lon=lon, lat=lat)
                          for i, (lon, lat) in enumerate(way)])  # fmt: skip

    assert [(one.raised_ms, one.cleared_ms, one.highest) for one in found] == [
        (5 * MINUTE, 6 * MINUTE, 3)
    ]


def test_a_late_reading_withdraws_an_alarm_that_did_not_last() -> None:
    patient = replace(PONDING, hold_s=120)
    watch = Watch(THING, [patient])
    (raised,) = watch.add([*facts([0, 20]), Fact(3 * MINUTE, 3, 20)])

    (withdrawn,) = watch.add([Fact(2 * MINUTE, 2, 1)])

    assert raised.span and raised.alarm_id == withdrawn.alarm_id
    assert withdrawn.span is None


def test_an_alarm_keeps_its_number_when_it_turns_out_to_have_begun_earlier() -> None:
    watch = Watch(THING, [PONDING])
    (first,) = watch.add([Fact(5 * MINUTE, 5, 20)])

    (again,) = watch.add([Fact(3 * MINUTE, 3, 20)])

    assert again.alarm_id == first.alarm_id
    assert again.span and again.span.raised_ms == 3 * MINUTE


def test_what_is_later_than_the_bound_is_counted_and_changes_nothing() -> None:
    watch = Watch(THING, [PONDING])
    watch.add(facts([0] * 20))

    assert watch.add([Fact(MINUTE, 99, 50)]) == []
    assert watch.too_late == 1


def test_a_watch_that_has_calmed_down_may_be_forgotten() -> None:
    watch = Watch(THING, [PONDING])
    watch.add(facts([6, 0]))
    busy = watch.is_idle

    watch.add([Fact(MINUTE + 2 * REPEAT_MS + 1, 99, 0)])

    assert (busy, watch.is_idle) == (False, True)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_who_owns_it_and_where_it_comes_from(rule: Rule) -> None:
    assert rule.basis and rule.version and rule.valid_from and rule.zh and rule.en
    assert len({one.id for one in RULES}) == len(RULES)
    assert rule.owner or rule.kind == ""


def test_other_numbers_are_another_version() -> None:
    assert stamped(PONDING).version != stamped(replace(PONDING, hold_s=60)).version
    assert stamped(stamped(PONDING)) == stamped(PONDING)


DEPTHS = st.sampled_from([0.0, 4.0, 5.0, 13.5, 14.0, 16.0, 27.0, 30.0, 41.0])
GAPS = st.sampled_from([0, 10_000, MINUTE, 3 * MINUTE, 11 * MINUTE])
ALL_RULES = [
    PONDING,
    replace(PONDING, id="held", hold_s=90),
    Rule("rise", Measure.RISE, "waterlogging", (OFF, 3, 6, OFF), "上涨", "Rise"),
    Rule("frozen", Measure.FROZEN, "waterlogging", (120, OFF, OFF, OFF), "不变", "Frozen"),
]


@st.composite
def recordings(draw: st.DrawFn) -> tuple[list[Fact], list[list[Fact]]]:
    """Readings, and the batches in which they arrive: late within the bound, some twice."""
    at, readings = 0, []
    for seq in range(draw(st.integers(1, 40))):
        at += draw(GAPS)
        readings.append(Fact(at, seq, draw(DEPTHS)))
    random = Random(draw(st.integers(0, 2**32)))
    twice = [one for one in readings for _ in range(random.choice((1, 1, 2)))]
    arriving = sorted(twice, key=lambda one: one.at_ms + random.choice((0, 0, 1, 10)) * MINUTE)
    cuts = sorted(random.sample(range(len(arriving) + 1), min(5, len(arriving))))
    edges = [0, *cuts, len(arriving)]
    return readings, [arriving[a:b] for a, b in pairwise(edges)]


@settings(deadline=None)
@given(recordings())
def test_any_order_within_the_bound_gives_the_same_alarms(
    recording: tuple[list[Fact], list[list[Fact]]],
) -> None:
    readings, arrivals = recording

    found = watched(ALL_RULES, arrivals)

    for rule, standing in zip(ALL_RULES, found, strict=True):
        assert sorted(standing.values()) == sorted(folded(rule, readings))

"""Things fall silent, feeds fall silent, and nobody is blamed for our own absence."""

from collections.abc import Mapping

import numpy as np

from city.silence import Heard, Silences
from city.watching import Finding

NOW = 1_700_000_000_000
S = 1_000
NAMES = [f"sw/waterlogging/WL-{number}" for number in range(6)]
FEED = "sw/waterlogging/*"


def heard(ages_s: Mapping[int, float], now_ms: int = NOW, rests: tuple[int, ...] = ()) -> Heard:
    """Six sensors with a period of a minute; those not named have just spoken."""
    newest = [now_ms - int(ages_s.get(number, 0) * S) for number in range(6)]
    resting = np.array([number in rests for number in range(6)])
    places = {name: number for number, name in enumerate(NAMES)}
    return Heard(NAMES, places, np.array(newest, np.int64), np.full(6, 60.0), resting)


def told(findings: list[Finding]) -> list[tuple[str, int]]:
    return [(one.thing, one.span.severity if one.span else -1) for one in findings]


def test_a_thing_is_lost_after_five_of_its_periods_and_told_once() -> None:
    silences = Silences()

    stale = silences.look(heard({0: 299}), 0, NOW)
    lost = silences.look(heard({0: 301}), 0, NOW)
    again = silences.look(heard({0: 302}, NOW + S), 0, NOW + S)

    assert (told(stale), told(lost), told(again)) == ([], [(NAMES[0], 4)], [])
    assert lost[0].span and lost[0].span.raised_ms == NOW - 1 * S


def test_it_is_back_when_it_speaks_and_the_next_silence_counts_as_the_same_alarm() -> None:
    silences = Silences()
    (first,) = silences.look(heard({0: 301}), 0, NOW)

    (back,) = silences.look(heard({0: 10}, NOW + 60 * S), 0, NOW + 60 * S)
    (again,) = silences.look(heard({0: 311}, NOW + 361 * S), 0, NOW + 361 * S)

    assert back.span and back.span.cleared_ms == NOW + 50 * S
    assert again.span and (again.alarm_id, again.span.times) == (first.alarm_id, 2)


def test_a_city_that_was_off_itself_blames_nobody() -> None:
    silences = Silences()

    assert silences.look(heard(dict.fromkeys(range(6), 80_000)), NOW - 10 * S, NOW) == []


def test_another_judge_does_not_take_a_silence_back_because_it_has_just_begun() -> None:
    before, after = Silences(), Silences()
    before.look(heard({0: 301}), 0, NOW)
    after.told = dict(before.told)

    assert after.look(heard({0: 331}, NOW + 30 * S), NOW + 29 * S, NOW + 30 * S) == []


def test_whoever_is_off_duty_may_be_silent() -> None:
    assert Silences().look(heard({0: 9_000}, rests=(0,)), 0, NOW) == []


def test_when_most_of_a_feed_is_silent_there_is_one_alarm_that_counts_its_children() -> None:
    silences = Silences()
    silences.look(heard({0: 301, 1: 301}), 0, NOW)
    apart = dict(silences.adopted())

    findings = silences.look(heard(dict.fromkeys(range(4), 320)), 0, NOW)

    outage = next(one for one in findings if one.thing == FEED)
    assert apart == {}
    assert outage.span and outage.span.severity == 3
    assert silences.children[outage.alarm_id] == 4
    assert set(silences.adopted().values()) == {outage.alarm_id}


def test_the_children_of_an_outage_return_when_it_is_over() -> None:
    silences = Silences()
    silences.look(heard(dict.fromkeys(range(4), 320)), 0, NOW)
    silences.adopted()
    later = NOW + 60 * S

    findings = silences.look(heard({0: 380}, later), 0, later)

    assert (FEED, 0) in told(findings)
    assert list(silences.adopted().values()) == [""]
    assert silences.told[NAMES[0]][1].severity == 4

"""Pulses grow, and come no oftener than eyes can follow."""

from city.mode import Mode
from layouts import ids
from live.pulse import PACE_S, Pulses


def test_a_subject_is_told_when_its_time_has_come() -> None:
    pulses = Pulses(10_000)
    pulses.touch("things")

    assert pulses.take(11_000) == {}
    assert pulses.take(12_000) == {"things": 12_000}
    assert pulses.take(13_000) == {}


def test_subjects_have_their_own_pace() -> None:
    pulses = Pulses(10_000)
    pulses.touch("things", "feeds")

    assert pulses.take(13_000) == {"things": 13_000}
    assert pulses.take(15_000) == {"feeds": 15_000}
    others = dict.fromkeys(PACE_S, 10_000)
    assert pulses.versions == {**others, "things": 13_000, "feeds": 15_000}


def test_every_page_keeps_the_version_of_every_subject() -> None:
    assert set(PACE_S) <= set(ids.PULSES)


def test_an_emergency_is_told_oftener_and_normal_days_as_before() -> None:
    pulses = Pulses(10_000)
    pulses.keep_pace(Mode.EMERGENCY)
    pulses.touch("things", "dead")
    assert pulses.take(11_000) == {"things": 11_000}

    pulses.keep_pace(Mode.NORMAL)
    pulses.touch("things")
    assert pulses.take(12_000) == {"dead": 12_000}

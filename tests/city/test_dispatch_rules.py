"""The rules of dispatch as they are shipped, and what a city changes of them."""

import tomllib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from city.dispatch_rows import dispatch_of, shipped
from city.kinds import KINDS
from city.shifts import shift_at
from city.tables import BadTable
from city.unit_status import label, slow
from city.units import STATUS_NAMES, Status
from geo.points import Point
from tests.publisher import HAIKOU, haikou

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE_MS = 60_000


def rules_of(text: str) -> Any:
    return dispatch_of(tomllib.loads(text).get("dispatch", {}))


def test_every_kind_that_can_be_sent_can_do_something() -> None:
    kinds = {kind.name for kind in KINDS if kind.dispatchable}

    assert kinds == set(shipped().kinds)
    assert all(facts.skills for facts in shipped().kinds.values())


def test_every_status_has_two_names_and_a_patience() -> None:
    assert set(shipped().patience) == set(STATUS_NAMES) == set(Status)


def test_some_unit_fits_every_type_of_case() -> None:
    skills = {skill for facts in shipped().kinds.values() for skill in facts.skills}

    for one in haikou().filing.types():
        needed = shipped().needs_of(one.kind, one.code)
        assert needed and set(needed) & skills, one.code


def test_the_longest_beginning_of_a_type_counts() -> None:
    rules = shipped()

    assert rules.needs_of("event", "0406")["drain"] == 1
    assert rules.needs_of("event", "0499") == rules.needs["E"]
    assert rules.needs_of("component", "0103")["repair"] == 1


def test_the_citys_profile_has_them() -> None:
    facts = tomllib.loads(HAIKOU.read_text())

    assert haikou().dispatch == dispatch_of(facts.get("dispatch", {}))
    assert haikou().for_cases.dispatch is haikou().dispatch


def test_a_unit_has_its_own_facts_before_those_of_its_kind() -> None:
    rules = rules_of("""
        [dispatch.units."sw/pumptruck/PT-0007"]
        zh = "泵 07"
        en = "Pump 07"
        capacity = { zh = "3000 m³/h", en = "3000 m³/h" }
        base = [110.34, 20.01]
        shift = "08:00-20:00"
    """)

    facts = rules.facts_of("sw/pumptruck/PT-0007")

    assert (facts.zh, facts.capacity[1], facts.base) == ("泵 07", "3000 m³/h", Point(110.34, 20.01))
    assert facts.skills == rules.facts_of("sw/pumptruck/PT-0008").skills


def test_a_departments_own_words_have_a_base_type_a_name_and_a_colour() -> None:
    rules = rules_of("""
        [dispatch.labels.zhzf]
        lunch = { status = "off_duty", zh = "用餐", en = "At lunch", colour = "violet" }
    """)

    assert rules.label_of("zhzf", "lunch").colour == "violet"
    assert label(Status.OFF_DUTY, "lunch", rules, "zhzf") == ("用餐", "At lunch")
    assert label(Status.BUSY, "lunch", rules, "sw") == ("lunch", "lunch")


def test_too_long_in_a_status_is_first_a_warning_then_an_alert() -> None:
    said = [slow(Status.ASSIGNED, minutes * MINUTE_MS, shipped()) for minutes in (1, 2, 5)]

    assert said == ["", "warn", "alert"]
    assert slow(Status.AVAILABLE, 10_000 * MINUTE_MS, shipped()) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[dispatch]\nspeed = 1", "dispatch.speed"),
        ("[dispatch.rules]\nfix_old = 1", "rules.fix_old"),
        ("[dispatch.rules]\nmost = 0", "rules.most"),
        ('[dispatch.rules]\nunsaid = "here"', "rules.unsaid"),
        ("[dispatch.weights]\nspeed = 1", "weights.speed"),
        ("[dispatch.weights]\neta = -1", "weights"),
        ("[dispatch.weights]\neta = 0\nskill = 0\nload = 0", "weights"),
        ('[dispatch.kinds]\npatrol = { skills = ["fly"] }', "fly"),
        ("[dispatch.needs]\nE0406 = { drain = 2 }", "needs.E0406.drain"),
        ("[dispatch.needs]\nE0406 = { swim = 1 }", "swim"),
        ('[dispatch.units."sw/pumptruck/1"]\nshift = "8 to 5"', "shift"),
        ('[dispatch.units."sw/pumptruck/1"]\nbase = [20.0, 110.0]', "longitude"),
        ("[dispatch.status]\nbusy = [1]", "status.busy"),
        ('[dispatch.labels.zhzf]\nx = { status = "gone", zh = "x", en = "x" }', "gone"),
        ('[dispatch.labels.zhzf]\nx = { status = "busy", zh = "x", en = "x", colour = "pink" }',
         "colour"),
        ('[[dispatch.resources]]\nid = "P1"\nkind = "pump"', "resources.P1.zh"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(text: str, named: str) -> None:
    with pytest.raises(BadTable, match=named):
        rules_of(text)


@pytest.mark.parametrize(
    ("shift", "clock", "is_on", "ends"),
    [
        ("", "03:00", True, None),
        ("08:00-20:00", "08:00", True, "20:00"),
        ("08:00-20:00", "19:59", True, "20:00"),
        ("08:00-20:00", "20:00", False, None),
        ("20:00-08:00", "23:30", True, "08:00"),
        ("20:00-08:00", "07:30", True, "08:00"),
        ("20:00-08:00", "12:00", False, None),
        ("00:00-24:00", "12:00", True, "00:00"),
    ],
)
def test_a_shift_may_pass_midnight(shift: str, clock: str, is_on: bool, ends: str | None) -> None:
    at = datetime.fromisoformat(f"2026-09-07T{clock}:30").replace(tzinfo=ZONE)

    stands = shift_at(shift, at)

    told = datetime.fromtimestamp(stands.ends_ms / 1000, ZONE).strftime("%H:%M")
    assert (stands.is_on, told if stands.ends_ms else None) == (is_on, ends)
    assert stands.is_on or at.timestamp() * 1000 >= stands.ended_ms > 0


def test_when_a_shift_ended_is_known_past_midnight() -> None:
    at = datetime(2026, 9, 8, 3, 0, 30, tzinfo=ZONE)

    ended = datetime.fromtimestamp(shift_at("08:00-20:00", at).ended_ms / 1000, ZONE)

    assert ended == datetime(2026, 9, 7, 20, 0, tzinfo=ZONE)

"""A profile sets limits, hysteresis, lists, fences and works; a wrong entry is named."""

import tomllib

import pytest

from city.alarm_rules import OFF, RULES, Measure
from city.rulebook import BadRules, Rulebook, parse_rulebook

PROFILE = """
bound_s = 300
flood = 5

[rules."waterlogging.depth_cm"]
hold_s = 60
clear = 3

[rules."noise.frozen"]
off = true

[things."sw/waterlogging/WL-0001"."waterlogging.depth_cm"]
limits = [1, 2, 3, 4]

[[watch]]
id = "underpass"
zh = "下穿立交"
en = "Underpasses"
things = ["sw/waterlogging/WL-000?"]
rules = { "waterlogging.depth_cm" = { limits = [3, 10, 20, 30], basis = "市水务局" } }

[[fences]]
id = "waste"
zh = "医废车驶离路线"
en = "Medical waste off its route"
kind = "sanitation"
things = ["hw/sanitation/MW-*"]
corners = [[110.0, 20.0], [110.1, 20.0], [110.1, 20.1]]

[[maintenance]]
things = ["rq/gas/*"]
from = 2026-09-06T08:00:00+08:00
until = 2026-09-06T10:00:00+08:00
reason = "管网检修"
"""
DEPTH = "waterlogging.depth_cm"


def book(text: str = PROFILE) -> Rulebook:
    return parse_rulebook(tomllib.loads(text), RULES)


def test_a_rule_takes_what_is_set_for_the_city_and_gets_another_version() -> None:
    before, after = Rulebook().rule(DEPTH), book().rule(DEPTH)

    assert (after.hold_s, after.clear, after.limits) == (60, 3, before.limits)
    assert after.version != before.version
    assert (book().bound_s, book().flood) == (300, 5)


def test_a_rule_that_is_off_judges_nothing() -> None:
    assert [rule.id for rule in Rulebook().rules_for("hb/noise/N-1")][-1] == "noise.frozen"
    assert "noise.frozen" not in [rule.id for rule in book().rules_for("hb/noise/N-1")]


@pytest.mark.parametrize(
    ("thing", "limits"),
    [("WL-0001", (1, 2, 3, 4)), ("WL-0002", (3, 10, 20, 30)), ("WL-0100", (5, 15, 27, 40))],
)
def test_a_thing_has_its_own_limits_then_its_lists_then_its_kinds(
    thing: str, limits: tuple[float, ...]
) -> None:
    depth = next(r for r in book().rules_for(f"sw/waterlogging/{thing}") if r.id == DEPTH)

    assert depth.limits == limits
    assert depth.hold_s == 60


def test_a_fence_judges_only_the_things_it_names() -> None:
    (rule,) = book().rules_for("hw/sanitation/MW-3")

    assert (rule.measure, rule.limits, rule.hold_s) == (Measure.BREACH, (1, 1, OFF, OFF), 120)
    assert book().rules_for("hw/sanitation/S-3") == ()


def test_works_cover_their_things_for_their_time() -> None:
    (works,) = book().maintenance

    assert book().under_maintenance("rq/gas/G-1", works.from_ms) == works
    assert book().under_maintenance("rq/gas/G-1", works.until_ms) is None
    assert book().under_maintenance("sw/pump/P-1", works.from_ms) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[rules."nothing.here"]\nhold_s = 1', "nothing.here"),
        (f'[rules."{DEPTH}"]\nlimits = [1, 2, 3]', DEPTH),
        (f'[rules."{DEPTH}"]\nlimits = [1, 3, 2, 4]', DEPTH),
        ('[[fences]]\nid = "x"\nzh = "x"\nen = "x"\nkind = "bus"\ncorners = [[1, 2], [3, 4]]', "x"),
        ('[[maintenance]]\nthings = []\nreason = "x"\nfrom = 1\nuntil = 2', "maintenance"),
        ('[[watch]]\nid = "x"', "zh"),
    ],
)
def test_a_wrong_entry_is_named(text: str, named: str) -> None:
    with pytest.raises(BadRules, match=named):
        book(text)

"""Who is suggested, in which order, and who never is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.candidates import Candidates, Need, WhatIf
from city.dispatch_rows import shipped
from city.dispatch_rules import Weights
from city.left_out import Why
from city.ranking import rank, reserve
from city.units import Assignment, Source, Status, Unit, Work
from geo.points import Point
from geo.routing import Reach

NOW_MS = 1_790_000_000_000
MINUTE_MS = 60_000
HERE = Point(110.3357, 20.0021)
RULES = shipped()
PONDING = RULES.needs_of("event", "0406")


def unit(name: str = "P-1", kind: str = "patrol", **more: Any) -> Unit:
    facts = RULES.facts_of(f"zhzf/{kind}/{name}")
    plain = Unit(
        id=f"zhzf/{kind}/{name}", kind=kind, department="zhzf", zh=name, en=name,
        status=Status.AVAILABLE, status_since_ms=NOW_MS - MINUTE_MS, status_source=Source.DEVICE,
        point=HERE, fix_ms=NOW_MS, skills=facts.skills,
    )  # fmt: skip
    return replace(plain, **more)


def ways(units: list[Unit], minutes: list[float], *, by_road: bool = True) -> Any:
    known = dict(zip((one.id for one in units), minutes, strict=True))

    def ways_of(asked: Sequence[Unit]) -> Reach:
        eta_s = np.array([known[one.id] for one in asked], float) * 60
        return Reach(eta_s, eta_s * 10, np.full(len(asked), by_road), np.zeros(len(asked)))

    return ways_of


def ranked(
    units: list[Unit], minutes: list[float], need: Need | None = None, rules: Any = RULES
) -> Candidates:
    return rank(need or Need(HERE, PONDING), units, ways(units, minutes), rules, NOW_MS)


def names(found: Candidates) -> list[str]:
    return [one.unit.id.rsplit("/", 1)[1] for one in found.items]


def why(**more: Any) -> Why:
    minutes = more.pop("minutes", 5.0)
    found = ranked([unit(**more)], [minutes])
    assert found.items == ()
    return found.left_out[0].why


def order_in_hand() -> Work:
    return Work((Assignment("HK-1-01", "HK-1", Status.ASSIGNED, NOW_MS),))


def test_equal_units_stand_in_the_order_of_their_ways() -> None:
    units = [unit("A"), unit("B"), unit("C")]

    assert names(ranked(units, [9, 3, 6])) == ["B", "C", "A"]


def test_the_score_is_the_weighted_sum_of_three_bars() -> None:
    found = ranked([unit(kind="pumptruck")], [10])

    (one,) = found.items
    assert one.bars == (0.5, 1.0, 1.0)
    assert one.score == pytest.approx(0.6 * 0.5 + 0.3 * 1 + 0.1 * 1)


def test_a_pump_truck_is_sent_to_ponding_before_a_nearer_patrol() -> None:
    units = [unit("P", "patrol"), unit("T", "pumptruck")]

    assert names(ranked(units, [4, 6])) == ["T", "P"]
    assert names(ranked(units, [4, 30])) == ["P", "T"]


def test_who_has_worked_much_today_comes_after_an_equal_one() -> None:
    units = [unit("A", work=Work(done_today=4)), unit("B")]

    assert names(ranked(units, [5, 5])) == ["B", "A"]


def test_of_two_that_are_alike_in_all_the_name_decides() -> None:
    assert names(ranked([unit("B"), unit("A")], [5, 5])) == ["A", "B"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"status": Status.OFF_DUTY}, Why.OFF_DUTY),
        ({"status": Status.OUT_OF_CONTACT}, Why.OUT_OF_CONTACT),
        ({"rest_until_ms": NOW_MS + 1}, Why.RESTING),
        ({"status": Status.ASSIGNED}, Why.BUSY),
        ({"status": Status.EN_ROUTE}, Why.BUSY),
        ({"status": Status.ON_SCENE}, Why.BUSY),
        ({"status": Status.BUSY}, Why.BUSY),
        ({"work": order_in_hand()}, Why.BUSY),
        ({"point": None}, Why.NO_FIX),
        ({"fix_ms": NOW_MS - 31 * MINUTE_MS}, Why.FIX_TOO_OLD),
        ({"skills": ("medical",)}, Why.WRONG_SKILL),
        ({"skills": ()}, Why.WRONG_SKILL),
        ({"point": Point(111.3, 20.0)}, Why.TOO_FAR),
        ({"minutes": float("inf")}, Why.CUT_OFF),
        ({"minutes": 61.0}, Why.TOO_LONG),
    ],
)
def test_who_cannot_be_sent_is_named_with_the_reason(more: dict[str, Any], reason: Why) -> None:
    assert why(**more) is reason


def test_who_did_not_take_the_case_is_not_suggested_for_it_again() -> None:
    units = [unit("A"), unit("B")]

    found = ranked(units, [1, 2], Need(HERE, PONDING, declined=frozenset({units[0].id})))

    assert names(found) == ["B"]
    assert found.left_out[0].why is Why.DECLINED


def test_the_limits_themselves_are_still_allowed() -> None:
    edge = unit(fix_ms=NOW_MS - 30 * MINUTE_MS, rest_until_ms=NOW_MS)

    assert names(ranked([edge], [60])) == ["P-1"]


def test_every_reason_says_a_sentence_in_both_languages() -> None:
    tired = unit("R", rest_until_ms=NOW_MS + 90 * 1000)
    old = unit("O", fix_ms=NOW_MS - 46 * MINUTE_MS)
    medic = unit("M", "ambulance")

    said = {
        one.unit.id[-1]: one.sentence for one in ranked([tired, old, medic], [1, 1, 1]).left_out
    }

    assert said["R"] == ("休息中，还有 2 分钟", "Rests for another 2 min")
    assert said["O"] == ("定位已过 46 分钟", "Its fix is 46 min old")
    assert said["M"][0].startswith("不具备所需技能：抽排、交通疏导")


def test_counts_say_how_many_are_left_out_for_each_reason() -> None:
    units = [unit("A", status=Status.BUSY), unit("B", status=Status.BUSY), unit("C", skills=())]

    assert ranked(units, [1, 1, 1]).counts == {Why.BUSY: 2, Why.WRONG_SKILL: 1}


def test_where_nothing_is_needed_everybody_fits() -> None:
    assert names(ranked([unit("A", "ambulance")], [5], Need(HERE))) == ["A"]


def test_a_need_of_one_department_looks_at_its_units_alone() -> None:
    units = [unit("A"), unit("B", department="sw", id="sw/patrol/B")]

    found = ranked(units, [1, 2], Need(HERE, department="sw"))

    assert names(found) == ["B"]
    assert found.computed == 1


def test_the_answer_is_no_longer_than_the_city_wants() -> None:
    rules = replace(RULES, numbers=replace(RULES.numbers, most=2))

    found = ranked([unit(str(n)) for n in range(5)], [1, 2, 3, 4, 5], rules=rules)

    assert (names(found), found.more) == (["0", "1"], 3)


def test_reasons_say_who_is_quickest_and_what_he_can_do() -> None:
    units = [unit("T", "pumptruck"), unit("P", "patrol")]

    first, second = ranked(units, [4, 6]).items

    assert first.reasons == (("路网用时最短", "Quickest by road"),
                             ("具备所需技能：抽排", "Has the skill: Draining"))  # fmt: skip
    assert second.reasons == (("可先期处置：现场值守", "Can begin: Guarding the place"),)


def test_the_quickest_of_those_with_the_whole_skill_is_named() -> None:
    units = [unit("T", "pumptruck"), unit("P", "patrol")]

    first, _ = ranked(units, [6, 4]).items

    assert first.reasons[0][1] == "Quickest of those with the whole skill"


def test_a_busy_unit_says_what_it_has_in_hand() -> None:
    units = [unit("A", status=Status.BUSY), unit("B", work=order_in_hand())]

    said = [one.sentence[1] for one in ranked(units, [1, 1]).left_out]

    assert said == ["Busy", "Available, 1 in hand"]


def test_caveats_say_what_speaks_against_it() -> None:
    doubtful = unit("A", fix_ms=NOW_MS - 12 * MINUTE_MS, fuel_pct=28, status_source=Source.NOBODY,
                    shift_ends_ms=NOW_MS + 20 * MINUTE_MS)  # fmt: skip

    found = rank(
        Need(HERE, PONDING), [doubtful], ways([doubtful], [5], by_road=False), RULES, NOW_MS
    )

    assert [en for _, en in found.items[0].caveats] == [
        "Off the road network: straight line",
        "Fix 12 min old",
        "Fuel 28%",
        "Its shift ends in 20 min",
        "Its device never says its status",
    ]


def test_what_is_supposed_changes_the_order_and_says_so() -> None:
    units = [unit("P", "patrol"), unit("T", "pumptruck")]
    supposed = WhatIf(weights=Weights(1, 0, 0))

    found = ranked(units, [4, 6], rules=supposed.rules(RULES))

    assert names(found) == ["P", "T"]
    assert RULES.weights == Weights(0.6, 0.3, 0.1)


def test_in_need_those_off_duty_and_at_rest_are_named_apart() -> None:
    units = [
        unit("free"),
        unit("off", status=Status.OFF_DUTY),
        unit("rest", rest_until_ms=NOW_MS + 60_000),
        unit("medic", "ambulance", status=Status.OFF_DUTY),
        unit("stale", status=Status.OFF_DUTY, fix_ms=NOW_MS - 60 * MINUTE_MS),
        unit("both", status=Status.BUSY, rest_until_ms=NOW_MS + 60_000),
    ]
    minutes: list[float] = [9, 5, 3, 1, 1, 1]

    found = reserve(ranked(units, minutes), ways(units, minutes))

    assert names(found) == ["free"]
    assert [one.unit.id.rsplit("/", 1)[1] for one in found.reserve] == ["rest", "off"]


def test_a_wider_radius_and_any_skill_can_be_supposed() -> None:
    supposed = WhatIf(within_km=200, within_min=120, any_skill=True)
    far = unit("A", "ambulance", point=Point(111.3, 20.0))

    found = ranked([far], [90], supposed.need(Need(HERE, PONDING)), supposed.rules(RULES))

    assert names(found) == ["A"]


@st.composite
def any_unit(draw: Any) -> tuple[Unit, float]:
    kind = draw(st.sampled_from(["patrol", "pumptruck", "ambulance", "fire", "sanitation"]))
    place = draw(st.one_of(st.none(), st.builds(
        Point, st.floats(109.5, 111.2), st.floats(19.5, 20.5))))  # fmt: skip
    one = unit(
        draw(st.uuids()).hex,
        kind,
        status=draw(st.sampled_from(list(Status))),
        point=place,
        fix_ms=NOW_MS - draw(st.integers(-5, 90)) * MINUTE_MS,
        rest_until_ms=draw(st.sampled_from([0, NOW_MS - 1, NOW_MS, NOW_MS + 60_000])),
        work=Work(draw(st.sampled_from([(), order_in_hand().open])), draw(st.integers(0, 9))),
    )
    return one, draw(st.one_of(st.floats(0, 90), st.just(float("inf"))))


@given(st.lists(any_unit(), max_size=25), st.sampled_from(["0406", "0504", "0403", "9999"]))
@settings(max_examples=300, deadline=None)
def test_never_a_busy_resting_stale_unskilled_or_cut_off_unit(
    fleet: list[tuple[Unit, float]], code: str
) -> None:
    needed = RULES.needs_of("event", code)
    units, minutes = [one for one, _ in fleet], [way for _, way in fleet]

    found = rank(Need(HERE, needed), units, ways(units, minutes), RULES, NOW_MS)

    for one in found.items:
        assert one.unit.status in (Status.AVAILABLE, Status.RETURNING)
        assert one.unit.load == 0
        assert one.unit.rest_until_ms <= NOW_MS
        assert one.unit.point is not None
        assert NOW_MS - one.unit.fix_ms <= 30 * MINUTE_MS
        assert set(one.unit.skills) & set(needed)
        assert one.eta_s <= 3600


@given(st.lists(any_unit(), max_size=25))
@settings(max_examples=200, deadline=None)
def test_everybody_is_either_suggested_or_named_with_a_reason(
    fleet: list[tuple[Unit, float]],
) -> None:
    units, minutes = [one for one, _ in fleet], [way for _, way in fleet]

    found = ranked(units, minutes)

    told = [one.unit.id for one in (*found.items, *found.left_out)]
    assert len(set(told)) == len(told)
    assert set(told) <= {one.id for one in units}
    assert len(told) + found.more == found.computed == len(units)
    assert [one.score for one in found.items] == sorted((one.score for one in found.items),
                                                        reverse=True)  # fmt: skip


@given(st.lists(any_unit(), max_size=12), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_units_are_told_does_not_matter(
    fleet: list[tuple[Unit, float]], chance: Any
) -> None:
    shuffled = list(fleet)
    chance.shuffle(shuffled)

    one, other = (
        ranked([unit for unit, _ in told], [way for _, way in told]) for told in (fleet, shuffled)
    )

    assert names(one) == names(other)

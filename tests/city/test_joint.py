"""Several cases at once: what is suggested together, beside what each would take alone."""

from itertools import permutations
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from city.candidates import Need
from city.dispatch_rows import shipped
from city.joint import SKILL_S, joint
from city.units import Unit
from tests.city.test_ranking import HERE, PONDING, unit

RULES = shipped()


def need(name: str, severity: int = 4, **more: Any) -> Need:
    return Need(HERE, more.pop("skills", {}), name, severity, **more)


def minutes(*rows: list[float]) -> Any:
    """Units in rows, cases in columns."""
    return np.array(rows, float) * 60


def pairs(plan: Any) -> dict[str, str]:
    return {one.case_id: one.unit.id.rsplit("/", 1)[1] for one in plan.pairs}


def units(*names: str) -> list[Unit]:
    return [unit(name) for name in names]


def test_together_they_wait_less_than_one_after_the_other() -> None:
    # A is best for both; to the second case B takes very long.
    found = joint([need("1"), need("2")], units("A", "B"), minutes([4, 5], [6, 30]), RULES)

    assert pairs(found.greedy) == {"1": "A", "2": "B"}
    assert pairs(found.best) == {"1": "B", "2": "A"}
    assert found.gain_s == (4 + 30 - 6 - 5) * 60


def test_the_severest_case_is_served_before_a_nearer_one() -> None:
    found = joint([need("1", 4), need("2", 1)], units("A"), minutes([1, 40]), RULES)

    assert pairs(found.best) == pairs(found.greedy) == {"2": "A"}
    assert found.best.unserved == ("1",)


def test_who_can_go_to_one_case_only_is_kept_for_it() -> None:
    inf = float("inf")
    found = joint([need("1"), need("2")], units("A", "B"), minutes([4, 5], [6, inf]), RULES)

    assert pairs(found.greedy) == {"1": "A"}
    assert pairs(found.best) == {"1": "B", "2": "A"}
    assert (found.gain_s, found.served_more) == (None, 1)


def test_a_worse_skill_costs_seconds() -> None:
    fleet = [unit("P", "patrol"), unit("T", "pumptruck")]

    found = joint([need("1", skills=PONDING)], fleet, minutes([4], [10]), RULES)

    assert pairs(found.best) == {"1": "T"}
    assert (0.4, 4 * 60 + 0.6 * SKILL_S > 10 * 60) == (PONDING["guard"], True)


def test_no_cases_and_no_units_make_no_plan() -> None:
    nobody = joint([need("1")], [], np.empty((0, 1)), RULES)
    nothing = joint([], units("A"), np.empty((1, 0)), RULES)

    assert (nobody.best.pairs, nobody.best.unserved) == ((), ("1",))
    assert (nothing.best.pairs, nothing.gain_s) == ((), 0)


def any_table(cases: int, fleet: int) -> st.SearchStrategy[list[list[float]]]:
    cell = st.one_of(st.integers(0, 59).map(float), st.just(float("inf")))
    return st.lists(st.lists(cell, min_size=cases, max_size=cases), min_size=fleet, max_size=fleet)


@given(st.data(), st.integers(1, 4), st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_it_is_the_best_of_all_ways_to_pair_them(data: Any, cases: int, fleet: int) -> None:
    rows = data.draw(any_table(cases, fleet))
    severities = data.draw(st.lists(st.integers(1, 4), min_size=cases, max_size=cases))
    needs = [need(str(number), one) for number, one in enumerate(severities)]

    found = joint(needs, units("A", "B", "C", "D")[:fleet], minutes(*rows), RULES)

    assert worth(needs, found.best) == min(every_way(needs, rows))
    assert len(found.best.pairs) >= len(found.greedy.pairs)
    assert found.gain_s is None or found.gain_s >= 0


def worth(needs: list[Need], plan: Any) -> tuple[Any, float]:
    """The severities that nobody serves, the severest first, then the seconds."""
    missed = sorted(one.severity for one in needs if one.case_id in plan.unserved)
    return counted(missed), plan.seconds


def every_way(needs: list[Need], rows: list[list[float]]) -> Any:
    slots = [*range(len(rows)), *[None] * len(needs)]
    for way in set(permutations(slots, len(needs))):
        ways = [None if u is None or rows[u][c] == float("inf") else rows[u][c]
                for c, u in enumerate(way)]  # fmt: skip
        missed = [one.severity for one, way_ in zip(needs, ways, strict=True) if way_ is None]
        yield counted(missed), sum(60 * one for one in ways if one is not None)


def counted(severities: list[int]) -> tuple[int, ...]:
    return tuple(sum(one == level for one in severities) for level in (1, 2, 3, 4))

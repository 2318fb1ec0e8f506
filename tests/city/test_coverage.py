"""Who is the last in an area, and who could take his place."""

import numpy as np
import pytest

from city.coverage import Places, coverage, squares
from tests.city.test_ranking import unit

EAST, WEST = "460108", "460105"
PLACES = Places(
    np.array([[110.4, 20.0], [110.41, 20.0], [110.2, 20.0], [110.21, 20.0]]),
    np.array([1.0, 3.0, 2.0, 2.0]),
    (EAST, EAST, WEST, WEST),
    [(f"路{number}", f"Road {number}") for number in range(4)],
)


def minutes(*rows: list[float]) -> np.ndarray:
    return np.array(rows, float) * 60


def fleet(*names: str) -> list:
    return [unit(name, "ambulance") for name in names]


def shares(found, moment: str) -> dict[str, float]:
    return {one.area: getattr(one, moment) for one in found.areas}


def test_shares_are_weighted_by_what_lies_around_a_place() -> None:
    found = coverage(fleet("A"), minutes([5, 9, 20, 8]), PLACES, 8)

    assert shares(found, "before") == {WEST: 0.5, EAST: 0.25}


def test_an_area_loses_its_last_when_the_only_one_near_goes() -> None:
    units = fleet("A", "B")
    found = coverage(units, minutes([5, 6, 20, 20], [20, 20, 4, 4]), PLACES, 8, leaving=0,
                     to_leaving_s=np.array([0, 600]))  # fmt: skip

    assert {one.area: one.loses_last for one in found.areas} == {EAST: True, WEST: False}
    assert [one.point for one in found.lost] == [(110.41, 20.0), (110.4, 20.0)]
    assert (found.lost[0].area, found.lost[0].en) == (EAST, "Road 1")
    assert not found.is_safe


def test_places_stand_on_crossings_of_squares_and_weigh_what_the_square_has() -> None:
    nodes, weight = squares(np.array([110.3, 110.3001, 110.4]), np.array([20.0, 20.0, 20.0]), 1500)

    assert sorted(zip(nodes.tolist(), weight.tolist(), strict=True)) == [(0, 2.0), (2, 1.0)]


def test_nothing_is_lost_where_another_is_near() -> None:
    found = coverage(fleet("A", "B"), minutes([5, 6, 20, 20], [7, 8, 20, 20]), PLACES, 8, 0)

    assert found.is_safe
    assert found.move_up is None
    assert shares(found, "after") == shares(found, "before")


def test_the_one_whose_going_costs_least_is_to_move_up() -> None:
    units = fleet("A", "B", "C")
    # B alone covers the west; C is one of two there that cover nothing else.
    times = minutes([5, 6, 20, 20], [20, 20, 4, 4], [20, 20, 4, 20])

    found = coverage(units, times, PLACES, 8, 0, np.array([0, 300, 900]))

    assert found.move_up is not None
    assert found.move_up.unit.id.endswith("C")
    assert found.move_up.eta_s == 900
    assert shares(found, "moved") == {EAST: 1.0, WEST: 1.0}


def test_nobody_moves_where_a_move_would_lose_as_much() -> None:
    found = coverage(fleet("A", "B"), minutes([5, 6, 20, 20], [20, 20, 4, 4]), PLACES, 8, 0,
                     np.array([0, 600]))  # fmt: skip

    assert found.move_up is None
    assert shares(found, "after") == {EAST: pytest.approx(0), WEST: 1.0}


def test_who_cannot_get_there_does_not_move() -> None:
    found = coverage(fleet("A", "B"), minutes([5, 6, 20, 20], [20, 20, 20, 20]), PLACES, 8, 0,
                     np.array([0, np.inf]))  # fmt: skip

    assert found.move_up is None

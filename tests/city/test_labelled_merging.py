"""The bars of merging on a small labelled set; `python -m bench merging` reports on others."""

import pytest

from bench.merging import (
    PRECISION,
    RECALL,
    Desk,
    agreement,
    gathered,
    joined,
    judged,
    sign_of,
    told,
)
from city.nearby import find
from simulator.labelled import Amount, Told

SEED, AMOUNT = 11, Amount(1_200, 8.0)


@pytest.fixture(scope="module")
def said() -> list[Told]:
    return told(SEED, AMOUNT)


@pytest.fixture(scope="module")
def desk(said: list[Told]) -> Desk:
    return gathered(said)


def test_pairs_are_right_and_most_are_found(said: list[Told], desk: Desk) -> None:
    pairs = judged(desk, said)

    assert pairs.true > 2_000
    assert pairs.precision >= PRECISION
    assert pairs.recall >= RECALL


def test_automatic_merges_are_right(said: list[Told], desk: Desk) -> None:
    right, made = joined(desk, said)

    assert right / made >= PRECISION


def test_the_set_is_the_same_for_the_same_seed_and_has_its_near_misses(said: list[Told]) -> None:
    assert told(SEED, AMOUNT) == said
    assert told(SEED + 1, AMOUNT) != said
    names = {one.happening.rpartition("-")[0] for one in said}
    assert {"burst", "ponding", "nothing", "noise", "parking"} <= names


def test_signs_that_change_places_within_ten_minutes_make_nearly_the_same_events(
    said: list[Told],
) -> None:
    assert agreement(said) > 0.95


def test_the_shelf_hides_no_event_that_asking_all_would_find(said: list[Told], desk: Desk) -> None:
    class Everything(Desk):
        def glimpses(self, mark: str) -> dict:  # type: ignore[type-arg]
            return {name: one for shelf in self.on_shelf.values() for name, one in shelf.items()}

    everything = Everything(desk.events, desk.on_shelf)

    for one in said[::40]:
        assert find(sign_of(one), desk) == find(sign_of(one), everything)

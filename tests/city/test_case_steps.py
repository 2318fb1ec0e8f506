"""The seven steps as a log tells them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from city.case_bounds import CityFacts
from city.case_fold import fold
from city.case_moves import opening, propose
from city.case_steps import DONE, ENDED_HERE, NEXT, NOW, PAST, rounds
from city.case_table import Move, Stage
from city.cases import Case, Entry, Order
from city.roles import Role
from tests.desk import MAIN_PATH, actor, opening_order

CITY = CityFacts()
MINUTE_MS = 60_000


class Life:
    """A case that is led on, a minute for each move."""

    def __init__(self) -> None:
        first = opening(opening_order(), actor(Role.ACCEPTOR), CITY)
        self.log: list[Entry] = [replace(first, facts={"id": "HK1", **first.facts})]

    @property
    def case(self) -> Case:
        return fold(self.log)

    def make(self, move: Move, role: Role, department: str = "", **fields: Any) -> "Life":
        who = actor(role, department=department, minutes=len(self.log))
        self.log.append(propose(self.case, Order(move, fields), who, CITY))
        return self

    def led(self, count: int) -> "Life":
        for move, role, department, fields, _ in MAIN_PATH[:count]:
            self.make(move, role, department, **fields)
        return self

    def states(self, place: int = -1) -> Mapping[Stage, str]:
        told = rounds(self.case, self.log)[place]
        return {stage: step.state for stage, step in told.steps.items()}


def test_what_is_only_found_waits_to_be_filed() -> None:
    states = Life().states()

    assert states[Stage.FOUND] == DONE
    assert states[Stage.FILED] == NOW
    assert states[Stage.DISPATCHED] == NEXT


def test_a_step_tells_who_ended_it_and_how_long_it_took() -> None:
    life = Life().led(3)

    steps = rounds(life.case, life.log)[-1].steps

    assert steps[Stage.DISPATCHED].entry is life.log[-1]
    assert steps[Stage.DISPATCHED].lasted_ms == MINUTE_MS
    assert steps[Stage.HANDLED].state == NOW
    assert steps[Stage.CHECKED].who == (Role.COLLECTOR,)


def test_signing_is_a_line_within_handling() -> None:
    life = Life().led(4)

    notes = rounds(life.case, life.log)[-1].steps[Stage.HANDLED].notes

    assert [note.move for note in notes] == [Move.SIGN]


def test_a_case_that_is_sent_back_begins_a_new_row_and_keeps_the_old_one() -> None:
    life = Life().led(6).make(Move.CHECK_FAIL, Role.COLLECTOR, reason="未解决")

    told = rounds(life.case, life.log)

    assert len(told) == 2
    assert told[0].steps[Stage.HANDLED].state == DONE
    assert told[1].back is life.log[-1]
    assert told[1].steps[Stage.HANDLED].state == NOW
    assert told[1].steps[Stage.CHECKED].state == NEXT
    assert told[1].steps[Stage.FILED].state == PAST


def test_a_case_that_is_not_taken_ends_where_it_stands() -> None:
    life = Life().make(Move.DECLINE, Role.ACCEPTOR, reason="重复")

    states = life.states()

    assert states[Stage.FILED] == ENDED_HERE
    assert states.get(Stage.DISPATCHED) in (None, NEXT)


@pytest.mark.parametrize("count", range(len(MAIN_PATH) + 1))
def test_one_step_is_under_way_and_those_before_it_are_done(count: int) -> None:
    states = list(Life().led(count).states().values())

    assert states.count(NOW) == 1
    assert set(states[: states.index(NOW)]) <= {DONE}
    assert set(states[states.index(NOW) + 1 :]) <= {NEXT}


def test_a_rated_case_has_all_its_steps_behind_it() -> None:
    life = Life().led(len(MAIN_PATH)).make(Move.RATE, Role.ACCEPTOR, satisfaction="satisfied")

    assert set(life.states().values()) == {DONE}

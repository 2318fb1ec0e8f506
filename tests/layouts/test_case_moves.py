"""Buttons and forms of moves: drawn from the table, so every line of it is tried."""

from datetime import UTC, datetime
from typing import Any

import pytest

from city.case_moves import Allowed
from city.case_table import RULES, TABLE, CaseState, Move, Rule
from city.cases import Case, Evidence
from city.roles import Role
from layouts.case_naming import Naming
from layouts.panels.case_facts import evidence
from layouts.panels.case_form import UNASKED, Asking, form
from layouts.panels.case_moves import ELSEWHERE, KEYS, keys_of, panel
from layouts.words import words
from tests.publisher import haikou

NAMING = Naming(haikou(), words("zh"))
OF_THE_PAGE = set("JKNFPHC[]")
ASKING = [rule for rule in TABLE if rule.roles and rule.sources and rule.move not in ELSEWHERE]


def case(number: int = 1, **more: Any) -> Case:
    facts: dict[str, Any] = {
        "id": f"HK20260907-{number:05d}", "kind": "event", "type": "0406", "title": "道路积水",
        "source": "hotline", "external_id": "", "severity": 2, "state": CaseState.REPORTED,
        "version": 1, "opened_ms": 0, "updated_ms": 0,
    }  # fmt: skip
    return Case(**facts | more)


def names_in(node: Any) -> set[str]:
    """The names of all fields of a drawn form."""
    if isinstance(node, list | tuple):
        return set().union(*map(names_in, node)) if node else set()
    found = {getattr(node, "name", "") or getattr(node, "data-many", "")}
    return found | names_in(getattr(node, "children", None) or [])


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("role", Role)
def test_no_two_moves_share_a_key_nor_take_one_of_the_page(role: Role, state: CaseState) -> None:
    found = [
        Allowed(rule.move, (rule.zh, rule.en), rule.needs, rule.may)
        for rule in TABLE
        if role in rule.roles and state in rule.sources
    ]

    keys = [key for key in keys_of(found).values() if key]

    assert len(keys) == len(set(keys))
    assert not OF_THE_PAGE & set(keys)


@pytest.mark.parametrize("rule", ASKING, ids=lambda rule: rule.move)
def test_a_form_has_a_field_for_everything_that_its_move_needs(rule: Rule) -> None:
    drawn = form(Asking(rule.move, (case(),)), NAMING)

    wanted = {name for name in rule.needs if name not in UNASKED}
    fields = {name.partition(".")[0] for name in names_in(drawn)}
    assert wanted <= fields


def test_a_form_for_many_is_filled_in_with_nothing_of_the_first() -> None:
    one = str(form(Asking(Move.REGISTER, (case(1),)), NAMING))
    many = str(form(Asking(Move.REGISTER, (case(1), case(2, severity=4))), NAMING))

    assert one.count("请选择") == 0
    assert many.count("请选择") == 2  # condition and level


def test_the_next_step_is_the_one_primary_button() -> None:
    found = [Allowed(move, (RULES[move].zh, RULES[move].en), (), ()) for move in
             (Move.DECLINE, Move.ACCEPT, Move.SEND_VERIFY)]  # fmt: skip

    drawn = str(panel(case(), found, [Role.ACCEPTOR], NAMING))

    assert drawn.count("is-primary") == 1
    assert drawn.index("受理") < drawn.index("不予受理")


def test_keys_are_single_letters_of_moves_that_exist() -> None:
    assert all(len(key) == 1 and key.isupper() for key in KEYS.values())


def test_a_photo_stands_in_its_slot_with_its_distance() -> None:
    photo = Evidence("ab12", "image/jpeg", 9, "after_photo", "li", 0, pos=(110.3358, 20.0021))
    paper = Evidence("cd34", "application/pdf", 9, "decision", "li", 0)
    shown = case(
        pos=(110.3357, 20.0021), evidence=(photo, paper), slots=("after_photo", "decision")
    )

    drawn = str(evidence(shown, NAMING, datetime(2026, 9, 7, tzinfo=UTC), False))

    assert "处置后照片" in drawn
    assert "距 10" in drawn
    assert "/evidence/ab12?size=thumb" in drawn
    assert "PDF" in drawn
    assert "photo-wanted" not in drawn

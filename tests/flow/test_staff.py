"""A case walks its whole life by the hands of the pretend staff, over the API alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from city.audit import first_broken
from city.case_table import ENDED
from city.roles import Role
from simulator.staff.__main__ import accounts, hand_out, posts
from simulator.staff.office import Office
from simulator.staff.team import Team
from store.store import Store
from tests.desk import actor, opening_order
from tests.publisher import haikou
from tests.served import served
from tests.store.test_ledger import records

TURNS = 40
CASES = 6


def new_team(store: Store, url: str, kept: Path) -> Team:
    tokens = hand_out(store, posts(haikou()), kept)
    offices = {post: Office(url, token) for post, token in tokens.items()}
    return Team(offices, haikou().filing, accounts(offices))


def test_cases_are_led_to_their_end_without_a_hand(store: Store, tmp_path: Path) -> None:
    with served(store) as url:
        team = new_team(store, url, tmp_path / "staff.json")
        for number in range(CASES):
            order = opening_order(external_id=f"HL-{number}")
            store.cases.create(order, actor(Role.ACCEPTOR))
        later = datetime.now(UTC) + timedelta(days=1)  # everything is due
        for _ in range(TURNS):
            team.turn(later)

    cases = list(store.cases.all())
    closed = [case for case in cases if case.state == "closed"]
    assert {case.state for case in cases} <= ENDED
    assert all(one.evidence for one in closed) and all(one.satisfaction for one in closed)
    assert len(closed) >= 2
    assert not list(store.cases.doubtful())
    assert first_broken(records(store)) is None


def test_a_staff_that_comes_again_keeps_its_tokens(store: Store, tmp_path: Path) -> None:
    first = hand_out(store, posts(haikou()), tmp_path / "staff.json")
    again = hand_out(store, posts(haikou()), tmp_path / "staff.json")

    assert again == first
    assert (tmp_path / "staff.json").stat().st_mode & 0o777 == 0o600


def test_a_case_that_a_visitor_works_on_is_left_to_him(store: Store, tmp_path: Path) -> None:
    case, _ = store.cases.create(opening_order(), actor(Role.ACCEPTOR, "visitor"))
    with served(store) as url:
        team = new_team(store, url, tmp_path / "staff.json")
        team.turn(datetime.fromtimestamp(case.opened_ms / 1000 + 300, UTC))
        assert store.cases.get(case.id).version == 1

        team.turn(datetime.fromtimestamp(case.opened_ms / 1000 + 3600, UTC))
        assert store.cases.get(case.id).version == 2

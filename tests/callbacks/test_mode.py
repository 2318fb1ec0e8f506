"""The page of modes answers: what stands, what waits, and only what a seat may do."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from city.case_table import Move
from city.cases import Order
from city.mode import Asked, Mode, Turn
from city.roles import Role
from layouts import mode_ids
from store.store import Store
from tests.callbacks.page import Page
from tests.desk import opening_order
from tests.house import new_app
from tests.seats import actor, log_in, new_account

pytestmark = pytest.mark.store


class Room:
    """A seat on the page of modes."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.client, self.store = client, store
        self.chief, self.leader = (
            actor(seat=new_account(store, role).seat) for role in (Role.CHIEF, Role.LEADER)
        )

    def propose(self) -> None:
        self.store.mode.propose(Asked(Turn.ENTER, "台风", 2, "flood"), self.chief)

    def shown(self, role: Role, output: str) -> str:
        log_in(self.client, role)
        return str(Page(self.client).call(output))


@pytest.fixture
def room(store: Store) -> Iterator[Room]:
    with TestClient(new_app(store)) as client:
        yield Room(client, store)


def test_every_seat_is_told_the_mode(room: Room) -> None:
    assert "is-normal" in room.shown(Role.ANALYST, "mode-pill.children")
    room.propose()
    room.store.mode.confirm(room.leader)

    told = room.shown(Role.ANALYST, "mode-pill.children")

    assert "is-emergency is-level-2" in told and "应急 Ⅱ级" in told


def test_only_the_second_person_has_the_dot(room: Room) -> None:
    room.propose()

    asked = {role: "mode-asked" in room.shown(role, "mode-pill.children")
             for role in (Role.LEADER, Role.CHIEF, Role.DISPATCHER)}  # fmt: skip

    assert asked == {Role.LEADER: True, Role.CHIEF: True, Role.DISPATCHER: False}


def test_who_may_not_switch_sees_no_form(room: Room) -> None:
    assert room.shown(Role.DISPATCHER, f"{mode_ids.ENTER}.className").count("is-empty") == 3
    assert room.shown(Role.CHIEF, f"{mode_ids.ENTER}.className").count("is-empty") == 2


def test_an_incident_is_named_while_it_is_still_normal(room: Room) -> None:
    seat = new_account(room.store, Role.ACCEPTOR).seat
    case, _ = room.store.cases.create(opening_order(), actor(seat=seat))
    raise_it = Order(Move.ESCALATE, {"class": "natural", "level": 2, "reason": "台风"})
    room.store.cases.move(case.id, raise_it, room.chief)

    assert case.id in room.shown(Role.CHIEF, f"{mode_ids.NOW}.children")

    room.propose()
    room.store.mode.confirm(room.leader)
    assert room.store.mode.standing().mode is Mode.EMERGENCY
    assert case.id not in room.shown(Role.CHIEF, f"{mode_ids.NOW}.children")


def test_the_duty_list_says_who_is_not_at_his_page(room: Room) -> None:
    room.propose()
    _, episode = room.store.mode.confirm(room.leader)
    for account in (room.chief.seat.account, log_in(room.client, Role.DISPATCHER)):
        room.store.mode.put_on_duty(episode.id, "dispatch", account, room.chief)
    told = str(Page(room.client).call(f"{mode_ids.CLOCK}.children"))

    assert told.count("● 在席") == 1
    assert told.count("○ 不在席") == 1

"""What a seat hears is told as data, from alarms, deadlines and feeds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from callbacks.calls import alarm_calls
from callbacks.desk import Desk
from city.alarms import next_escalation
from city.audit import Record
from city.mode import Asked, Turn
from city.roles import Actor, Role, Seat
from city.sounds import Call, Sound
from layouts import ids
from layouts.words import words
from store import keys
from store.store import Store
from tests.callbacks.page import Page, prop
from tests.desk import actor, opening_order
from tests.house import new_app
from tests.publisher import haikou
from tests.seats import log_in
from tests.watch.court import Court
from watch.deadlines import Deadlines
from watch.effects import all_effects

pytestmark = pytest.mark.store


class Ear:
    """A seat that listens."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.store, self.court = store, Court(store)
        self.account = log_in(client, Role.ACCEPTOR)
        self.page = Page(client)
        self.client = client

    def ring(self, **heard: int) -> Any:
        return prop(self.page.call("ring.data", **heard), ids.RING, "data")

    def flood(self, *depths: float) -> None:
        for number, depth in enumerate(depths, 1):
            self.court.publisher.ponding(number, depth)
        self.court.sit()

    def trail(self) -> list[tuple[str, str]]:
        lines = self.store.redis.xrange(keys.AUDIT)
        drafts = [msgspec.json.decode(one[b"r"], type=Record).draft for _, one in lines]
        return [(one.action, one.account) for one in drafts if one.action.startswith("sound")]


@pytest.fixture
def ear(store: Store) -> Iterator[Ear]:
    with TestClient(new_app(store)) as client:
        yield Ear(client, store)


def test_the_worst_unacknowledged_level_rings(ear: Ear) -> None:
    ear.flood(30, 45, 46)

    heard = ear.ring()

    assert (heard["repeat"]["sound"], heard["waiting"]) == ("level-1", 2)


def test_what_is_acknowledged_rings_no_more(ear: Ear) -> None:
    ear.flood(45)
    (alarm,) = ear.store.alarms.all()
    ear.page.call("sheet-open.data", deed_asked=["acknowledge", alarm.id, 1])

    assert ear.ring()["repeat"] is None


def test_level_three_is_told_once_and_level_four_not_at_all(ear: Ear) -> None:
    ear.flood(16, 6)

    heard = ear.ring()

    assert heard["repeat"] is None
    assert [one["sound"] for one in heard["once"]] == ["level-3"]


def test_a_mute_is_told_with_its_end_and_is_on_record(ear: Ear) -> None:
    ear.page.call("sound-state.children", pressed=ids.mute("5"))

    assert ear.ring()["muted_until"] > 0
    ear.page.call("sound-state.children", pressed=ids.mute("0"))
    assert ear.ring()["muted_until"] == 0
    assert ear.trail() == [("sound.mute", ear.account), ("sound.unmute", ear.account)]


def test_a_seat_that_sees_no_alarms_hears_none(ear: Ear) -> None:
    ear.flood(45)
    log_in(ear.client, Role.CDO)

    assert ear.ring()["repeat"] is None


def test_a_deadline_calls_once_it_is_near_and_not_before(ear: Ear) -> None:
    now = datetime.now(UTC)
    seat = actor(Role.ACCEPTOR).seat
    ear.store.cases.create(opening_order(external_id="new"), Actor(seat, "10.0.0.7", now))
    assert ear.ring(pulse_cases=1)["once"] == []

    before = now - timedelta(minutes=7, seconds=40)  # three quarters of ten minutes, and a bit
    ear.store.cases.create(opening_order(external_id="old"), Actor(seat, "10.0.0.7", before))

    assert [one["sound"] for one in ear.ring(pulse_cases=2)["once"]] == ["near"]


def test_an_alarm_that_goes_up_the_ladder_is_told_to_the_post_it_goes_to(ear: Ear) -> None:
    ear.flood(45)
    (alarm,) = ear.store.alarms.all()
    at_ms = next_escalation(alarm)
    assert at_ms is not None
    Deadlines(ear.store, all_effects(ear.store, haikou()), lambda: at_ms[0]).fire()

    told = {}
    for role in (Role.CHIEF, Role.ACCEPTOR, Role.LEADER):
        found = alarm_calls_of(ear, role)
        told[role] = [(call.is_mine, "升级至值班长" in call.text) for call in found]

    assert told == {
        Role.CHIEF: [(True, True)], Role.ACCEPTOR: [(False, True)], Role.LEADER: [(False, True)]
    }  # fmt: skip


def alarm_calls_of(ear: Ear, role: Role) -> list[Call]:
    """What a seat of a post is told of the ladder, however long ago."""
    seat = Seat("x", "X", frozenset({role}))
    found = alarm_calls(Desk(ear.store, haikou(), {}), seat, None, words("zh"))
    return [call for call in found if call.sound is Sound.ESCALATED]


def test_the_second_person_is_called_and_the_first_is_not(ear: Ear) -> None:
    first = log_in(ear.client, Role.CHIEF)
    chief = Actor(Seat(first, "王", frozenset({Role.CHIEF})), "", datetime.now(UTC))
    ear.store.mode.propose(Asked(Turn.ENTER, "台风", 2, "flood"), chief)
    own = ear.ring(pulse_mode=1)["once"]
    log_in(ear.client, Role.LEADER)

    told = ear.ring(pulse_mode=1)["once"]

    assert own == []
    assert [(one["sound"], one["mine"]) for one in told] == [("message", True)]
    assert "防汛防风应急预案" in told[0]["text"]

"""What a seat hears is told as data, from alarms, deadlines and feeds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from city.audit import Record
from city.roles import Actor, Role
from layouts import ids
from store import keys
from store.store import Store
from tests.callbacks.page import Page, prop
from tests.desk import actor, opening_order
from tests.house import new_app
from tests.seats import log_in
from tests.watch.court import Court

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

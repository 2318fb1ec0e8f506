"""The field follower: everybody who wants to know hears every stretch, in order, at least once."""

import pytest

from store import keys
from store.following import Stretch
from store.store import Store
from tests.fleet import Fleet
from tests.publisher import now_ms
from watch.units import Field, StatusWords, listeners_of

pytestmark = pytest.mark.store


class Ear:
    """A listener that remembers, and is deaf for a while."""

    def __init__(self, deaf: int = 0) -> None:
        self.heard: list[str] = []
        self.deaf = deaf

    def __call__(self, stretch: Stretch) -> None:
        if self.deaf:
            self.deaf -= 1
            raise RuntimeError("deaf")
        self.heard += list(stretch.batch.things)


def test_each_listener_hears_every_stretch_once(store: Store) -> None:
    car, one, other = Fleet(store).unit("patrol", 12), Ear(), Ear()
    field = Field(store, (one, other))

    field.follow()
    field.follow()

    assert one.heard == other.heard == [car]


def test_after_a_failure_the_same_stretch_is_told_again(store: Store) -> None:
    car, first, second = Fleet(store).unit("patrol", 12), Ear(), Ear(deaf=1)
    field = Field(store, (first, second))

    with pytest.raises(RuntimeError):
        field.follow()
    Field(store, (first, second)).follow()

    assert first.heard == [car, car]
    assert second.heard == [car]


def test_another_process_goes_on_where_one_ended(store: Store) -> None:
    fleet, one, other = Fleet(store), Ear(), Ear()
    fleet.unit("patrol", 12)
    Field(store, (one,)).follow()
    later = fleet.unit("patrol", 13)

    Field(store, (other,)).follow()

    assert other.heard == [later]


def test_the_log_waits_for_the_field_follower() -> None:
    assert "field" in keys.FOLLOWERS


def test_status_words_told_twice_are_noted_once(store: Store) -> None:
    fleet = Fleet(store)
    car = fleet.unit("patrol", 12, age_s=200, status="on_scene")
    Field(store, (StatusWords(store).hear, Ear(deaf=0))).follow()
    noted = store.units.notes.refresh()[car]
    with pytest.raises(RuntimeError):
        fleet.unit("patrol", 12, age_s=10, status="returning")
        Field(store, (StatusWords(store).hear, Ear(deaf=1))).follow()

    Field(store, listeners_of(store)).follow()

    after = store.units.notes.refresh()[car]
    assert (noted.word, after.word) == ("on_scene", "returning")
    assert abs(now_ms() - after.since_ms - 10_000) < 60_000

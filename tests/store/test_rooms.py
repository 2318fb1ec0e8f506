"""The smaller rooms of the store: dead letters, lease."""

import pytest

from store.store import Store
from tests.publisher import Publisher

pytestmark = pytest.mark.store


def test_dead_letters_come_newest_first_and_by_feed(store: Store) -> None:
    publisher = Publisher(store)
    for number in range(5):
        publisher.send((f"cb/v1/460106/sw/rain/R-{number}/data", b"{"))
        publisher.send((f"cb/v1/460106/sw/pump/P-{number}/data", b"{"))

    assert [one.topic.split("/")[5] for one in store.dead.newest(limit=3)] == ["P-4", "R-4", "P-3"]
    assert [one.topic.split("/")[5] for one in store.dead.newest("rain", 2)] == ["R-4", "R-3"]
    assert store.health.read()["rain"].rejected_total == 5


def test_a_lease_is_held_by_one_and_renewed_by_nobody_else(store: Store) -> None:
    ours, theirs = store.lease("a", 30), store.lease("b", 30)

    assert ours.hold()
    assert not theirs.hold()
    assert ours.hold()

    theirs.release()
    assert not theirs.hold()
    ours.release()
    assert theirs.hold()


def test_a_lease_ends_with_its_holder(store: Store) -> None:
    gone, next_one = store.lease("a", 0.001), store.lease("b", 30)
    gone.hold()

    while not next_one.hold():
        pass

    assert not gone.hold()

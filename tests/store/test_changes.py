"""Whoever follows hears of every change after his place, once, in order."""

from store.changes import Change, Changes
from store.store import Store


def change(store: Store, name: str) -> None:
    store.ledger.write(lambda page: page.changed("case", name))


def test_a_follower_hears_what_came_after_his_place(store: Store) -> None:
    change(store, "before")
    changes = Changes(store.redis)
    changes.skip()

    change(store, "one")
    change(store, "two")

    assert changes.read() == [Change("case", "one"), Change("case", "two")]
    assert changes.read() == []


def test_the_first_change_of_all_is_heard(store: Store) -> None:
    changes = Changes(store.redis)
    changes.skip()

    change(store, "first")

    assert changes.read() == [Change("case", "first")]


def test_a_follower_who_was_away_too_long_can_tell(store: Store) -> None:
    changes = Changes(store.redis)
    change(store, "one")
    changes.read()
    assert not changes.missed()

    for number in range(5):
        change(store, str(number))
    with store.redis.pipeline(transaction=True) as pipe:
        pipe.xtrim("changes:{desk}", approximate=False, minid=last_id(store))
        pipe.execute()

    assert changes.missed()


def last_id(store: Store) -> str:
    return store.redis.xrevrange("changes:{desk}", count=1)[0][0].decode()


def test_a_change_says_what_version_a_case_became(store: Store) -> None:
    changes = Changes(store.redis)

    store.ledger.write(lambda page: page.changed("case", "one", 7))

    assert changes.read() == [Change("case", "one", 7)]

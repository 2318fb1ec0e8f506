"""What the store keeps of subscribers: one owner writes, all workers are told, nothing twice."""

import pytest

from store import keys
from store.posted import Posted, fields_of
from store.store import Store, open_store
from store.subscribers import Held, Mark, Standing, Subscriber, Subscription
from store.tail import START, Place
from tests.store.nodes import own_all_slots

ORDERS = "cb/v1/+/sw/order/+/cmd"
TOPIC = "cb/v1/460106/sw/order/C-1-01/cmd"
MINE = Subscriber("sw", (Subscription(ORDERS, 1),), "here/0/a", 60.0)
THEIRS = Subscriber("sw", (), "here/1/b", 60.0)
FAR = Standing(Mark(Place(5, 1), Place(6, 0)), (Held(7, keys.FIELD, "5-0"),))


@pytest.fixture(params=["server", "cluster"])
def kept(request: pytest.FixtureRequest) -> Store:
    """On one server, and on a cluster, whose transactions stay on one slot."""
    if request.param == "server":
        return open_store(request.getfixturevalue("redis_url"))
    [node, _other] = request.getfixturevalue("nodes")
    own_all_slots(node)
    port = node.command[node.command.index("--port", 3) + 1]
    return open_store(f"redis+cluster://127.0.0.1:{port}")


def relay(store: Store, *said: Posted) -> None:
    """As the ingest writes it with a batch."""
    for posted in said:
        store.redis.xadd(keys.relay(2), fields_of(posted))


def test_what_is_kept_is_found_again(kept: Store) -> None:
    kept.subscribers.keep("ear", MINE, FAR)

    assert kept.subscribers.all() == {"ear": MINE}
    assert kept.subscribers.get(["ear", "nobody"]) == {"ear": MINE, "nobody": None}
    assert kept.subscribers.standing("ear") == FAR


def test_only_the_owner_says_how_far_one_is(kept: Store) -> None:
    kept.subscribers.keep("ear", MINE, Standing())
    kept.subscribers.claim("ear", THEIRS, Standing())
    kept.subscribers.stand("here/0/a", {"ear": FAR})

    assert not kept.subscribers.keep("ear", MINE, FAR)
    assert not kept.subscribers.forget("ear", "here/0/a")
    assert kept.subscribers.standing("ear") == Standing()
    kept.subscribers.stand("here/1/b", {"ear": FAR})
    assert kept.subscribers.standing("ear") == FAR
    assert kept.subscribers.forget("ear", "here/1/b")
    assert kept.subscribers.all() == {}


def test_every_worker_is_told_of_changes_and_messages_in_one_reading(kept: Store) -> None:
    before = kept.subscribers.end()
    kept.subscribers.keep("ear", MINE, Standing())
    kept.ledger.write(lambda page: kept.field.post_in(page, TOPIC, b"order"))
    relay(kept, Posted(START, "a/b", b"said", publisher="mouth"))
    kept.relaying(2).move()

    told = kept.subscribers.read(before, block_ms=1000)

    assert told.changed == {"ear": MINE}
    assert [(one.payload, one.stream) for one in told.posted] == [
        (b"order", keys.FIELD), (b"said", keys.RELAYED),
    ]  # fmt: skip
    assert told.mark == kept.subscribers.end()
    assert kept.subscribers.read(told.mark, block_ms=1).posted == []


def test_what_clients_say_moves_on_once_and_what_is_retained_is_kept(kept: Store) -> None:
    said = [Posted(START, "a/b", b"%d" % n, retain=n == 1, publisher="m") for n in range(3)]
    relay(kept, *said)

    moved = kept.relaying(2).move(), kept.relaying(2).move()

    assert moved == (3, 0)
    found = kept.subscribers.page(Mark()).posted
    assert [one.payload for one in found] == [b"0", b"1", b"2"]
    assert [one.payload for one in kept.retained.of(["a/b", "a/c"])] == [b"1"]
    assert list(kept.retained.topics("a/#")) == ["a/b"]
    relay(kept, Posted(START, "a/b", b"", retain=True))
    kept.relaying(2).move()
    assert kept.retained.of(["a/b"]) == []


def test_what_was_held_is_found_by_its_place(kept: Store) -> None:
    kept.ledger.write(lambda page: kept.field.post_in(page, TOPIC, b"order"))
    kept.ledger.write(lambda page: kept.field.post_in(page, "a", b"kept", retain=True))
    place = str(kept.field.read()[0].place)
    held = [Held(1, keys.FIELD, place), Held(2, keys.RETAINED, "a"), Held(3, keys.FIELD, "1-1")]

    found = kept.subscribers.find(held)

    assert [one and one.payload for _held, one in found] == [b"order", b"kept", None]


def test_the_place_of_the_outbox_moves_from_where_it_is(kept: Store) -> None:
    one, two = Place(1, 0), Place(2, 0)

    assert kept.outbound.move(START, one)
    assert not kept.outbound.move(START, two)
    assert kept.outbound.place() == one

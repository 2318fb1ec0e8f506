"""Commands are written whole, once, one after another, each with its record in the chain."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
import redis

from bench.servers import RedisServer, free_port
from city.audit import Draft, Outcome, Record, first_broken
from city.refusal import Conflict
from store import keys
from store.books import Page
from store.store import Store, StoreUnreachable, open_store
from tests.store.dropping import dropping
from tests.store.nodes import cluster_node, own_all_slots

COUNTS = "counts:{desk}"


def draft(action: str = "count") -> Draft:
    return Draft("li", "李四", "acceptor", action, "count/one", 1_800_000_000_000, "10.0.0.7")


def add_one(page: Page) -> int:
    count = int(page.get(COUNTS, "one") or 0) + 1
    page.put(COUNTS, "one", str(count).encode())
    page.append("lines:{desk}", str(count).encode())
    page.detail["after"] = count
    return count


def refuse_after_writing(page: Page) -> None:
    page.put(COUNTS, "one", b"999")
    raise Conflict("not_found", name="x", what="y")


def records(store: Store) -> list[Record]:
    found = store.redis.xrange(keys.AUDIT)
    return [msgspec.json.decode(fields[b"r"], type=Record) for _, fields in found]


def test_commands_of_many_threads_and_processes_are_carried_out_one_after_another(
    store: Store, redis_url: str
) -> None:
    houses = [store, open_store(redis_url)]  # each has a ledger of its own, as a process has

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: houses[n % 2].ledger.write(add_one, draft()), range(400)))

    assert sorted(answers) == list(range(1, 401))
    assert store.redis.hget(COUNTS, "one") == b"400"
    assert [int(line) for line in store.redis.lrange("lines:{desk}", 0, -1)] == [*range(1, 401)]
    trail = records(store)
    assert [one.draft.detail["after"] for one in trail] == [*range(1, 401)]
    assert first_broken(trail) is None


def test_a_refused_command_writes_only_its_record(store: Store) -> None:
    store.ledger.write(add_one, draft())

    with pytest.raises(Conflict):
        store.ledger.write(refuse_after_writing, draft("break"))

    assert store.redis.hget(COUNTS, "one") == b"1"
    last = records(store)[-1].draft
    assert (last.action, last.outcome, last.reason) == ("break", Outcome.REFUSED, "not_found")


def test_a_faulty_command_does_not_stop_those_beside_it(store: Store) -> None:
    def faulty(page: Page) -> None:
        page.put(COUNTS, "one", b"999")
        raise ZeroDivisionError

    with ThreadPoolExecutor(8) as pool:
        good = [pool.submit(store.ledger.write, add_one, draft()) for _ in range(20)]
        bad = [pool.submit(store.ledger.write, faulty, draft()) for _ in range(5)]

    assert sorted(one.result() for one in good) == list(range(1, 21))
    assert all(isinstance(one.exception(), ZeroDivisionError) for one in bad)
    assert len(records(store)) == 20


def test_a_changed_record_is_found_at_its_number(store: Store) -> None:
    for _ in range(5):
        store.ledger.write(add_one, draft())
    trail = records(store)
    told = json.loads(msgspec.json.encode(trail[2]))
    told["draft"]["name"] = "王五"
    trail[2] = msgspec.json.decode(json.dumps(told), type=Record)

    assert first_broken(trail) == 3
    assert first_broken([*trail[:1], *trail[3:]]) == 2


def test_what_is_due_is_written_with_the_command(store: Store) -> None:
    def set_due(page: Page) -> None:
        page.due("case|1|warn", 5000)
        page.due("case|1|overdue", 9000)

    store.ledger.write(set_due)
    store.ledger.write(lambda page: page.undue("case|1|warn"))

    client = redis.Redis.from_url(store._url)
    assert client.zrange(keys.DUE, 0, -1, withscores=True) == [(b"case|1|overdue", 9000.0)]
    assert store.redis.xrange(keys.AUDIT) == []


def test_a_store_that_is_away_is_said_so() -> None:
    with pytest.raises(StoreUnreachable):
        open_store("redis://127.0.0.1:1").ledger.write(add_one, draft())


@pytest.mark.parametrize(("word", "written"), [(b"EXEC", 1), (b"HGET", 0), (b"WATCH", 0)])
def test_a_command_whose_answer_is_lost_is_not_carried_out_again(
    store: Store, redis_url: str, word: bytes, written: int
) -> None:
    with dropping(redis_url, word) as address:
        assert_not_carried_out_again(f"redis://{address}", store, written)


def test_nor_is_it_in_a_cluster(tmp_path: Path) -> None:
    port = free_port()
    node = cluster_node(tmp_path, "--cluster-announce-port", str(port),
                        "--cluster-announce-ip", "127.0.0.1")  # fmt: skip
    node.start()
    try:
        own_all_slots(node)
        with dropping(node.url, b"EXEC", port) as address:
            assert_not_carried_out_again(f"redis+cluster://{address}", open_store(node.url), 1)
    finally:
        node.kill()


def assert_not_carried_out_again(url: str, direct: Store, written: int) -> None:
    with pytest.raises(StoreUnreachable):
        open_store(url).ledger.write(add_one, draft())
    assert int(direct.redis.hget(COUNTS, "one") or 0) == written

    assert open_store(url).ledger.write(add_one, draft()) == written + 1

    assert len(direct.redis.lrange("lines:{desk}", 0, -1)) == written + 1
    assert len(records(direct)) == written + 1
    assert first_broken(records(direct)) is None


def test_the_first_command_after_a_restart_of_the_store_is_written(
    redis_process: RedisServer,
) -> None:
    store = open_store(redis_process.url)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.ledger.write(add_one, draft()), range(32)))

    redis_process.restart()

    assert [store.ledger.write(add_one, draft()) for _ in range(4)] == [33, 34, 35, 36]

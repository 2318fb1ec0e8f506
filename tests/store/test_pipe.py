"""The pipe to the store, against real servers that die, refuse, hang and move."""

import signal
import time
from collections.abc import Iterator

import hiredis
import pytest
import redis

from bench.servers import RedisServer, free_port
from feeds.loop import Loop
from store import pipe as pipe_module
from store.endpoint import Endpoint
from store.pipe import Pipe, StoreRefused

pytestmark = pytest.mark.store

COUNT, APPLIED = "count:{s0}", "applied:{s0}:test"
WITHIN_S = 10.0


@pytest.fixture
def server(tmp_path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path / "redis")
    server.start()
    yield server
    server.process.send_signal(signal.SIGCONT)
    server.kill()


class Line:
    """A pipe with its loop, and what was answered."""

    def __init__(self, url: str) -> None:
        self.loop = Loop()
        self.pipe = Pipe(Endpoint(url, COUNT), APPLIED, self.loop)
        self.answered: list[int] = []
        self.number = 0

    def send(self, *more: tuple[str, ...]) -> None:
        """A transaction that counts itself, and does what more is asked of it."""
        self.number += 1
        number = self.number
        commands = [("MULTI",), ("INCR", COUNT), ("SET", APPLIED, str(number)), *more, ("EXEC",)]
        data = b"".join(hiredis.pack_command(command) for command in commands)
        self.pipe.send(number, data, len(commands), lambda: self.answered.append(number))

    def turn(self, until=lambda: False, within_s: float = WITHIN_S) -> bool:
        deadline = time.monotonic() + within_s
        while not until() and time.monotonic() < deadline:
            self.loop.turn(0.01)
            self.pipe.turn(time.monotonic())
        return bool(until())

    def await_answers(self, count: int) -> bool:
        return self.turn(lambda: len(self.answered) >= count)

    def close(self) -> None:
        self.pipe.close()
        self.loop.close()


@pytest.fixture
def line(server) -> Iterator[Line]:
    line = Line(server.url)
    yield line
    line.close()


def client(server: RedisServer) -> redis.Redis:
    return redis.Redis.from_url(server.url)


def test_batches_are_answered_in_their_order(server, line):
    for _ in range(20):
        line.send()

    assert line.await_answers(20)
    assert line.answered == list(range(1, 21))
    assert line.pipe.in_flight == 0


def test_a_batch_larger_than_the_socket_takes_arrives_whole(server, line):
    line.turn(lambda: line.pipe.is_up)
    line.send(("SET", "{s0}large", "x" * 20_000_000))

    assert line.await_answers(1)
    assert client(server).strlen("{s0}large") == 20_000_000


def test_nothing_is_lost_or_doubled_when_the_store_is_killed(server, line):
    for _ in range(5):
        for _ in range(200):
            line.send()
        line.turn(lambda: bool(line.answered), within_s=0.02)
        server.restart()

    assert line.await_answers(1000)
    assert line.answered == list(range(1, 1001))
    assert int(client(server).get(COUNT)) == 1000


def test_an_answer_that_was_lost_is_not_asked_for_twice(server, line):
    line.turn(lambda: line.pipe.is_up)
    line.send()
    client(server).client_kill_filter(_type="normal", skipme=True)
    line.turn(lambda: not line.pipe.is_up)

    assert line.await_answers(1)
    assert int(client(server).get(COUNT)) == 1


@pytest.mark.parametrize(
    ("close", "open_again"),
    [
        (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
        (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
        (
            ("CONFIG", "SET", "min-replicas-to-write", "3"),
            ("CONFIG", "SET", "min-replicas-to-write", "0"),
        ),
    ],
    ids=["READONLY", "OOM", "NOREPLICAS"],
)
def test_a_store_that_cannot_take_it_now_is_asked_again(server, line, close, open_again):
    line.turn(lambda: line.pipe.is_up)
    client(server).execute_command(*close)
    line.send()
    assert not line.turn(lambda: bool(line.answered), within_s=0.5)
    client(server).execute_command(*open_again)

    assert line.await_answers(1)
    assert int(client(server).get(COUNT)) == 1


def test_waiting_for_the_store_is_not_a_busy_loop(server, line):
    line.turn(lambda: line.pipe.is_up)
    client(server).config_set("maxmemory", 1)
    before = client(server).info("stats")["total_connections_received"]
    line.send()
    line.turn(within_s=1.0)
    after = client(server).info("stats")["total_connections_received"]

    assert after - before <= 12


def test_a_refusal_that_no_waiting_mends_is_raised(server, line):
    client(server).set("{s0}text", "x")
    line.turn(lambda: line.pipe.is_up)
    line.send(("XADD", "{s0}text", "*", "a", "b"))

    with pytest.raises(StoreRefused, match="WRONGTYPE"):
        line.await_answers(1)


def test_a_store_that_hangs_is_left_and_tried_again(server, line, monkeypatch):
    monkeypatch.setattr(pipe_module, "ANSWER_WITHIN_S", 0.2)
    line.turn(lambda: line.pipe.is_up)
    server.process.send_signal(signal.SIGSTOP)
    line.send()
    assert line.turn(lambda: not line.pipe.is_up)
    server.process.send_signal(signal.SIGCONT)

    assert line.await_answers(1)
    assert int(client(server).get(COUNT)) == 1


def test_a_password_user_and_database_are_used(tmp_path):
    port = free_port()
    server = RedisServer(tmp_path, "--port", str(port))
    server.start()
    client(server).execute_command("ACL SETUSER", "city", "on", ">s3:cret", "~*", "+@all")
    line = Line(f"redis://city:s3%3Acret@127.0.0.1:{port}/3")
    line.send()

    assert line.await_answers(1)
    assert redis.Redis.from_url(server.url, db=3).get(COUNT) == b"1"
    line.close()
    server.kill()


def test_a_wrong_password_is_said_and_waited_with(tmp_path):
    server = RedisServer(tmp_path, "--requirepass", "right")
    server.start()
    line = Line(f"{server.url}?password=wrong")
    line.turn(within_s=0.2)

    assert not line.pipe.is_up
    assert "password" in line.pipe.trouble
    line.close()
    server.kill()


def test_a_sentinel_is_asked_for_the_master(tmp_path):
    port, guard_port = free_port(), free_port()
    server = RedisServer(tmp_path / "redis", "--port", str(port))
    server.start()
    config = tmp_path / "guard.conf"
    config.write_text(f"sentinel monitor city 127.0.0.1 {port} 1\n")
    guard = RedisServer(tmp_path / "guard")
    guard.command = ("redis-server", str(config), "--sentinel", "--port", str(guard_port),
                     "--unixsocket", str(guard.path))  # fmt: skip
    guard.start()
    line = Line(f"redis+sentinel://127.0.0.1:{guard_port}/city")
    line.send()

    assert line.await_answers(1)
    assert client(server).get(COUNT) == b"1"
    line.close()
    guard.kill()
    server.kill()


def test_in_a_cluster_the_owner_of_the_shard_is_found_and_followed(nodes):
    clients = [client(node) for node in nodes]
    ports = [one.config_get("port")["port"] for one in clients]
    slot = clients[0].execute_command("CLUSTER KEYSLOT", COUNT)
    clients[1].execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
    clients[0].execute_command("CLUSTER MEET", "127.0.0.1", ports[1])
    line = Line(f"redis+cluster://127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}")
    line.send()
    assert line.await_answers(1)
    assert clients[1].get(COUNT) == b"1"

    ids = [node.execute_command("CLUSTER MYID") for node in clients]
    clients[1].delete(COUNT, APPLIED)
    clients[0].execute_command("CLUSTER SETSLOT", slot, "NODE", ids[0])
    clients[1].execute_command("CLUSTER SETSLOT", slot, "NODE", ids[0])
    line.send()

    assert line.await_answers(2)
    assert clients[0].get(COUNT) == b"1"
    line.close()

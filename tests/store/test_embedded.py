"""A Redis server of our own: found, started, durable; or one sentence that says what to do."""

import subprocess
from pathlib import Path

import pytest
import redis

from store import embedded
from store.embedded import NoServer, find_server, packaged_server, plan, socket_path
from store.store import open_store

pytestmark = pytest.mark.store


def test_without_a_server_on_the_path_the_packaged_one_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedded, "NAMES", ("no-such-server",))

    server, version = find_server()

    assert server == packaged_server()
    assert version >= 6


def test_without_any_server_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "NAMES", ("no-such-server",))
    monkeypatch.setattr(embedded, "packaged_server", lambda: None)

    with pytest.raises(NoServer, match="install redis-server 7 or newer, or set CITY_REDIS_URL"):
        find_server()


@pytest.mark.parametrize("names", [("redis-server",), ("no-such-server",)], ids=["path", "package"])
def test_what_was_written_is_there_after_a_kill(
    names: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "NAMES", names)

    for number in (1, 2):
        planned = plan(tmp_path)
        with subprocess.Popen(planned.command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            assert any(planned.ready in line for line in server.stdout)
            client = open_store(planned.url).redis
            assert isinstance(client, redis.Redis)
            assert client.incr("starts") == number
            server.kill()


def test_data_of_a_newer_server_are_not_silently_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "find_server", lambda: ("redis-server", 6))
    (tmp_path / "redis" / "appendonlydir").mkdir(parents=True)

    with pytest.raises(NoServer, match="written by a Redis server 7 or newer"):
        plan(tmp_path)


def test_a_data_directory_with_a_long_name_gets_a_short_private_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)

    path = socket_path(deep)

    assert len(str(path)) <= embedded.LONGEST_SOCKET
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert socket_path(deep) == path

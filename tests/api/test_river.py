"""Feeds, dead letters, metrics and readiness."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from city.health import DELAY_EDGES_MS
from store.store import Store, open_store
from tests.house import new_app
from tests.publisher import Publisher

pytestmark = pytest.mark.store
RUBBISH = b'{"ts": \xff\x00rubbish'


def feed(client: TestClient, name: str) -> dict[str, Any]:
    answer = client.get("/api/v1/feeds").json()
    assert answer["next"] is None
    return next(item for item in answer["items"] if item["name"] == name)


def test_a_feed_tells_how_it_is_doing(client: TestClient, publisher: Publisher) -> None:
    publisher.ponding(1, 3)
    publisher.ponding(1, 4, q="uncertain")
    publisher.send(("cb/v1/460106/sw/waterlogging/WL-0001/data", RUBBISH))

    said = feed(client, "waterlogging")
    assert (said["department"], said["period_s"], said["state"]) == ("sw", 60, "fresh")
    assert (said["accepted"], said["rejected"]) == (2, 1)
    assert sum(said["rejected_by_reason"].values()) == 1
    assert said["quality"] == {"good": 0.3333, "uncertain": 1, "late": 0, "duplicate": 0}
    assert said["heard_at"].endswith("Z")
    assert said["delay_p95_ms"] > 0


def test_a_feed_that_was_never_heard_is_lost(client: TestClient) -> None:
    said = feed(client, "hfp")

    assert (said["state"], said["heard_at"], said["accepted"]) == ("lost", None, 0)


def test_a_dead_letter_keeps_what_was_sent(client: TestClient, publisher: Publisher) -> None:
    publisher.send(("cb/v1/460106/sw/rain/R-1/data", RUBBISH))
    publisher.send(("cb/v1/460106/sw/pump/P-1/data", b"x" * 5000))

    newest, oldest = client.get("/api/v1/dead-letters").json()["items"]
    assert (newest["feed"], newest["size"], len(newest["payload"])) == ("pump", 5000, 2048)
    assert oldest["topic"] == "cb/v1/460106/sw/rain/R-1/data"
    assert oldest["reason"]
    assert oldest["received_at"].endswith("Z")


def test_dead_letters_are_asked_for_by_feed(client: TestClient, publisher: Publisher) -> None:
    for name in ("rain", "pump", "rain"):
        publisher.send((f"cb/v1/460106/sw/{name}/X-1/data", RUBBISH))

    def count(**asked: Any) -> int:
        return len(client.get("/api/v1/dead-letters", params=asked).json()["items"])

    assert [count(feed="rain"), count(feed="rain", limit=1), count(feed="bus")] == [2, 1, 0]
    assert client.get("/api/v1/dead-letters?limit=0").status_code == 422


def metric(client: TestClient, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return next(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name + " "))


def test_metrics_count_what_came_and_what_was_rejected(
    client: TestClient, publisher: Publisher
) -> None:
    publisher.ponding(1, 3)
    publisher.ponding(1, 4)
    publisher.send(("cb/v1/460106/sw/waterlogging/WL-0001/data", RUBBISH))

    one = '{feed="waterlogging"}'
    assert metric(client, f"citybrain_messages_received_total{one}") == 3
    assert metric(client, f"citybrain_messages_accepted_total{one}") == 2
    assert "citybrain_messages_rejected_total{" in client.get("/metrics").text


def test_the_delay_histogram_is_cumulative(client: TestClient, publisher: Publisher) -> None:
    publisher.ponding(1, 3)
    publisher.ponding(1, 4, age_s=3)

    name = 'citybrain_message_delay_seconds_bucket{feed="waterlogging",le="%s"}'
    counts = [metric(client, name % edge) for edge in ("2.5", "5.0", "+Inf")]
    assert counts == [1, 2, 2]
    assert len(DELAY_EDGES_MS) == 11


def test_a_living_process_says_so(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_readiness_names_the_part_that_is_missing(client: TestClient, store: Store) -> None:
    store.parts.heartbeat("ingest-0", {"mqtt": "listening"}, 30)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"store": "ok", "mqtt": "ok", "ingest": "ok", "watch": "missing"}

    store.parts.heartbeat("watch-1", {}, 30)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json().values()) == {"ok"}


def test_a_broker_that_is_lost_is_said(client: TestClient, store: Store) -> None:
    store.parts.heartbeat("ingest-0", {"mqtt": "lost"}, 30)
    store.parts.heartbeat("watch-1", {}, 30)

    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["mqtt"]) == (503, "lost")


def test_without_a_store_the_server_lives_and_says_what_is_missing() -> None:
    with TestClient(new_app(open_store("unix:///nowhere/redis.sock"))) as client:
        assert client.get("/login").status_code == 200
        client.cookies.set("city_session", "one of before")
        assert client.get("/healthz").status_code == 200
        assert client.get("/situation").status_code == 503  # nobody knows who asks
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["store"]) == (503, "away")
        problem = client.get("/api/v1/things")
        assert (problem.status_code, problem.json()["status"]) == (503, 503)

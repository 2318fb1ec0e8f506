"""Things and their history, as machines read them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.publisher import CENTRE, Publisher, written

pytestmark = pytest.mark.store
PROPERTIES = {
    "department", "kind", "object", "area", "cell", "observed_at", "received_at", "values",
    "status", "state", "uncertain",
}  # fmt: skip


def things(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/things", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    document = answer.json()
    assert document["type"] == "FeatureCollection"
    found: list[dict[str, Any]] = document["features"]
    return found


def test_what_was_acknowledged_is_in_the_next_answer(
    client: TestClient, publisher: Publisher
) -> None:
    for depth in range(20):
        thing = publisher.ponding(7, depth)
        answer = client.get(f"/api/v1/things/{thing}").json()
        assert answer["properties"]["values"] == {"depth_cm": depth}


def test_a_thing_is_a_geojson_feature(client: TestClient, publisher: Publisher) -> None:
    publisher.ponding(7, 45)

    (feature,) = things(client)
    assert feature["id"] == "sw/waterlogging/WL-0007"
    assert feature["geometry"] == {"type": "Point", "coordinates": list(CENTRE)}
    said = feature["properties"]
    assert said.keys() >= PROPERTIES
    assert (said["area"], said["state"], said["uncertain"]) == ("460106", "fresh", [])
    assert datetime.fromisoformat(said["observed_at"]).utcoffset() == timedelta(0)


def test_a_thing_without_a_position_has_no_geometry(
    client: TestClient, publisher: Publisher
) -> None:
    publisher.bus(1, *CENTRE, pos=None)

    assert things(client)[0]["geometry"] is None
    assert things(client, bbox="-180,-90,180,90") == []


def test_things_are_found_by_kind_box_and_area(client: TestClient, publisher: Publisher) -> None:
    publisher.ponding(1, 3)
    publisher.bus(1, *CENTRE)
    publisher.bus(2, 110.45, 20.02)

    def ids(**asked: Any) -> set[str]:
        return {one["properties"]["object"] for one in things(client, **asked)}

    assert ids(kind="bus") == {"B-0001", "B-0002"}
    assert ids(kind=["bus", "waterlogging"]) == ids(kind="bus,waterlogging") == ids()
    assert ids(kind="tram") == set()
    assert ids(bbox="110.3,20,110.4,20.1") == {"WL-0001", "B-0001"}
    assert ids(bbox="110.3,20,110.4,20.1", kind="bus") == {"B-0001"}
    assert ids(area="460106") == {"WL-0001", "B-0001"}
    assert ids(area="460199") == set()


@pytest.mark.parametrize(
    "asked",
    [
        {"bbox": "1,2,3"}, {"bbox": "a,b,c,d"}, {"bbox": "1,2,3,nan"}, {"bbox": "0,5,1,4"},
        {"bbox": "-181,0,0,1"}, {"area": "abc"}, {"area": "46010"},
    ],
)  # fmt: skip
def test_a_malformed_question_is_422(client: TestClient, asked: dict[str, str]) -> None:
    answer = client.get("/api/v1/things", params=asked)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert next(iter(asked)) in answer.json()["detail"]


def test_an_unknown_thing_is_404(client: TestClient) -> None:
    for path in ("sw/rain/R-1", "sw/rain/R-1/history"):
        answer = client.get(f"/api/v1/things/{path}")
        assert answer.status_code == 404
        assert "sw/rain/R-1" in answer.json()["detail"]


def history(client: TestClient, thing: str, **asked: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v1/things/{thing}/history", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def depths(answer: dict[str, Any]) -> list[float]:
    return [item["values"]["depth_cm"] for item in answer["items"]]


def test_history_is_in_the_order_of_time_whatever_came_first(
    client: TestClient, publisher: Publisher
) -> None:
    for age_s in (10, 40, 20, 30):
        thing = publisher.ponding(7, age_s, age_s=age_s)

    answer = history(client, thing)
    assert depths(answer) == [40, 30, 20, 10]
    assert answer["next"] is None


def test_history_is_asked_for_by_time(client: TestClient, publisher: Publisher) -> None:
    for minute in range(5):
        said = f"2026-09-06T07:1{minute}:00+08:00"
        thing = publisher.ponding(7, minute, ts=said)

    assert depths(history(client, thing, **{"from": "2026-09-06T07:11:00+08:00"})) == [1, 2, 3, 4]
    assert depths(history(client, thing, to="2026-09-05T23:12:00Z")) == [0, 1, 2]
    both = {"from": "2026-09-06T07:11:00+08:00", "to": "2026-09-06T07:12:00+08:00"}
    assert depths(history(client, thing, **both)) == [1, 2]


def test_a_plus_that_became_a_space_is_understood(client: TestClient, publisher: Publisher) -> None:
    thing = publisher.ponding(7, 1, ts="2026-09-06T07:10:00+08:00")

    answer = client.get(f"/api/v1/things/{thing}/history?from=2026-09-06T07:10:00+08:00")
    assert depths(answer.json()) == [1]


def test_pages_of_history_join_without_gap_or_double(
    client: TestClient, publisher: Publisher
) -> None:
    same = written(5)  # several readings of one instant
    for number in range(11):
        thing = publisher.ponding(7, number, **({"ts": same} if 3 <= number < 8 else {}))
    whole = depths(history(client, thing))

    pages, cursor = [], None
    while True:
        asked = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        answer = history(client, thing, **asked)
        pages.insert(0, depths(answer))
        cursor = answer["next"]
        if cursor is None:
            break
    assert len(pages) == 4
    assert [depth for page in pages for depth in page] == whole


def test_a_reading_carries_both_times_and_its_doubts(
    client: TestClient, publisher: Publisher
) -> None:
    thing = publisher.ponding(7, 31.5, age_s=9, q="uncertain")

    (item,) = history(client, thing)["items"]
    observed = datetime.fromisoformat(item["observed_at"])
    received = datetime.fromisoformat(item["received_at"])
    assert 8 < (received - observed).total_seconds() < 15
    assert item["uncertain"] == ["said_uncertain"]
    assert item["pos"] == list(CENTRE)


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "yesterday"}, {"from": "2026-09-06"}, {"from": "2026-09-06T07:10:00"},
        {"from": "1788650000"}, {"to": "2026-13-06T07:10:00Z"}, {"limit": "0"},
        {"limit": "100000"}, {"limit": "ten"}, {"cursor": "x"},
        {"from": "2026-09-06T07:10:00Z", "to": "2026-09-06T07:00:00Z"},
    ],
)  # fmt: skip
def test_a_malformed_span_is_422(
    client: TestClient, publisher: Publisher, asked: dict[str, str]
) -> None:
    thing = publisher.ponding(7, 1)
    answer = client.get(f"/api/v1/things/{thing}/history", params=asked)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"

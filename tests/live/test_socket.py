"""The live socket from a browser's side, over a real store."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from city.roles import Role
from live.pulse import PACE_S
from store.store import Store
from tests.house import new_app
from tests.live.frames import DELTA, SNAPSHOT, Part, read
from tests.publisher import CENTRE, Publisher
from tests.seats import log_in

pytestmark = pytest.mark.store
WITHIN_S = 5.0


class Listener:
    """A browser that keeps what it hears."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self._socket = socket
        self.words: list[dict[str, Any]] = []
        self.parts: list[Part] = []

    def say(self, **words: Any) -> None:
        self._socket.send_text(json.dumps(words))

    def until(self, holds: Callable[["Listener"], Any]) -> Any:
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            if found := holds(self):
                return found
            message = self._socket.receive()
            if message.get("bytes") is not None:
                self.parts += read(message["bytes"])
            else:
                self.words.append(json.loads(message["text"]))
        raise AssertionError(f"never heard: {self.words} {self.parts}")

    def word(self, name: str) -> Any:
        """The newest of a word, once it was heard."""
        said = self.until(lambda me: [one[name] for one in me.words if name in one])
        return said[-1]

    def part(self, kind: int, layer: int) -> Part:
        """The newest section of a kind for a layer, once it was heard."""
        return self.until(lambda me: [p for p in me.parts if (p.kind, p.layer) == (kind, layer)])[
            -1
        ]

    def number(self, layer: str) -> int:
        return [one["name"] for one in self.word("hello")["layers"]].index(layer)


@pytest.fixture
def publisher(store: Store) -> Publisher:
    return Publisher(store)


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(new_app(store)) as client:
        log_in(client, Role.CHIEF)
        yield client


@pytest.fixture
def listener(client: TestClient) -> Iterator[Listener]:
    with client.websocket_connect("/live") as socket:
        yield Listener(socket)


def test_a_browser_is_greeted_with_layers_and_versions(listener: Listener) -> None:
    hello, pulse = listener.word("hello"), listener.word("pulse")

    assert hello["layers"][0] == {
        "name": "waterlogging", "zh": "积水监测", "en": "Ponding", "shape": "dot", "moves": False,
        "period_s": 60, "unit": "cm", "quantity_zh": "积水深度", "quantity_en": "Depth",
    }  # fmt: skip
    assert set(pulse) == set(PACE_S)


def test_a_look_brings_a_snapshot_then_what_changes(
    listener: Listener, publisher: Publisher
) -> None:
    publisher.ponding(1, 3)
    listener.say(look={"layers": ["waterlogging", "bus"], "bbox": None})
    ponding, bus = listener.number("waterlogging"), listener.number("bus")
    listener.part(SNAPSHOT, bus)

    publisher.ponding(1, 45)
    told = listener.until(
        lambda me: [
            p for p in me.parts if p.layer == ponding and p.rows and p.rows[0]["level"] == 1
        ]
    )
    assert told[-1].rows[0]["value"] == 45


def test_only_what_is_looked_at_is_told(listener: Listener, publisher: Publisher) -> None:
    listener.say(look={"layers": ["bus"], "bbox": None})
    listener.part(SNAPSHOT, listener.number("bus"))
    publisher.ponding(1, 3)
    publisher.bus(1, *CENTRE)

    listener.part(DELTA, listener.number("bus"))
    assert {part.layer for part in listener.parts} == {listener.number("bus")}


def test_a_view_is_a_part_of_the_city(listener: Listener, publisher: Publisher) -> None:
    publisher.bus(1, *CENTRE)
    publisher.bus(2, 110.5, 20.02)
    listener.say(look={"layers": ["bus"], "bbox": [110.32, 20.01, 110.34, 20.03]})

    told = listener.until(lambda me: [p for p in me.parts if p.rows])
    assert [len(part.rows) for part in told] == [1]


def test_indexes_have_names_in_the_language_of_the_page(
    client: TestClient, publisher: Publisher
) -> None:
    thing = publisher.ponding(1, 45)
    publisher.meta(thing, name={"zh": "龙昆南下穿", "en": "Longkun S underpass"})

    client.cookies.set("city_lang", "en")
    with client.websocket_connect("/live") as socket:
        listener = Listener(socket)
        listener.say(look={"layers": ["waterlogging"], "bbox": None})
        listener.until(lambda me: [p for p in me.parts if p.rows])
        listener.say(who=[0, 99])
        (row,) = listener.word("who")

    assert row == {
        "index": 0, "id": thing, "name": "Longkun S underpass", "kind": "waterlogging", "layer": 0,
        "value": 45.0, "unit": "cm", "level": 1,
    }  # fmt: skip


def test_the_followed_thing_is_read_out_whenever_it_changes(
    listener: Listener, publisher: Publisher
) -> None:
    thing = publisher.ponding(1, 3)
    listener.say(look={"layers": ["waterlogging"], "bbox": None})
    listener.until(lambda me: [p for p in me.parts if p.rows])
    listener.say(follow=thing)
    assert listener.word("reading")["values"] == {"depth_cm": 3}

    publisher.ponding(1, 4)
    reading = listener.until(
        lambda me: [
            one["reading"]
            for one in me.words
            if "reading" in one and one["reading"]["values"] == {"depth_cm": 4}
        ]
    )[0]
    assert reading["id"] == thing
    assert (reading["lon"], reading["lat"]) == CENTRE


def test_a_kind_nobody_declared_is_greeted_anew(listener: Listener, publisher: Publisher) -> None:
    listener.word("hello")
    publisher.send(("cb/v1/460106/sw/gauge/G-1/data", {"ts": "2026-01-01T00:00:00Z", "values": {}}))

    listener.until(
        lambda me: [one for one in me.words if "hello" in one
                    and one["hello"]["layers"][-1]["name"] == "gauge"]
    )  # fmt: skip


def test_the_status_comes_every_second(listener: Listener, publisher: Publisher) -> None:
    publisher.ponding(1, 3)
    status = listener.until(
        lambda me: [one["status"] for one in me.words if one.get("status", {}).get("entities")]
    )[0]

    assert (status["store"], status["entities"], status["feeds"]) == ("ok", 1, 1)


def test_a_dead_letter_moves_its_pulse(listener: Listener, publisher: Publisher) -> None:
    first = listener.word("pulse")["dead"]
    publisher.send(("cb/v1/460106/sw/rain/R-1/data", b"rubbish"))

    listener.until(
        lambda me: [one for one in me.words if one.get("pulse", {}).get("dead", first) > first]
    )


@pytest.mark.parametrize(
    "text",
    ["", "rubbish", "[]", '{"look":{"layers":[1]}}', '{"look":{"layers":[],"bbox":[1,2,3]}}',
     '{"who":["a"]}', '{"shout":1}', json.dumps({"who": [0] * 501})],
)  # fmt: skip
def test_what_is_not_in_the_protocol_closes_the_socket(client: TestClient, text: str) -> None:
    with client.websocket_connect("/live") as socket:
        socket.send_text(text)
        with pytest.raises(WebSocketDisconnect) as closed:
            while True:
                message = socket.receive()
                socket._raise_on_close(message)

    assert closed.value.code == 1007


@pytest.mark.parametrize(
    ("origin", "enters"), [("http://testserver", True), ("http://evil.example", False)]
)
def test_a_page_of_another_site_is_refused(client: TestClient, origin: str, enters: bool) -> None:
    def enter() -> bool:
        try:
            with client.websocket_connect("/live", headers={"origin": origin}):
                return True
        except WebSocketDisconnect:
            return False

    assert enter() is enters


def test_a_browser_that_left_is_forgotten(client: TestClient) -> None:
    def browsers() -> str:
        lines = client.get("/metrics").text.splitlines()
        return next(line for line in lines if line.startswith("citybrain_browsers "))

    with client.websocket_connect("/live"):
        assert browsers() == "citybrain_browsers 1.0"
    deadline = time.monotonic() + WITHIN_S
    while browsers() != "citybrain_browsers 0.0":
        assert time.monotonic() < deadline

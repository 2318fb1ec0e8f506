"""What a seat hears on the live socket: its districts, its department, as long as it sits there."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from city.groups import GroupPost, NewGroup
from city.roles import RIGHTS, Right, Role, Seat
from city.sight import EVERYTHING, NOTHING, Sight, department_code, sight_of
from live import socket
from store.store import Store
from tests.house import new_app, new_house
from tests.live.frames import GONE, SNAPSHOT
from tests.live.test_socket import Listener
from tests.publisher import CENTRE, Publisher
from tests.seats import actor, log_in, new_account, token
from web import create_app

pytestmark = pytest.mark.store
EAST = (110.47, 20.0)


@pytest.fixture
def publisher(store: Store) -> Publisher:
    """Buses and sensors of two departments in two districts."""
    publisher = Publisher(store)
    publisher.ponding(1, 45)
    publisher.ponding(2, 3, pos=list(EAST))
    publisher.bus(1, *CENTRE)
    publisher.bus(2, *EAST)
    return publisher


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(new_app(store)) as client:
        yield client


def area_of(store: Store, thing: str) -> str:
    store.live.catch_up()
    table = store.live.table
    return str(table.records[table.index[thing]]["area"])


def snapshot(listener: Listener) -> set[int]:
    """Who is in the first picture of buses and sensors."""
    listener.say(look={"layers": ["waterlogging", "bus"], "bbox": None})
    for layer in ("waterlogging", "bus"):
        listener.part(SNAPSHOT, listener.number(layer))
    return {row["index"] for part in listener.parts for row in part.rows}


def index(store: Store, thing: str) -> int:
    return store.live.table.index[thing]


def test_a_seat_of_a_district_is_told_of_its_things_only(
    client: TestClient, store: Store, publisher: Publisher
) -> None:
    log_in(client, Role.CHIEF, areas=[area_of(store, "jt/bus/B-0001")])
    with client.websocket_connect("/live") as connection:
        told = snapshot(Listener(connection))

    assert told == {index(store, "sw/waterlogging/WL-0001"), index(store, "jt/bus/B-0001")}


def test_a_department_is_told_of_its_own_things_only(
    client: TestClient, store: Store, publisher: Publisher
) -> None:
    log_in(client, Role.UNIT, department="jt")
    with client.websocket_connect("/live") as connection:
        told = snapshot(Listener(connection))

    assert told == {index(store, "jt/bus/B-0001"), index(store, "jt/bus/B-0002")}


def test_what_drives_out_of_the_district_is_gone_and_tells_nothing_more(
    client: TestClient, store: Store, publisher: Publisher
) -> None:
    log_in(client, Role.CHIEF, areas=[area_of(store, "jt/bus/B-0001")])
    with client.websocket_connect("/live") as connection:
        listener = Listener(connection)
        snapshot(listener)
        listener.say(follow="jt/bus/B-0001")
        listener.word("reading")

        publisher.bus(1, *EAST)
        listener.part(GONE, listener.number("bus"))
        publisher.ponding(1, 46)  # what is heard after it
        listener.until(lambda me: [p for p in me.parts if p.rows and p.rows[0].get("value") == 46])

    heard = [one["reading"]["lon"] for one in listener.words if "reading" in one]
    assert heard == [CENTRE[0]]


def test_names_and_readings_of_others_are_not_told(
    client: TestClient, store: Store, publisher: Publisher
) -> None:
    log_in(client, Role.UNIT, department="jt")
    other = index(store_read(store), "sw/waterlogging/WL-0001")
    with client.websocket_connect("/live") as connection:
        listener = Listener(connection)
        snapshot(listener)
        listener.say(who=[other])
        assert listener.word("who") == []
        listener.say(follow="sw/waterlogging/WL-0001")
        publisher.ponding(1, 46)
        publisher.bus(1, *CENTRE, values={"load_pct": 77})
        listener.until(lambda me: [p for p in me.parts if p.rows and p.rows[0].get("value") == 77])

    assert [one for one in listener.words if "reading" in one] == []


def store_read(store: Store) -> Store:
    store.live.catch_up()
    return store


def test_the_status_counts_what_is_seen(
    client: TestClient, store: Store, publisher: Publisher
) -> None:
    log_in(client, Role.UNIT, department="jt")
    with client.websocket_connect("/live") as connection:
        told = Listener(connection).until(
            lambda me: [one["status"] for one in me.words if one.get("status", {}).get("entities")]
        )

    assert told[-1]["entities"] == 2


@pytest.mark.parametrize("role", Role)
def test_posts_without_the_map_hear_pulses_and_no_thing(
    client: TestClient, publisher: Publisher, role: Role
) -> None:
    log_in(client, role, department="jt")
    with client.websocket_connect("/live") as connection:
        listener = Listener(connection)
        assert listener.word("pulse")
        listener.say(look={"layers": ["bus"], "bbox": None})
        listener.until(lambda me: sum("status" in one for one in me.words) > 1)

    assert bool(listener.parts) is (Right.VIEW_MAP in RIGHTS[role])


@pytest.mark.parametrize("cookie", ["", "planted"])
def test_nobody_is_not_let_in(client: TestClient, cookie: str) -> None:
    if cookie:
        client.cookies.set("city_session", cookie)

    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/live"):
        pass


def test_a_machine_shows_its_token(client: TestClient, store: Store) -> None:
    headers = {"authorization": f"Bearer {token(store, Role.CHIEF)}"}

    with client.websocket_connect("/live", headers=headers) as connection:
        assert Listener(connection).word("hello")


@pytest.mark.parametrize("how", ["logout", "other rights"])
def test_a_seat_that_is_over_closes_its_socket(
    store: Store, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(socket, "SEAT_EVERY_S", 0.05)
    with TestClient(create_app(new_house(store))) as client:
        account = log_in(client, Role.CHIEF)
        with client.websocket_connect("/live") as connection:
            if how == "logout":
                client.post("/logout", follow_redirects=False)
            else:
                store.sessions.log_out_everywhere(account, actor())
            with pytest.raises(WebSocketDisconnect) as closed:
                while True:
                    connection._raise_on_close(connection.receive())

    assert closed.value.code == 4401


def test_a_seat_that_a_group_takes_in_or_lets_go_is_seated_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "SEAT_EVERY_S", 0.05)
    with TestClient(create_app(new_house(store))) as client:
        account = log_in(client, Role.ACCEPTOR)
        chief = actor(seat=new_account(store, Role.CHIEF).seat)
        for is_formed in (True, False):
            with client.websocket_connect("/live") as connection:
                if is_formed:
                    group = store.groups.form(NewGroup("x"), [(account, GroupPost.MEMBER)], chief)
                else:
                    store.groups.end(group.id, "over", chief)
                with pytest.raises(WebSocketDisconnect) as closed:
                    while True:
                        connection._raise_on_close(connection.receive())
            assert closed.value.code == 4402


@pytest.mark.parametrize(
    ("sight", "thing", "area", "seen"),
    [
        (EVERYTHING, "sw/rain/R-1", 460106, True),
        (NOTHING, "sw/rain/R-1", 460106, False),
        (Sight(("460106",)), "sw/rain/R-1", 460106, True),
        (Sight(("460106",)), "sw/rain/R-1", 460108, False),
        (Sight(("460106",)), "sw/rain/R-1", 0, True),
        (Sight(("460106001",)), "sw/rain/R-1", 460106, False),
        (Sight((), "sw"), "sw/rain/R-1", 460106, True),
        (Sight((), "sw"), "swx/rain/R-1", 460106, False),
        (Sight((), ""), "sw/rain/R-1", 460106, False),
    ],
)
def test_one_thing_and_columns_are_judged_alike(
    sight: Sight, thing: str, area: int, seen: bool
) -> None:
    departments = np.array([department_code(thing.split("/")[0])], np.uint32)

    assert sight.sees(thing, area) is seen
    assert sight.seen(np.array([area], np.int32), departments).tolist() == [seen]


def test_a_seat_without_the_map_sees_nothing() -> None:
    seat = Seat("li", "李四", frozenset({Role.SECADMIN}))

    assert sight_of(seat) == NOTHING
    assert sight_of(replace(seat, roles=frozenset({Role.CHIEF}))) == EVERYTHING

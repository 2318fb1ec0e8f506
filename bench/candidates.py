"""Candidates among a thousand units on a hundred thousand roads, and fifty cases at once."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from starlette.testclient import TestClient

from bench.live import quantile
from bench.rows import Row
from bench.servers import RedisServer
from city.candidates import Need
from city.closures import NewClosure
from city.roles import SYSTEM, Actor, Role, Seat
from geo.network import RoadName
from geo.points import Point
from geo.roads import RoadGraph
from store.store import Store, open_store
from tests.fleet import DEPARTMENTS
from tests.house import new_house
from tests.publisher import Publisher, written
from tests.seats import actor, log_in
from web import create_app

UNITS, CASES, SENDABLE, ROUNDS = 1_000, 50, 300, 60
SIDE, STEP = 224, 0.0027  # crossings, degrees: 99,904 roads, both ways, about 60 km across
WEST, SOUTH = 110.06, 19.50
RANK_MS, JOINT_MS = 60.0, 500.0
CLOSED = 25


def measure() -> Iterator[Row]:
    """A store with a fleet, a town of roads, closures on."""
    with TemporaryDirectory(prefix="bench-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            store = open_store(server.url)
            settle(store, np.random.default_rng(4))
            yield ranking(store)
            yield answering(store)
            yield together(store)
            yield covering(store)
        finally:
            server.kill()


def settle(store: Store, chance: np.random.Generator) -> None:
    """Roads, and units that have just spoken."""
    create_app(replace(new_house(store), roads=town(chance)))
    kinds, publisher = sorted(DEPARTMENTS), Publisher(store)
    places = np.array([WEST, SOUTH]) + chance.random((UNITS, 2)) * SIDE * STEP
    for number, (lon, lat) in enumerate(places.tolist()):
        kind = kinds[number % len(kinds)]
        status = "available" if chance.random() < 0.7 else "busy"
        said = {"ts": written(chance.uniform(0, 60)), "pos": [lon, lat], "status": status}
        publisher.send((f"cb/v1/460106/{DEPARTMENTS[kind]}/{kind}/U-{number}/data", said))
    close_some(store, chance)


def close_some(store: Store, chance: np.random.Generator) -> None:
    """Closures here and there, some hundred metres wide."""
    dispatcher = actor(seat=Seat("bench", "bench", frozenset({Role.DISPATCHER})))
    for lon, lat in (np.array([WEST, SOUTH]) + chance.random((CLOSED, 2)) * SIDE * STEP).tolist():
        place = {"type": "Point", "coordinates": [lon, lat]}
        store.closures.add(NewClosure(place, "积水", "Ponding", radius_m=250), dispatcher)


def town(chance: np.random.Generator) -> RoadGraph:
    """A grid of crossings with roads of three speeds."""
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    east, north = np.flatnonzero(column < SIDE - 1), np.flatnonzero(row < SIDE - 1)
    start = np.concatenate([east, north]).astype(np.int32)
    end = np.concatenate([east + 1, north + SIDE]).astype(np.int32)
    length = chance.uniform(280, 320, len(start))
    seconds = length / chance.choice([8.3, 13.9, 22.2], len(start))
    return RoadGraph(
        WEST + column * STEP, SOUTH + row * STEP, start, end, length, seconds, seconds,
        np.zeros(len(start), np.uint8), np.zeros(len(start), np.int32),
        np.zeros(len(start) + 1, np.int32), np.empty((0, 2)), ("street",),
        (RoadName("街", "Street"),),
    )  # fmt: skip


def needs(store: Store, count: int) -> list[Need]:
    """Ponding here and there."""
    chance, skills = np.random.default_rng(9), store.city.dispatch.needs_of("event", "0406")
    places = np.array([WEST, SOUTH]) + (0.2 + 0.6 * chance.random((count, 2))) * SIDE * STEP
    return [Need(Point(lon, lat), skills, f"HK-{number}", number % 4 + 1)
            for number, (lon, lat) in enumerate(places.tolist())]  # fmt: skip


def ranking(store: Store) -> Row:
    """The room alone."""
    asked = needs(store, ROUNDS)
    took = timed([lambda one=one: store.dispatching.for_need(one, here()) for one in asked])
    p95, edges = quantile(took, 0.95), len(store.roads.graph.start)
    return Row(
        f"Candidates for a case, {UNITS:,} units, {edges:,} roads both ways",
        f"p95 ≤ {RANK_MS:.0f} ms", f"p50 {quantile(took, 0.5):.0f} ms, p95 {p95:.0f} ms",
        p95 <= RANK_MS, f"{CLOSED} closures; each reads what is new and searches the roads",
    )  # fmt: skip


def answering(store: Store) -> Row:
    """The same over HTTP, as a body of JSON."""
    house = replace(new_house(store), roads=store.roads.graph)
    with TestClient(create_app(house)) as client:
        log_in(client, Role.DISPATCHER)
        paths = [f"/api/v1/candidates?pos={one.point.lon},{one.point.lat}&skill=drain"
                 for one in needs(store, ROUNDS)]  # fmt: skip
        took = timed([lambda path=path: client.get(path).raise_for_status() for path in paths])
    p95 = quantile(took, 0.95)
    return Row(
        "The same, asked for over HTTP", "", f"p50 {quantile(took, 0.5):.0f} ms, p95 {p95:.0f} ms",
        None, f"{UNITS:,} units named, each with its reason",
    )  # fmt: skip


def together(store: Store) -> Row:
    """Many cases at once."""
    asked = needs(store, CASES)
    free = [one for one in store.units.all(here().at_ms) if one.is_free][:SENDABLE]
    took = timed([lambda: store.dispatching.for_needs(asked, here(), free)] * 10)
    found = store.dispatching.for_needs(asked, here(), free)
    slowest = max(took)
    return Row(f"Joint assignment of {CASES} cases × {len(free)} units", f"≤ {JOINT_MS:.0f} ms",
               f"slowest of ten {slowest:.0f} ms", slowest <= JOINT_MS,
               f"gain over greedy {found.gain_s or 0:.0f} s")  # fmt: skip


def covering(store: Store) -> Row:
    """What it means that an ambulance goes."""
    ambulances = [one for one in store.units.all(here().at_ms) if one.kind == "ambulance"]
    some = [one.id for one in ambulances if one.is_free][:20]
    took = timed([lambda unit=unit: store.dispatching.coverage(unit, here()) for unit in some])
    return Row(f"Coverage without one of {len(ambulances)} ambulances", "",
               f"p50 {quantile(took, 0.5):.0f} ms, p95 {quantile(took, 0.95):.0f} ms")  # fmt: skip


def timed(deeds: list[Callable[[], object]]) -> list[float]:
    """Milliseconds of each, after one that warms up."""
    deeds[0]()
    took = []
    for deed in deeds:
        began = time.perf_counter()
        deed()
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)


def here() -> Actor:
    """The city itself asks."""
    return actor(seat=SYSTEM)

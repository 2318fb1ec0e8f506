"""Cases: moves by fifty seats at once, the list of a large city, and what is left after kill -9."""

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench import case_list
from bench.case_loss import killed
from bench.live import Web
from bench.movers import LEAD, NEXT, REPORT, ROLES, moved, opened
from bench.rows import Row
from bench.servers import RedisServer
from city.case_table import CaseState
from city.roles import SYSTEM, Actor, Role
from store.store import Store, open_store
from store.tokens import Scope

Json = dict[str, Any]
SEATS, SECONDS, WARM_S = 50, 10.0, 2.0
GOAL_RATE, GOAL_P99_S, GOAL_LIST_S = 300, 0.150, 0.200
CASES, ROUNDS = 200_000, 5
MOVES, KILLS = 10_000, 5
TICK_MS = 250


@dataclass(frozen=True, slots=True)
class Moves:
    """Seconds that each move took, and how long all of it was."""

    took: Sequence[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Moves a second."""
        return len(self.took) / self.seconds

    @property
    def p99(self) -> float:
        """What ninety-nine of a hundred do not exceed, in seconds."""
        return quantiles(self.took, n=100)[98]


def measure() -> Iterator[Row]:
    """Moves, first in the store alone, then over HTTP; the list; the kills."""
    with tempfile.TemporaryDirectory() as folder:
        redis = RedisServer(Path(folder) / "redis")
        redis.start()
        yield row("in the store", in_the_store(open_store(redis.url)))
        web = Web(Path(folder) / "web", redis.url, TICK_MS)
        web.start()
        yield row("over HTTP, the whole case in the answer", over_http(redis.url, web.port))
        web.kill()
        redis.kill()
    yield from the_list()
    yield from the_kills()


def row(where: str, moves: Moves) -> Row:
    """The line of a run."""
    return Row(
        f"case moves, {SEATS} seats at once, {where}, on disk before the answer",
        f"≥ {GOAL_RATE} moves/s, p99 ≤ {GOAL_P99_S * 1000:.0f} ms",
        f"{moves.rate:,.0f} moves/s, p99 {moves.p99 * 1000:.0f} ms",
        moves.rate >= GOAL_RATE and moves.p99 <= GOAL_P99_S,
    )


def in_the_store(store: Store) -> Moves:
    """Each seat leads its own cases from report to close."""

    def seat(number: int) -> Callable[[], None]:
        case, count = opened(store, f"store-{number}"), 0

        def move() -> None:
            nonlocal case, count
            count += 1
            case = moved(store, case, f"store-{number}-{count}")

        return move

    return together([seat(number) for number in range(SEATS)])


def over_http(url: str, port: int) -> Moves:
    """The same by machines with tokens, through the API."""
    store = open_store(url)
    actor = Actor(SYSTEM, "127.0.0.1", datetime.now(UTC))

    def headers(role: Role) -> dict[str, str]:
        scope = Scope(f"bench-{role}", role, (), LEAD if role is Role.UNIT else "")
        token = store.tokens.create(scope, timedelta(days=1), actor)
        return {"authorization": f"Bearer {token}", "content-type": "application/json"}

    tokens = {role: headers(role) for role in ROLES}
    return together([Caller(port, tokens, number).move for number in range(SEATS)])


class Caller:
    """A machine that leads its cases over one connection."""

    def __init__(self, port: int, tokens: Mapping[Role, dict[str, str]], number: int) -> None:
        self._line = HTTPConnection("127.0.0.1", port)
        self._tokens, self._name, self._count = tokens, f"http-{number}", 0
        self._case = self._opened()

    def move(self) -> None:
        """One step on; where the case is closed, the first step of another."""
        self._count += 1
        if self._case["state"] == CaseState.CLOSED:
            self._case = self._opened()
        move, role, fields = NEXT[CaseState(self._case["state"])]
        path = f"/api/v1/cases/{self._case['id']}/moves"
        self._case = self._said(role, path, {"move": move, **fields})

    def _opened(self) -> Json:
        report = {**REPORT, "external_id": f"{self._name}-{self._count}"}
        return self._said(Role.ACCEPTOR, "/api/v1/cases", report)

    def _said(self, role: Role, path: str, body: Mapping[str, str]) -> Json:
        self._line.request("POST", path, json.dumps(body), self._tokens[role])
        answer = self._line.getresponse()
        told: Json = json.loads(answer.read())
        assert answer.status in (200, 201), told
        return told


def together(seats: Sequence[Callable[[], None]]) -> Moves:
    """Everybody moves without a pause, for some seconds after warming up."""
    over, warm, took = threading.Event(), threading.Event(), []

    def work(move: Callable[[], None]) -> None:
        while not over.is_set():
            begun = time.perf_counter()
            move()
            if warm.is_set():
                took.append(time.perf_counter() - begun)

    with ThreadPoolExecutor(len(seats)) as pool:
        working = [pool.submit(work, seat) for seat in seats]
        time.sleep(WARM_S)
        warm.set()
        begun = time.perf_counter()
        time.sleep(SECONDS)
        seconds = time.perf_counter() - begun
        over.set()
        for one in working:
            one.result()
    return Moves(took, seconds)


def the_list() -> Iterator[Row]:
    """Filter, sort and page, as desks ask."""
    with tempfile.TemporaryDirectory() as folder:
        redis = RedisServer(Path(folder) / "redis")
        redis.start()
        store = open_store(redis.url)
        case_list.fill(store, CASES)
        begun = time.perf_counter()
        store.cases.table.refresh()
        loaded_s = time.perf_counter() - begun
        at_ms = case_list.START_MS + CASES * 30_000
        took = case_list.times(store, ROUNDS, at_ms)
        redis.kill()
    p95 = quantiles(took, n=100)[94]
    yield Row(
        f"list page with {CASES:,} cases: filter, sort, page, {len(took)} questions",
        f"p95 ≤ {GOAL_LIST_S * 1000:.0f} ms server side",
        f"p95 {p95 * 1000:.0f} ms, longest {max(took) * 1000:.0f} ms",
        p95 <= GOAL_LIST_S,
        f"a web process loads them once in {loaded_s:.1f} s",
    )


def the_kills() -> Iterator[Row]:
    """Redis, the process that writes, and the clockwork that reminds meanwhile."""
    for victim in ("redis", "writer", "watch"):
        loss = killed(victim, KILLS, MOVES)
        yield Row(
            f"kill -9 of {victim}, {KILLS} times in {MOVES:,} moves",
            "0 lost, 0 doubled, trail verifies", str(loss), loss.is_none,
        )  # fmt: skip

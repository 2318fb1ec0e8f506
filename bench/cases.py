"""Cases: moves by fifty seats at once, the list of a large city, and what is left after kill -9."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from bench import case_list
from bench.case_loss import killed
from bench.live import Web
from bench.movers import Hand, InStore, OverHttp, opened, tokens_of
from bench.rows import Row
from bench.servers import RedisServer
from city.case_table import OPEN
from store.store import Store, open_store

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
    return together([leading(InStore(store), f"store-{number}") for number in range(SEATS)])


def over_http(url: str, port: int) -> Moves:
    """The same by machines with tokens, through the API, each over a connection of its own."""
    tokens = tokens_of(open_store(url))
    hands = [OverHttp(port, tokens) for _ in range(SEATS)]
    return together([leading(hand, f"http-{number}") for number, hand in enumerate(hands)])


def leading(hand: Hand, name: str) -> Callable[[], None]:
    """The next move of a seat."""
    seen, count = opened(hand, name), 0

    def move() -> None:
        nonlocal seen, count
        count += 1
        if seen.state not in OPEN:
            seen = hand.open(f"{name}-{count}")
        else:
            seen = hand.move(seen, f"{name}-{count}")

    return move


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
    """Redis, the web, a process that writes, and the clockwork that reminds meanwhile."""
    for victim in ("redis", "web", "writer", "watch"):
        loss = killed(victim, KILLS, MOVES)
        yield Row(
            f"kill -9 of {victim}, {KILLS} times in {MOVES:,} moves",
            "0 lost, 0 doubled, trail verifies", str(loss), loss.is_none,
        )  # fmt: skip

"""The judge: how soon an alarm stands in the queue, and what it costs the ingest."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from types import FrameType

from bench.river import River, load, river
from bench.rows import Row
from bench.servers import Server
from city.kinds import KINDS
from city.rulebook import RULEBOOK
from store.store import Store, open_store
from watch.judge import Bench

RATE, SECONDS, PUBLISHERS = 2_000, 20, 1_000
HOT = 50  # one thing of so many is in alarm
DELAY_GOAL_MS, SHARE_GOAL = 1_000, 0.8
MESSAGES, FLOODERS, RUNS = 500_000, 50, 3
LOOK_S = 0.02


def measure() -> Iterator[Row]:
    """Delay at a steady rate, then the rate with all rules on and with rules off."""
    yield delay_row(delays())
    pairs = [(flood(judged=False), flood(judged=True)) for _ in range(RUNS)]
    off, on = (median(rates) for rates in zip(*pairs, strict=True))
    yield Row(
        "ingest with all rules on, against rules off", f"≥ {SHARE_GOAL:.0%}", f"{on / off:.0%}",
        on / off >= SHARE_GOAL, f"{on:,.0f} of {off:,.0f} msg/s, one thing of {HOT} in alarm",
    )  # fmt: skip


def delay_row(found: list[float]) -> Row:
    """The figures of the delays, in milliseconds."""
    found.sort()
    p50, p99 = (found[int((len(found) - 1) * share)] for share in (0.5, 0.99))
    what = f"reading received → alarm in the queue's table, at {RATE:,} msg/s, p99"
    wanted = PUBLISHERS * 20 // HOT
    return Row(
        what, f"≤ {DELAY_GOAL_MS:,} ms", f"{p99:,.0f} ms",
        p99 <= DELAY_GOAL_MS and len(found) == wanted,
        f"p50 {p50:,.0f} ms; {len(found)} of {wanted} alarms",
    )  # fmt: skip


def delays() -> list[float]:
    """How long after its reading each alarm was there, in milliseconds."""
    with river() as city, judging(city):
        looker = Looker(city.store)
        looker.start()
        load("pace", str(city.port), "--publishers", str(PUBLISHERS), "--rate",
             str(RATE / PUBLISHERS), "--seconds", str(SECONDS), "--hot", str(HOT))  # fmt: skip
        time.sleep(2)
        looker.ending.set()
        looker.join()
    return looker.found


def flood(*, judged: bool) -> float:
    """Messages a second that are acknowledged."""
    with river() as city:
        arguments = ("flood", str(city.port), "--publishers", str(FLOODERS),
                     "--messages", str(MESSAGES), "--hot", str(HOT))  # fmt: skip
        if not judged:
            return load(*arguments)["rate"]
        with judging(city):
            return load(*arguments)["rate"]


class Looker(threading.Thread):
    """Follows the table as a web process does, and notes when each alarm is first there."""

    def __init__(self, store: Store) -> None:
        super().__init__(daemon=True)
        self.ending = threading.Event()
        self.found: list[float] = []
        self._table = store.alarm_table

    def run(self) -> None:
        """Looks again and again."""
        known: set[str] = set()
        while not self.ending.wait(LOOK_S):
            changed = self._table.refresh() - known
            now_ms = time.time() * 1000
            for alarm_id in changed:
                alarm = self._table.get(alarm_id)
                if alarm is not None and alarm.measure == "value":
                    self.found.append(now_ms - alarm.span.received_ms)
                    known.add(alarm_id)


class JudgeAlone(Server):
    """The judge without the clockwork, in a process of its own."""

    def __init__(self, directory: Path, url: str) -> None:
        super().__init__((sys.executable, "-m", "bench.alarms", url), directory)

    def await_up(self) -> None:
        """Until it says that it judges."""
        assert self.process is not None and self.process.stdout is not None
        self.process.stdout.readline()


@contextmanager
def judging(city: River) -> Iterator[None]:
    """A judge over a river."""
    judge = JudgeAlone(city.redis.directory, city.redis.url)
    judge.start()
    try:
        yield
    finally:
        judge.stop()


def main(url: str) -> None:
    """Judges until SIGTERM."""
    ending = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ending.set()

    signal.signal(signal.SIGTERM, end)
    bench = Bench(open_store(url), RULEBOOK, KINDS, lambda: True)
    bench.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    ending.wait()
    bench.stop()


if __name__ == "__main__":
    main(sys.argv[1])

"""kill -9 in the middle of many moves: is every acknowledged one kept, once, and on record?"""

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sys import executable

import msgspec

from bench.servers import RedisServer, Server
from city.audit import Outcome, Record, first_broken
from store import keys
from store.store import Store, open_store

PATIENCE_S = 60.0


class Movers(Server):
    """Seats in a process of their own; `said` is what they were told is safe."""

    def __init__(self, directory: Path, url: str, seats: int) -> None:
        super().__init__((executable, "-m", "bench.movers", url, str(seats)), directory)
        self.said: dict[str, str] = {}  # token → case

    def await_up(self) -> None:
        """Listens from now on."""
        self._ear = threading.Thread(target=self._listen)
        self._ear.start()

    def kill(self) -> None:
        """kill -9; what it had said by then counts."""
        assert self.process is not None
        self.process.kill()
        self._ear.join()
        self._reap()

    def _listen(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith(b"\n"):
                token, case_id, _ = line.decode().split()
                self.said[token] = case_id


@dataclass(frozen=True, slots=True)
class CaseLoss:
    """What became of the moves of a run."""

    acknowledged: int
    lost: int
    doubled: int
    broken: list[str] = field(default_factory=list)  # what does not hold of trail and folds

    def __str__(self) -> str:
        return (
            f"{self.lost} lost, {self.doubled} doubled of {self.acknowledged:,}; "
            f"{', '.join(self.broken) or 'trail verifies, folds equal'}"
        )

    @property
    def is_none(self) -> bool:
        """Whether nothing was lost, doubled or broken."""
        return not (self.lost or self.doubled or self.broken)


def killed(victim: str, kills: int, moves: int, seats: int = 20) -> CaseLoss:
    """So many moves, while the writer or Redis is killed now and then."""
    with desk(seats) as (redis, movers):
        server: Server = movers if victim == "writer" else redis
        for number in range(kills):
            await_moves(movers, moves * (number + 1) // (kills + 1))
            server.restart()
        await_moves(movers, moves)
        movers.kill()
        return judged(open_store(redis.url), movers.said)


@contextmanager
def desk(seats: int) -> Iterator[tuple[RedisServer, Movers]]:
    """A store that writes every command to disk, and seats that move cases in it."""
    with tempfile.TemporaryDirectory() as folder:
        redis = RedisServer(Path(folder) / "redis")
        redis.start()
        movers = Movers(Path(folder) / "movers", redis.url, seats)
        movers.start()
        try:
            yield redis, movers
        finally:
            if movers.process and movers.process.poll() is None:
                movers.kill()
            redis.kill()


def await_moves(movers: Movers, count: int) -> None:
    """Until so many were acknowledged."""
    deadline = time.monotonic() + PATIENCE_S
    while len(movers.said) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"only {len(movers.said)} of {count} moves were acknowledged")
        time.sleep(0.005)


def judged(store: Store, said: dict[str, str]) -> CaseLoss:
    """Compares what was acknowledged with logs, folds and trail."""
    logs = {case.id: store.cases.log(case.id) for case in store.cases.all()}
    kept = Counter((entry.reason, case_id) for case_id, log in logs.items() for entry in log
                   if entry.reason)  # fmt: skip
    lost = sum((token, case_id) not in kept for token, case_id in said.items())
    doubled = sum(count - 1 for count in kept.values())
    entries = sum(map(len, logs.values()))
    return CaseLoss(len(said), lost, doubled, list(broken(store, entries)))


def broken(store: Store, entries: int) -> Iterator[str]:
    """What does not hold: the chain, one record for each entry, folds equal to what is kept."""
    trail = [msgspec.json.decode(fields[b"r"], type=Record)
             for _, fields in store.redis.xrange(keys.AUDIT)]  # fmt: skip
    if number := first_broken(trail):
        yield f"record {number} breaks the chain"
    done = sum(one.draft.outcome is Outcome.DONE for one in trail)
    if done != entries:
        yield f"{done} records for {entries} entries"
    if doubtful := list(store.cases.doubtful()):
        yield f"{len(doubtful)} folds differ from their log"

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

from bench.servers import RedisServer, Server, Watch
from city.audit import Outcome, Record, first_broken
from city.cases import Entry
from city.roles import SYSTEM
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


@dataclass(frozen=True, slots=True)
class Desk:
    """A store that writes every command to disk, seats that move cases, and the clockwork."""

    redis: RedisServer
    movers: Movers
    watch: Watch


def killed(victim: str, kills: int, moves: int, seats: int = 20) -> CaseLoss:
    """So many moves, while the writer, the clockwork or Redis is killed now and then."""
    with open_desk(seats) as desk:
        server: Server = {"writer": desk.movers, "watch": desk.watch, "redis": desk.redis}[victim]
        for number in range(kills):
            await_moves(desk.movers, moves * (number + 1) // (kills + 1))
            server.restart()
        await_moves(desk.movers, moves)
        desk.movers.kill()
        store = open_store(desk.redis.url)
        await_reminders(store)
        desk.watch.kill()
        return judged(store, desk.movers.said)


@contextmanager
def open_desk(seats: int) -> Iterator[Desk]:
    """All of it in a directory of its own."""
    with tempfile.TemporaryDirectory() as folder:
        redis = RedisServer(Path(folder) / "redis")
        redis.start()
        desk = Desk(redis, Movers(Path(folder) / "movers", redis.url, seats),
                    Watch(Path(folder) / "watch", redis.url))  # fmt: skip
        desk.watch.start()
        desk.movers.start()
        try:
            yield desk
        finally:
            for one in (desk.movers, desk.watch, redis):
                if one.process and one.process.poll() is None:
                    one.kill()


def await_moves(movers: Movers, count: int) -> None:
    """Until so many were acknowledged."""
    deadline = time.monotonic() + PATIENCE_S
    while len(movers.said) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"only {len(movers.said)} of {count} moves were acknowledged")
        time.sleep(0.005)


def await_reminders(store: Store) -> None:
    """Until the clockwork, killed or not, has done all that has come due."""
    deadline = time.monotonic() + PATIENCE_S
    while store.due.until(time.time_ns() // 1_000_000, 1):
        if time.monotonic() > deadline:
            raise TimeoutError("the clockwork does not do what has come due")
        time.sleep(0.05)


def judged(store: Store, said: dict[str, str]) -> CaseLoss:
    """Compares what was acknowledged with logs, folds and trail."""
    logs = {case.id: store.cases.log(case.id) for case in store.cases.all()}
    kept = Counter((token_of(entry), case_id) for case_id, log in logs.items() for entry in log)
    lost = sum((token, case_id) not in kept for token, case_id in said.items())
    doubled = sum(count - 1 for count in kept.values())
    entries = sum(map(len, logs.values()))
    return CaseLoss(len(said), lost, doubled, list(broken(store, entries)))


def token_of(entry: Entry) -> str:
    """By what an entry is told from every other of its case: the mover's token, or the reminder."""
    reminder = (entry.move, *(entry.facts.get(name, "") for name in ("stage", "multiple")))
    return entry.reason or " ".join(map(str, reminder))


def broken(store: Store, entries: int) -> Iterator[str]:
    """What does not hold: the chain, one record for each entry, folds equal to what is kept."""
    trail = [msgspec.json.decode(fields[b"r"], type=Record)
             for _, fields in store.redis.xrange(keys.AUDIT)]  # fmt: skip
    if number := first_broken(trail):
        yield f"record {number} breaks the chain"
    done = sum(one.draft.outcome is Outcome.DONE for one in trail)
    if done != entries:
        yield f"{done} records for {entries} entries"
    reminders = sum(one.draft.account == SYSTEM.account for one in trail)
    if not reminders:
        yield "the clockwork did nothing"
    if doubtful := list(store.cases.doubtful()):
        yield f"{len(doubtful)} folds differ from their log"

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

from bench.live import Web
from bench.servers import RedisServer, Server, Watch
from city.audit import Outcome, Record, first_broken
from city.cases import Entry
from store import keys
from store.store import Store, open_store

PATIENCE_S, TICK_MS = 120.0, 250


class Movers(Server):
    """Seats in a process of their own; `said` is what they were told is safe."""

    def __init__(self, directory: Path, url: str, seats: int, port: int | None) -> None:
        words = [url, str(seats), *([str(port)] if port else [])]
        super().__init__((executable, "-m", "bench.movers", *words), directory)
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
    reminded: int  # entries of the clockwork
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
    web: Web | None


def killed(victim: str, kills: int, moves: int, seats: int = 20) -> CaseLoss:
    """So many moves, while the writer, the web, the clockwork or Redis is killed now and then."""
    with open_desk(seats, victim == "web") as desk:
        server: Server = getattr(desk, "movers" if victim == "writer" else victim)
        for number in range(kills):
            await_moves(desk.movers, moves * (number + 1) // (kills + 1))
            server.restart()
        await_moves(desk.movers, moves)
        desk.movers.kill()
        if desk.web:
            desk.web.kill()  # it may still be at what nobody waits for any more
        store = open_store(desk.redis.url)
        await_reminders(store)
        desk.watch.kill()
        return judged(store, desk.movers.said)


@contextmanager
def open_desk(seats: int, over_http: bool) -> Iterator[Desk]:
    """All of it in a directory of its own; the seats in the store, or behind the web."""
    with tempfile.TemporaryDirectory() as folder:
        redis = RedisServer(Path(folder) / "redis")
        redis.start()
        web = Web(Path(folder) / "web", redis.url, TICK_MS) if over_http else None
        movers = Movers(Path(folder) / "movers", redis.url, seats, web.port if web else None)
        desk = Desk(redis, movers, Watch(Path(folder) / "watch", redis.url), web)
        if web:
            web.start()
        desk.watch.start()
        desk.movers.start()
        try:
            yield desk
        finally:
            for one in (desk.movers, desk.watch, web, redis):
                if one and one.process and one.process.poll() is None:
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
    reminded = sum(entry.is_automatic for log in logs.values() for entry in log)
    return CaseLoss(len(said), lost, doubled, reminded, list(broken(store, entries)))


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
    cases = [one for one in trail if one.draft.action.startswith("case.")]
    done = sum(one.draft.outcome is Outcome.DONE for one in cases)
    if done != entries:
        yield f"{done} records for {entries} entries"
    if doubtful := list(store.cases.doubtful()):
        yield f"{len(doubtful)} folds differ from their log"

"""The judge follows the logs and says what is an alarm; only the holder of the lease judges.

It reads on from a place of its own, judges whole batches, and writes what it has to say together
with how far it has read, in one transaction: ended at any moment it goes on where it was.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from city.alarms import FLOOD_WINDOW_MS, AlarmState, Known
from city.judgement import Fact, Span
from city.kinds import BY_NAME, Kind
from city.records import point_of
from city.rulebook import Rulebook
from city.silence import EVERYTHING, Silences
from city.things import ThingKey
from city.watches import Watches
from city.watching import Finding
from store.alarms import Displaced, Judged
from store.judge_log import JudgeLog, Read, heard
from store.newest import NewestTable
from store.order import NEVER
from store.store import Store, StoreUnreachable
from store.tail import Place

log = logging.getLogger("judge")

PAUSE_S = 0.1
LOOK_EVERY_MS = 1_000  # for silence, and to say how far we are when nothing happened
FORGET_EVERY_MS = 3_600_000
KEEP_OVER_MS = 7 * 86_400_000
AT_ONCE = 500  # silent things in one transaction
FINISHED = (AlarmState.OVER, AlarmState.WITHDRAWN, AlarmState.FALSE)


def now_ms() -> int:
    """The clock of the judge."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class Judge:
    """Built anew whenever another may have judged meanwhile; `round` is called again and again."""

    store: Store
    book: Rulebook
    kinds: Sequence[Kind]
    clock_ms: Callable[[], int] = now_ms
    reads: JudgeLog = field(init=False)
    table: NewestTable = field(init=False)
    watches: Watches = field(init=False)
    silences: Silences = field(init=False)
    places: dict[int, Place] = field(init=False)  # how far is written
    read_to: dict[int, Place] = field(init=False)  # how far is judged
    begun_ms: int = 0
    looked_ms: int = 0
    forgot_ms: int = 0
    raised_ms: deque[int] = field(default_factory=deque)
    rounds: int = 0

    def __post_init__(self) -> None:
        """Everything that another judge left, and a moment to have listened from."""
        self.reads = JudgeLog(self.store.redis)
        self.table = NewestTable(self.kinds)
        self.watches = Watches(self.book, self.history)
        self.silences = silences_of(self.store, self.book)
        self.begun_ms = self.looked_ms = self.clock_ms()
        self.places = self.store.alarms.places()
        self.read_to = dict(self.places)
        for batch in self.reads.known(self.places):
            self.table.apply(batch)
        for thing, record in zip(self.table.ids, self.table.records, strict=True):
            if record["observed_ms"] != NEVER:
                self.watches.sieve.seed(thing, record)
        self._write(self.watches.restore(self.store.alarms.watches()), {})

    def round(self) -> bool:
        """Reads what is new, judges and writes; whether there is more to read."""
        read = self.reads.read(self.read_to)
        for shard, place in read.lost.items():
            log.error("not judged, the log is gone shard=%d from=%s to=%s",
                      shard, self.read_to[shard], place)  # fmt: skip
        self.table.apply(read.batch)
        findings = self.watches.take(read.batch, read.is_level)
        self._said(read, findings)
        self._look()
        return not read.is_level

    def know(self, thing: str) -> Known:
        """What the city knows of a thing, or of a whole feed."""
        key = ThingKey.parse(thing)
        if key.object == EVERYTHING:
            kind = BY_NAME.get(key.kind)
            return Known({"zh": kind.zh, "en": kind.en} if kind else key.kind)
        place = self.table.index.get(thing)
        if place is None:
            return Known()
        record, meta = self.table.records[place], self.table.metas[place]
        point = point_of(record)
        pos = (point.lon, point.lat) if point else None
        name = (meta or {}).get("name")
        return Known(name, int(record["area"]), int(record["cell"]), pos)

    def history(self, wanted: Mapping[str, int]) -> Mapping[str, Sequence[Fact]]:
        """The readings of some things, as the sieve sees them."""
        return self.watches.sieve.by_thing(self.store.history.since(wanted))

    def _said(self, read: Read, findings: Sequence[Finding]) -> None:
        self.read_to |= read.after
        is_time = self.clock_ms() - self.looked_ms >= LOOK_EVERY_MS
        if findings or self.watches.touched or is_time:
            moved = {shard: place for shard, place in self.read_to.items()
                     if place != self.places[shard]}  # fmt: skip
            self._write(findings, moved)

    def _write(self, findings: Sequence[Finding], moved: Mapping[int, Place]) -> None:
        bases = self.watches.kept()
        if not (findings or moved or bases):
            return
        last = {finding.alarm_id: finding for finding in findings}  # its span tells the rest
        self._judge(Judged(self.clock_ms(), self.places, moved, tuple(last.values()), bases))
        self.places |= moved
        self.reads.done(moved)

    def _judge(self, judged: Judged) -> None:
        fresh = sum(one.span is not None and one.span.changed_ms == one.span.raised_ms
                    for one in judged.findings)  # fmt: skip
        while self.raised_ms and self.raised_ms[0] < judged.at_ms - FLOOD_WINDOW_MS:
            self.raised_ms.popleft()
        self.raised_ms.extend([judged.at_ms] * fresh)
        in_flood = len(self.raised_ms) > self.book.flood
        self.store.alarms.judge(replace(judged, in_flood=in_flood), self.book, self.know)

    def _look(self) -> None:
        """What the clock alone brings about."""
        at_ms = self.clock_ms()
        if at_ms - self.looked_ms < LOOK_EVERY_MS:
            return
        self.looked_ms = at_ms
        findings = self.silences.look(heard(self.table), self.begun_ms, at_ms)
        parents, children = dict(self.silences.adopted()), self.silences.children
        for begin in range(0, len(findings), AT_ONCE):
            some = findings[begin : begin + AT_ONCE]
            self._judge(Judged(at_ms, findings=some, children=children))
        names = list(parents)
        for begin in range(0, len(names), AT_ONCE):
            moved = {one: parents[one] for one in names[begin : begin + AT_ONCE]}
            self._judge(Judged(at_ms, parents=moved))
        if at_ms - self.forgot_ms >= FORGET_EVERY_MS:
            self.forgot_ms = at_ms
            self._forget(at_ms)

    def _forget(self, at_ms: int) -> None:
        """Drops what has long been over."""
        old = [
            alarm.id for alarm in self.store.alarms.all()
            if alarm.updated_at_ms < at_ms - KEEP_OVER_MS and alarm.state(at_ms) in FINISHED
        ]  # fmt: skip
        for begin in range(0, len(old), AT_ONCE):
            self.store.alarms.forget(old[begin : begin + AT_ONCE])


def silences_of(store: Store, book: Rulebook) -> Silences:
    """What another judge told of silent things."""
    silences = Silences(book.rule("silence"), book.rule("outage"))
    rules = (silences.rule.id, silences.outage.id)
    told: dict[str, tuple[str, Span]] = {}
    for alarm in store.alarms.all():
        mine = alarm.rule in rules and alarm.withdrawn_ms is None
        if mine and (alarm.thing not in told or told[alarm.thing][1] < alarm.span):
            told[alarm.thing] = alarm.id, alarm.span
            silences.parents |= {alarm.id: alarm.parent} if alarm.parent else {}
            silences.children |= {alarm.id: alarm.children} if alarm.children else {}
    silences.told = told
    return silences


@dataclass(slots=True)
class Bench:
    """A thread that judges while this process is the active one."""

    store: Store
    book: Rulebook
    kinds: Sequence[Kind]
    is_active: Callable[[], bool]
    judge: Judge | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    on_failure: Callable[[], None] = lambda: None
    has_failed: bool = False

    def start(self) -> None:
        """Judges from now on."""
        self.thread = threading.Thread(target=self.run, name="judge", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Ends after the round that is under way."""
        self.stopping.set()
        if self.thread:
            self.thread.join(10)

    def run(self) -> None:
        """Turn after turn; a failure nobody foresaw ends the process, which is started again."""
        pause_s = 0.0
        try:
            while not self.stopping.wait(pause_s):
                pause_s = self.turn()
        finally:
            self.has_failed = not self.stopping.is_set()
            if self.has_failed:
                self.on_failure()

    def turn(self) -> float:
        """One round; how long to wait for the next."""
        if not self.is_active():
            self.judge = None
            return PAUSE_S
        try:
            if self.judge is None:
                self.judge = Judge(self.store, self.book, self.kinds)
            return 0.0 if self.judge.round() else PAUSE_S
        except (StoreUnreachable, Displaced) as trouble:
            log.warning("judge starts anew: %s", trouble or "another judge was quicker")
            self.judge = None
            return 1.0

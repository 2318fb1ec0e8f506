"""All things under watch: opened when something could matter, forgotten when all is calm again.

A thing that is not under watch has nothing on, nothing raised, and no reading within the bound
that could change that; so a watch may begin with its first candidate. Should a reading then come
late, history tells what came before it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from city.alarm_rules import Measure, Rule
from city.judgement import FORGET_MS, IDLE, Fact, Memory, State, remembered
from city.records import Batch
from city.rulebook import RULEBOOK, Rulebook
from city.sieve import Readings, Sieve
from city.watching import NEVER, Base, Finding, Watch

KEEP_AFTER_MS = 1_800_000  # a watch that goes on is kept anew, so that a start reads less

IDLE_ALONE = (IDLE,)


# Thing → from when on (ms); answered by thing → its readings since then, in any order.
History = Callable[[Mapping[str, int]], Mapping[str, Sequence[Fact]]]


def no_history(_wanted: Mapping[str, int]) -> Mapping[str, Sequence[Fact]]:
    """A store that remembers nothing."""
    return {}


@dataclass(slots=True)
class Watches:
    """The judge without its store: batches in, findings out."""

    rulebook: Rulebook = RULEBOOK
    history: History = no_history
    sieve: Sieve = field(init=False)
    open: dict[str, Watch] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)  # since `kept` was asked last
    saved: dict[str, int] = field(default_factory=dict)  # thing → horizon that was kept
    too_late: int = 0
    rounds: int = 0
    filled: dict[str, int] = field(default_factory=dict)  # thing → round it was read from history
    calm: set[str] = field(default_factory=set)  # may be forgotten as soon as that is safe

    def __post_init__(self) -> None:
        self.sieve = Sieve(self.rulebook)

    @property
    def bound_ms(self) -> int:
        """How late a reading may come."""
        return int(self.rulebook.bound_s * 1000)

    def take(self, batch: Batch, is_level: bool = True) -> list[Finding]:
        """Judges a batch; what has to be said anew. `is_level`: the log holds nothing further."""
        self.rounds += 1
        readings = self.sieve.readings(batch)
        facts = self._wanted(readings)
        findings = self._judged(facts)
        self.sieve.learn(readings)
        self._close(facts, is_level)
        return findings

    def kept(self) -> dict[str, Base | None]:
        """What has to outlive this process of the watches that changed; None for the forgotten."""
        bases = {
            thing: self.open[thing].kept() if thing in self.open else None
            for thing in self.touched
            if thing in self.open or thing in self.saved
        }
        self.touched = set()
        for thing, base in bases.items():
            self.saved.pop(thing, None)
            if base is not None:
                self.saved[thing] = base.horizon_ms
        return bases

    def restore(self, bases: Mapping[str, Base]) -> list[Finding]:
        """Goes on where another process ended."""
        watches = {thing: self._watch(thing, base.horizon_ms) for thing, base in bases.items()}
        for thing, watch in watches.items():
            rules = [rule.id for rule in watch.rules]
            watch.told = [dict(bases[thing].told.get(rule, {})) for rule in rules]
            states = bases[thing].states
            if states:
                watch.base = tuple(states.get(rule, State()) for rule in rules)
        self.saved = {thing: base.horizon_ms for thing, base in bases.items()}
        cold = {thing for thing, base in bases.items() if not base.states}
        found = self.history({
            thing: self._from_ms(watch) if thing in cold else watch.horizon_ms
            for thing, watch in watches.items()
        })  # fmt: skip
        for watch in watches.values():
            self._keep(watch)
        return [
            finding
            for thing, watch in watches.items()
            for finding in self._filled(watch, found.get(thing, ()), thing in cold)
        ]

    def _keep(self, watch: Watch) -> None:
        self.open[watch.thing] = watch
        self.sieve["watched"][self.sieve.number(watch.thing)] = True

    def _wanted(self, readings: Readings) -> dict[str, list[Fact]]:
        """All readings of the things that have a candidate or are under watch."""
        matters = self.sieve.candidates(readings)
        matters |= self.sieve["watched"][readings.things]
        things = np.zeros(len(self.sieve.names), bool)
        things[readings.things[matters]] = True
        return self.sieve.grouped(readings, np.flatnonzero(things[readings.things]))

    def _judged(self, facts: Mapping[str, Sequence[Fact]]) -> list[Finding]:
        findings: list[Finding] = []
        unknown: dict[str, Watch] = {}
        for thing, some in facts.items():
            watch = self.open.get(thing) or self._opened(thing, some)
            self._keep(watch)
            if watch.needs(some):
                unknown[thing] = watch
            else:
                findings += self._told(watch, watch.add(some))
        if unknown:
            found = self.history({thing: self._from_ms(one) for thing, one in unknown.items()})
            for thing, watch in unknown.items():
                known = [*found.get(thing, ()), *watch.facts, *facts[thing]]
                findings += self._filled(self._again(watch), known, is_cold=True)
        return findings

    def _opened(self, thing: str, facts: Sequence[Fact]) -> Watch:
        """A new watch from the bound before on; complete where the sieve knows all that matters."""
        number = self.sieve.number(thing)
        judged, newest = (int(self.sieve[name][number]) for name in ("judged_ms", "newest_ms"))
        first = min(fact.at_ms for fact in facts)
        watch = self._watch(thing, (first if judged == NEVER else judged) - self.bound_ms)
        watch.complete_from_ms = newest
        memory = self.sieve.memory(number)
        if memory is not None:
            watch.base = tuple(State(memory=memory) for _ in watch.rules)
        elif self.sieve["remembers"][number]:
            watch.complete_from_ms = max(newest, first)  # history has to tell
        return watch

    def _watch(self, thing: str, horizon_ms: int) -> Watch:
        rules = self.sieve.rules[self.sieve.number(thing)]
        return Watch(thing, rules, self.bound_ms, horizon_ms=horizon_ms)

    def _again(self, watch: Watch) -> Watch:
        """The same watch, about to be filled from history."""
        fresh = self._watch(watch.thing, watch.horizon_ms)
        fresh.told, fresh.too_late = watch.told, watch.too_late
        self._keep(fresh)
        return fresh

    def _filled(self, watch: Watch, known: Iterable[Fact], is_cold: bool) -> list[Finding]:
        """The watch with all its readings; what lies before them is only remembered."""
        facts = list(known)
        if is_cold:
            memory = self._warm(fact for fact in facts if fact.at_ms < watch.horizon_ms)
            watch.base = tuple(State(memory=memory) for _ in watch.rules)
        watch.complete_from_ms = NEVER
        self.filled[watch.thing] = self.rounds
        return self._told(watch, watch.add(f for f in facts if f.at_ms >= watch.horizon_ms))

    def _told(self, watch: Watch, findings: list[Finding]) -> list[Finding]:
        if findings:
            self.touched.add(watch.thing)
        return findings

    def _warm(self, facts: Iterable[Fact]) -> Memory | None:
        memory: Memory | None = None
        for fact in sorted(facts, key=lambda one: one.key):
            memory = remembered(memory, fact)
        return memory

    def _from_ms(self, watch: Watch) -> int:
        """From where on history has to be read, so that every memory is right at the horizon."""
        return watch.horizon_ms - int(max(map(looks_back_s, watch.rules), default=0.0) * 1000)

    def _close(self, things: Iterable[str], is_level: bool) -> None:
        """Forgets what has calmed down, but nothing of which history told more than the log yet.

        Otherwise another process would find in the log what was judged already, and judge it anew.
        """
        for thing in things:
            watch = self.open[thing]
            self.calm.discard(thing)
            if watch.is_idle:
                self.calm.add(thing)
            elif watch.horizon_ms - self.saved.get(thing, NEVER) > KEEP_AFTER_MS:
                self.touched.add(thing)
        for thing in [one for one in self.calm if self.filled.get(one, -1) < self.rounds]:
            if is_level or thing not in self.filled:
                self._forget(self.open[thing])
        self.touched |= {thing for thing in self.calm if thing not in self.saved}

    def _forget(self, watch: Watch) -> None:
        memory = (watch.states[-1] if watch.states else watch.base or IDLE_ALONE)[0].memory
        self.sieve.calmed(watch.thing, watch.newest_ms, memory)
        self.sieve["watched"][self.sieve.number(watch.thing)] = False
        self.too_late += watch.too_late
        self.touched.add(watch.thing)
        self.calm.discard(watch.thing)
        self.filled.pop(watch.thing, None)
        del self.open[watch.thing]


def looks_back_s(rule: Rule) -> float:
    """How far before the first reading a measure looks."""
    if rule.measure == Measure.FROZEN:
        return FORGET_MS / 1000 + min(rule.limits)
    return FORGET_MS / 1000 if rule.measure == Measure.RISE else 0.0


def dry_run(book: Rulebook, batches: Iterable[Batch]) -> list[Finding]:
    """What a rulebook would have said of readings that come in the order of time; all at once."""
    watches, last = Watches(book), dict[str, Finding]()
    for batch in batches:
        last |= {finding.alarm_id: finding for finding in watches.take(batch)}
    standing = [finding for finding in last.values() if finding.span is not None]
    return sorted(standing, key=lambda one: (one.span or (0,), one.thing))

"""The judge gives the same alarms whatever the order, the shards, and wherever it is ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from city.alarm_rules import OFF, Measure, Rule
from city.judgement import IDLE, REPEAT_MS, Fact, Span, State, step
from city.quality import Quality
from city.records import NOWHERE, RECORD, Batch, Channel
from city.rulebook import Rulebook
from city.sieve import Sieve
from city.watches import Watches
from city.watching import Base, Finding

MINUTE = 60_000
START = 1_700_000_000_000
PONDING = Rule("depth", Measure.VALUE, "ponding", (5, 15, 27, 40), "积水", "Ponding", clear=2)
RULES = (
    PONDING,
    replace(PONDING, id="held", hold_s=150),
    Rule("rise", Measure.RISE, "ponding", (OFF, 3, 6, OFF), "上涨", "Rise"),
    Rule("frozen", Measure.FROZEN, "ponding", (300, OFF, OFF, OFF), "不变", "Frozen"),
    replace(PONDING, id="plain", kind="plain"),
)
THINGS = ("sw/ponding/A", "sw/ponding/B", "sw/plain/C")
BOOK = Rulebook(RULES)


def record(fact: Fact, thing: int, quality: int = 0) -> np.void:
    row = np.zeros((), RECORD)
    row["observed_ms"], row["seq"], row["value"] = fact.at_ms, fact.seq, fact.value
    row["thing"], row["channel"], row["quality"] = thing, Channel.DATA, quality
    row["lon"] = row["lat"] = NOWHERE
    return row[()]


def batch(readings: Sequence[tuple[int, Fact]]) -> Batch:
    """Readings as (number of the thing, fact)."""
    rows = np.array([record(fact, thing) for thing, fact in readings], RECORD)
    return Batch(THINGS, rows, [b""] * len(readings))


def as_judged(thing: int, fact: Fact) -> Fact:
    sieve = Sieve(BOOK)
    (only,) = sieve.readings(batch([(thing, fact)])).facts(np.array([0]))
    return only


@dataclass
class City:
    """A log, what is stored, and a judge that may be ended at any moment."""

    log: list[Batch] = field(default_factory=list)
    told: list[tuple[int, Fact]] = field(default_factory=list)
    cursor: int = 0
    bases: dict[str, Base] = field(default_factory=dict)
    alarms: dict[str, tuple[str, str, Span]] = field(default_factory=dict)
    judge: Watches = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def history(self, wanted: Mapping[str, int]) -> Mapping[str, Sequence[Fact]]:
        return {
            thing: [fact for number, fact in self.told
                    if THINGS[number] == thing and fact.at_ms >= since]
            for thing, since in wanted.items()
        }  # fmt: skip

    def start(self) -> None:
        """A new process: the newest is known, then the watches that were kept."""
        self.judge = Watches(BOOK, self.history)
        for number, fact in sorted(self.told, key=lambda one: one[1].key):
            self.judge.sieve.seed(THINGS[number], record(fact, number))
        self.commit(self.judge.restore(self.bases))

    def hear(self, readings: Sequence[tuple[int, Fact]]) -> None:
        """Ingest has it in the log, and so has history."""
        self.log.append(batch(readings))
        self.told += [(number, as_judged(number, fact)) for number, fact in readings]

    def judge_next(self, is_killed: bool) -> None:
        """One round, or one that ends between reading and writing."""
        findings = self.judge.take(self.log[self.cursor], self.cursor + 1 == len(self.log))
        if is_killed:
            return
        self.cursor += 1
        self.commit(findings)

    def commit(self, findings: Sequence[Finding]) -> None:
        for one in findings:
            self.alarms.pop(one.alarm_id, None)
            if one.span:
                self.alarms[one.alarm_id] = (one.rule.id, one.thing, one.span)
        for thing, base in self.judge.kept().items():
            self.bases.pop(thing, None)
            if base is not None:
                self.bases[thing] = base


def folded(readings: Sequence[tuple[int, Fact]]) -> list[tuple[str, str, Span]]:
    """What the plain fold says of all readings in the order of the world."""
    found: dict[tuple[str, str, int], Span] = {}
    for number, thing in enumerate(THINGS):
        for rule in BOOK.rules_for(thing):
            state: State = IDLE
            mine = {fact.key: as_judged(number, fact) for at, fact in readings if at == number}
            for key in sorted(mine):
                state = step(rule, state, mine[key])
                if state.span:
                    found[rule.id, thing, state.span.raised_ms] = state.span
    return sorted((rule, thing, span) for (rule, thing, _), span in found.items())


DEPTHS = st.sampled_from([0.0, 4.0, 5.0, 13.5, 14.0, 16.0, 27.0, 30.0, 41.0])
GAPS = st.sampled_from([0, 10_000, MINUTE, 3 * MINUTE, 11 * MINUTE, 45 * MINUTE])


@st.composite
def recordings(draw: st.DrawFn) -> list[tuple[int, Fact]]:
    at, found = START, []
    for seq in range(draw(st.integers(1, 40))):
        at += draw(GAPS)
        found.append((draw(st.integers(0, 2)), Fact(at, seq, draw(DEPTHS))))
    return found


def arriving(readings: Sequence[tuple[int, Fact]], random: Random) -> list[tuple[int, Fact]]:
    """Late within the bound, some twice."""
    twice = [one for one in readings for _ in range(random.choice((1, 1, 2)))]
    return sorted(twice, key=lambda one: one[1].at_ms + random.choice((0, 0, 1, 10)) * MINUTE)


def run(readings: Sequence[tuple[int, Fact]], random: Random, killed: float, ahead: int) -> City:
    """The recording in batches of several workers; the judge lags behind, and is ended at times."""
    city = City()
    rest = arriving(readings, random)
    while rest or city.cursor < len(city.log):
        if rest and len(city.log) - city.cursor <= random.randint(0, ahead):
            size = random.randint(1, 6)
            city.hear(rest[:size])
            del rest[:size]
        elif city.cursor < len(city.log):
            is_killed = random.random() < killed
            city.judge_next(is_killed)
            if is_killed or random.random() < killed:
                city.start()
    return city


@settings(deadline=None)
@given(recordings(), st.integers(0, 2**32))
def test_any_order_gives_the_same_alarms(readings: list[tuple[int, Fact]], seed: int) -> None:
    city = run(readings, Random(seed), killed=0, ahead=0)

    assert sorted(city.alarms.values()) == folded(readings)


@settings(deadline=None)
@given(recordings(), st.integers(0, 2**32))
def test_a_judge_that_is_killed_anywhere_gives_the_same_alarms(
    readings: list[tuple[int, Fact]], seed: int
) -> None:
    city = run(readings, Random(seed), killed=0.3, ahead=3)

    assert sorted(city.alarms.values()) == folded(readings)


def test_readings_that_could_not_matter_are_never_looked_at() -> None:
    city = City()

    city.hear([(2, Fact(START + at * MINUTE, at, 4.9)) for at in range(100)])
    city.judge_next(is_killed=False)

    assert city.judge.open == {} and city.alarms == {}


def test_a_thing_that_has_calmed_down_is_forgotten_in_the_store_too() -> None:
    city = City()
    for at, depth in [(0, 6.0), (1, 0.0), (1 + 3 * REPEAT_MS // MINUTE, 0.0)]:
        city.hear([(2, Fact(START + at * MINUTE, at, depth))])
        city.judge_next(is_killed=False)

    assert city.judge.open == {} and city.bases == {}
    assert len(city.alarms) == 1


def test_what_its_sender_calls_bad_or_nobody_could_measure_is_not_judged() -> None:
    watches = Watches(BOOK)
    doubts = (Quality.SAID_BAD, Quality.OUT_OF_RANGE, Quality.LATE)
    rows = np.array([record(Fact(START + i, i, 50), 2, int(q)) for i, q in enumerate(doubts)])

    assert watches.take(Batch(THINGS, rows, [b""] * 3)) == []


def test_a_clock_that_runs_ahead_does_not_stop_the_judgement() -> None:
    watches = Watches(BOOK)
    ahead = record(Fact(START + 10**10, 0, 0), 2, int(Quality.CLOCK_AHEAD))
    ahead["received_ms"] = START
    watches.take(Batch(THINGS, np.array([ahead]), [b""]))

    (finding,) = watches.take(batch([(2, Fact(START + MINUTE, 1, 50))]))

    assert finding.span and finding.span.severity == 1

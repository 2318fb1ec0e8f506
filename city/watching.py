"""A thing under watch: its readings within the lateness bound, and what the rules make of them.

Only readings within the bound can still change their order, so they are kept, sorted, each with
the state after it; what is older is one state, the base. A reading that comes late is put in its
place and everything after it is folded again: whatever the order of arrival, the result is that
of the order of the world.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from city.alarm_rules import Rule
from city.judgement import IDLE, Fact, Span, State, judged, remembered

BOUND_MS = 600_000
NEVER = -(2**62)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no letter is taken for a digit
ID_LETTERS = 10

States = tuple[State, ...]  # one per rule
Told = dict[int, tuple[str, Span]]  # raised_ms → alarm and what was said of it


class Finding(NamedTuple):
    """What has to be said anew of one alarm; without a span it has turned out to be none."""

    alarm_id: str
    rule: Rule
    thing: str
    span: Span | None
    into: str = ""  # the alarm that it turned out to be part of


class Base(NamedTuple):
    """A watch as it is kept across restarts; its readings come from history again."""

    horizon_ms: int
    states: Mapping[str, State]  # rule → state before the horizon; none where history has to tell
    told: Mapping[str, Told]


@dataclass(slots=True)
class Watch:
    """One thing; `complete_from_ms` says from where on its readings are known."""

    thing: str
    rules: Sequence[Rule]
    bound_ms: int = BOUND_MS
    complete_from_ms: int = NEVER
    horizon_ms: int = NEVER
    base: States = ()
    facts: list[Fact] = field(default_factory=list)
    states: list[States] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    too_late: int = 0

    def __post_init__(self) -> None:
        self.base = self.base or (IDLE,) * len(self.rules)
        self.told = self.told or [{} for _ in self.rules]

    @property
    def newest_ms(self) -> int:
        """The last reading's time."""
        return self.facts[-1].at_ms if self.facts else self.horizon_ms

    @property
    def is_idle(self) -> bool:
        """Whether forgetting it would change nothing."""
        return not any(self.told) and all(
            state.is_idle for states in (self.base, *self.states) for state in states
        )

    def add(self, facts: Iterable[Fact]) -> list[Finding]:
        """Takes readings in, in any order and more than once; what has changed by them."""
        known = len(self.facts)
        first = min((self._placed(one) for one in sorted(facts, key=key_of)), default=known)
        if first >= len(self.facts):
            return []
        self._fold(first)
        since = first if first >= known else 0  # what only follows changes nothing before
        found = [one for place in range(len(self.rules)) for one in self._tell(place, since)]
        self._advance()
        return found

    def needs(self, facts: Iterable[Fact]) -> bool:
        """Whether some of them fall where not all readings are known yet."""
        return any(self.horizon_ms <= fact.at_ms <= self.complete_from_ms for fact in facts)

    def kept(self) -> Base:
        """What has to outlive this process."""
        names = [rule.id for rule in self.rules]
        is_whole = self.complete_from_ms < self.horizon_ms
        states = dict(zip(names, self.base, strict=True)) if is_whole else {}
        return Base(self.horizon_ms, states, dict(zip(names, self.told, strict=True)))

    def _placed(self, fact: Fact) -> int:
        """Puts a reading in its place; where that is, or the end when it changes nothing."""
        if fact.at_ms < self.horizon_ms:
            self.too_late += 1
            return len(self.facts) + 1
        place = bisect_left(self.facts, fact.key, key=key_of)
        if place < len(self.facts) and self.facts[place].key == fact.key:
            return len(self.facts) + 1
        self.facts.insert(place, fact)
        return place

    def _fold(self, first: int) -> None:
        del self.states[first:]
        state = self.states[-1] if self.states else self.base
        for fact in self.facts[first:]:
            memory = remembered(state[0].memory, fact) if state else None
            pairs = zip(self.rules, state, strict=True)
            state = tuple([judged(rule, before, fact, memory) for rule, before in pairs])
            self.states.append(state)

    def _tell(self, place: int, since: int) -> Iterable[Finding]:
        rule, old = self.rules[place], self.told[place]
        if since:
            known = self.states[since - 1][place].span
            if all(states[place].span is known for states in self.states[since:]):
                return ()
        before = {at: span for at, (_, span) in old.items()} if since else {}
        states = [states[place] for states in self.states[since:]]
        new = before | spans(states if since else [self.base[place], *states])
        self.told[place], findings = told_anew(rule, self.thing, old, new)
        return findings

    def _advance(self) -> None:
        """Readings that nothing can precede any more become one state."""
        self.horizon_ms = max(self.horizon_ms, self.newest_ms - self.bound_ms)
        if self.facts[0].at_ms >= self.horizon_ms:
            return
        count = bisect_left(self.facts, (self.horizon_ms, NEVER), key=key_of)
        self.base = self.states[count - 1]
        del self.facts[:count], self.states[:count]
        self.base = tuple(forgetful(state, self.horizon_ms) for state in self.base)
        self.told = [
            {at: one for at, one in told.items() if not one[1].is_past(self.horizon_ms)}
            for told in self.told
        ]


def key_of(fact: Fact) -> tuple[int, int]:
    """What readings are sorted by."""
    return fact.key


def forgetful(state: State, horizon_ms: int) -> State:
    """Without an alarm that nothing can belong to any more."""
    past = state.span is not None and state.span.is_past(horizon_ms)
    return state._replace(span=None) if past else state


def spans(states: Iterable[State]) -> dict[int, Span]:
    """The last word on each alarm in a run of states."""
    return {state.span.raised_ms: state.span for state in states if state.span is not None}


def told_anew(
    rule: Rule, thing: str, old: Told, new: Mapping[int, Span]
) -> tuple[Told, list[Finding]]:
    """Which alarm is which after readings came late; an alarm keeps its number as long as it is."""
    told: Told = {at: (old[at][0], span) for at, span in new.items() if at in old}
    findings = [Finding(alarm_id, rule, thing, span) for at, (alarm_id, span) in told.items()
                if old[at][1] != span]  # fmt: skip
    for at in [at for at in old if at not in told]:
        alarm_id, before = old[at]
        heirs = [k for k, span in new.items() if k not in told and overlap(span, before)]
        if heirs:
            told[heirs[0]] = alarm_id, new[heirs[0]]
            findings.append(Finding(alarm_id, rule, thing, new[heirs[0]]))
        else:
            into = next((one for one, span in told.values() if overlap(span, before)), "")
            findings.append(Finding(alarm_id, rule, thing, None, into))
    taken = {one for one, _ in old.values()}
    for at in [at for at in new if at not in told]:
        told[at] = fresh_id(rule, thing, at, taken), new[at]
        findings.append(Finding(told[at][0], rule, thing, new[at]))
    return told, findings


def overlap(one: Span, other: Span) -> bool:
    """Whether two alarms of one thing and rule were raised at the same time."""
    ends = [float("inf") if s.cleared_ms is None else s.cleared_ms for s in (one, other)]
    return one.raised_ms <= ends[1] and other.raised_ms <= ends[0]


def fresh_id(rule: Rule, thing: str, raised_ms: int, taken: Iterable[str] = ()) -> str:
    """A number for an alarm: the same for the same alarm, short enough to be read aloud."""
    turn = 0
    while True:
        said = f"{rule.id}|{thing}|{raised_ms}|{turn}".encode()
        number = int.from_bytes(blake2b(said, digest_size=8).digest())
        letters = "".join(ALPHABET[number >> 5 * at & 31] for at in range(ID_LETTERS))
        if letters not in taken:
            return letters
        turn += 1

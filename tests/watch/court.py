"""A judge over a store of the test's own, with a clock that is set by hand."""

from datetime import UTC, datetime
from typing import Any

import numpy as np

from city.alarms import Alarm
from city.judgement import IDLE, Span, State, step
from city.kinds import KINDS
from city.roles import Actor, Role, Seat
from city.rulebook import RULEBOOK, Rulebook
from city.sieve import Sieve
from store.store import Store
from tests.publisher import Publisher, now_ms
from watch.judge import Judge

SHARDS = (0, 3)  # two workers


class Clock:
    """What the judge takes for now."""

    def __init__(self) -> None:
        self.now_ms = now_ms()

    def __call__(self) -> int:
        return self.now_ms


class Court:
    """The judge may be replaced by another at any time."""

    def __init__(self, store: Store, book: Rulebook = RULEBOOK) -> None:
        self.store, self.book, self.clock = store, book, Clock()
        self.publishers = [Publisher(store, shard) for shard in SHARDS]
        self.judge = self.new()

    @property
    def publisher(self) -> Publisher:
        return self.publishers[0]

    def new(self) -> Judge:
        return Judge(self.store, self.book, KINDS, self.clock)

    def restart(self) -> None:
        self.judge = self.new()

    def killed(self) -> None:
        """Ends it after it has judged and before it writes."""
        read = self.judge.reads.read(self.judge.read_to)
        self.judge.watches.take(read.batch, read.is_level)
        self.restart()

    def sit(self, seconds: float = 1.0) -> None:
        """Judges all there is, and looks at the clock."""
        self.clock.now_ms += round(seconds * 1000)
        while self.judge.round():
            pass

    def hear_now(self, number: int, depth: float) -> None:
        """A reading at the time of this clock, which may have been put on."""
        at = str(np.datetime64(self.clock(), "ms")) + "Z"
        topic = f"cb/v1/460106/sw/waterlogging/WL-{number:04d}/data"
        said = {"ts": at, "seq": self.clock(), "values": {"depth_cm": depth}}
        self.publisher.send((topic, said), received_ms=self.clock())

    def alarms(self, *rules: str) -> list[Alarm]:
        """What is kept, of some rules."""
        found = [one for one in self.store.alarms.all() if not rules or one.rule in rules]
        return sorted(found, key=lambda one: (one.thing, one.span))

    def standing(self) -> list[tuple[Any, ...]]:
        """What the readings came to."""
        return sorted(
            (one.rule, one.thing, one.span) for one in self.alarms()
            if one.withdrawn_ms is None and one.rule not in ("silence", "outage")
        )  # fmt: skip

    def folded(self) -> list[tuple[Any, ...]]:
        """What the plain fold says of all that is in the store, in the order of the world."""
        things = list(self.judge.table.ids)
        facts = Sieve(self.book).by_thing(self.store.history.since(dict.fromkeys(things, 0)))
        found: dict[tuple[str, str, int], Span] = {}
        for thing, some in facts.items():
            for rule in self.book.rules_for(thing):
                state: State = IDLE
                for fact in sorted({one.key: one for one in some}.values(), key=lambda x: x.key):
                    state = step(rule, state, fact)
                    if state.span:
                        found[rule.id, thing, state.span.raised_ms] = state.span
        return sorted((rule, thing, span) for (rule, thing, _), span in found.items())


def operator(role: Role = Role.ACCEPTOR, **seat: Any) -> Actor:
    """Somebody who handles alarms."""
    who = Seat(seat.pop("account", "li"), "李四", frozenset({role}), **seat)
    return Actor(who, "10.0.0.7", datetime.now(UTC))

"""What ingest writes: one transaction per batch, as bytes ready to be sent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import hiredis

from city.health import DeadLetter, Tally
from city.records import Batch
from store import block, counters, keys
from store.posted import Posted, fields_of

APPLIED_FOR_S = 86_400
DEAD_LETTERS = 10_000  # kept per shard, about

Command = tuple[str | int | float | bytes | memoryview, ...]
# Its stub describes a command of one word only.
packed: Callable[[Command], bytes] = cast(Any, hiredis).pack_command


class LogWriter:
    """The transactions of one run of one worker."""

    def __init__(self, shard: int, worker: str) -> None:
        self._log = keys.log(shard)
        self._health = keys.health(shard)
        self._dead = keys.dead(shard)
        self._relay = keys.relay(shard)
        self._applied = keys.applied(shard, worker)
        self._worker = worker

    def transaction(
        self, number: int, batch: Batch, tallies: Mapping[str, Tally], dead: Sequence[DeadLetter],
        relayed: Sequence[Posted] = (),
    ) -> tuple[bytes, int]:  # fmt: skip
        """The bytes of MULTI … EXEC, and how many answers they will have."""
        commands = list(self._commands(number, batch, tallies, dead))
        commands[1:1] = [relay_command(self._relay, posted) for posted in relayed]
        return b"".join(map(packed, commands)), len(commands)

    def _commands(
        self, number: int, batch: Batch, tallies: Mapping[str, Tally], dead: Sequence[DeadLetter]
    ) -> Iterator[Command]:
        yield ("MULTI",)
        if len(batch):
            yield ("XADD", self._log, "*", "b", block.pack(batch), "w", self._worker)
        for field, count in counters.additions(tallies):
            yield ("HINCRBY", self._health, field, count)
        heard = counters.heard(tallies)
        if heard:
            yield ("HSET", self._health, *heard)
        for letter in dead:
            yield self._buried(letter)
        if dead:
            yield ("HINCRBY", self._health, counters.DEAD, len(dead))
        yield ("SET", self._applied, number, "EX", APPLIED_FOR_S)
        yield ("EXEC",)

    def _buried(self, letter: DeadLetter) -> Command:
        return (
            "XADD", self._dead, "MAXLEN", "~", DEAD_LETTERS, "*",
            "feed", letter.feed, "topic", letter.topic, "reason", letter.reason,
            "sentence", letter.sentence, "received_ms", letter.received_ms,
            "payload", letter.payload, "size", letter.size,
        )  # fmt: skip


def relay_command(stream: str, posted: Posted) -> Command:
    """A message that other clients are to be told."""
    words = [word for pair in fields_of(posted).items() for word in pair]
    return ("XADD", stream, "*", *words)

"""The batch core: messages in, one transaction per batch out, acknowledged when the store has it.

Whoever has messages offers them in the order they came; the core cuts them into batches, has them
decoded and recognised, and sends them to the store. Queues are bounded: when they are full
the doors are held shut. Nothing is acknowledged that the store has not answered for.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import numpy as np

from city.health import DEAD_LETTER_BYTES, DeadLetter, Tally
from city.records import Batch
from store.posted import Posted

log = logging.getLogger("ingest")

BATCH = 500  # messages that are sent without waiting for more
QUEUE = 4 * BATCH  # messages waiting to be cut before the doors are shut
IN_FLIGHT = 4  # batches the store may owe us an answer for
LINGER_S, LONGEST_LINGER_S = 0.002, 0.010
BUSY_BATCH = 100  # a batch of this size shows that waiting longer pays
UNKNOWN_FEED = "undeclared"
OUR_FAULT = "The decoder of this feed failed on the message; the fault is ours."


class Source(Protocol):
    """Where messages came from; hears when they are safe."""

    def acknowledge(self, receipts: Any) -> None:
        """The store has the messages these receipts were offered with."""


class Decoded(Protocol):
    """A batch of facts, and what is to be counted and kept of the messages that were none."""

    batch: Batch
    tallies: dict[str, Tally]
    dead: list[DeadLetter]

    def keep(self, mask: np.ndarray) -> "Decoded":
        """Without the rows that were seen before; they are counted as duplicates."""


class Decoder(Protocol):
    """Turns messages into facts."""

    def decode_batch(
        self, topics: Sequence[bytes], payloads: Sequence[bytes], received_ms: int
    ) -> Decoded:
        """One decoding of many messages."""


class Memory(Protocol):
    """Knows which facts were seen before."""

    def filter(self, batch: Batch) -> np.ndarray:
        """True for the rows that are new; they are known from now on."""


class Writer(Protocol):
    """Puts a batch into the words of the store."""

    def transaction(
        self,
        number: int,
        batch: Batch,
        tallies: Mapping[str, Tally],
        dead: Sequence[DeadLetter],
        relayed: Sequence[Posted],
    ) -> tuple[bytes, int]:
        """The bytes to send, and how many answers they will have."""


class Line(Protocol):
    """The way to the store."""

    @property
    def in_flight(self) -> int:
        """Batches without an answer."""

    def send(self, number: int, data: bytes, replies: int, done: Any) -> None:
        """`done` is called when the store has the batch."""


class Doors(Protocol):
    """What messages come in through."""

    def hold(self, shut: bool) -> None:
        """Holds the doors shut or lets them open again."""


@dataclass(slots=True)
class Pending:
    """What will be the next batch."""

    topics: list[bytes] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    receipts: list[tuple[Source, Any]] = field(default_factory=list)
    relayed: list[Posted] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    since: float = 0.0

    def __len__(self) -> int:
        return len(self.topics) + len(self.dead)


class Core:
    """Cuts batches and sees them through; `turn` has to be called after each round of events."""

    def __init__(
        self, decoder: Decoder, memory: Memory, writer: Writer, line: Line, doors: Doors
    ) -> None:
        self._decoder = decoder
        self._memory = memory
        self._writer = writer
        self._line = line
        self._doors = doors
        self._pending = Pending()
        self._number = 0
        self._linger_s = LINGER_S
        self._received_ms = 0
        self.taken = 0  # messages offered, since the start
        self.stored = 0  # messages the store has answered for

    @property
    def is_full(self) -> bool:
        """Whether no more should be offered now."""
        return len(self._pending) >= QUEUE

    @property
    def is_idle(self) -> bool:
        """Whether everything offered is safe."""
        return not self._pending and not self._line.in_flight

    def offer(
        self,
        source: Source,
        topics: Sequence[bytes],
        payloads: Sequence[bytes],
        receipts: Any,
        received_at: float,
    ) -> None:
        """Takes messages in; `receipts` go back to the source when they are stored."""
        pending = self._pending
        pending.topics += topics
        pending.payloads += payloads
        if receipts:
            pending.receipts.append((source, receipts))
        self._received_ms = int(received_at * 1000)
        self.taken += len(topics)
        if len(pending) >= BATCH:
            self._cut_or_hold()

    def relay(self, source: Source, relayed: Sequence[Posted]) -> None:
        """Takes in what others are to be told too; said before the messages are offered."""
        self._pending.relayed += relayed
        self._pending.receipts.append((source, None))

    def bury(self, letter: DeadLetter) -> None:
        """Takes in a message that must not be decoded."""
        self._pending.dead.append(letter)
        self.taken += 1

    def wait_s(self, now: float) -> float | None:
        """How long until a batch is due, None while there is nothing to wait for."""
        if not self._pending or self._line.in_flight >= IN_FLIGHT:
            return None
        if not self._pending.since:
            self._pending.since = now
        return max(0.0, self._pending.since + self._linger_s - now)

    def turn(self, now: float) -> None:
        """Sends what is due."""
        wait_s = self.wait_s(now)
        if wait_s is not None and (wait_s == 0.0 or len(self._pending) >= BATCH):
            self._cut()

    def flush(self) -> None:
        """Sends what there is."""
        if self._pending:
            self._cut()

    def _cut_or_hold(self) -> None:
        if self._line.in_flight < IN_FLIGHT:
            self._cut()
        elif self.is_full:
            self._doors.hold(True)

    def _cut(self) -> None:
        pending, self._pending = self._pending, Pending()
        self._doors.hold(False)
        share = min(1.0, len(pending) / BUSY_BATCH)
        self._linger_s = LINGER_S + share * (LONGEST_LINGER_S - LINGER_S)
        batch, tallies, dead = self._understand(pending)
        self._number += 1
        data, replies = self._writer.transaction(
            self._number, batch, tallies, dead, pending.relayed
        )
        done = partial(self._settle, len(pending), pending.receipts)
        self._line.send(self._number, data, replies, done)

    def _understand(self, pending: Pending) -> tuple[Batch, dict[str, Tally], list[DeadLetter]]:
        decoded = self._decode(pending)
        decoded = decoded.keep(self._memory.filter(decoded.batch))
        for letter in pending.dead:
            tally = decoded.tallies.setdefault(letter.feed, Tally())
            tally.rejected[letter.reason] += 1
        return decoded.batch, decoded.tallies, [*decoded.dead, *pending.dead]

    def _decode(self, pending: Pending) -> Decoded:
        decoded = self._attempt(pending.topics, pending.payloads)
        return decoded or self._decode_one_by_one(pending)

    def _attempt(self, topics: list[bytes], payloads: list[bytes]) -> Decoded | None:
        """The guard of the ingest loop: a message that breaks its decoder costs only itself."""
        try:
            return self._decoder.decode_batch(topics, payloads, self._received_ms)
        except Exception:
            log.exception("decoder failed messages=%d", len(topics))
            return None

    def _decode_one_by_one(self, pending: Pending) -> Decoded:
        """Finds the messages that break a decoder, buries them and decodes the others."""
        topics, payloads = [], []
        for topic, payload in zip(pending.topics, pending.payloads, strict=True):
            if self._attempt([topic], [payload]) is None:
                pending.dead.append(self.letter(topic, payload, "decoder_failed", OUR_FAULT))
            else:
                topics.append(topic)
                payloads.append(payload)
        return self._decoder.decode_batch(topics, payloads, self._received_ms)

    def letter(
        self, topic: bytes, payload: bytes, reason: str, sentence: str, size: int = 0
    ) -> DeadLetter:
        """A dead letter for a message that the decoder never saw, or failed on."""
        return DeadLetter(
            UNKNOWN_FEED,
            topic.decode(errors="replace"),
            reason,
            sentence,
            int(time.time() * 1000),
            payload[:DEAD_LETTER_BYTES],
            size or len(payload),
        )

    def _settle(self, count: int, receipts: Sequence[tuple[Source, Any]]) -> None:
        self.stored += count
        for source, theirs in receipts:
            source.acknowledge(theirs)

"""What is counted about a feed, and what is kept of a message nobody could read."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

# Upper edges of the delay histogram (received − observed), milliseconds; the last bucket is open.
DELAY_EDGES_MS = (50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 600_000)
DEAD_LETTER_BYTES = 2048


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A rejected message: why, in a stable word and in a sentence for its sender."""

    feed: str
    topic: str
    reason: str
    sentence: str
    received_ms: int
    payload: bytes  # the first DEAD_LETTER_BYTES
    size: int  # bytes of the whole


@dataclass(slots=True)
class Tally:
    """Counts of one feed in one batch; they add up."""

    accepted: int = 0
    duplicate: int = 0
    late: int = 0
    uncertain: int = 0
    heard_ms: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    delays: Counter[int] = field(default_factory=Counter)  # index into DELAY_EDGES_MS


def delay_bucket(delay_ms: int) -> int:
    """The histogram bucket of a delay; len(DELAY_EDGES_MS) is the open one."""
    return bisect_left(DELAY_EDGES_MS, delay_ms)

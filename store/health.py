"""How each feed is doing: sums over all shards, and rates between looks."""

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from city.health import DELAY_EDGES_MS
from city.things import Freshness, freshness
from store import counters, keys
from store.client import Client
from store.reach import reaching

WINDOW_S = 60.0
SAMPLE_EVERY_S = 1.0


@dataclass(slots=True)
class FeedCounts:
    """Counts since the store was made; rate and delays of the last minute."""

    accepted: int = 0
    duplicate: int = 0
    late: int = 0
    uncertain: int = 0
    heard_ms: int = 0
    rejected: Counter[str] = field(default_factory=Counter)  # by reason
    delays: list[int] = field(default_factory=lambda: [0] * len(counters.EDGES))
    rate: float = 0.0  # messages accepted per second
    delay_p50_ms: float | None = None
    delay_p95_ms: float | None = None

    @property
    def rejected_total(self) -> int:
        """Of all reasons."""
        return sum(self.rejected.values())

    def state(self, period_s: float, now_ms: int) -> Freshness:
        """How old the last message is; lost when there never was one."""
        if not self.heard_ms:
            return Freshness.LOST
        return freshness((now_ms - self.heard_ms) / 1000, period_s)


@dataclass(frozen=True, slots=True)
class Sample:
    """The counts of one look."""

    at: float
    feeds: Mapping[str, FeedCounts]


class HealthStore:
    """Reads the counters that ingest writes with each batch."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = client
        self._clock = clock
        self._samples: deque[Sample] = deque()

    def read(self) -> dict[str, FeedCounts]:
        """Every feed that was ever heard, or spoke nonsense."""
        with reaching(), self._redis.pipeline(transaction=False) as pipe:
            for shard in range(keys.SHARDS):
                pipe.hgetall(keys.health(shard))
            found = pipe.execute()
        feeds: dict[str, FeedCounts] = {}
        for counts in found:
            for name, count in counts.items():
                _add(feeds, name.decode(), int(count))
        self._compare(feeds, self._clock())
        return feeds

    def _compare(self, feeds: Mapping[str, FeedCounts], now: float) -> None:
        """Fills rates and delays in from what was there a minute ago."""
        while len(self._samples) > 1 and now - self._samples[1].at >= WINDOW_S:
            self._samples.popleft()
        before = self._samples[0] if self._samples else Sample(now, {})
        for name, counts in feeds.items():
            _fill(counts, before.feeds.get(name, FeedCounts()), now - before.at)
        if not self._samples or now - self._samples[-1].at >= SAMPLE_EVERY_S:
            self._samples.append(Sample(now, feeds))


def _add(feeds: dict[str, FeedCounts], name: str, count: int) -> None:
    feed, _, what = name.partition("|")
    if not what:
        return
    counts = feeds.setdefault(feed, FeedCounts())
    what, _, detail = what.partition("|")
    if what == counters.REJECTED:
        counts.rejected[detail] += count
    elif what == counters.DELAY:
        counts.delays[counters.BUCKETS[detail]] += count
    elif what == counters.HEARD:
        counts.heard_ms = max(counts.heard_ms, count)
    else:
        setattr(counts, what, getattr(counts, what) + count)


def _fill(counts: FeedCounts, before: FeedCounts, passed_s: float) -> None:
    if passed_s > 0:
        counts.rate = max(0, counts.accepted - before.accepted) / passed_s
    recent = [now - then for now, then in zip(counts.delays, before.delays, strict=True)]
    shown = recent if sum(recent) > 0 else counts.delays
    counts.delay_p50_ms, counts.delay_p95_ms = quantile(shown, 0.5), quantile(shown, 0.95)


def quantile(buckets: list[int], share: float) -> float | None:
    """A quantile of a histogram, linear inside its bucket; None of nothing."""
    wanted, below = sum(buckets) * share, 0
    if not wanted:
        return None
    edges = (0, *DELAY_EDGES_MS)
    for bucket, count in enumerate(buckets[:-1]):
        if below + count >= wanted:
            inside = (wanted - below) / count
            return edges[bucket] + inside * (edges[bucket + 1] - edges[bucket])
        below += count
    return float(edges[-1])

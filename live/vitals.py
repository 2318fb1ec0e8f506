"""How the river runs: the figures of the status bar, once a second."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from city.feeds import FeedCard
from city.things import Freshness
from store.health import FeedCounts, quantile

WINDOW = 60  # looks, one a second
UNKNOWN_PERIOD_S = 60.0


class Vitals:
    """Figures over all feeds; a feed that was never heard is not missed yet."""

    def __init__(self, cards: Mapping[str, FeedCard]) -> None:
        self._cards = cards
        self._delays: deque[list[int]] = deque(maxlen=WINDOW)
        self.print: tuple[Any, ...] = ()  # moves when a panel of feeds should look again

    def figures(self, feeds: Mapping[str, FeedCounts], now_ms: int) -> dict[str, Any]:
        """Rate, delay and how many feeds are late or lost."""
        states = self.states(feeds, now_ms)
        found = list(states.values())
        self.print = tuple(
            (name, states.get(name), counts.accepted, counts.rejected_total)
            for name, counts in feeds.items()
        )
        return {
            "rate": round(sum(counts.rate for counts in feeds.values()), 1),
            "delay_p95_ms": self._delay_p95_ms(feeds),
            "feeds": len(found),
            "late": found.count(Freshness.LATE) + found.count(Freshness.STALE),
            "lost": found.count(Freshness.LOST),
        }

    def states(self, feeds: Mapping[str, FeedCounts], now_ms: int) -> dict[str, Freshness]:
        """The freshness of each feed that was heard."""
        return {
            name: counts.state(self._period_s(name), now_ms)
            for name, counts in feeds.items()
            if counts.heard_ms
        }

    def _period_s(self, name: str) -> float:
        card = self._cards.get(name)
        return card.period_s if card else UNKNOWN_PERIOD_S

    def _delay_p95_ms(self, feeds: Mapping[str, FeedCounts]) -> float | None:
        """Of the last minute."""
        if not feeds:
            return None
        now = [sum(bucket) for bucket in zip(*(c.delays for c in feeds.values()), strict=True)]
        before = self._delays[0] if self._delays else [0] * len(now)
        self._delays.append(now)
        return quantile([count - then for count, then in zip(now, before, strict=True)], 0.95)

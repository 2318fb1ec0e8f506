"""The pulse of each feed over the last minute, as far as somebody looked."""

import threading
from collections import deque
from collections.abc import Mapping
from itertools import pairwise

from store.health import FeedCounts

SLOT_MS = 6000
SLOTS = 10


class Beats:
    """Which of the last ten slots brought messages; None where nobody counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: deque[tuple[int, dict[str, int]]] = deque(maxlen=SLOTS + 1)

    def note(self, heard: Mapping[str, FeedCounts], now_ms: int) -> None:
        """Takes the counts of this moment, once per slot."""
        slot = now_ms // SLOT_MS
        with self._lock:
            if not self._seen or self._seen[-1][0] != slot:
                counts = {name: one.accepted for name, one in heard.items()}
                self._seen.append((slot, counts))

    def of(self, name: str) -> tuple[bool | None, ...]:
        """The oldest first."""
        with self._lock:
            seen = list(self._seen)
        beats = [after[1].get(name, 0) > before[1].get(name, 0) for before, after in pairwise(seen)]
        return (None,) * (SLOTS - len(beats)) + tuple(beats)

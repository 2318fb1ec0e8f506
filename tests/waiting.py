"""Waits for what other processes do: woken by the store's own news, never by the clock alone."""

import time
from collections.abc import Callable

from store import keys
from store.store import Store

LOOK_AGAIN_MS = 100  # for what makes no news


def until(store: Store, least: int, count: Callable[[Store], int], within_s: float) -> None:
    """Returns once there are so many; whatever anybody writes is a reason to count again."""
    end = time.monotonic() + within_s
    while (found := count(store)) < least:
        assert time.monotonic() < end, f"{found} of {least} after {within_s:g} s"
        store.redis.xread({keys.CHANGES: "$"}, block=LOOK_AGAIN_MS)

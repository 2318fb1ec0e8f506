"""The running parts of the city, as long as they say that they run."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from store import keys
from store.client import Client
from store.reach import reaching

FORGET_AFTER_S = 86_400
Status = Mapping[str, Any]


class PartsStore:
    """Heartbeats that expire."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.time) -> None:
        self._redis = client
        self._clock = clock

    def heartbeat(self, name: str, status: Status, ttl_s: float) -> None:
        """This part runs; if it does not say so again within `ttl_s`, it does not."""
        now = self._clock()
        with reaching(), self._redis.pipeline(transaction=True) as pipe:
            pipe.set(keys.part(name), msgspec.json.encode(status), px=int(ttl_s * 1000))
            pipe.zadd(keys.PARTS, {name: now})
            pipe.zremrangebyscore(keys.PARTS, "-inf", now - FORGET_AFTER_S)
            pipe.execute()

    def parts(self) -> dict[str, dict[str, Any]]:
        """Every part that runs, with what it says of itself."""
        with reaching():
            names = [name.decode() for name in self._redis.zrange(keys.PARTS, 0, -1)]
            said = self._redis.mget([keys.part(name) for name in names]) if names else []
        return {
            name: msgspec.json.decode(status)
            for name, status in zip(names, said, strict=True)
            if status
        }

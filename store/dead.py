"""The messages nobody could read, newest first."""

from collections.abc import Mapping

from city.health import DeadLetter
from store import keys
from store.client import Client
from store.reach import reaching
from store.tail import Place


class DeadStore:
    """Dead letters of all shards."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def newest(self, feed: str | None = None, limit: int = 100) -> list[DeadLetter]:
        """At most `limit` letters, of one feed or of all."""
        count = limit if feed is None else None
        with reaching(), self._redis.pipeline(transaction=False) as pipe:
            for shard in range(keys.SHARDS):
                pipe.xrevrange(keys.dead(shard), count=count)
            entries = [entry for found in pipe.execute() for entry in found]
        entries.sort(key=lambda entry: Place.parse(entry[0]), reverse=True)
        wanted = None if feed is None else feed.encode()
        chosen = [said for _, said in entries if wanted is None or said[b"feed"] == wanted]
        return [_letter(said) for said in chosen[:limit]]


def _letter(said: Mapping[bytes, bytes]) -> DeadLetter:
    return DeadLetter(
        feed=said[b"feed"].decode(),
        topic=said[b"topic"].decode(),
        reason=said[b"reason"].decode(),
        sentence=said[b"sentence"].decode(),
        received_ms=int(said[b"received_ms"]),
        payload=said[b"payload"],
        size=int(said[b"size"]),
    )

"""Messages of clients for clients, from a worker's log to the stream that all workers tell.

They are written down with the batch that they came in, so an acknowledgement covers them too;
from there they move on under the desk's tag, each once, in their order.
"""

import logging

import redis

from store import keys
from store.client import Client
from store.posted import fields_of, posted_of
from store.reach import is_lost, reaching
from store.retained import RetainedStore, retain_in
from store.tail import Place, after

log = logging.getLogger("store")

PAGE = 500
KEEP_RELAYED = 50_000  # messages of clients for clients, about


class Relaying:
    """The way of one worker's messages."""

    def __init__(self, client: Client, shard: int) -> None:
        self._redis = client
        self._shard = shard
        self._retained = RetainedStore(client)

    def move(self) -> int:
        """Moves all that waits on; how many messages that were."""
        count = 0
        while moved := self._move_page():
            count += moved
        return count

    def _move_page(self) -> int:
        key = keys.relay_place(self._shard)
        with reaching(), self._redis.pipeline(transaction=True) as pipe:
            pipe.watch(key)
            before = Place.parse(pipe.get(key))
            entries = self._redis.xrange(keys.relay(self._shard), after(before), count=PAGE)
            if not entries:
                return 0
            is_full = self._retained.is_full()
            pipe.multi()
            for entry in entries:
                posted = posted_of(entry)
                pipe.xadd(keys.RELAYED, fields_of(posted), maxlen=KEEP_RELAYED)
                if posted.retain and not (is_full and posted.payload):
                    retain_in(pipe, posted)
            pipe.set(key, entries[-1][0])
            try:
                pipe.execute()
            except redis.WatchError as error:  # another worker of this number did it
                if is_lost(error):
                    raise
                return len(entries)
        self._trim(entries[-1][0].decode())
        return len(entries)

    def _trim(self, place: str) -> None:
        with reaching(), self._redis.pipeline(transaction=False) as pipe:
            pipe.xtrim(keys.relay(self._shard), approximate=True, minid=place)
            pipe.execute()

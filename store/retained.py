"""The messages that whoever subscribes later is told at once: one for each topic."""

from collections.abc import Iterator, Sequence

import msgspec

from store import keys
from store.client import Client, Pipe
from store.posted import Posted
from store.reach import reaching
from store.tail import START

MOST_RETAINED = 500_000  # topics
AT_ONCE = 1000
GLOB = str.maketrans({sign: f"\\{sign}" for sign in "\\*?[]^"})
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(tuple[bytes, int, int, bytes, str]).decode


class RetainedStore:
    """All that is retained."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def of(self, topics: Sequence[str]) -> list[Posted]:
        """The messages of some topics, those that are there."""
        if not topics:
            return []
        with reaching():
            found = self._redis.hmget(keys.RETAINED, topics)
        pairs = zip(topics, found, strict=True)
        return [unpacked(topic, value) for topic, value in pairs if value is not None]

    def topics(self, topic_filter: str) -> Iterator[str]:
        """The topics that a filter may hear; the caller looks closer.

        A wildcard walks through all that is retained, on the server.
        """
        if not set(topic_filter) & {"+", "#"}:
            yield topic_filter
            return
        with reaching():
            for topic, _ in self._redis.hscan_iter(keys.RETAINED, glob(topic_filter),
                                                   count=AT_ONCE):  # fmt: skip
                yield topic.decode()

    def is_full(self) -> bool:
        """Whether no more topics are taken."""
        with reaching():
            return self._redis.hlen(keys.RETAINED) >= MOST_RETAINED


def glob(topic_filter: str) -> str:
    """What Redis can see of a filter; `a/#` hears `a` too."""
    escaped = topic_filter.translate(GLOB)
    if escaped.endswith("/#"):
        escaped = escaped[:-2] + "#"
    return escaped.replace("+", "*").replace("#", "*")


def retain_in(pipe: Pipe, posted: Posted) -> None:
    """Keeps a message for its topic; an empty one takes back what was kept."""
    if posted.payload:
        pipe.hset(keys.RETAINED, mapping={posted.topic: packed(posted)})
    else:
        pipe.hdel(keys.RETAINED, posted.topic)


def packed(posted: Posted) -> bytes:
    """A message as a value; its topic is the field's name."""
    return _pack((posted.payload, posted.qos, posted.expires_ms, posted.properties,
                  posted.publisher))  # fmt: skip


def unpacked(topic: str, value: bytes) -> Posted:
    """A retained message."""
    payload, qos, expires_ms, properties, publisher = _unpack(value)
    return Posted(START, topic, payload, qos, True, expires_ms, properties, publisher,
                  keys.RETAINED)  # fmt: skip

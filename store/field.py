"""What goes out to the field: an outbox that is a stream, written with the command it follows.

Whoever posts does so in the transaction of his command, so what was decided is told, and what was
not decided never is. The intake and the outbound part read on from their own places.
"""

from typing import Any, NamedTuple

import msgspec

from store import keys
from store.books import Page
from store.client import Client, Entry
from store.reach import reaching
from store.tail import START, Place

MOST_AT_ONCE = 500
NEVER = 0  # as an instant: does not expire
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(tuple[bytes, int, int, bytes, str]).decode


class Posted(NamedTuple):
    """An MQTT message that is to be told."""

    place: Place
    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = False
    expires_ms: int = NEVER
    properties: bytes = b""  # of MQTT 5, as its publisher sent them
    publisher: str = ""  # its client id; empty where it is ours

    def is_over(self, now_ms: int) -> bool:
        """Whether nobody wants to hear it any more."""
        return self.expires_ms != NEVER and self.expires_ms <= now_ms


class FieldStore:
    """The outbox to the field."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def post_in(
        self, page: Page, topic: str, payload: bytes, *, expires_ms: int | None = None,
        retain: bool = False, qos: int = 1,
    ) -> None:  # fmt: skip
        """Tells the field, once the page is kept; at least once with QoS 1.

        `expires_ms` is an instant (Unix, ms) after which nobody is told. A retained message is
        also told to whoever subscribes later; an empty one takes back what was retained.
        """
        posted = Posted(START, topic, payload, qos, retain, expires_ms or NEVER)
        page.post(keys.FIELD, fields_of(posted))
        if retain and payload:
            page.put(keys.RETAINED, topic, packed(posted))
        elif retain:
            page.drop(keys.RETAINED, topic)

    def read(self, after: Place = START, block_ms: int | None = None) -> list[Posted]:
        """What was posted after a place, in order, at most a page; waits so long for the first."""
        return self._read(keys.FIELD, after, block_ms)

    def _read(self, stream: str, after: Place, block_ms: int | None) -> list[Posted]:
        with reaching():
            found = self._redis.xread({stream: str(after)}, count=MOST_AT_ONCE, block=block_ms)
        return [posted_of(entry) for _, entries in found for entry in entries]

    def end(self) -> Place:
        """The place of the newest message."""
        with reaching():
            newest = self._redis.xrevrange(keys.FIELD, count=1)
        return Place.parse(newest[0][0]) if newest else START


def fields_of(posted: Posted) -> dict[str, Any]:
    """A message as fields of a stream's entry; what is as usual is left out."""
    fields = {
        "t": posted.topic, "p": posted.payload, "q": posted.qos, "r": int(posted.retain),
        "e": posted.expires_ms, "x": posted.properties, "c": posted.publisher,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if name in "tpq" or value}


def posted_of(entry: Entry) -> Posted:
    """The message of an entry."""
    place, said = entry
    return Posted(
        Place.parse(place),
        said[b"t"].decode(),
        said[b"p"],
        int(said.get(b"q", 1)),
        said.get(b"r") == b"1",
        int(said.get(b"e", NEVER)),
        said.get(b"x", b""),
        said.get(b"c", b"").decode(),
    )


def packed(posted: Posted) -> bytes:
    """A retained message as a value; its topic is the field's name."""
    return _pack((posted.payload, posted.qos, posted.expires_ms, posted.properties,
                  posted.publisher))  # fmt: skip


def unpacked(topic: str, value: bytes) -> Posted:
    """A retained message."""
    payload, qos, expires_ms, properties, publisher = _unpack(value)
    return Posted(START, topic, payload, qos, True, expires_ms, properties, publisher)

"""What goes out to the field: an outbox that is a stream, written with the command it follows.

Whoever posts does so in the transaction of his command, so what was decided is told, and what was
not decided never is. The intake and the outbound part read on from their own places.
"""

from store import keys, retained
from store.books import Page
from store.client import Client
from store.posted import NEVER, Posted, fields_of, posted_of
from store.reach import reaching
from store.tail import START, Place

__all__ = ["FieldStore", "Posted"]

MOST_AT_ONCE = 500


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
            page.put(keys.RETAINED, topic, retained.packed(posted))
        elif retain:
            page.drop(keys.RETAINED, topic)

    def read(self, after: Place = START, block_ms: int | None = None) -> list[Posted]:
        """What was posted after a place, in order, at most a page; waits so long for the first."""
        with reaching():
            found = self._redis.xread({keys.FIELD: str(after)}, count=MOST_AT_ONCE, block=block_ms)
        return [posted_of(entry) for _, entries in found for entry in entries]

    def end(self) -> Place:
        """The place of the newest message."""
        with reaching():
            newest = self._redis.xrevrange(keys.FIELD, count=1)
        return Place.parse(newest[0][0]) if newest else START

"""What people changed, as it happens: every ledger tells it, every web process follows."""

from typing import NamedTuple

from store import keys
from store.client import Client
from store.reach import reaching
from store.tail import START, Place, after

PAGE = 2000
BEFORE_ALL = Place(0, 1)  # no entry is that old


class Change(NamedTuple):
    """A subject (case, alarm, event, account, audit) and the name of what changed in it."""

    subject: str
    name: str
    version: int = 0  # what a case became by it; 0 where things have no versions


class Changes:
    """Follows from a place on; a follower that was away too long has `missed` some."""

    def __init__(self, client: Client, place: Place = START) -> None:
        self._redis = client
        self.place = place

    def skip(self) -> None:
        """Goes to the end: what is read from the store from now on is at least as new."""
        with reaching():
            newest = self._redis.xrevrange(keys.CHANGES, count=1)
        self.place = Place.parse(newest[0][0]) if newest else BEFORE_ALL

    def missed(self) -> bool:
        """Whether changes after our place were dropped already: start anew then."""
        with reaching():
            oldest = self._redis.xrange(keys.CHANGES, count=1)
        return bool(oldest) and self.place != START and Place.parse(oldest[0][0]) > self.place

    def read(self) -> list[Change]:
        """What came since, in order; at most a page, so ask again until there is nothing."""
        with reaching():
            found = self._redis.xrange(keys.CHANGES, min=after(self.place), count=PAGE)
        if found:
            self.place = Place.parse(found[-1][0])
        return [
            Change(one[b"s"].decode(), one[b"n"].decode(), int(one.get(b"v", 0)))
            for _, one in found
        ]

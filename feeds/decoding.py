"""A batch of messages in, a batch of facts out: counted per feed, nothing unreadable lost."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from city.health import DEAD_LETTER_BYTES, DELAY_EDGES_MS, DeadLetter, Tally
from city.quality import UNCERTAIN, Quality
from city.records import Batch
from feeds.bulk import Bulk
from feeds.feed import BadMessage, Feed, Message, Reason
from feeds.rows import Rows, is_timed, records
from feeds.standards.ijson import LARGEST
from feeds.topics import Router, is_command, text_of
from geo.ground import Ground

UNKNOWN_FEED = "undeclared"
EDGES_MS = np.array(DELAY_EDGES_MS, np.int64)
BUCKETS = len(DELAY_EDGES_MS) + 1


@dataclass(slots=True)
class Decoded:
    """Facts, the feed of each, and what could not be read."""

    batch: Batch
    feed_names: Sequence[str]
    feeds: npt.NDArray[np.uint16]  # of each row, an index into feed_names
    dead: list[DeadLetter]
    tallies: dict[str, Tally]

    def keep(self, mask: npt.NDArray[np.bool_]) -> "Decoded":
        """Without the rows that were seen before; they are counted as duplicates."""
        if mask.all():
            return self
        batch, feeds = _only(self.batch, mask), self.feeds[mask]
        tallies = tally(batch.records, feeds, self.feed_names, self.dead)
        for feed, count in Counter(self.feeds[~mask].tolist()).items():
            found = tallies.setdefault(self.feed_names[feed], Tally())
            found.duplicate += count
        return replace(self, batch=batch, feeds=feeds, tallies=tallies)


class Decoder:
    """Everything the catalogue can read."""

    def __init__(self, feeds: Iterable[Feed], ground: Ground) -> None:
        self._feeds = tuple(feeds)
        self._names = tuple(feed.name for feed in self._feeds)
        self._index = {feed.name: place for place, feed in enumerate(self._feeds)}
        self._router = Router(self._feeds)
        self.bulk = Bulk(self._feeds, self._router)
        self._ground = ground

    def decode_batch(
        self, topics: Sequence[bytes], payloads: Sequence[bytes], received_ms: int
    ) -> Decoded:
        """The facts of many messages that came in together, in their order."""
        rows, dead = Rows(), list[DeadLetter]()
        received_at = datetime.fromtimestamp(received_ms / 1000, UTC)
        for place in self.bulk.read(rows, topics, payloads):
            letter = self._read(rows, place, topics[place], payloads[place], received_at)
            if letter is not None:
                dead.append(letter)
        rows.sort()
        return self._decoded(rows, dead, received_ms)

    def _read(
        self, rows: Rows, place: int, topic: bytes, payload: bytes, received_at: datetime
    ) -> DeadLetter | None:
        """Puts the facts of one message into the rows, or says why there are none."""
        feed = UNKNOWN_FEED
        if is_command(topic):
            return None
        try:
            _check_size(payload)
            message = Message(text_of(topic), payload, received_at)
            found = self._router.route(message.topic)
            feed = found.name
            for fact in found.decode(message):
                rows.add(place, self._index[feed], fact)
        except BadMessage as error:
            return _letter(feed, topic, payload, error, received_at)
        return None

    def _decoded(self, rows: Rows, dead: list[DeadLetter], received_ms: int) -> Decoded:
        things: dict[str, int] = {}
        found = records(rows, things, received_ms)
        self._ground.locate(found)
        feeds = np.array(rows.feed, np.uint16)
        batch = Batch(list(things), found, rows.payload)
        return Decoded(batch, self._names, feeds, dead, tally(found, feeds, self._names, dead))


def tally(
    found: npt.NDArray[np.void],
    feeds: npt.NDArray[np.uint16],
    names: Sequence[str],
    dead: Iterable[DeadLetter],
) -> dict[str, Tally]:
    """The counts of every feed that has something to count."""
    quality, heard_ms = found["quality"], int(found["received_ms"].max(initial=0))
    accepted = _count(feeds, len(names))
    late = _count(feeds[quality & int(Quality.LATE) > 0], len(names))
    uncertain = _count(feeds[quality & int(UNCERTAIN) > 0], len(names))
    tallies = {
        names[feed]: Tally(count, 0, late[feed], uncertain[feed], heard_ms)
        for feed, count in enumerate(accepted)
        if count
    }
    _count_delays(tallies, found, feeds, names)
    for letter in dead:
        tallies.setdefault(letter.feed, Tally()).rejected[letter.reason] += 1
    return tallies


def _count(feeds: npt.NDArray[np.uint16], feed_count: int) -> Sequence[int]:
    counts: list[int] = np.bincount(feeds, minlength=feed_count).tolist()
    return counts


def _count_delays(
    tallies: dict[str, Tally],
    found: npt.NDArray[np.void],
    feeds: npt.NDArray[np.uint16],
    names: Sequence[str],
) -> None:
    timed = is_timed(found)
    delay_ms = (found["received_ms"] - found["observed_ms"])[timed]
    slot = feeds[timed].astype(np.int64) * BUCKETS + np.searchsorted(EDGES_MS, delay_ms)
    for both, count in enumerate(np.bincount(slot).tolist()):
        if count:
            tallies[names[both // BUCKETS]].delays[both % BUCKETS] = count


def _check_size(payload: bytes) -> None:
    if len(payload) > LARGEST:
        raise BadMessage(
            Reason.TOO_LARGE, f"The payload has {len(payload)} bytes; at most {LARGEST} are taken."
        )


def _letter(
    feed: str, topic: bytes, payload: bytes, error: BadMessage, received_at: datetime
) -> DeadLetter:
    return DeadLetter(
        feed,
        topic.decode(errors="replace"),
        error.reason.value,
        error.sentence,
        round(received_at.timestamp() * 1000),
        payload[:DEAD_LETTER_BYTES],
        len(payload),
    )


def _only(batch: Batch, mask: npt.NDArray[np.bool_]) -> Batch:
    """The rows of a batch that the mask keeps, with the names they use."""
    found = batch.records[mask]
    used, found["thing"] = np.unique(found["thing"], return_inverse=True)
    payloads = [batch.payloads[place] for place in np.flatnonzero(mask).tolist()]
    return Batch([batch.things[thing] for thing in used.tolist()], found, payloads)

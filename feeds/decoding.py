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
from feeds.feed import BadMessage, Feed, Message, Reason
from feeds.rows import TIMED, Rows, records
from feeds.standards.ijson import LARGEST
from feeds.topics import Router, text_of
from geo.ground import Ground

UNKNOWN_FEED = "undeclared"


@dataclass(frozen=True, slots=True)
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
        self._ground = ground

    def decode_batch(
        self, topics: Sequence[bytes], payloads: Sequence[bytes], received_ms: int
    ) -> Decoded:
        """The facts of many messages that came in together, in their order."""
        rows, dead = Rows(), list[DeadLetter]()
        received_at = datetime.fromtimestamp(received_ms / 1000, UTC)
        for place, (topic, payload) in enumerate(zip(topics, payloads, strict=True)):
            letter = self._read(rows, place, topic, payload, received_at)
            if letter is not None:
                dead.append(letter)
        return self._decoded(rows, dead, received_ms)

    def _read(
        self, rows: Rows, place: int, topic: bytes, payload: bytes, received_at: datetime
    ) -> DeadLetter | None:
        """Puts the facts of one message into the rows, or says why there are none."""
        feed = UNKNOWN_FEED
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
    tallies: dict[str, Tally] = {}
    for feed in np.unique(feeds).tolist():
        tallies[names[feed]] = _tally(found[feeds == feed])
    for letter in dead:
        tallies.setdefault(letter.feed, Tally()).rejected[letter.reason] += 1
    return tallies


def _tally(found: npt.NDArray[np.void]) -> Tally:
    quality, timed = found["quality"], np.isin(found["channel"], TIMED)
    delay_ms = (found["received_ms"] - found["observed_ms"])[timed]
    buckets = np.searchsorted(DELAY_EDGES_MS, delay_ms)
    return Tally(
        accepted=len(found),
        late=int(np.count_nonzero(quality & int(Quality.LATE))),
        uncertain=int(np.count_nonzero(quality & int(UNCERTAIN))),
        heard_ms=int(found["received_ms"].max()),
        delays=Counter(buckets.tolist()),
    )


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

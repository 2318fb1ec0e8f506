"""The end of a shard's log: entries after a place in it, as batches."""

import logging
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from city.records import RECORD, Batch
from store import block
from store.client import Entry

log = logging.getLogger("store")


class Place(NamedTuple):
    """The id of a log entry; places compare as the log runs."""

    ms: int
    number: int

    @classmethod
    def parse(cls, text: bytes | None) -> "Place":
        if not text:
            return START
        ms, _, number = text.partition(b"-")
        return cls(int(ms), int(number or 0))

    def __str__(self) -> str:
        return f"{self.ms}-{self.number}"


START = Place(0, 0)


def after(place: Place) -> str:
    """The XRANGE bound of everything behind a place."""
    return f"({place}"


def batch_of(entries: Iterable[Entry]) -> Batch:
    """All facts of some entries, in their order."""
    return joined([batch for entry in entries for batch in _batch(entry)])


def telling_of(entries: Iterable[Entry], thing: str) -> Batch:
    """The facts of one thing in some entries."""
    batch = batch_of(entry for entry in entries if block.may_tell_of(entry[1][b"b"], thing))
    numbers = [number for number, name in enumerate(batch.things) if name == thing]
    return rows_of(batch, np.flatnonzero(np.isin(batch.records["thing"], numbers)))


def rows_of(batch: Batch, rows: np.ndarray) -> Batch:
    """Some rows of a batch."""
    payloads = [batch.payloads[row] for row in rows.tolist()]
    return Batch(batch.things, batch.records[rows], payloads)


def joined(batches: Sequence[Batch]) -> Batch:
    """Several batches as one; a thing may be named more than once in it."""
    if len(batches) == 1:
        return batches[0]
    if not batches:
        return Batch([], np.empty(0, RECORD), [])
    counts = [len(batch.things) for batch in batches]
    starts = np.cumsum([0, *counts[:-1]])
    records = np.concatenate([batch.records for batch in batches])
    records["thing"] += np.repeat(starts, [len(b) for b in batches]).astype(np.uint32)
    things = [thing for batch in batches for thing in batch.things]
    return Batch(things, records, [one for batch in batches for one in batch.payloads])


def _batch(entry: Entry) -> Iterable[Batch]:
    """None where the entry was written by a version that we do not know."""
    try:
        yield block.unpack(entry[1][b"b"])
    except block.BadBlock as trouble:
        log.error("log entry left out id=%s: %s", entry[0].decode(), trouble)

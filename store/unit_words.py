"""The status words that units' devices said, out of a stretch of the log."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from city.records import Channel
from city.units import OWN_WORD, STATUSES
from store import payload
from store.fleet import Fleet
from store.following import Stretch


class Word(NamedTuple):
    """A unit's device said its status; a clock that runs ahead is not believed."""

    unit_id: str
    word: str
    observed_ms: int


def words_in(stretch: Stretch, fleet: Fleet) -> Iterator[Word]:
    """All of them, in the order of the world's time."""
    batch = stretch.of(Channel.DATA)
    units = [number for number, thing in enumerate(batch.things) if fleet.has(thing)]
    records = batch.records
    rows = np.flatnonzero(np.isin(records["thing"], units) & (records["status"] > 0))
    for row in rows[np.argsort(records["observed_ms"][rows], kind="stable")].tolist():
        record = records[row]
        observed_ms = min(int(record["observed_ms"]), int(record["received_ms"]))
        word = word_of(int(record["status"]), batch.payloads[row])
        yield Word(batch.things[record["thing"]], word, observed_ms)


def word_of(code: int, said: bytes) -> str:
    """The status word of a record: the base type, or the sender's own."""
    return str(payload.facts(said).get("status", "")) if code == OWN_WORD else STATUSES[code]

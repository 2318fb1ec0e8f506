"""What the field says about orders, out of a stretch of the log: answers, and where units are."""

from collections.abc import Collection, Iterator

import numpy as np

from city.order_movements import Fix
from city.order_table import ACKS
from city.orders import REASON_MOST, Ack
from city.quality import UNCERTAIN
from city.records import Channel, point_of
from city.things import ThingKey
from store import payload
from store.following import Stretch
from store.unit_words import word_of

BY_MOST = 60


def acks_in(stretch: Stretch) -> Iterator[Ack]:
    """The answers of a stretch, in the order of the log."""
    batch = stretch.of(Channel.ACK)
    for record, packed in zip(batch.records, batch.payloads, strict=True):
        key, said = ThingKey.parse(batch.things[record["thing"]]), payload.facts(packed)
        yield Ack(
            key.object, key.department, ACKS[said["status"]], int(record["observed_ms"]),
            int(record["received_ms"]), str(said.get("by") or "")[:BY_MOST],
            str(said.get("reason") or "")[:REASON_MOST],
        )  # fmt: skip


def fixes_in(stretch: Stretch, units: Collection[str]) -> Iterator[Fix]:
    """What some units' devices said, in the order of the world's time; doubtful places are none."""
    batch = stretch.of(Channel.DATA)
    wanted = [number for number, thing in enumerate(batch.things) if thing in units]
    records = batch.records
    rows = np.flatnonzero(np.isin(records["thing"], wanted))
    for row in rows[np.argsort(records["observed_ms"][rows], kind="stable")].tolist():
        record = records[row]
        received_ms = int(record["received_ms"])
        is_doubted = bool(record["quality"] & UNCERTAIN)
        word = word_of(int(record["status"]), batch.payloads[row])
        yield Fix(batch.things[record["thing"]], min(int(record["observed_ms"]), received_ms),
                  received_ms, None if is_doubted else point_of(record), word)  # fmt: skip

"""A settled row of the newest: the winning record of each channel of one thing, with payloads."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from city.records import FOLDED, RECORD, Batch, Channel
from store import order


def pack(records: np.ndarray, payloads: Sequence[bytes]) -> bytes:
    """How many records, the records, their payloads end to end."""
    return bytes([len(records)]) + records.tobytes() + b"".join(payloads)


def unpack(rows: Iterable[tuple[str, bytes]]) -> Batch:
    """All rows as one batch, to be folded like any other."""
    things: list[str] = []
    heads: list[bytes] = []
    bodies: list[bytes] = []
    counts: list[int] = []
    for thing, row in rows:
        end = 1 + row[0] * RECORD.itemsize
        things.append(thing)
        counts.append(row[0])
        heads.append(row[1:end])
        bodies.append(row[end:])
    records = np.frombuffer(b"".join(heads), RECORD).copy()
    records["thing"] = np.repeat(np.arange(len(things), dtype=np.uint32), counts)
    return Batch(things, records, _cut(b"".join(bodies), records["size"]))


def winners(batch: Batch) -> Mapping[str, bytes]:
    """The row of each thing in a batch."""
    codes = {thing: code for code, thing in enumerate(dict.fromkeys(batch.things))}
    names = np.array([codes[thing] for thing in batch.things], np.int64)
    folded = np.flatnonzero(np.isin(batch.records["channel"], FOLDED))
    records = batch.records[folded]
    groups = names[records["thing"]] * len(Channel) + records["channel"]
    rows = folded[order.last_of_each(groups, order.rank(records))]
    things = names[batch.records["thing"][rows]]
    return dict(_packed(list(codes), things, rows, batch))


def _packed(
    names: Sequence[str], things: np.ndarray, rows: np.ndarray, batch: Batch
) -> Iterable[tuple[str, bytes]]:
    """`rows` come sorted by thing."""
    cuts = np.flatnonzero(np.diff(things, prepend=-1, append=-1))
    for start, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        mine = rows[start:end]
        payloads = [batch.payloads[row] for row in mine.tolist()]
        yield names[things[start]], pack(batch.records[mine], payloads)


def _cut(body: bytes, sizes: np.ndarray) -> list[bytes]:
    ends = np.cumsum(sizes, dtype=np.int64).tolist()
    return [body[a:b] for a, b in zip([0, *ends], ends, strict=False)]

"""Ten minutes of one thing's history, as frames that double.

A frame is sorted, free of doubles and compressed. New readings are put into the last frame while
that is not larger than they are, so that each reading is compressed a few times only, however
often a chunk grows, and a chunk stays a handful of frames.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import zstandard

from city.records import RECORD, Batch

HEADER = struct.Struct("<BII")  # version, records, bytes of the body
VERSION = 1
LEVEL = 3
WIDTH = RECORD.itemsize


class Frame(NamedTuple):
    """A frame that has not been unpacked."""

    records: int
    body: bytes
    start: int


def add(chunk: bytes, fresh: Batch) -> bytes:
    """The chunk with more readings of the same thing."""
    frames = list(_frames(chunk))
    end = len(chunk)
    while frames and frames[-1].records <= len(fresh):
        last = frames.pop()
        fresh, end = distinct([_read(last), fresh]), last.start
    return chunk[:end] + _packed(fresh)


def read(chunk: bytes) -> list[Batch]:
    """The frames of a chunk as batches of a thing without a name."""
    return [_read(frame) for frame in _frames(chunk)]


def distinct(batches: Sequence[Batch]) -> Batch:
    """Readings of one thing in the order of time, each identity once."""
    records = np.concatenate([batch.records for batch in batches])
    payloads = [one for batch in batches for one in batch.payloads]
    rows = once(records)
    return Batch([""], records[rows], [payloads[row] for row in rows.tolist()])


def once(records: np.ndarray) -> np.ndarray:
    """Rows of one thing in the order of time; of one (time, channel, sequence) the first told."""
    identity = (records["seq"], records["channel"], records["observed_ms"])
    rows = np.lexsort(identity)
    new = np.ones(len(rows), bool)
    new[1:] = np.any([column[rows][1:] != column[rows][:-1] for column in identity], axis=0)
    return rows[new]


def _packed(batch: Batch) -> bytes:
    # Byte by byte instead of row by row: what is alike comes to lie together (half the size).
    planes = np.frombuffer(batch.records.tobytes(), np.uint8).reshape(-1, WIDTH).T
    body = zstandard.compress(planes.tobytes() + b"".join(batch.payloads), LEVEL)
    return HEADER.pack(VERSION, len(batch), len(body)) + body


def _frames(chunk: bytes) -> Iterator[Frame]:
    start = 0
    while start < len(chunk):
        _version, count, size = HEADER.unpack_from(chunk, start)
        body = start + HEADER.size
        yield Frame(count, chunk[body : body + size], start)
        start = body + size


def _read(frame: Frame) -> Batch:
    raw = zstandard.decompress(frame.body)
    head = frame.records * WIDTH
    planes = np.frombuffer(raw, np.uint8, head).reshape(WIDTH, frame.records)
    records = np.frombuffer(planes.T.tobytes(), RECORD)
    ends = (head + np.cumsum(records["size"], dtype=np.int64)).tolist()
    return Batch([""], records, [raw[a:b] for a, b in pairwise([head, *ends])])

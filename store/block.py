"""A batch as bytes: what ingest appends to the log in one piece, and everybody unpacks.

header    "CB", version, how the body is packed, then four lengths (little endian)
things    the names, joined by NUL, which no MQTT topic can hold (MQTT-1.5.4-2)
body      the records (city.records.RECORD), then the payloads end to end
"""

import struct
import threading
from itertools import pairwise

import numpy as np
import zstandard

from city.records import RECORD, Batch

MAGIC, VERSION = b"CB", 1
PLAIN, ZSTD = 0, 1
HEADER = struct.Struct("<2sBBIIII")  # magic, version, packing, records, things, body raw, packed
SMALL = 1024  # bytes that are not worth compressing
BIGGEST = 1 << 28  # no batch of ours comes near; a length beyond it is not ours
SEPARATOR = b"\0"


class BadBlock(ValueError):
    """Bytes that are no block of ours; the text says what is wrong with them."""


class _Zstd(threading.local):
    """One compressor and decompressor per thread: they are dear to make and must not be shared."""

    def __init__(self) -> None:
        self.packer = zstandard.ZstdCompressor(level=1)
        self.unpacker = zstandard.ZstdDecompressor()


_zstd = _Zstd()


def pack(batch: Batch) -> bytes:
    """The batch as one block."""
    names = "\0".join(batch.things).encode()
    if batch.things and names.count(SEPARATOR) != len(batch.things) - 1:
        raise BadBlock("a thing's name holds a NUL")
    raw = batch.records.tobytes() + b"".join(batch.payloads)
    packing, body = (PLAIN, raw) if len(raw) < SMALL else (ZSTD, _zstd.packer.compress(raw))
    count = len(batch.records)
    return (
        HEADER.pack(MAGIC, VERSION, packing, count, len(names), len(raw), len(body)) + names + body
    )


def unpack(block: bytes) -> Batch:
    """The batch that was packed; BadBlock for anything else."""
    packing, count, names, raw_size, body = _opened(block)
    raw = body if packing == PLAIN else _unpacked(body, raw_size)
    if len(raw) != raw_size:
        raise BadBlock("its body is not as long as it says")
    head = count * RECORD.itemsize
    if head > raw_size:
        raise BadBlock("it holds fewer records than it says")
    records = np.frombuffer(raw, RECORD, count)
    things = names.decode().split("\0") if names else [""]
    ends = np.empty(count + 1, np.int64)
    ends[0] = head
    np.cumsum(records["size"], out=ends[1:], dtype=np.int64)
    ends[1:] += head
    if ends[-1] != raw_size:
        raise BadBlock("its payloads are not as long as its records say")
    if count and int(records["thing"].max()) >= len(things):
        raise BadBlock("a record names a thing that it does not hold")
    return Batch(things if count else [], records, [raw[a:b] for a, b in pairwise(ends.tolist())])


def may_tell_of(block: bytes, thing: str) -> bool:
    """Whether a block might hold records of a thing; quick, and sometimes yes for nothing."""
    start = HEADER.size
    if len(block) < start:
        return False
    return block.find(thing.encode(), start, start + HEADER.unpack_from(block)[4]) >= 0


def _opened(block: bytes) -> tuple[int, int, bytes, int, bytes]:
    """Packing, count, names, length of the raw body, body."""
    if len(block) < HEADER.size:
        raise BadBlock("it is shorter than a header")
    magic, version, packing, count, names_size, raw_size, size = HEADER.unpack_from(block)
    if magic != MAGIC:
        raise BadBlock("it does not begin as one")
    if version != VERSION or packing not in (PLAIN, ZSTD):
        raise BadBlock(f"it is of version {version}.{packing}, which is not known here")
    if len(block) != HEADER.size + names_size + size or raw_size > BIGGEST:
        raise BadBlock("it is not as long as it says")
    middle = HEADER.size + names_size
    return packing, count, block[HEADER.size : middle], raw_size, block[middle:]


def _unpacked(body: bytes, raw_size: int) -> bytes:
    try:
        if zstandard.frame_content_size(body) != raw_size:
            raise BadBlock("its body is not as long as it says")
        return _zstd.unpacker.decompress(body)
    except zstandard.ZstdError as error:
        raise BadBlock(f"its body cannot be unpacked ({error})") from None

"""Frames: sections of typed columns, little endian, as docs/live.md tells them."""

import struct
from enum import IntEnum

import numpy as np

HEADER = struct.Struct("<BBHIdII")
NO_HEADING = 65535

# What is told of a thing, in the order of the columns, then what only we need.
ROW = np.dtype(
    [
        ("index", "<u4"),
        ("lon", "<i4"),
        ("lat", "<i4"),
        ("observed_s", "<u4"),
        ("heading", "<u2"),
        ("period_s", "<u2"),
        ("value", "<f4"),
        ("level", "u1"),
        ("state", "u1"),
        ("flags", "u1"),
        ("status", "u1"),
        ("layer", "u1"),
        ("is_placed", "?"),
        ("area", "<i4"),
        ("department", "<u4"),
    ]
)
TOLD = ROW.names[:11] if ROW.names else ()


class Section(IntEnum):
    """What a section does to its layer."""

    SNAPSHOT = 1
    DELTA = 2
    GONE = 3


class Flag(IntEnum):
    """Remarks on a thing; they add up."""

    UNCERTAIN = 1
    MOVES = 2


def section(kind: Section, layer: int, rows: np.ndarray, now_ms: int, tick: int) -> bytes:
    """One section, encoded once for everybody."""
    told = TOLD[:1] if kind == Section.GONE else TOLD
    body = b"".join(padded(rows[name].tobytes()) for name in told)
    return HEADER.pack(kind, layer, 0, len(rows), now_ms, tick & 0xFFFFFFFF, len(body)) + body


def padded(column: bytes) -> bytes:
    """Four-byte columns stay aligned for typed arrays."""
    return column + b"\0" * (-len(column) % 4)

"""Facts in bulk: the columns that every reading, state, registration and event is kept in.

A batch is what the ingest packs, the log keeps and the fold reads. The columns hold what is
drawn, ordered or searched; the payload keeps the whole message in the words of our contract.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from geo.points import Point


class Channel(IntEnum):
    """The last level of a topic: what kind of fact a message carries."""

    DATA = 0
    STATE = 1
    META = 2
    EVENT = 3
    ACK = 4  # what the field answers to an order


RECORD = np.dtype(
    [
        ("observed_ms", "<i8"),  # the world's time, ms since 1970 UTC
        ("received_ms", "<i8"),  # our time
        ("seq", "<i8"),  # the sender's sequence, or the payload's CRC-32 under NO_SEQUENCE
        ("thing", "<u4"),  # index into Batch.things
        ("lon", "<i4"),  # 1e-7 degrees WGS-84, NOWHERE without a position
        ("lat", "<i4"),
        ("cell", "<u4"),  # geo.cells
        ("area", "<u4"),  # adcode of the district, 0 outside
        ("value", "<f4"),  # the kind's leading quantity, NaN without one
        ("speed", "<f4"),  # m/s, NaN when unknown
        ("heading", "<u2"),  # 0.01 degrees, NO_HEADING when unknown
        ("quality", "<u2"),  # city.quality.Quality
        ("channel", "u1"),
        ("status", "u1"),  # city.units.STATUSES
        ("size", "<u4"),  # bytes of the payload
    ]
)
FOLDED = (Channel.DATA, Channel.STATE, Channel.META)  # of these a thing has a newest
DEGREE = 10_000_000
NOWHERE = -(2**31)
NO_HEADING = 65535


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts in the order they came: things named once, one record and one payload each."""

    things: Sequence[str]
    records: np.ndarray
    payloads: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.records)


def point_of(record: np.void) -> Point | None:
    """Where a record lies, or None."""
    if record["lon"] == NOWHERE:
        return None
    return Point(float(record["lon"]) / DEGREE, float(record["lat"]) / DEGREE)

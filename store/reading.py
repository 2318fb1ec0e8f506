"""One reading of a thing as it is asked for: columns by name, the rest from its payload."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from city.quality import reasons
from city.records import Batch, point_of
from geo.points import Point
from store import payload
from store.properties import heading_deg, moment, number, status_word

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured when; `seq` is the payload's CRC-32 where the sender counts nothing."""

    thing: str
    observed_ms: int
    received_ms: int
    seq: int
    value: float | None  # the kind's leading quantity
    point: Point | None
    speed_mps: float | None
    heading_deg: float | None
    status: str | None
    quality: int
    payload: bytes

    @property
    def observed_at(self) -> datetime:
        """The world's time."""
        return moment(self.observed_ms)

    @property
    def received_at(self) -> datetime:
        """Our time."""
        return moment(self.received_ms)

    @property
    def values(self) -> Json:
        """All measured values."""
        return payload.values(payload.facts(self.payload))

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Why it is to be doubted, if it is."""
        return reasons(self.quality)


def readings_of(thing: str, batch: Batch) -> list[Reading]:
    """All rows of a batch as readings of one thing."""
    return list(_readings(thing, zip(batch.records, batch.payloads, strict=True)))


def _readings(thing: str, rows: Iterable[tuple[np.void, bytes]]) -> Iterable[Reading]:
    for record, said in rows:
        yield Reading(
            thing=thing,
            observed_ms=int(record["observed_ms"]),
            received_ms=int(record["received_ms"]),
            seq=int(record["seq"]),
            value=number(record["value"], 6),
            point=point_of(record),
            speed_mps=number(record["speed"], 2),
            heading_deg=heading_deg(record),
            status=status_word(record, payload.facts(said) if record["status"] else {}),
            quality=int(record["quality"]),
            payload=said,
        )

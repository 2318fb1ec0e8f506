"""Reads frames as docs/live.md tells them, apart from the code that writes them."""

import struct
from dataclasses import dataclass
from typing import Any

COLUMNS = (
    ("index", "I"), ("lon", "i"), ("lat", "i"), ("observed", "I"), ("heading", "H"),
    ("period", "H"), ("value", "f"), ("level", "B"), ("state", "B"), ("flags", "B"),
    ("status", "B"),
)  # fmt: skip
SNAPSHOT, DELTA, GONE = 1, 2, 3


@dataclass(frozen=True)
class Part:
    """One section."""

    kind: int
    layer: int
    tick: int
    rows: list[dict[str, Any]]

    @property
    def indices(self) -> list[int]:
        return [row["index"] for row in self.rows]


def read(message: bytes) -> list[Part]:
    """All sections of a message."""
    parts, at = [], 0
    while at < len(message):
        kind, layer, _, count, _time, tick, length = struct.unpack_from("<BBHIdII", message, at)
        at += 24
        end = at + length
        columns = {}
        for name, code in COLUMNS[:1] if kind == GONE else COLUMNS:
            columns[name] = struct.unpack_from(f"<{count}{code}", message, at)
            at += (struct.calcsize(code) * count + 3) // 4 * 4
        assert at == end
        rows = [
            dict(zip(columns, values, strict=True))
            for values in zip(*columns.values(), strict=True)
        ]
        parts.append(Part(kind, layer, tick, rows))
    return parts

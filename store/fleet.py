"""The things that can be sent, as their devices tell of them: where, since when, in which words."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from city.kinds import Kind
from city.records import DEGREE, NO_HEADING, NOWHERE
from city.sight import EVERYTHING, Sight
from city.things import ThingKey
from city.unit_status import Heard
from city.units import OWN_WORD, STATUSES
from geo.points import Point
from store import payload
from store.live import LiveStore
from store.newest import NewestTable
from store.order import NEVER

Json = dict[str, Any]
FUEL = "fuel_pct"
FUEL_BYTES = FUEL.encode()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is known of a unit from its own messages."""

    id: str
    meta: Json | None
    heard: Heard
    point: Point | None
    fix_ms: int
    area: str
    speed_mps: float | None
    heading_deg: float | None
    fuel_pct: float | None


class Fleet:
    """Finds the units among all things; a kind says of itself that it can be sent."""

    def __init__(self, live: LiveStore, kinds: Iterable[Kind]) -> None:
        self._live = live
        self._kinds = frozenset(kind.name for kind in kinds if kind.dispatchable)
        self._rows: list[int] = []
        self._seen = 0
        self._lock = threading.Lock()

    def has(self, thing: str) -> bool:
        """Whether a thing is of a kind that can be sent."""
        return thing.count("/") == 2 and ThingKey.parse(thing).kind in self._kinds

    def look(self, sight: Sight = EVERYTHING) -> list[Sighting]:
        """All units that somebody may see, as they are now."""
        self._live.refresh()
        with self._live.lock:
            table, rows = self._live.table, self._known()
            kept = np.array(rows, np.int64)
            kept = kept[sight.seen(table.records["area"][kept], table.department[kept])]
            return list(_sightings(table, kept.tolist()))

    def one(self, unit_id: str, sight: Sight = EVERYTHING) -> Sighting | None:
        """One unit; None where there is none, or not for this sight."""
        self._live.refresh()
        with self._live.lock:
            row = self._live.table.index.get(unit_id)
            if row is None or not self.has(unit_id) or not self._live.table.may_see(sight, row):
                return None
            return next(_sightings(self._live.table, [row]))

    def _known(self) -> Sequence[int]:
        """Rows of the table; an index, once given, stays with its thing."""
        with self._lock:
            ids = self._live.table.ids
            self._rows += [row for row in range(self._seen, len(ids)) if self.has(ids[row])]
            self._seen = len(ids)
            return self._rows


def _sightings(table: NewestTable, rows: Sequence[int]) -> Iterator[Sighting]:
    """Column by column, for a thousand at once."""
    records = table.records[rows]
    never = records["observed_ms"] == NEVER
    observed = np.where(never, 0, np.minimum(records["observed_ms"], records["received_ms"]))
    columns = (
        rows, observed.tolist(), table.is_offline(np.array(rows, np.int64)).tolist(),
        (records["lon"] / DEGREE).tolist(), (records["lat"] / DEGREE).tolist(),
        (records["lon"] != NOWHERE).tolist(), records["area"].tolist(),
        records["speed"].tolist(), records["heading"].tolist(), records["status"].tolist(),
    )  # fmt: skip
    for row, at_ms, is_gone, lon, lat, is_placed, area, speed, heading, status in zip(
        *columns, strict=True
    ):
        said = table.payloads[row]
        yield Sighting(
            table.ids[row], table.metas[row], Heard(_word(status, said), at_ms, is_gone),
            Point(lon, lat) if is_placed else None, at_ms if is_placed else 0,
            f"{area:06d}" if area else "", None if speed != speed else round(speed, 2),
            None if heading == NO_HEADING else heading / 100, _fuel_pct(said),
        )  # fmt: skip


def _word(code: int, said: bytes) -> str:
    return str(payload.facts(said).get("status", "")) if code == OWN_WORD else STATUSES[code]


def _fuel_pct(said: bytes) -> float | None:
    if FUEL_BYTES not in said:
        return None
    value = payload.values(payload.facts(said)).get(FUEL)
    return float(value) if isinstance(value, int | float) else None

"""What the desk keeps of units, in this process's memory; it follows what changes."""

import threading
from collections.abc import Iterable, Mapping

import msgspec

from city.unit_status import UnitNote
from store import keys
from store.changes import Changes
from store.client import Client
from store.reach import reaching
from store.tail import START

UNIT = "unit"
NOTHING = UnitNote()

note_of = msgspec.json.Decoder(UnitNote).decode


class UnitNotes:
    """Notes by unit; `refresh` reads what is new."""

    def __init__(self, client: Client) -> None:
        self._redis = client
        self._changes = Changes(client)
        self._notes: Mapping[str, UnitNote] = {}
        self._following = threading.Lock()

    def refresh(self) -> Mapping[str, UnitNote]:
        """All notes as they stand now; what is given out is never changed."""
        with self._following:
            if self._changes.place == START or self._changes.missed():
                self._load()
            changed: set[str] = set()
            while found := self._changes.read():
                changed |= {one.name for one in found if one.subject == UNIT}
            if changed:
                self._notes = {**self._notes, **self._read(sorted(changed))}
            return self._notes

    def _load(self) -> None:
        self._changes.skip()
        with reaching():
            found = self._redis.hscan_iter(keys.UNITS, count=1000)
            self._notes = {name.decode(): note_of(packed) for name, packed in found}

    def _read(self, unit_ids: Iterable[str]) -> dict[str, UnitNote]:
        wanted = list(unit_ids)
        with reaching():
            found = self._redis.hmget(keys.UNITS, wanted)
        pairs = zip(wanted, found, strict=True)
        return {name: note_of(packed) if packed else NOTHING for name, packed in pairs}

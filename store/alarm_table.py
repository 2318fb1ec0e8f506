"""All alarms in this process's memory, following what changes, for lists and counts."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from city.alarm_orders import sees
from city.alarms import Alarm, AlarmState, Load, load_of
from city.roles import Seat
from store.alarms import ALARM, AlarmStore
from store.changes import Changes
from store.client import Client
from store.tail import START

# What each word of a list's `state` stands for; the queue of a seat is `open`.
STATES = {
    "open": (AlarmState.ACTIVE, AlarmState.CLEARED),
    **{state.value: (state,) for state in AlarmState},
}


@dataclass(frozen=True, slots=True)
class AlarmQuery:
    """What a list asks for; what is left empty does not matter."""

    states: tuple[AlarmState, ...] = ()
    severities: tuple[int, ...] = ()
    area: str = ""
    department: str = ""
    kind: str = ""
    thing: str = ""
    parent: str = ""
    watch_list: str = ""
    mine: str = ""  # an account
    acknowledged: bool | None = None

    def takes(self, alarm: Alarm, at_ms: int) -> bool:
        """Whether an alarm is among those asked for."""
        return (
            (not self.states or alarm.state(at_ms) in self.states)
            and (not self.severities or alarm.severity in self.severities)
            and alarm.area.startswith(self.area)
            and self.department in ("", alarm.department)
            and self.kind in ("", alarm.kind)
            and self.thing in ("", alarm.thing)
            and self.parent in ("", alarm.parent)
            and (not self.watch_list or self.watch_list in alarm.lists)
            and (not self.mine or alarm.is_mine(self.mine))
            and self.acknowledged in (None, alarm.is_acknowledged)
        )


class AlarmTable:
    """Rows by number; `refresh` reads what is new."""

    def __init__(self, client: Client, store: AlarmStore) -> None:
        self._changes = Changes(client)
        self._store = store
        self._rows: dict[str, Alarm] = {}
        self._lock = threading.RLock()
        self._following = threading.Lock()

    def refresh(self) -> set[str]:
        """The numbers of what has changed since the last time, in this table."""
        with self._following:
            if self._changes.place == START or self._changes.missed():
                return self._load()
            changed: set[str] = set()
            while found := self._changes.read():
                changed |= {one.name for one in found if one.subject == ALARM}
            self._read(changed)
            return changed

    def find(
        self, query: AlarmQuery, seat: Seat, at_ms: int,
        order: Callable[[Alarm], tuple[float, ...]] | None = None,
    ) -> list[Alarm]:  # fmt: skip
        """What a seat may see of it, the worst and then the newest first."""
        with self._lock:
            rows = list(self._rows.values())
        found = [row for row in rows if query.takes(row, at_ms) and sees(seat, row)]
        return sorted(found, key=order or rank)

    def get(self, alarm_id: str) -> Alarm | None:
        """One row."""
        with self._lock:
            return self._rows.get(alarm_id)

    def load(self, seat: Seat, at_ms: int, limit: int) -> Load:
        """The load of a seat: of what it may see."""
        return load_of(self.find(AlarmQuery(), seat, at_ms), at_ms, limit)

    def __len__(self) -> int:
        return len(self._rows)

    def _load(self) -> set[str]:
        self._changes.skip()
        rows = {alarm.id: alarm for alarm in self._store.all()}
        with self._lock:
            gone = set(self._rows) - set(rows)
            self._rows = rows
        return set(rows) | gone

    def _read(self, alarm_ids: Iterable[str]) -> None:
        wanted = list(alarm_ids)
        found = {alarm.id: alarm for alarm in self._store.some(wanted)}
        with self._lock:
            for alarm_id in wanted:
                if alarm_id in found:
                    self._rows[alarm_id] = found[alarm_id]
                else:
                    self._rows.pop(alarm_id, None)


def rank(alarm: Alarm) -> tuple[float, ...]:
    """The order of the queue: by level, then the newest first (ux-spec §6)."""
    return alarm.severity, -alarm.raised_at_ms

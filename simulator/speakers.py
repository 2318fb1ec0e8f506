"""Things of one kind that speak in turn: when, and in which words."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone

import numpy as np
import numpy.typing as npt

from city.kinds import BY_NAME
from geo.datums import Datum, from_wgs84
from simulator.faults import AHEAD_MS, SPIKE_SHARE, SPIKE_TIMES, Fault, deal, is_silent
from simulator.roster import Roster, bus_line
from simulator.sensors import MODELS, Site, World
from simulator.vehicles import ON_SCENE, WORDS, Fleet

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Parts = tuple[str, str, bytes]  # sender, topic, payload

CHINA = timezone(timedelta(hours=8))
# Everything else is written with one decimal.
WHOLE = {"running", "flow_vph", "phase", "faults", "lit", "queue_veh", "suspended", "water_l"}
FINE = {"over_warning_m", "level_m", "sump_m", "pressure_kpa", "battery_v", "rain_1min_mm"}
# Kinds whose things have a connection, and a will, of their own; the first so many of them.
OWN_LINE, MOST_LINES = {"pump"}, 40
PUMPS_M3PH = 1000  # what a pump truck moves at its place


class Speakers(ABC):
    """The things of one kind, each at its moment of the period."""

    def __init__(
        self, roster: Roster, haste: float, step_s: float, chance: np.random.Generator
    ) -> None:
        self.roster, self._chance = roster, chance
        count = len(roster)
        self._every = max(1, round(roster.sort.every_s / haste / step_s))
        self._turn = chance.integers(0, self._every, count)
        self._order = np.argsort(self._turn, kind="stable")
        self._first = np.searchsorted(self._turn[self._order], np.arange(self._every + 1))
        self._phase = chance.random(count)
        self.faults = deal(count, chance)
        self._seq = np.zeros(count, np.int64)
        self._topics = [roster.topic(i, "data") for i in range(count)]
        self._agreed_s = roster.sort.agreed_s / min(1.0, haste)

    def sender(self, i: int) -> str:
        """The connection that a thing speaks through."""
        own = self.roster.sort.kind in OWN_LINE and i < MOST_LINES
        return f"{self.roster.department}/{self.roster.ids[i]}" if own else self.roster.department

    def speak(self, step: int, at: datetime, world: World) -> Iterator[Parts]:
        """Messages of those whose turn it is."""
        turn = step % self._every
        who = self._order[self._first[turn] : self._first[turn + 1]]
        who = who[~is_silent(self.faults[who], self._phase[who], world.moment.run_s)]
        if not len(who):
            return
        self._seq[who] += 1
        now, ahead = _stamp(at), _stamp(at + timedelta(milliseconds=AHEAD_MS))
        faults = self.faults[who].tolist()
        stamps = [ahead if fault == Fault.CLOCK_AHEAD else now for fault in faults]
        payloads = self.payloads(who, stamps, world)
        for i, fault, payload in zip(who.tolist(), faults, payloads, strict=True):
            for _ in range(2 if fault == Fault.DUPLICATES else 1):
                yield self.sender(i), self._topics[i], payload

    @abstractmethod
    def payloads(self, who: Indices, stamps: Sequence[bytes], world: World) -> Iterator[bytes]:
        """What some of them say now."""

    def meta(self, i: int) -> bytes:
        """Who a thing is."""
        name, kind = self.roster.names[i], BY_NAME[self.roster.sort.kind]
        units = {quantity.name: quantity.unit for quantity in kind.quantities}
        facts = {
            "name": {"zh": name.zh, "en": name.en},
            **self._position(i),
            "period_s": round(self._agreed_s, 3),
            "units": units,
            "demo": True,
        }
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()

    def _position(self, i: int) -> dict[str, object]:
        return {}

    def _spoilt(self, who: Indices, columns: Sequence[Floats]) -> list[Floats]:
        """With the spikes of those who have them; the leading quantity suffers."""
        draw = self._chance.random(len(who)) < SPIKE_SHARE
        struck = draw & (self.faults[who] == Fault.SPIKES)
        return [np.where(struck, columns[0] * SPIKE_TIMES + 50, columns[0]), *columns[1:]]


class Instruments(Speakers):
    """Things that stand and measure."""

    def __init__(
        self, roster: Roster, haste: float, step_s: float, chance: np.random.Generator
    ) -> None:
        super().__init__(roster, haste, step_s, chance)
        self._site = Site(roster, chance.random(len(roster)), self._phase)
        self._model = MODELS[roster.sort.kind]
        names = [quantity.name for quantity in BY_NAME[roster.sort.kind].quantities]
        self._words = _words(b'{"ts":"%b","seq":%d,"values":{', names, b'},"q":"good"}')
        self._held = np.full((len(names), len(roster)), np.nan)

    def payloads(self, who: Indices, stamps: Sequence[bytes], world: World) -> Iterator[bytes]:
        """Time, number, values."""
        columns = self._spoilt(who, self._model(self._site, who, world))
        self._hold(who, columns)
        rows = [column.tolist() for column in columns]
        for said in zip(stamps, self._seq[who].tolist(), *rows, strict=True):
            yield self._words % said

    def _hold(self, who: Indices, columns: list[Floats]) -> None:
        """A frozen instrument repeats the first value it ever gave."""
        frozen = self.faults[who] == Fault.FROZEN
        if not frozen.any():
            return
        for held, column in zip(self._held, columns, strict=True):
            first = frozen & np.isnan(held[who])
            held[who[first]] = column[first]
            column[frozen] = held[who[frozen]]

    def _position(self, i: int) -> dict[str, object]:
        lon, lat = float(self.roster.lon[i]), float(self.roster.lat[i])
        if self.faults[i] == Fault.WRONG_DATUM:
            lon, lat = from_wgs84(lon, lat, Datum.GCJ02)
        return {"pos": [round(lon, 6), round(lat, 6)], "datum": "wgs84"}


class Drivers(Speakers):
    """Things that drive."""

    def __init__(
        self, roster: Roster, haste: float, step_s: float, chance: np.random.Generator,
        fleet: Fleet,
    ) -> None:  # fmt: skip
        super().__init__(roster, haste, step_s, chance)
        self.fleet = fleet
        head = b'{"ts":"%b","seq":%d,"pos":[%.6f,%.6f],"datum":"%b","speed_mps":%.1f,'
        self._words = head + b'"heading_deg":%d%b}'
        self._load = chance.random(len(roster))
        self._datum = roster.sort.datum
        self._frozen: dict[int, tuple[float, float]] = {}

    def payloads(self, who: Indices, stamps: Sequence[bytes], world: World) -> Iterator[bytes]:
        """Time, number, place, speed, heading, what it is busy with."""
        fleet = self.fleet
        fleet.move(who, world.moment.run_s, world.sky.pace(world.moment), self._chance)
        lon, lat, heading = fleet.where(who)
        lon, lat = self._in_their_datum(who, lon, lat)
        for i, stamp, seq, x, y, speed, course in zip(
            who.tolist(), stamps, self._seq[who].tolist(), lon.tolist(), lat.tolist(),
            fleet.speed_mps[who].tolist(), heading.tolist(), strict=True,
        ):  # fmt: skip
            if self.faults[i] == Fault.FROZEN:
                x, y = self._frozen.setdefault(i, (x, y))
            name = self._datum.encode()
            yield self._words % (stamp, seq, x, y, name, speed, course, self._tail(i))

    def _in_their_datum(self, who: Indices, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        shifted = self.faults[who] == Fault.WRONG_DATUM
        if self._datum != Datum.WGS84:
            shifted[:] = True
        if shifted.any():
            lon[shifted], lat[shifted] = from_wgs84(lon[shifted], lat[shifted], Datum.GCJ02)
        return lon, lat

    def _tail(self, i: int) -> bytes:
        word = WORDS[self.fleet.status[i]]
        status = b',"status":"%b"' % word if word else b""
        kind = self.roster.sort.kind
        if kind == "bus":
            load = 15 + 70 * self._load[i] + 10 * np.sin(self._seq[i] / 90 + i)
            return b'%b,"values":{"load_pct":%.0f,"line":"%d"}' % (status, load, bus_line(i))
        if kind == "fire":
            return b'%b,"values":{"water_l":%d}' % (status, 2000 + 6000 * self._load[i])
        if kind == "pumptruck":
            pumping = PUMPS_M3PH if self.fleet.status[i] == ON_SCENE else 0
            return b'%b,"values":{"pumping_m3ph":%d}' % (status, pumping)
        if kind == "sanitation":
            fill = (self._load[i] * 100 + self._seq[i] / 40) % 100
            return b'%b,"values":{"fill_pct":%.0f}' % (status, fill)
        return status


def _words(head: bytes, names: Sequence[str], tail: bytes) -> bytes:
    slots = [b'"%b":%b' % (name.encode(), _slot(name)) for name in names]
    return head + b",".join(slots) + tail


def _slot(name: str) -> bytes:
    if name in WHOLE:
        return b"%d"
    return b"%.2f" if name in FINE else b"%.1f"


def _stamp(at: datetime) -> bytes:
    return at.astimezone(CHINA).isoformat(timespec="milliseconds").encode()

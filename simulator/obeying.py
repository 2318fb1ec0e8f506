"""Crews that obey: they answer orders after a while, mostly with yes, and then do what they said.

The same order is answered in the same way, whenever it comes; shares and times are made up and
stand in docs/simulator.md.
"""

import heapq
import json
import logging
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from city.things import ThingKey
from geo.points import Point
from simulator.errands import Errand, Line, Stage
from simulator.roster import Roster
from simulator.sensors import World
from simulator.speakers import Drivers
from simulator.vehicles import AVAILABLE, OFF_DUTY
from simulator.wayfinding import Wayfinder

log = logging.getLogger("simulator")

Json = Mapping[str, Any]
Parts = tuple[str, str, bytes]  # sender, topic, payload
Floats = npt.NDArray[np.float64]

SENT, ENDED = "send", frozenset({"recall", "redirect", "expire", "refuse", "finish"})
REFUSES, SAYS_NOTHING = 0.07, 0.05
ANSWERS_S, TURNS_OUT_S, WORKS_S = (4.0, 22.0), (8.0, 40.0), (90.0, 320.0)
REASONS: Sequence[str] = ("车辆故障,正在检修", "人员交接班,无法出动", "正在协助处置其他现场")
BUSY, CUT_OFF = "已有任务在身", "道路积水封闭,无法到达"
REMEMBERED = 2_000  # orders
PUMPS_WATER, AT_DEGREES = "pumptruck", 0.0015  # about 150 m


class Command(NamedTuple):
    """An order as it came, for one of ours."""

    topic: str
    said: Json
    drivers: Drivers
    unit: int  # index in their roster

    @property
    def order_id(self) -> str:
        """The order."""
        return str(self.said["order_id"])


@dataclass
class Obedience:
    """All units of the pretend city that can be sent."""

    drivers: Mapping[str, Drivers]  # by kind
    ways: Wayfinder
    inbox: deque[tuple[str, bytes]] = field(default_factory=deque)
    waiting: list[tuple[float, int, Command]] = field(default_factory=list)  # for an answer
    versions: dict[str, int] = field(default_factory=dict)  # order → newest that was heard
    _number: Iterator[int] = field(default_factory=count)

    def hear(self, topic: str, payload: bytes) -> None:
        """Takes a message of the centre; it is understood with the next step."""
        self.inbox.append((topic, payload))

    def filters(self) -> dict[str, str]:
        """By connection, what it listens to."""
        departments = {one.roster.department for one in self.drivers.values()}
        return {name: f"cb/v1/+/{name}/order/+/cmd" for name in departments}

    def step(self, at: datetime, world: World) -> Iterator[Parts]:
        """What crews answer and report at this moment."""
        now_s = world.moment.run_s
        while self.inbox:
            self._understand(*self.inbox.popleft(), now_s)
        while self.waiting and self.waiting[0][0] <= now_s:
            yield from self._answer(heapq.heappop(self.waiting)[2], at, world)
        for drivers in self.drivers.values():
            for unit in list(drivers.fleet.errands):
                yield from self._go_on(drivers, unit, at, now_s)

    def pumping(self, ponds: Roster) -> Floats:
        """How many pump trucks work at each ponding point."""
        found, drivers = np.zeros(len(ponds)), self.drivers[PUMPS_WATER]
        for unit, errand in drivers.fleet.errands.items():
            if errand.stage is Stage.WORKING:
                place = self._place(drivers, unit)
                gaps = np.hypot(ponds.lon - place.lon, ponds.lat - place.lat)
                found += gaps < AT_DEGREES
        return found

    def _understand(self, topic: str, payload: bytes, now_s: float) -> None:
        command = self._command(topic, payload)
        if command is None or self._is_old(command):
            return
        said = command.said.get("move", SENT)
        if said == SENT:
            chance = Random(command.order_id)
            due_s = now_s + chance.uniform(*ANSWERS_S)
            heapq.heappush(self.waiting, (due_s, next(self._number), command))
        elif said in ENDED:
            self._call_off(command, now_s)

    def _command(self, topic: str, payload: bytes) -> Command | None:
        try:
            said = json.loads(payload)
            key = ThingKey.parse(said["unit"])
            drivers = self.drivers[key.kind]
            return Command(topic, said, drivers, drivers.roster.ids.index(key.object))
        except (AttributeError, KeyError, TypeError, ValueError) as trouble:
            log.debug("no order of ours topic=%s: %s", topic, trouble)
            return None

    def _is_old(self, command: Command) -> bool:
        version = int(command.said.get("version", 1))
        if self.versions.get(command.order_id, 0) >= version:
            return True
        if len(self.versions) >= REMEMBERED:
            del self.versions[next(iter(self.versions))]
        self.versions[command.order_id] = version
        return False

    def _call_off(self, command: Command, now_s: float) -> None:
        """The order is taken back: no answer is due, and who is on the way turns round."""
        self.waiting = [one for one in self.waiting if one[2].order_id != command.order_id]
        heapq.heapify(self.waiting)
        errand = command.drivers.fleet.errands.get(command.unit)
        if errand and errand.order_id == command.order_id and errand.stage != Stage.RETURNING:
            self._turn_back(command.drivers, command.unit, now_s)

    def _answer(self, command: Command, at: datetime, world: World) -> Iterator[Parts]:
        chance, fleet = Random(f"{command.order_id}/answer"), command.drivers.fleet
        draw = chance.random()
        if draw < SAYS_NOTHING or fleet.status[command.unit] == OFF_DUTY:
            return
        errand = fleet.errands.get(command.unit)
        if errand is not None and errand.stage != Stage.RETURNING:
            yield ack(command, "refused", at, BUSY)
            return
        if draw < SAYS_NOTHING + REFUSES:
            yield ack(command, "refused", at, chance.choice(REASONS))
            return
        line = self._line(command, world)
        if line is None:
            yield ack(command, "refused", at, CUT_OFF)
            return
        now_s = world.moment.run_s
        turns_out_s, works_s = chance.uniform(*TURNS_OUT_S), chance.uniform(*WORKS_S)
        answers_on = f"{command.topic.rpartition('/')[0]}/ack"
        fleet.send(command.unit, Errand(command.order_id, answers_on, line, works_s,
                                        now_s + turns_out_s, moved_at_s=now_s))  # fmt: skip
        yield ack(command, "accepted", at)

    def _line(self, command: Command, world: World) -> Line | None:
        here, there = self._place(command.drivers, command.unit), command.said.get("pos")
        target = Point(*map(float, there)) if there else here
        return self.ways.line(here, target, world.water)

    def _go_on(self, drivers: Drivers, unit: int, at: datetime, now_s: float) -> Iterator[Parts]:
        errand = drivers.fleet.errands[unit]
        if errand.stage is Stage.TURNOUT and now_s >= errand.until_s:
            drivers.fleet.turn(unit, Stage.DRIVING, now_s)
        elif errand.stage is Stage.DRIVING and errand.is_there:
            drivers.fleet.turn(unit, Stage.WORKING, now_s, errand.works_s)
            yield report(drivers, unit, "arrived", at)
        elif errand.stage is Stage.WORKING and now_s >= errand.until_s:
            yield report(drivers, unit, "done", at)
            self._turn_back(drivers, unit, now_s)
        elif errand.stage is Stage.RETURNING and errand.is_there:
            drivers.fleet.release(unit, AVAILABLE)

    def _turn_back(self, drivers: Drivers, unit: int, now_s: float) -> None:
        """Back to where it was called from, and on from there as before."""
        fleet = drivers.fleet
        lon, lat, _ = fleet.on_route(np.array([unit]))
        home = Point(float(lon[0]), float(lat[0]))
        fleet.errands[unit].go(self.ways.home(self._place(drivers, unit), home),
                               Stage.RETURNING, now_s)  # fmt: skip
        fleet.status[unit] = fleet.errands[unit].status

    def _place(self, drivers: Drivers, unit: int) -> Point:
        lon, lat, _ = drivers.fleet.where(np.array([unit]))
        return Point(float(lon[0]), float(lat[0]))


def ack(command: Command, status: str, at: datetime, reason: str = "") -> Parts:
    """An answer to an order."""
    drivers = command.drivers
    topic = f"{command.topic.rpartition('/')[0]}/ack"
    return said(drivers, command.unit, topic, status, at, reason)


def report(drivers: Drivers, unit: int, status: str, at: datetime) -> Parts:
    """What a unit with an order says of it."""
    return said(drivers, unit, drivers.fleet.errands[unit].topic, status, at, "")


def said(
    drivers: Drivers, unit: int, topic: str, status: str, at: datetime, reason: str
) -> Parts:  # fmt: skip
    """One message on `ack`."""
    facts = {"status": status, "ts": at.isoformat(timespec="milliseconds"),
             "by": drivers.roster.ids[unit], "reason": reason}  # fmt: skip
    return drivers.roster.department, topic, json.dumps(facts, ensure_ascii=False).encode()

"""Vehicles: where they are, how fast, which way, and what they are busy with."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from city.units import CODES, STATUSES
from simulator.errands import Errand, Stage
from simulator.roster import BUS_LINES, Roster
from simulator.routes import NEAR_HUBS, Routes

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

AVAILABLE, EN_ROUTE = CODES["available"], CODES["en_route"]
ON_SCENE, RETURNING, OFF_DUTY = CODES["on_scene"], CODES["returning"], CODES["off_duty"]
WORDS = [word.encode() for word in STATUSES]

RESPONSE_S = 6.0  # how quickly a driver reaches the speed he wants
LANE_DEGREES = 3.5 / 105_000  # half a road to the right
HURRY = 1.3
OFF_DUTY_SHARE = 0.06
BUSINESS = (AVAILABLE, AVAILABLE, AVAILABLE, EN_ROUTE, RETURNING)  # at the beginning
CALL_SHARE = 0.35  # of the departures of a free unit, those that answer a call
# Seconds between two stops, and how long one lasts: at bus stops and at red lights.
BUS_STOP, RED_LIGHT = (55.0, 16.0), (70.0, 22.0)
SCENE_S, BREAK_S = (120.0, 600.0), (10.0, 60.0)
MOST_STEP_S = 30.0


@dataclass
class Fleet:
    """The vehicles of one kind in columns."""

    routes: Routes
    is_bus: bool
    route: Indices
    done_m: Floats
    speed_mps: Floats
    wait_s: Floats
    mood: Floats  # how this driver takes the speed limit
    status: npt.NDArray[np.uint8]
    moved_at_s: Floats
    errands: dict[int, Errand] = field(default_factory=dict)  # units that were sent

    @classmethod
    def of(
        cls, roster: Roster, routes: Routes, is_unit: bool, chance: np.random.Generator
    ) -> "Fleet":
        """Vehicles under way, as if the day had begun long ago."""
        count, is_bus = len(roster), roster.sort.kind == "bus"
        route = chance.integers(0, len(routes.first), count)
        if is_bus:
            route = chance.integers(0, len(routes.first), BUS_LINES)[np.arange(count) % BUS_LINES]
            route = np.where(chance.random(count) < 0.5, route, routes.back[route])
        off = chance.random(count) < (OFF_DUTY_SHARE if is_unit else 0)
        busy = chance.choice(BUSINESS, count)
        status = np.where(off, OFF_DUTY, busy if is_unit else 0).astype(np.uint8)
        return cls(
            routes=routes, is_bus=is_bus, route=route,
            done_m=chance.random(count) * routes.length_m[route],
            speed_mps=np.zeros(count), wait_s=np.where(off, np.inf, 0.0),
            mood=chance.uniform(0.75, 1.0, count), status=status, moved_at_s=np.zeros(count),
        )  # fmt: skip

    def move(self, who: Indices, now_s: float, pace: float, chance: np.random.Generator) -> None:
        """Drives some vehicles on until now; `pace` is what traffic leaves of the free speed."""
        who = self._send_on(who, now_s, pace)
        passed_s = np.minimum(now_s - self.moved_at_s[who], MOST_STEP_S)
        self.moved_at_s[who] = now_s
        self._stop_and_go(who, passed_s, chance)
        corner, _ = self.routes.corner(self.route[who], self.done_m[who])
        hurry = np.where(self.status[who] == EN_ROUTE, HURRY, 1.0)
        wanted = self.routes.speed_mps[corner] * self.mood[who] * pace * hurry
        wanted[self.wait_s[who] > 0] = 0.0
        gain = np.minimum(1.0, passed_s / RESPONSE_S)
        speed = self.speed_mps[who] + (wanted - self.speed_mps[who]) * gain
        self.speed_mps[who] = np.where(speed < 0.3, 0.0, speed)
        self.done_m[who] += self.speed_mps[who] * passed_s
        self._arrive(who[self.done_m[who] >= self.routes.length_m[self.route[who]]], chance)

    def send(self, unit: int, errand: Errand) -> None:
        """Takes a unit off its round."""
        self.errands[unit] = errand
        self.status[unit], self.speed_mps[unit] = errand.status, 0.0

    def turn(self, unit: int, stage: Stage, now_s: float, lasts_s: float = 0.0) -> None:
        """The next stage of its errand."""
        self.errands[unit].turn_to(stage, now_s, lasts_s)
        self.status[unit] = self.errands[unit].status

    def release(self, unit: int, status: int) -> None:
        """Back on its round, where it left it."""
        errand = self.errands.pop(unit)
        self.status[unit], self.speed_mps[unit] = status, 0.0
        self.moved_at_s[unit] = errand.moved_at_s

    def _send_on(self, who: Indices, now_s: float, pace: float) -> Indices:
        """Drives those that were sent; the others remain."""
        if not self.errands:
            return who
        sent = [unit for unit in who.tolist() if unit in self.errands]
        for unit in sent:
            self.errands[unit].drive(now_s, pace)
            self.speed_mps[unit] = self.errands[unit].speed_mps
        return who[~np.isin(who, sent)]

    def _stop_and_go(self, who: Indices, passed_s: Floats, chance: np.random.Generator) -> None:
        waited = self.wait_s[who] > 0
        self.wait_s[who] = np.maximum(0.0, self.wait_s[who] - passed_s)
        self._depart(who[waited & (self.wait_s[who] <= 0)], chance)
        every_s, lasts_s = BUS_STOP if self.is_bus else RED_LIGHT
        draw = chance.random(len(who))
        rolls = (self.wait_s[who] <= 0) & (self.status[who] != EN_ROUTE)
        halts = who[rolls & (draw < passed_s / every_s)]
        self.wait_s[halts] = lasts_s * chance.uniform(0.4, 1.6, len(halts))

    def _depart(self, who: Indices, chance: np.random.Generator) -> None:
        """Off again; at the beginning of a route a unit may have been given something to do."""
        fresh = who[self.done_m[who] <= 0]
        called = chance.random(len(fresh)) < CALL_SHARE
        was = self.status[fresh].copy()
        self.status[fresh[(was == AVAILABLE) & called]] = EN_ROUTE
        self.status[fresh[was == ON_SCENE]] = RETURNING

    def _arrive(self, who: Indices, chance: np.random.Generator) -> None:
        if not len(who):
            return
        hub = self.routes.end_hub[self.route[who]]
        onward = self.routes.onward[hub, chance.integers(0, NEAR_HUBS, len(who))]
        self.route[who] = self.routes.back[self.route[who]] if self.is_bus else onward
        self.done_m[who] = self.speed_mps[who] = 0.0
        at_scene = self.status[who] == EN_ROUTE
        low, high = (
            np.where(at_scene, SCENE_S[0], BREAK_S[0]),
            np.where(at_scene, SCENE_S[1], BREAK_S[1]),
        )
        self.wait_s[who] = chance.uniform(low, high)
        self.status[who[at_scene]] = ON_SCENE
        self.status[who[self.status[who] == RETURNING]] = AVAILABLE

    def where(self, who: Indices) -> tuple[Floats, Floats, Floats]:
        """Longitude, latitude (right-hand side of the road) and heading."""
        lon, lat, heading = self.on_route(who)
        for place, unit in enumerate(who.tolist() if self.errands else ()):
            if unit in self.errands:
                lon[place], lat[place], heading[place] = self.errands[unit].where()
        return lon, lat, heading

    def on_route(self, who: Indices) -> tuple[Floats, Floats, Floats]:
        """The same on their rounds, whoever was sent away from them meanwhile."""
        corner, beyond_m = self.routes.corner(self.route[who], self.done_m[who])
        lon, lat = self.routes.place(corner, beyond_m)
        heading = self.routes.heading_deg[corner]
        side = np.radians(heading + 90)
        return lon + LANE_DEGREES * np.sin(side), lat + LANE_DEGREES * np.cos(side), heading

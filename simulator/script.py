"""The pretend city, step by step: the same seed, story and beginning say the same messages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

import numpy as np

from city.kinds import BY_NAME
from geo.network import Network
from geo.roads import of_network
from simulator.callers import Call, Callers
from simulator.obeying import Obedience
from simulator.population import POPULATION, natural_rate
from simulator.roster import Ground, enlist
from simulator.routes import lay_routes
from simulator.sensors import World, pass_time
from simulator.sky import Moment, Sky
from simulator.speakers import Drivers, Instruments, Speakers
from simulator.stories import Story
from simulator.vehicles import Fleet
from simulator.water import Water
from simulator.wayfinding import Wayfinder

STEP_S = 0.25
STEPS_PER_SECOND = round(1 / STEP_S)
CHINA = timezone(timedelta(hours=8))


class Said(NamedTuple):
    """A message: which connection sends it, and what."""

    sender: str
    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """What makes one run of the pretend city different from another."""

    adcode: str
    scale: float
    seed: int
    story: Story
    began_at: datetime
    rate: float | None = None  # messages per second, where not the natural number

    @property
    def haste(self) -> float:
        """How much more often than by nature everything speaks."""
        return self.rate / natural_rate(self.scale) if self.rate else 1.0


class City:
    """Everything that speaks, and the clock that makes it speak."""

    def __init__(self, plot: Plot, roads: Network, files: Mapping[str, Mapping[str, Any]]) -> None:
        self._plot, self._steps = plot, 0
        self._chance = np.random.default_rng(plot.seed)
        ground, self._sky = Ground.of(plot.adcode, roads, files), Sky(plot.story)
        self.rosters = {
            sort.kind: enlist(sort, BY_NAME[sort.kind].department, ground, plot.scale, self._chance)
            for sort in POPULATION
        }
        self.world = self._new_world()
        self.speakers = list(self._new_speakers(roads))
        began = plot.began_at.astimezone(CHINA).strftime("%Y%m%d-%H%M%S")
        ponds = self.rosters["waterlogging"]
        self._obedience = Obedience(
            {one.roster.sort.kind: one for one in self.speakers if isinstance(one, Drivers)
             and BY_NAME[one.roster.sort.kind].dispatchable}, Wayfinder(of_network(roads), ponds)
        )  # fmt: skip
        self._callers = Callers(ground, self._sky, self._chance, began, ponds)

    def _new_world(self) -> World:
        rosters = self.rosters
        water = Water.of(rosters["waterlogging"], rosters["pump"], rosters["flow"], self._chance)
        dry = np.zeros(len(rosters["rain"]))
        queue = self._chance.uniform(90, 380, len(rosters["port"]))
        return World(self._sky, water, self._chance, self._moment(), dry, dry.copy(), queue)

    def _new_speakers(self, roads: Network) -> Iterator[Speakers]:
        routes = lay_routes(roads, self._chance)
        for kind, roster in self.rosters.items():
            if not BY_NAME[kind].moves:
                yield Instruments(roster, self._plot.haste, STEP_S, self._chance)
                continue
            fleet = Fleet.of(roster, routes, BY_NAME[kind].dispatchable, self._chance)
            yield Drivers(roster, self._plot.haste, STEP_S, self._chance, fleet)

    @property
    def now(self) -> datetime:
        """The time of the step that comes next."""
        return self._plot.began_at.astimezone(CHINA) + timedelta(seconds=self._steps * STEP_S)

    def hear(self, topic: str, payload: bytes) -> None:
        """A message of the centre for one of the units."""
        self._obedience.hear(topic, payload)

    def ears(self) -> dict[str, str]:
        """By connection, the topics that it listens to."""
        return self._obedience.filters()

    def senders(self) -> list[str]:
        """All connections: one per department, and one for each thing that has its own."""
        found = {one.sender(i) for one in self.speakers for i in range(len(one.roster))}
        return sorted(found | {"rx", "qx"})

    def wills(self) -> Iterator[tuple[str, str | None]]:
        """Every connection, with the topic its will goes to if it speaks for one thing alone."""
        for sender in self.senders():
            own = [one.roster.topic(i, "state") for one, i in self._of(sender) if "/" in sender]
            yield sender, own[0] if own else None

    def births(self, sender: str) -> Iterator[Said]:
        """What a connection says when it is up: who there is, and that they are there."""
        for one, i in self._of(sender):
            yield Said(sender, one.roster.topic(i, "meta"), one.meta(i), retain=True)
            yield Said(sender, one.roster.topic(i, "state"), b"online", retain=True)

    def deaths(self, sender: str) -> Iterator[Said]:
        """What it says before it goes."""
        for one, i in self._of(sender):
            yield Said(sender, one.roster.topic(i, "state"), b"offline", retain=True)

    def _of(self, sender: str) -> Iterator[tuple[Speakers, int]]:
        for one in self.speakers:
            if one.roster.department == sender.split("/")[0]:
                yield from ((one, i) for i in range(len(one.roster)) if one.sender(i) == sender)

    def step(self) -> list[Said]:
        """Everything that is said in the next quarter of a second."""
        at, moment = self.now, self._moment()
        self.world.moment = moment
        said: list[Said] = []
        if self._steps % STEPS_PER_SECOND == 0:
            self.world.water.trucks = self._obedience.pumping(self.rosters["waterlogging"])
            pass_time(self.world, 1.0, self.rosters)
            said += map(_said, self._callers.warnings(moment, at))
            said += map(_said, self._callers.calls(1.0, moment, at, self.world.water))
            said += (Said(*parts) for parts in self._obedience.step(at, self.world))
        for one in self.speakers:
            said += (Said(*parts) for parts in one.speak(self._steps, at, self.world))
        self._steps += 1
        return said

    def skip_to(self, now: datetime) -> None:
        """Leaves out what could not be said in time, after the machine has slept."""
        gone = (now - self.now) / timedelta(seconds=STEP_S)
        self._steps += max(0, int(gone))

    def _moment(self) -> Moment:
        run_s, local = self._steps * STEP_S, self.now
        hour = local.hour + local.minute / 60 + local.second / 3600
        return Moment(local.timestamp(), run_s, hour)


def _said(call: Call) -> Said:
    topic = f"cb/v1/{call.area}/{call.department}/{call.kind}/{call.identity}/event"
    return Said(call.department, topic, call.payload)

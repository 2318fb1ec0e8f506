"""People who call 12345, and the weather service that warns; both send events.

Volume and share as the hot line of Haikou published them for 2022: 5.22 million calls in the year,
14,306 a day, of which 65.23 % were settled on the telephone; the others become a report. What they
are about follows its ten most frequent topics as far as these are events in the street.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import numpy as np

from geo.points import Point
from simulator.roster import Ground, Roster
from simulator.sky import Moment, Sky
from simulator.water import CLOSED_CM, Water

CALLS_A_DAY, SETTLED_AT_ONCE = 14_306, 0.6523
REPORTS_PER_S = CALLS_A_DAY * (1 - SETTLED_AT_ONCE) / 86_400
WET_CALLS = 0.004  # more reports per second for every flooded place
CALLED_IN_AGAIN = 0.12  # of all reports: somebody else calls about the same thing
SOON_S = (20.0, 600.0)  # when he does
NEAR_DEGREES = 0.0005  # how far from it he says it is, about 50 m


class Complaint(NamedTuple):
    """A kind of event that people report (GB/T 30428.2), and how often among a thousand."""

    code: str
    zh: str
    en: str
    severity: int
    weight: int


COMPLAINTS = (
    Complaint("0505", "机动车乱停放", "Illegal parking", 4, 210),
    Complaint("0508", "商业噪音", "Commercial noise", 4, 160),
    Complaint("0301", "施工扰民", "Construction nuisance", 4, 120),
    Complaint("0102", "暴露垃圾", "Exposed refuse", 4, 110),
    Complaint("0504", "店外经营", "Trading outside the shop", 4, 90),
    Complaint("0510", "露天烧烤", "Open-air barbecue", 4, 80),
    Complaint("0110", "道路破损", "Damaged road", 3, 70),
    Complaint("0404", "下水道堵塞", "Blocked sewer", 3, 60),
    Complaint("0302", "工地扬尘", "Dust from a site", 4, 50),
    Complaint("0402", "自来水管破裂", "Burst water main", 3, 30),
    Complaint("0408", "架空线缆损坏", "Damaged overhead line", 2, 20),
)
PONDING = Complaint("0406", "道路积水", "Road ponding", 3, 0)


class Sighting(NamedTuple):
    """Something that is seen somewhere, and so is reported, once or more."""

    complaint: Complaint
    place: Point
    road_zh: str
    again_at_s: float = 0.0  # when somebody else calls


class Call(NamedTuple):
    """An event with its place in the topic tree."""

    department: str
    kind: str
    area: str
    identity: str
    payload: bytes


@dataclass
class Callers:
    """Everybody with a telephone."""

    ground: Ground
    sky: Sky
    chance: np.random.Generator
    began: str  # a word for this run, so that its numbers are not those of another run
    ponds: Roster
    told: int = 0
    warned_until_min: float = -1.0
    echoes: list[Sighting] = field(default_factory=list)

    def calls(self, seconds: float, moment: Moment, at: datetime, water: Water) -> list[Call]:
        """What is reported in these seconds."""
        flooded = np.flatnonzero(water.depth_cm > CLOSED_CM)
        wet_rate = WET_CALLS * len(flooded)
        dry_rate = REPORTS_PER_S * (0.3 + 1.6 * moment.daylight)
        seen = [self._in_the_street() for _ in range(self._number(dry_rate * seconds))]
        seen += [self._in_water(flooded) for _ in range(self._number(wet_rate * seconds))]
        self.echoes += [self._seen_again(one, moment.run_s) for one in seen
                        if self.chance.random() < CALLED_IN_AGAIN]  # fmt: skip
        again = [one for one in self.echoes if one.again_at_s <= moment.run_s]
        self.echoes = [one for one in self.echoes if one.again_at_s > moment.run_s]
        return [self._call(one, at) for one in [*seen, *again]]

    def _number(self, expected: float) -> int:
        return int(self.chance.poisson(expected))

    def _in_the_street(self) -> Sighting:
        roads = self.ground.roads
        edge = int(self.chance.integers(len(roads.start)))
        place, road = roads.point(int(roads.start[edge])), roads.names[roads.name[edge]]
        return Sighting(self._complaint(), place, road.zh)

    def _in_water(self, flooded: np.ndarray) -> Sighting:
        pond = int(self.chance.choice(flooded))
        place = Point(float(self.ponds.lon[pond]), float(self.ponds.lat[pond]))
        return Sighting(PONDING, self._beside(place), self.ponds.names[pond].zh)

    def _seen_again(self, one: Sighting, run_s: float) -> Sighting:
        later = run_s + float(self.chance.uniform(*SOON_S))
        return one._replace(place=self._beside(one.place), again_at_s=later)

    def _beside(self, place: Point) -> Point:
        east, north = self.chance.normal(0, NEAR_DEGREES / 2, 2).tolist()
        return Point(place.lon + east, place.lat + north)

    def warnings(self, moment: Moment, at: datetime) -> list[Call]:
        """Warnings of the weather service that have not been sent yet."""
        minute = moment.run_s / 60
        due = self.sky.story.warnings_between(self.warned_until_min, minute)
        self.warned_until_min = minute
        return [
            self._event("qx", "alert", self.ground.adcode, at, {
                "type": one.kind, "title": one.zh, "title_en": one.en, "severity": one.level,
            })
            for one in due
        ]  # fmt: skip

    def _call(self, seen: Sighting, at: datetime) -> Call:
        complaint, place = seen.complaint, seen.place
        code = self.ground.areas.code(*place)
        return self._event("rx", "hotline", str(code or self.ground.adcode), at, {
            "type": complaint.code,
            "title": complaint.zh,
            "title_en": complaint.en,
            "description": f"{seen.road_zh}附近，{complaint.zh}",
            "pos": [round(place.lon, 6), round(place.lat, 6)],
            "severity": complaint.severity,
            "reporter": {"phone": f"1380000{int(self.chance.integers(10_000)):04d}"},
        })  # fmt: skip

    def _complaint(self) -> Complaint:
        weights = np.cumsum([one.weight for one in COMPLAINTS])
        return COMPLAINTS[int(np.searchsorted(weights, self.chance.integers(weights[-1]), "right"))]

    def _event(
        self, department: str, kind: str, area: str, at: datetime, facts: dict[str, object]
    ) -> Call:
        self.told += 1
        identity = f"{kind[:1].upper()}L{self.began}-{self.told:05d}"
        said = {"id": identity, "ts": at.isoformat(timespec="milliseconds"), **facts}
        payload = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        return Call(department, kind, area, identity, payload)

"""People who call 12345, and the weather service that warns; both send events."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from simulator.roster import Ground
from simulator.sky import Moment, Sky
from simulator.water import CLOSED_CM, Water

CALLS_PER_S = 9_000 / 86_400  # a good day of the hot line
WET_CALLS = 0.02  # more calls per second for every flooded place


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
    told: int = 0
    warned_until_min: float = -1.0

    def calls(self, seconds: float, moment: Moment, at: datetime, water: Water) -> list[Call]:
        """What is reported in these seconds."""
        flooded = int((water.depth_cm > CLOSED_CM).sum())
        rate = CALLS_PER_S * (0.3 + 1.6 * moment.daylight) + WET_CALLS * flooded
        number = int(self.chance.poisson(rate * seconds))
        wet = WET_CALLS * flooded / rate
        return [self._call(at, is_wet=bool(self.chance.random() < wet)) for _ in range(number)]

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

    def _call(self, at: datetime, *, is_wet: bool) -> Call:
        complaint = PONDING if is_wet else self._complaint()
        roads = self.ground.roads
        edge = int(self.chance.integers(len(roads.start)))
        place, road = roads.point(int(roads.start[edge])), roads.names[roads.name[edge]]
        code = self.ground.areas.code(*place)
        return self._event("rx", "hotline", str(code or self.ground.adcode), at, {
            "type": complaint.code,
            "title": complaint.zh,
            "title_en": complaint.en,
            "description": f"{road.zh}附近，{complaint.zh}",
            "pos": [round(place.lon, 6), round(place.lat, 6)],
            "severity": complaint.severity,
            "reporter": {"phone": f"138****{int(self.chance.integers(10_000)):04d}"},
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

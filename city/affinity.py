"""What goes with what: how likely two kinds of signs speak of one happening.

A sign is `event/0406` or `component/0102` (a report's type, GB/T 30428.2) or `sensor/waterlogging`
(an alarm of that kind of thing). Every figure here is a proposal of this project, tuned on one
labelled set and reported on another (`bench/merging.py`); none is an official value.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from city.kinds import BY_NAME


class Scale(NamedTuple):
    """Where likeness has fallen to one half: how far apart, and how long after."""

    metres: float
    minutes: float


class Sort(NamedTuple):
    """A kind of sign that is known here: its names and how far its happenings reach."""

    zh: str
    en: str
    scale: Scale


USUAL = Scale(60, 90)  # of what stands in no table

SORTS: Mapping[str, Sort] = {
    "event/0102": Sort("暴露垃圾", "exposed refuse", Scale(60, 240)),
    "event/0103": Sort("积存垃圾渣土", "piled rubble", Scale(60, 240)),
    "event/0104": Sort("道路不洁", "dirty road", Scale(70, 180)),
    "event/0110": Sort("道路破损", "damaged road", Scale(60, 480)),
    "event/0112": Sort("道路遗撒", "spill on road", Scale(90, 120)),
    "event/0115": Sort("焚烧垃圾、树叶", "open burning", Scale(120, 60)),
    "event/0116": Sort("油烟污染", "cooking fumes", Scale(70, 90)),
    "event/0301": Sort("施工扰民", "construction nuisance", Scale(100, 120)),
    "event/0302": Sort("工地扬尘", "site dust", Scale(120, 120)),
    "event/0304": Sort("施工占道", "works occupying road", Scale(80, 240)),
    "event/0305": Sort("无证掘路", "digging without permit", Scale(80, 240)),
    "event/0401": Sort("路面塌陷", "road collapse", Scale(100, 180)),
    "event/0402": Sort("自来水管破裂", "burst water main", Scale(220, 120)),
    "event/0403": Sort("燃气管道破裂", "gas leak", Scale(220, 60)),
    "event/0404": Sort("下水道堵塞或破损", "blocked sewer", Scale(150, 180)),
    "event/0406": Sort("道路积水", "road ponding", Scale(220, 60)),
    "event/0408": Sort("架空线缆损坏", "damaged overhead line", Scale(120, 120)),
    "event/0501": Sort("无照经营游商", "unlicensed vendor", Scale(60, 90)),
    "event/0504": Sort("店外经营", "trading outside shop", Scale(60, 120)),
    "event/0505": Sort("机动车乱停放", "illegal car parking", Scale(45, 60)),
    "event/0506": Sort("非机动车乱停放", "disorderly bikes", Scale(45, 90)),
    "event/0508": Sort("商业噪音", "commercial noise", Scale(100, 90)),
    "event/0510": Sort("露天烧烤", "open-air barbecue", Scale(90, 90)),
    "component/0102": Sort("污水井盖", "sewer cover", Scale(40, 480)),
    "component/0103": Sort("雨水井盖", "storm-drain cover", Scale(40, 480)),
    "component/0118": Sort("路灯", "street light", Scale(120, 480)),
    "component/0210": Sort("交通信号灯", "traffic light", Scale(60, 120)),
}
# Of alarms, by the kind of the thing; its names are those of city.kinds.
SENSOR_SCALES: Mapping[str, Scale] = {
    "waterlogging": Scale(260, 60),
    "pump": Scale(500, 90),
    "flow": Scale(260, 60),
    "signal": Scale(60, 120),
    "noise": Scale(130, 90),
    "aqi": Scale(400, 90),
    "gas": Scale(240, 60),
    "power": Scale(250, 90),
    "lamp": Scale(120, 480),
    "cover": Scale(40, 480),
}

# One kind, another, how well they go together; the same kind twice is 1, what stands here not
# is 0. Each line holds both ways.
PAIRS: Sequence[tuple[str, str, float]] = (
    ("sensor/waterlogging", "event/0406", 1.0),
    ("sensor/waterlogging", "event/0404", 0.85),
    ("sensor/waterlogging", "event/0402", 0.85),
    ("sensor/waterlogging", "sensor/flow", 0.7),
    ("sensor/waterlogging", "sensor/pump", 0.6),
    ("sensor/flow", "event/0406", 0.7),
    ("sensor/flow", "event/0402", 0.6),
    ("sensor/flow", "event/0401", 0.6),
    ("sensor/pump", "event/0406", 0.6),
    ("event/0406", "event/0404", 0.85),
    ("event/0406", "event/0402", 0.85),
    ("event/0404", "event/0402", 0.75),
    ("event/0401", "event/0402", 0.5),
    ("event/0401", "event/0110", 0.8),
    ("event/0402", "event/0110", 0.3),
    ("sensor/gas", "event/0403", 1.0),
    ("sensor/power", "event/0408", 0.8),
    ("sensor/noise", "event/0508", 0.9),
    ("sensor/noise", "event/0301", 0.8),
    ("event/0508", "event/0301", 0.6),
    ("event/0508", "event/0510", 0.4),
    ("event/0510", "event/0116", 0.8),
    ("event/0115", "event/0116", 0.5),
    ("sensor/aqi", "event/0302", 0.7),
    ("sensor/aqi", "event/0115", 0.6),
    ("event/0301", "event/0302", 0.75),
    ("event/0301", "event/0304", 0.5),
    ("event/0304", "event/0305", 0.6),
    ("event/0102", "event/0103", 0.8),
    ("event/0102", "event/0104", 0.7),
    ("event/0103", "event/0104", 0.7),
    ("event/0104", "event/0112", 0.7),
    ("event/0501", "event/0504", 0.8),
    ("sensor/cover", "component/0102", 1.0),
    ("sensor/cover", "component/0103", 1.0),
    ("component/0102", "component/0103", 0.8),
    ("sensor/lamp", "component/0118", 1.0),
    ("sensor/signal", "component/0210", 1.0),
)
_BOTH_WAYS = {pair: value for one, other, value in PAIRS for pair in ((one, other), (other, one))}


def affinity(one: str, other: str) -> float:
    """How well two kinds of signs go together, 0 to 1; the same both ways."""
    return 1.0 if one == other else _BOTH_WAYS.get((one, other), 0.0)


def scale_of(what: str) -> Scale:
    """How far a kind of sign reaches."""
    if what in SORTS:
        return SORTS[what].scale
    family, _, name = what.partition("/")
    return SENSOR_SCALES.get(name, USUAL) if family == "sensor" else USUAL


def names_of(what: str) -> tuple[str, str]:
    """A kind of sign in words; its code where no table has it."""
    if what in SORTS:
        return SORTS[what].zh, SORTS[what].en
    family, _, name = what.partition("/")
    kind = BY_NAME.get(name) if family == "sensor" else None
    return (kind.zh, kind.en) if kind else (name, name)

"""What makes an alarm: an ordered table of rules, each with its version, owner and ground.

A rule measures something of each reading of a thing and holds it against four limits, blue to
red. What is measured, how long it must last and how far it must fall back are columns of the
table; `city.judgement` folds readings by it. `verified=False` marks a proposal of this project,
which is never an official value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from hashlib import blake2b

import numpy as np

from city.kinds import KINDS, Kind
from geo.fences import Fence

Four = tuple[float, float, float, float]

OFF = float("inf")  # a level that a rule does not have
CLEAR_SHARE = 0.05  # of the distance blue to red, unless a rule states its own
EVERY_KIND = ""
PROPOSAL = "本项目建议值 · proposal of this project"
SILENCE, OUTAGE = "silence", "outage"


class Measure(StrEnum):
    """What is held against the limits."""

    VALUE = "value"  # the kind's leading quantity, in its unit
    RISE = "rise"  # by how much that grew since the reading before, per minute
    FROZEN = "frozen"  # for how many seconds it has been exactly the same, at least
    BREACH = "breach"  # 1 where a moving thing has left its corridor or fence
    SILENCE = "silence"  # how many of its own periods a thing has not been heard


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `limits` fall where a low value is the bad one; OFF marks a level not used."""

    id: str
    measure: Measure
    kind: str
    limits: Four
    zh: str
    en: str
    version: str = "1"
    owner: str = ""  # the department that answers for the rule
    unit: str = ""
    hold_s: float = 0.0  # how long a limit must be reached before it counts
    clear: float = 0.0  # by how much the measure must be back on the good side
    basis: str = PROPOSAL
    source: str = ""
    verified: bool = False
    valid_from: str = "2026-01-01"
    things: tuple[str, ...] = ()  # patterns of `dept/kind/object`; none: every thing of the kind
    fence: Fence | None = None
    falls: bool = field(init=False, compare=False)  # whether low values are the bad ones
    rising: Four = field(init=False, compare=False)  # the limits as if high values were

    def __post_init__(self) -> None:
        falls = self.limits[0] > self.limits[3]
        blue, yellow, orange, red = self.limits
        mirrored = (-blue, -yellow, -orange, -red) if falls else self.limits
        object.__setattr__(self, "falls", falls)
        object.__setattr__(self, "rising", mirrored)

    def applies_to(self, thing: str) -> bool:
        """Whether it judges a thing of its kind."""
        return not self.things or any(fnmatchcase(thing, one) for one in self.things)

    def limit_of(self, severity: int) -> float:
        """The limit that was reached at a severity 1 (red) … 4 (blue)."""
        return float(f"{self.limits[4 - severity]:.6g}")


# Kind → (limits of the rise per minute, how long it must last in seconds).
RISES: Mapping[str, tuple[Four, float]] = {
    "waterlogging": ((OFF, 3.0, 6.0, OFF), 0),
    "waterlevel": ((OFF, 0.05, 0.1, OFF), 0),
    "gas": ((OFF, 3.0, 6.0, OFF), 0),
}
# Kind → seconds after which an unchanged value is a fault of the sensor, not of the world. Only
# kinds whose value never rests stand here: ponding of 0 cm rests for weeks.
FROZEN_AFTER_S: Mapping[str, float] = {
    "noise": 1_800, "aqi": 10_800, "power": 3_600, "wind": 7_200,
}  # fmt: skip
# Periods of silence (city.things.LOST_AFTER): blue.
SILENT_AFTER: Four = (5.0, OFF, OFF, OFF)
LEFT_FOR_S = 120.0  # domain A35: leaving the corridor for more than two minutes


def value_rule(kind: Kind) -> Iterable[Rule]:
    """The limits of a kind's leading quantity."""
    leading = kind.quantities[0] if kind.quantities else None
    if leading and leading.limits:
        yield Rule(
            f"{kind.name}.{leading.name}", Measure.VALUE, kind.name, leading.limits,
            f"{leading.zh}超限", f"{leading.en} beyond limit",
            owner=kind.department, unit=leading.unit, verified=leading.verified,
            clear=CLEAR_SHARE * abs(leading.limits[3] - leading.limits[0]),
        )  # fmt: skip


def rise_rule(kind: Kind) -> Iterable[Rule]:
    """How fast a kind's leading quantity may grow."""
    if kind.name in RISES:
        limits, hold_s = RISES[kind.name]
        leading = kind.quantities[0]
        yield Rule(
            f"{kind.name}.rise", Measure.RISE, kind.name, limits,
            f"{leading.zh}上涨过快", f"{leading.en} rises fast", owner=kind.department,
            unit=f"{leading.unit}/min", hold_s=hold_s,
        )  # fmt: skip


def frozen_rule(kind: Kind) -> Iterable[Rule]:
    """How long a kind's leading quantity may stay the same."""
    if kind.name in FROZEN_AFTER_S:
        yield Rule(
            f"{kind.name}.frozen", Measure.FROZEN, kind.name,
            (FROZEN_AFTER_S[kind.name], OFF, OFF, OFF),
            "读数不变", "Value frozen", owner=kind.department, unit="s",
        )  # fmt: skip


SILENCE_RULE = Rule(
    SILENCE, Measure.SILENCE, EVERY_KIND, SILENT_AFTER, "失联", "Silent", unit="×",
    basis="按各自上报周期 · by the agreed period", verified=True,
)  # fmt: skip
OUTAGE_RULE = Rule(
    OUTAGE, Measure.SILENCE, EVERY_KIND, (OFF, 0.5, OFF, OFF), "数据源中断", "Feed outage",
    basis="同类多数失联 · most things of a feed silent",
)  # fmt: skip


def rules_of(kinds: Iterable[Kind]) -> tuple[Rule, ...]:
    """The table of a city, in order: values, rises, frozen values, silence."""
    known = tuple(kinds)
    makers = (value_rule, rise_rule, frozen_rule)
    rows = [rule for make in makers for kind in known for rule in make(kind)]
    return (*map(stamped, rows), SILENCE_RULE, OUTAGE_RULE)


def stamped(rule: Rule) -> Rule:
    """With what was set for this city in its version: other numbers are another version.

    Limits of values become as coarse as the values beside them (four bytes, `city.records`).
    """
    if rule.measure == Measure.VALUE:
        blue, yellow, orange, red = map(float, np.array(rule.limits, np.float32))
        rule = replace(rule, limits=(blue, yellow, orange, red))
    said = (rule.limits, rule.hold_s, rule.clear, rule.fence and rule.fence.corners, rule.things)
    mark = blake2b(repr(said).encode(), digest_size=3).hexdigest()
    return replace(rule, version=f"{rule.version.split('+')[0]}+{mark}")


RULES: tuple[Rule, ...] = rules_of(KINDS)

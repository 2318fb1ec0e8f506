"""Candidates: what is asked, and what an answer is made of."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from city.dispatch_rules import DispatchRules, Names, Weights
from city.left_out import LeftOut, Why
from city.units import Unit
from geo.points import Point


@dataclass(frozen=True, slots=True)
class Need:
    """What is to be done, and where; `skills` says how well each serves, none: everybody does."""

    point: Point
    skills: Mapping[str, float] = field(default_factory=dict)
    case_id: str = ""
    severity: int = 4
    department: str = ""  # only its units
    declined: frozenset[str] = frozenset()  # units that refused it, or did not answer


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The same question under other rules; nothing of it stays."""

    weights: Weights | None = None
    within_km: float | None = None
    within_min: float | None = None
    fix_too_old_min: float | None = None
    any_skill: bool = False
    closures_open: bool = False
    reserve: bool = False  # also whom one would have to call in

    @property
    def is_supposed(self) -> bool:
        """Whether anything of the city's rules is changed."""
        return replace(self, reserve=False) != WhatIf()

    def rules(self, rules: DispatchRules) -> DispatchRules:
        """The rules with what is supposed."""
        said = {name: value for name in ("within_km", "within_min", "fix_too_old_min")
                if (value := getattr(self, name)) is not None}  # fmt: skip
        return replace(rules, numbers=replace(rules.numbers, **said),
                       weights=self.weights or rules.weights)  # fmt: skip

    def need(self, need: Need) -> Need:
        """The need with what is supposed."""
        return replace(need, skills={}) if self.any_skill else need


class Bars(NamedTuple):
    """0 … 1 each, full is better."""

    eta: float
    skill: float
    load: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that can be sent."""

    unit: Unit
    eta_s: float
    distance_m: float
    by_road: bool
    score: float  # 0 … 1
    bars: Bars
    skills: tuple[str, ...] = ()  # of those needed, the one that serves best
    reasons: tuple[Names, ...] = ()
    caveats: tuple[Names, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """An answer: `computed` units were looked at, in `took_ms`."""

    items: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    computed: int
    took_ms: float = 0.0
    more: int = 0  # fit, and rank behind the last of `items`
    what_if: WhatIf | None = None
    reserve: tuple[Candidate, ...] = ()  # off duty or resting, else fit; only where asked for
    is_by_road: bool = True  # False: no road graph, all ways are straight lines

    @property
    def counts(self) -> Mapping[Why, int]:
        """How many are left out for each reason, the most frequent first."""
        return dict(Counter(one.why for one in self.left_out).most_common())

"""The plan library (预案) and the linkage lists (联动): what is done, by whom, by when, as data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from city.cases import Case
from city.tables import Origin

Words = tuple[str, str]  # 中文, English
KIND_LETTERS = {"event": "E", "component": "C"}
WHAT = ("预案", "plan")


class Part(StrEnum):
    """Whose share a step is: the lead unit's, a co-unit's, or that of whoever the place is of."""

    LEAD = "lead"
    CO = "co"
    TERRITORIAL = "territorial"


PARTS: Mapping[Part, Words] = {
    Part.LEAD: ("主办", "Lead"),
    Part.CO: ("协办", "Co-unit"),
    Part.TERRITORIAL: ("属地", "Local area"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan; its limits count from T0, the moment that the plan is started."""

    id: str
    zh: str
    en: str
    part: Part
    department: str  # slug; empty for the territorial one
    skills: tuple[str, ...] = ()
    after: tuple[str, ...] = ()  # steps that have to be done before
    arrive_within_min: float | None = None
    handle_within_min: float | None = None
    checklist: tuple[Words, ...] = ()
    is_mandatory: bool = True  # the case is not closed before its unit has finished


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: for which cases, the steps in their order, and what to heed (处置要点)."""

    id: str
    zh: str
    en: str
    version: int
    types: tuple[str, ...]  # beginnings of E0406, C0101 …
    steps: tuple[Step, ...]
    origin: Origin
    mildest: int = 4  # it is for severities up to this number
    advice: tuple[Words, ...] = ()  # safety first

    def fit(self, code: str, severity: int) -> int:
        """How closely it fits a type such as E0406: letters in common, 0 where it does not."""
        if severity > self.mildest:
            return 0
        return max((len(one) for one in self.types if code.startswith(one)), default=0)


@dataclass(frozen=True, slots=True)
class Linkage:
    """One alarm, many units: a case of such a type starts its plan at once, and informs others."""

    id: str
    zh: str
    en: str
    types: tuple[str, ...]
    plan: str
    sources: tuple[str, ...] = ()  # who found it; none: whoever
    mildest: int = 4
    inform: tuple[str, ...] = ()  # departments that are told and have no step of their own

    def takes(self, code: str, severity: int, source: str) -> bool:
        """Whether a case begins it."""
        is_meant = not self.sources or source in self.sources
        return is_meant and severity <= self.mildest and code.startswith(self.types)


@dataclass(frozen=True, slots=True)
class PlanBook:
    """All plans and linkage lists of a city."""

    plans: Mapping[str, Plan] = field(default_factory=dict)
    linkages: tuple[Linkage, ...] = ()
    territories: Mapping[str, str] = field(default_factory=dict)  # area → department

    def fitting(self, case: Case) -> Sequence[Plan]:
        """The plans for such a case, the closest first."""
        code = code_of(case)
        rated = [(one.fit(code, case.severity), -one.mildest, one) for one in self.plans.values()]
        good = [row for row in rated if row[0]]
        return [one for *_, one in sorted(good, key=lambda row: row[:2], reverse=True)]

    def linked(self, case: Case) -> Linkage | None:
        """The first linkage list that a new case begins."""
        code = code_of(case)
        found = (one for one in self.linkages if one.takes(code, case.severity, case.source))
        return next(found, None)

    def department_of(self, step: Step, area: str) -> str:
        """Who does a step: its own department, or the one that the place is of."""
        if step.part is not Part.TERRITORIAL or step.department:
            return step.department
        return self.territories.get(area[:6], f"d{area[3:6]}" if len(area) >= 6 else "")


@dataclass(frozen=True, slots=True)
class Shares:
    """Who works on a case by its plans."""

    lead: str = ""
    co: tuple[str, ...] = ()
    co_optional: tuple[str, ...] = ()


def code_of(case: Case) -> str:
    """The type with the letter of its kind."""
    return f"{KIND_LETTERS.get(case.kind, '')}{case.type}"


def in_order(steps: Sequence[Step]) -> Iterator[tuple[int, Step]]:
    """The steps with their numbers, from 1."""
    return enumerate(steps, 1)

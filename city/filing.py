"""Filing standards (立案条件): what a case can be about, when it is filed, how long it may take.

The tables are data (`city/tables/`), changed by a city's profile; `city.filing_rows` reads them.
Each row says its edition and source and whether its limit was read in public material (`Origin`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from city.limits import Limit
from city.tables import Origin

EVERY = "*"  # code of a condition that holds for every type of its kind


class TypeKind(StrEnum):
    """事件, something that happens, or 部件, a thing in the street that is not as it should be."""

    EVENT = "event"
    COMPONENT = "component"


class StageKey(StrEnum):
    """The desks whose time is limited besides handling itself."""

    ACCEPT = "accept"
    FILING = "filing"
    DISPATCH = "dispatch"
    CHECK = "check"
    CHECK_RURAL = "check_rural"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class CaseType:
    """A type of four digits, `0406`, or a class of two, `04`."""

    kind: TypeKind
    code: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    origin: Origin

    @property
    def class_code(self) -> str:
        """The class it belongs to."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Timing:
    """A limit and where it comes from."""

    limit: Limit
    origin: Origin


@dataclass(frozen=True, slots=True)
class Condition:
    """One filing condition; `evidence` names the slots that must be filled before feedback."""

    id: str
    kind: TypeKind
    code: str
    zh: str
    en: str
    limit: Limit
    origin: Origin
    closes_zh: str
    closes_en: str
    lead: str = ""  # department, empty where the city has none for it
    on_site: Limit | None = None  # for being there or guarding the place
    evidence: tuple[str, ...] = ()
    also: tuple[Timing, ...] = ()  # what other rules say


@dataclass(frozen=True, slots=True)
class Stage:
    """A desk and its time in ordinary and in urgent cases."""

    key: StageKey
    zh: str
    en: str
    normal: Timing
    urgent: Timing


@dataclass(frozen=True, slots=True)
class Filing:
    """All filing standards of a city."""

    names: tuple[CaseType, ...]  # classes and types, in the order of their codes
    rows: tuple[Condition, ...]
    stages: Mapping[str, Stage]
    leads: Mapping[str, str]  # component code or beginning of one → department
    evidence: Mapping[str, tuple[str, str]]  # slot → its name in Chinese and English
    _named: Mapping[tuple[str, str], CaseType] = field(init=False)
    _rows: Mapping[str, Condition] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", {(one.kind, one.code): one for one in self.names})
        object.__setattr__(self, "_rows", {one.id: one for one in self.rows})

    def classes(self, kind: str) -> tuple[CaseType, ...]:
        """The classes of a kind."""
        return tuple(one for one in self.names if one.kind == kind and len(one.code) == 2)

    def types(self, kind: str | None = None) -> tuple[CaseType, ...]:
        """The types of a kind, or of both."""
        return tuple(one for one in self.names if kind in (None, one.kind) and len(one.code) == 4)

    def type_of(self, kind: str, code: str) -> CaseType | None:
        """The type or class of that code."""
        return self._named.get((kind, code))

    def conditions_for(self, kind: str, code: str) -> tuple[Condition, ...]:
        """The conditions under which a case of this type is filed, the most particular first."""
        if (kind, code) not in self._named:
            return ()
        found = [one for one in self.rows if one.kind == kind and one.code in (code, EVERY)]
        found.sort(key=lambda one: one.code == EVERY)
        return tuple(replace(one, lead=one.lead or self.lead_of(kind, code)) for one in found)

    def condition(self, condition_id: str) -> Condition | None:
        """The condition of that id."""
        return self._rows.get(condition_id)

    def lead_of(self, kind: str, code: str) -> str:
        """Who usually sees to it: an event by its first condition, a component by its code."""
        if kind == TypeKind.EVENT:
            return next((one.lead for one in self.rows if (one.kind, one.code) == (kind, code)), "")
        beginnings = (code[:length] for length in range(len(code), 0, -1))
        return next((self.leads[one] for one in beginnings if one in self.leads), "")

    def stage_limit(self, stage: str, is_urgent: bool = False) -> Limit:
        """How long a desk may take; a stage that is none is a KeyError."""
        one = self.stages[stage]
        return (one.urgent if is_urgent else one.normal).limit

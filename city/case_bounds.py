"""The numbers of the rules for cases, and what a city says of itself that commands depend on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from city import dispatch_rows, lines, plan_rows, road_rules, warning_rules
from city.calendars import STANDARD, WorkCalendar
from city.dispatch_rules import DispatchRules
from city.filing import Condition, Filing
from city.filing_rows import shipped
from city.limits import Limit, LimitUnit
from city.lines import Lines
from city.mode_rules import ModeRules
from city.plans import PlanBook
from city.road_rules import RoadRules
from city.tables import BadTable
from city.warning_rules import WarningRules

HOUR_MS, DAY_MS = 3_600_000, 86_400_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often, how long, how near: practice and proposals (C3), none from a standard's text."""

    return_within_h: float = 24  # 回退, after the dispatch
    reopen_within_d: float = 30  # 重办, after the closing
    suspend_at_most_d: float = 365  # 挂账; the rule of the trade allows no more
    extensions: int = 2
    suspensions: int = 1
    reopenings: int = 1
    rework_share: float = 0.5  # of the limit, for work that is done again
    check_within_m: float = 50  # of the case, where the checker says where he stood
    multiples: int = 9  # up to how many times the limit an overdue is told
    evidence_needed: bool = False  # whether feedback has to fill the slots of its condition


def bounds_of(facts: Mapping[str, Any]) -> Bounds:
    """What a profile's `[cases]` states; BadTable names what cannot be."""
    known = {one.name: one.default for one in fields(Bounds)}
    for name, value in facts.items():
        if name not in known:
            raise BadTable(f"`cases.{name}` is unknown; say {', '.join(known)}")
        is_flag = isinstance(known[name], bool)
        if isinstance(value, bool) != is_flag or not isinstance(value, (int, float)):
            raise BadTable(f"`cases.{name}` must be {'true or false' if is_flag else 'a number'}")
        if not is_flag and value < 0:
            raise BadTable(f"`cases.{name}` must not be below zero")
    return Bounds(**facts)


# The desk whose time a stage of a case has, as `city/tables/stages.toml` calls it.
DESKS: Mapping[str, str] = {
    "accept": "accept",
    "verify": "check",
    "file": "filing",
    "dispatch": "dispatch",
    "check": "check",
    "close": "close",
}
# Working time and what it is in an emergency: as many hours, or days, of the clock.
NATURAL = {LimitUnit.WH: LimitUnit.UH, LimitUnit.WD: LimitUnit.ND}
URGENT = 2  # severities up to this: Ⅰ and Ⅱ
UNSTATED_LIMIT = "1 WD"  # of handling, where no condition states one


@dataclass(frozen=True, slots=True)
class CityFacts:
    """What commands ask of the city; by default only what is shipped."""

    letters: str = "HK"  # what case numbers begin with
    departments: frozenset[str] = frozenset()  # none: every department is known
    calendar: WorkCalendar = STANDARD
    filing: Filing = field(default_factory=shipped)
    bounds: Bounds = field(default_factory=Bounds)
    dispatch: DispatchRules = field(default_factory=dispatch_rows.shipped)
    mode: ModeRules = field(default_factory=ModeRules)
    plans: PlanBook = field(default_factory=plan_rows.shipped)
    lines: Lines = field(default_factory=lines.shipped)
    roads: RoadRules = field(default_factory=road_rules.shipped)
    warnings: WarningRules = field(default_factory=warning_rules.shipped)
    is_emergency: bool = False  # and no exercise; said by the store, command by command

    def day_of(self, at: datetime) -> str:
        """The city's own date, as case numbers write it."""
        return f"{at.astimezone(self.calendar.zone):%Y%m%d}"

    def stage_limit(self, stage: str, severity: int) -> Limit:
        """How long a stage of the centre may take."""
        return self.filing.stage_limit(DESKS[stage], severity <= URGENT)

    def in_its_time(self, limit: Limit, is_urgent: bool) -> Limit:
        """A limit as it begins now; in an emergency what is urgent runs in natural time."""
        unit = NATURAL.get(limit.unit) if self.is_emergency and is_urgent else None
        return Limit(limit.value, unit) if unit else limit

    def conditions(self, kind: str, code: str) -> tuple[Condition, ...]:
        """The conditions under which a case of this type is filed, the usual one first."""
        return self.filing.conditions_for(kind, code)


SHIPPED = CityFacts()

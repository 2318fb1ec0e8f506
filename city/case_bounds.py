"""The numbers of the rules for cases, and what a city says of itself that they depend on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from city.calendars import STANDARD, WorkCalendar
from city.limits import Limit


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often, how long, how near: proposals and practice (C3), none from a standard's text."""

    return_within: timedelta = timedelta(hours=24)  # 回退, after the dispatch
    reopen_within: timedelta = timedelta(days=30)  # 重办, after the closing
    suspend_at_most: timedelta = timedelta(days=365)
    extensions: int = 2
    suspensions: int = 1
    reopenings: int = 1
    rework_share: float = 0.5  # of the limit, for work that is done again
    check_within_m: float = 50.0
    multiples: int = 9  # up to how many times the limit an overdue is told


# Stage → limit in ordinary cases, in urgent ones (levels Ⅰ and Ⅱ). Filing and dispatch together
# 30 min and 10 min, field check 1 h in town: seen in a city's rule (C2); the others are proposals.
STAGE_LIMITS: Mapping[str, tuple[str, str]] = {
    "accept": ("10 min", "10 min"),
    "verify": ("1 UH", "1 UH"),
    "file": ("15 min", "5 min"),
    "dispatch": ("15 min", "5 min"),
    "check": ("1 UH", "1 UH"),
    "close": ("1 WH", "1 WH"),
}
URGENT = 2  # severities up to this
UNSTATED_LIMIT = "1 WD"  # of handling, where no condition states one


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing condition as a case takes it: its key, its limit, what feedback must show."""

    key: str
    limit: str
    needs_photo: bool = False


def no_conditions(_kind: str, _type: str) -> tuple[Filing, ...]:
    """A city without a table of conditions."""
    return ()


@dataclass(frozen=True, slots=True)
class CityFacts:
    """What the moves of a case ask of the city; the defaults know nothing of any."""

    letters: str = "HK"  # what case numbers begin with
    departments: frozenset[str] = frozenset()  # none: every department is known
    calendar: WorkCalendar = STANDARD
    bounds: Bounds = field(default_factory=Bounds)
    conditions: Callable[[str, str], tuple[Filing, ...]] = no_conditions  # of kind and type

    def day_of(self, at: datetime) -> str:
        """The city's own date, as case numbers write it."""
        return f"{at.astimezone(self.calendar.zone):%Y%m%d}"

    def stage_limit(self, stage: str, severity: int) -> Limit:
        """How long a stage of the centre may take."""
        ordinary, urgent = STAGE_LIMITS[stage]
        return Limit.parse(urgent if severity <= URGENT else ordinary)

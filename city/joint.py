"""One unit for each of several cases, so that all together wait least; a suggestion, never more.

The greedy way takes the cases by severity and age, each its own best unit; it can take away the
only unit that could have gone elsewhere. What a pair costs is the way in seconds, and what a worse
skill is worth in seconds. A case without anybody counts more, the severer it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from city.candidates import Need
from city.dispatch_rules import DispatchRules
from city.ranking import match
from city.units import Unit
from geo.points import Point

Floats = npt.NDArray[np.float64]

SKILL_S = 900.0  # what the whole skill is worth: a unit without it costs so many seconds more
SEVERITIES = 4
STEP = 64.0  # how much more a case of the next severity counts that nobody serves
EARTH_M = 111_195.0  # per degree


@dataclass(frozen=True, slots=True)
class Pair:
    """A unit that is suggested for a case."""

    case_id: str
    unit: Unit
    eta_s: float
    match: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Who goes where; `seconds` is the sum of ways and of what worse skills are worth."""

    pairs: tuple[Pair, ...]
    unserved: tuple[str, ...]
    seconds: float

    @property
    def eta_s(self) -> float:
        """The sum of the ways alone."""
        return sum(pair.eta_s for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class Joint:
    """The best plan for all together, beside the greedy one."""

    best: Plan
    greedy: Plan
    took_ms: float = 0.0

    @property
    def gain_s(self) -> float | None:
        """Seconds saved; None where the best serves other cases, which no seconds can say."""
        if self.best.unserved != self.greedy.unserved:
            return None
        return self.greedy.seconds - self.best.seconds

    @property
    def served_more(self) -> int:
        """How many more cases somebody goes to."""
        return len(self.best.pairs) - len(self.greedy.pairs)


@dataclass(frozen=True, slots=True)
class Table:
    """Cases in rows, units in columns."""

    needs: Sequence[Need]
    units: Sequence[Unit]
    eta_s: Floats
    match: Floats
    cost_s: Floats  # inf where the unit must not go

    def plan(self, rows: Sequence[int], columns: Sequence[int]) -> Plan:
        """The plan of such pairs; those that must not be are dropped."""
        good = [(r, c) for r, c in zip(rows, columns, strict=True) if self.cost_s[r, c] < np.inf]
        pairs = tuple(
            Pair(self.needs[r].case_id, self.units[c], float(self.eta_s[r, c]),
                 float(self.match[r, c]))
            for r, c in good
        )  # fmt: skip
        served = {r for r, _ in good}
        unserved = tuple(one.case_id for r, one in enumerate(self.needs) if r not in served)
        return Plan(pairs, unserved, float(sum(self.cost_s[r, c] for r, c in good)))


def joint(
    needs: Sequence[Need], units: Sequence[Unit], eta_s: Floats, rules: DispatchRules
) -> Joint:
    """Cases in the order in which they wait, units that can be sent; seconds as units × cases."""
    table = table_of(needs, units, eta_s.T, rules)
    return Joint(best_of(table), greedy_of(table))


def table_of(
    needs: Sequence[Need], units: Sequence[Unit], eta_s: Floats, rules: DispatchRules
) -> Table:
    """What every pair costs; inf where the rules keep a unit out."""
    fits = np.array([[match(need.skills, unit) for unit in units] for need in needs], float)
    fits = fits.reshape(len(needs), len(units))
    numbers = rules.numbers
    is_near = straight_m(needs, units) <= numbers.within_km * 1000
    allowed = (fits > 0) & is_near & (eta_s <= numbers.within_min * 60)
    asked = [[may_ask(need, unit) for unit in units] for need in needs]
    allowed &= np.array(asked, bool).reshape(allowed.shape)
    return Table(needs, units, eta_s, fits, np.where(allowed, eta_s + (1 - fits) * SKILL_S, np.inf))


def may_ask(need: Need, unit: Unit) -> bool:
    """Whether a need may ask this unit at all."""
    return need.department in ("", unit.department) and unit.id not in need.declined


def best_of(table: Table) -> Plan:
    """The plan that serves the severest cases first, and then in the least time."""
    if not table.cost_s.size:
        return table.plan((), ())
    finite = np.isfinite(table.cost_s)
    most = float(table.cost_s[finite].max(initial=0.0)) + 1
    missed = most * len(table.needs) * STEP ** np.array(
        [SEVERITIES - min(max(one.severity, 1), SEVERITIES) for one in table.needs]
    )  # fmt: skip
    nobody = np.repeat(missed[:, None], len(table.needs), axis=1)
    rows, columns = linear_sum_assignment(np.hstack([table.cost_s, nobody]))
    somebody = columns < len(table.units)
    rows, columns = rows[somebody], columns[somebody]
    return table.plan(rows.tolist(), columns.tolist())


def greedy_of(table: Table) -> Plan:
    """The severest first, each the best that is left."""
    rows: list[int] = []
    columns: list[int] = []
    left = table.cost_s.copy()
    for row in sorted(range(len(table.needs)), key=lambda r: table.needs[r].severity):
        if not left.shape[1] or not np.isfinite(left[row]).any():
            continue
        column = int(np.argmin(left[row]))
        rows.append(row)
        columns.append(column)
        left[:, column] = np.inf
    return table.plan(rows, columns)


def straight_m(needs: Sequence[Need], units: Sequence[Unit]) -> Floats:
    """Metres as the crow flies on a flat earth, cases × units."""
    here = _degrees([need.point for need in needs])
    there = _degrees([unit.point for unit in units])
    east = (here[:, None, 0] - there[None, :, 0]) * np.cos(np.radians(here[:, None, 1]))
    north = here[:, None, 1] - there[None, :, 1]
    metres: Floats = np.hypot(east, north) * EARTH_M
    return metres


def _degrees(points: Sequence[Point | None]) -> Floats:
    return np.array([one or (np.nan, np.nan) for one in points], float).reshape(len(points), 2)

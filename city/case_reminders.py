"""The moves that time asks for, by the name of the row that comes due."""

from collections.abc import Callable, Mapping

from city.case_bounds import CityFacts
from city.case_table import CaseState, Move
from city.case_times import times_over
from city.cases import Case, Order

Remind = Callable[[Case, int, CityFacts], Order | None]


def warn(case: Case, at_ms: int, _city: CityFacts) -> Order | None:
    """Three quarters of the limit are spent, and nobody has been told."""
    timer = case.timer
    if timer is None or not timer.clock.is_running or timer.is_warned or timer.multiple:
        return None
    is_time = at_ms >= timer.clock.warn_ms
    return Order(Move.WARN, {"stage": timer.clock.stage}) if is_time else None


def overdue(case: Case, at_ms: int, city: CityFacts) -> Order | None:
    """The limit is over, once or one more time."""
    timer = case.timer
    if timer is None or not timer.clock.is_running:
        return None
    count = times_over(timer, at_ms, city)
    facts = {"stage": timer.clock.stage, "multiple": count}
    return Order(Move.OVERDUE, facts) if count > timer.multiple else None


def resume(case: Case, at_ms: int, _city: CityFacts) -> Order | None:
    """The day has come to which the case was suspended."""
    until_ms = case.suspended_until_ms
    is_time = case.state is CaseState.SUSPENDED and until_ms is not None and at_ms >= until_ms
    return Order(Move.RESUME, {"reason": "挂账到期"}) if is_time else None


REMINDERS: Mapping[str, Remind] = {"warn": warn, "overdue": overdue, "resume": resume}

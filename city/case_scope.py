"""Which cases a seat sees: those of its areas, and for units those of its own department.

Whoever works in a command group sees the cases of the group besides.
"""

from city.case_table import CaseState
from city.cases import Case, Source
from city.roles import SYSTEM, Role, Seat


def sees(seat: Seat, case: Case) -> bool:
    """Whether it may know of the case at all; a draft is its author's alone."""
    if seat == SYSTEM or case.author == seat.account:
        return True
    if case.state is CaseState.DRAFT:
        return False
    if seat.works_on(case.id):
        return True
    if not seat.covers(case.area):
        return False
    return not seat.own_department_only or is_its_own(seat, case)


def is_its_own(seat: Seat, case: Case) -> bool:
    """Whether its department works on it, or it took the call."""
    takes_calls = Role.AGENT in seat.roles and case.source == Source.HOTLINE
    works = bool(seat.department) and seat.department in (case.lead, *case.co)
    return takes_calls or works or seat.account in case.handlers

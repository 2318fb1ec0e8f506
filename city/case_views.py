"""How a list of cases is asked for: its views, its filters, its order."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from city.case_requests import GRANTS
from city.case_table import OPEN, RULES, CaseState, Move
from city.roles import Seat

S = CaseState
# Every open state is in exactly one of them, so that their counts add up to all that is open.
STEPS: Mapping[str, tuple[str, str, frozenset[CaseState]]] = {
    "to_accept": ("待受理", "To accept", frozenset({S.DRAFT, S.REPORTED, S.VERIFYING})),
    "to_file": ("待立案", "To file", frozenset({S.PENDING_REGISTER})),
    "to_dispatch": ("待派遣", "To dispatch", frozenset({S.PENDING_DISPATCH})),
    "to_sign": ("待签收", "To sign for", frozenset({S.PENDING_HANDLE})),
    "in_hand": ("处置中", "In hand", frozenset({S.HANDLING})),
    "suspended": ("挂账中", "Suspended", frozenset({S.SUSPENDED})),
    "to_check": ("待核查", "To check", frozenset({S.PENDING_CHECK, S.CHECKING})),
    "to_close": ("待结案", "To close", frozenset({S.PENDING_CLOSE})),
}
ALL, ALL_OPEN, MINE, OVERDUE, ENDED_VIEW = "all", "open", "mine", "overdue", "ended"
VIEWS: Mapping[str, tuple[str, str]] = {
    ALL_OPEN: ("全部在办", "All open"),
    MINE: ("待我办", "Mine to do"),
    OVERDUE: ("已超期", "Overdue"),
    **{name: (zh, en) for name, (zh, en, _) in STEPS.items()},
    ENDED_VIEW: ("已办结", "Ended"),
    ALL: ("全部", "All"),
}
# Whoever may make one of these has the case before him; the others are there for the exception.
DUTIES = (
    Move.REPORT, Move.VERIFY_TRUE, Move.ACCEPT, Move.REGISTER, Move.DISPATCH, Move.RESUME,
    Move.SIGN, Move.FEEDBACK, Move.SEND_CHECK, Move.CHECK_PASS, Move.CLOSE,
)  # fmt: skip


class SortKey(StrEnum):
    """The order of a list."""

    URGENCY = "urgency"  # level, then overdue, then what is left
    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases, in which order, how many. Empty filters let everything pass."""

    seat: Seat
    at_ms: int
    view: str = ALL_OPEN
    states: frozenset[CaseState] = frozenset()
    severities: frozenset[int] = frozenset()
    areas: tuple[str, ...] = ()  # adcodes or what begins with them
    departments: frozenset[str] = frozenset()  # lead or co-unit
    sources: frozenset[str] = frozenset()
    types: tuple[str, ...] = ()  # four digits, or two for a whole class
    text: str = ""  # in number, title, description
    overdue: bool | None = None
    opened_from_ms: int | None = None
    opened_until_ms: int | None = None
    sort: SortKey = SortKey.URGENCY
    before: str = ""  # only cases that were opened before this one
    offset: int = 0
    limit: int = 50


def states_of(view: str) -> frozenset[CaseState]:
    """The states that a view shows; those of `mine` and `overdue` depend on more."""
    if view in STEPS:
        return STEPS[view][2]
    if view == ALL:
        return frozenset(S)
    return frozenset(S) - OPEN if view == ENDED_VIEW else OPEN


def duty_states(seat: Seat) -> frozenset[CaseState]:
    """The states in which a case waits for one of the seat's posts."""
    mine = (RULES[move] for move in DUTIES if seat.is_one_of(RULES[move].roles))
    return frozenset(state for rule in mine for state in rule.sources)


def decided_by(seat: Seat) -> frozenset[str]:
    """The kinds of request that wait for one of the seat's posts."""
    return frozenset(kind for kind, move in GRANTS.items() if seat.is_one_of(RULES[move].roles))

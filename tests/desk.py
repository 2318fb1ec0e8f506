"""Seats of a test's own city, and a case led along the main path."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from city.case_table import CaseState, Move
from city.cases import Order
from city.roles import SYSTEM, Actor, Role, Seat

MONDAY = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)  # 09:00 in Haikou
PONDING: Mapping[str, Any] = {
    "source": "hotline",
    "external_id": "HL-1",
    "type": "0406",
    "title": "道路积水",
    "description": "龙昆南路积水",
    "pos": [110.3357, 20.0021],
    "severity": 3,
    "reporter": {"name": "王先生", "phone": "13800000000"},
    "area": "460106",
}


def seat(role: Role, name: str = "", department: str = "", *areas: str) -> Seat:
    """A seat with one post."""
    account = name or str(role)
    return Seat(account, account.title(), frozenset({role}), areas, department)


def actor(role: Role, name: str = "", department: str = "", minutes: float = 0) -> Actor:
    """One who acts, so long after Monday morning."""
    return at_work(seat(role, name, department), minutes)


def at_work(who: Seat, minutes: float = 0) -> Actor:
    return Actor(who, "10.0.0.7", MONDAY + timedelta(minutes=minutes))


def system(minutes: float = 0) -> Actor:
    return at_work(SYSTEM, minutes)


LEAD = "sw"
MAIN_PATH: tuple[tuple[Move, Role, str, Mapping[str, Any], CaseState], ...] = (
    (Move.ACCEPT, Role.ACCEPTOR, "", {}, CaseState.PENDING_REGISTER),
    (Move.REGISTER, Role.CHIEF, "", {}, CaseState.PENDING_DISPATCH),
    (Move.DISPATCH, Role.DISPATCHER, "", {"lead": LEAD}, CaseState.PENDING_HANDLE),
    (Move.SIGN, Role.UNIT, LEAD, {}, CaseState.HANDLING),
    (Move.FEEDBACK, Role.UNIT, LEAD, {}, CaseState.PENDING_CHECK),
    (Move.SEND_CHECK, Role.ACCEPTOR, "", {}, CaseState.CHECKING),
    (Move.CHECK_PASS, Role.COLLECTOR, "", {}, CaseState.PENDING_CLOSE),
    (Move.CLOSE, Role.CHIEF, "", {}, CaseState.CLOSED),
)


def opening_order(**changes: Any) -> Order:
    """A report of ponding as it opens a case."""
    return Order(Move.CREATE, {**PONDING, **changes})

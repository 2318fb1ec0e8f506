"""Units in the hands of the staff: whom the dispatcher sends, and what departments leave to them.

Shares and times are made up; see docs/simulator.md.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from city.case_table import CaseState, Move
from city.order_table import OrderState

Json = Mapping[str, Any]
Orders = Sequence[Json]  # of one case, the oldest first

SENDS = 0.85  # share of cases for which a unit is sent; the rest is the department's own work
MOST_UNITS = 3  # then the department is left to find somebody
NEXT_S = (15.0, 60.0)  # after a refusal or silence
SHOWN_S = 25.0  # after its arrival a crew has taken its photo
STALE_S = 5_400.0  # nobody hears of such an order any more
NOTE = "请携带警示标志,到场后拍照反馈"

ENGAGED = frozenset({OrderState.SENT, OrderState.ACCEPTED, OrderState.EN_ROUTE,
                     OrderState.ON_SCENE})  # fmt: skip
DECLINED = frozenset({OrderState.REFUSED, OrderState.UNANSWERED, OrderState.EXPIRED})
UNDER_WAY = frozenset({CaseState.PENDING_HANDLE, CaseState.HANDLING})
# What the words of a crew of the leading department do: accepting signs, done feeds back.
DONE_BY_UNITS = frozenset({Move.SIGN, Move.FEEDBACK, Move.ASK_RETURN, Move.ASK_EXTENSION,
                           Move.ASK_SUSPEND})  # fmt: skip


def by_case(orders: Sequence[Json]) -> dict[str, list[Json]]:
    """The orders of each case."""
    found: dict[str, list[Json]] = {}
    for one in sorted(orders, key=lambda one: str(one["sent_at"])):
        found.setdefault(str(one["case_id"]), []).append(one)
    return found


def sends(case: Json) -> bool:
    """Whether a unit is sent when the case is dispatched."""
    return bool(case["pos"]) and Random(f"{case['id']}/sends").random() < SENDS


def leaves(case: Json, orders: Orders, at: datetime) -> frozenset[Move]:
    """What the leading department leaves to crews that are on it."""
    engaged = [one for one in orders if one["state"] in ENGAGED and age_s(one, at) < STALE_S]
    if any(one["department"] == case["lead"] for one in engaged):
        return DONE_BY_UNITS
    return frozenset({Move.FEEDBACK}) if engaged else frozenset()


def next_due_s(case: Json, orders: Orders, pace: float) -> float | None:
    """When the next unit is sent, because the last one did not take it; None where none is."""
    if case["state"] not in UNDER_WAY or not orders or len(orders) >= MOST_UNITS:
        return None
    last = orders[-1]
    if last["state"] not in DECLINED:
        return None
    since = seconds(last["times"][last["state"]]["at"])
    return since + Random(f"{last['order_id']}/next").uniform(*NEXT_S) / pace


def shows(case: Json, one: Json, at: datetime, pace: float) -> bool:
    """Whether the crew of an order takes its photo now."""
    if one["state"] != OrderState.ON_SCENE or one["department"] != case["lead"]:
        return False
    arrived_s = seconds(one["times"][OrderState.ON_SCENE]["at"])
    return case["state"] == CaseState.HANDLING and at.timestamp() > arrived_s + SHOWN_S / pace


def chosen(candidates: Sequence[Json], lead: str) -> str:
    """The best of the leading department, else the best of all; empty where there is nobody."""
    units = [str(one["unit"]) for one in candidates]
    return next((one for one in units if one.startswith(f"{lead}/")), units[0] if units else "")


def age_s(order: Json, at: datetime) -> float:
    """How long ago it was sent."""
    return at.timestamp() - seconds(order["sent_at"])


def seconds(said: str) -> float:
    """An instant as seconds since 1970."""
    return datetime.fromisoformat(said).timestamp()

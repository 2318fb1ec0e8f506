"""What the pretend acceptor does with alarms: sees them, and files those that need work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

Json = Mapping[str, Any]

SOONEST_S, LATEST_S = 45.0, 400.0
FILES_FROM = 2  # severity: Ⅰ and Ⅱ become a case
FALSE = 0.04
FALSE_REASON = "现场核实,传感器误报"


@dataclass(frozen=True, slots=True)
class Handling:
    """A word of the API for an alarm, and when."""

    path: str
    body: Json
    due_s: float


def handling(alarm: Json, pace: float) -> Handling:
    """What is done with an alarm that nobody has acknowledged."""
    chance = Random(str(alarm["id"]))
    raised_s = datetime.fromisoformat(alarm["raised_at"]).timestamp()
    due_s = raised_s + chance.uniform(SOONEST_S, LATEST_S) / pace
    path = f"/api/v1/alarms/{alarm['id']}"
    if chance.random() < FALSE:
        return Handling(f"{path}/clear", {"reason": FALSE_REASON}, due_s)
    files = alarm["severity"] <= FILES_FROM and alarm["pos"] and not alarm["case"]
    return Handling(f"{path}/case" if files else f"{path}/ack", {}, due_s)

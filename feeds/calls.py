"""Recorded calls of a fire service as messages of our own contract: cases, and unit statuses.

    cb/v1/460100/sffd/case/200312345/event     {"id":"200312345","ts":…,"type":"2118","title":…}
    cb/v1/460100/sffd/fire/E01/data            {"ts":…,"seq":3,"status":"assigned","values":{…}}

The eight instants of a unit map on the base types of `city.units`; which types and severities the
calls become is a proposal of this project.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from feeds.feed import BadMessage
from feeds.replay import Recorded
from feeds.standards.sffd import Call, Response, Step, read_rows

DEPARTMENT = "sffd"
STATUSES: Mapping[Step, str] = {
    Step.DISPATCH: "assigned",
    Step.RESPONSE: "en_route",
    Step.ON_SCENE: "on_scene",
    Step.TRANSPORT: "busy",
    Step.HOSPITAL: "busy",
    Step.AVAILABLE: "available",
}
AT_THE_CALL = {Step.ON_SCENE, Step.TRANSPORT}  # where the unit is then
AMBULANCES = {"MEDIC", "PRIVATE"}
# By a word of the call's type; the first that fits. What fits none is a rescue.
TYPES: tuple[tuple[str, str], ...] = (
    ("medical", "2119"),
    ("traffic collision", "2120"),
    ("gas leak", "0403"),
    ("electrical", "0408"),
    ("fire", "2118"),
    ("alarm", "2118"),
    ("smoke", "2118"),
)
RESCUE = "2121"
EMERGENCY = {"3", "E"}  # priorities; the letters are those of medical dispatch


def recorded_calls(
    lines: Iterable[str], adcode: str, refuse: Callable[[int], None]
) -> list[Recorded]:
    """The messages in the order of their times; `refuse` hears the number of a row that is none."""
    messages: list[Recorded] = []
    entered: dict[str, Recorded] = {}
    for number, row in enumerate(read_rows(lines), 2):  # under the head
        if isinstance(row, BadMessage):
            refuse(number)
            continue
        messages += statuses(row, adcode)
        message = opening(row, adcode)
        known = entered.setdefault(row.call.number, message)
        if message.at < known.at:
            entered[row.call.number] = message
    return sorted([*entered.values(), *messages], key=lambda message: message.at)


def opening(row: Response, adcode: str) -> Recorded:
    """The call as a case from outside, told when its entry was complete."""
    call, received_at = row.call, row.times[Step.RECEIVED]
    said = {
        "id": call.number,
        "ts": received_at.isoformat(),
        "type": type_of(call),
        "title": call.type or "Call",
        "description": call.address,
        "severity": severity_of(call),
        "pos": call.position,
    }
    topic = f"cb/v1/{adcode}/{DEPARTMENT}/case/{call.number}/event"
    return Recorded(row.times.get(Step.ENTRY, received_at), topic, _packed(said))


def statuses(row: Response, adcode: str) -> Iterator[Recorded]:
    """What the unit says of itself at each step it took."""
    kind = "ambulance" if row.unit_type.upper() in AMBULANCES else "fire"
    topic = f"cb/v1/{adcode}/{DEPARTMENT}/{kind}/{row.unit}/data"
    for step, status in STATUSES.items():
        if step in row.times:
            yield Recorded(row.times[step], topic, _status(row, step, status, row.times[step]))


def _status(row: Response, step: Step, status: str, at: datetime) -> bytes:
    said = {
        "ts": at.isoformat(),
        "seq": int(step),
        "status": status,
        "pos": row.call.position if step in AT_THE_CALL else None,
        "values": {"call": row.call.number, "step": step.name.lower()},
    }
    return _packed(said)


def type_of(call: Call) -> str:
    """Class and sub-class of the case that a call becomes."""
    words = call.type.lower()
    return next((code for word, code in TYPES if word in words), RESCUE)


def severity_of(call: Call) -> int:
    """1 (Ⅰ red) … 4 (Ⅳ blue): more alarms, then the priority."""
    if call.alarms > 2:
        return 1
    if call.alarms > 1 or call.type == "Structure Fire":
        return 2
    return 3 if call.priority in EMERGENCY else 4


def _packed(said: Mapping[str, object]) -> bytes:
    return msgspec.json.encode({name: value for name, value in said.items() if value is not None})

"""An alarm becomes a case: the order that opens it, from what the alarm knows."""

from collections.abc import Mapping
from typing import Any

from city.alarm_desk import suggested
from city.alarms import Alarm
from city.case_table import Move
from city.cases import Order, Source


def opening(alarm: Alarm, said: Mapping[str, Any]) -> Order:
    """The order; `said` may give kind, type, title, description and severity of its own.

    The alarm's number is the external id, so that it becomes one case however often it is filed.
    """
    usual = suggested(alarm)
    fields = {
        "source": str(Source.SENSOR),
        "external_id": alarm.id,
        "kind": usual.kind,
        "type": usual.code,
        "title": " ".join(filter(None, (alarm.name_zh, alarm.zh))),
        "description": f"{alarm.zh} · {alarm.thing} · {alarm.rule} {alarm.version}",
        "severity": alarm.severity,
        "area": alarm.area,
        "thing": alarm.thing,
        "pos": list(alarm.pos) if alarm.pos else None,
        **{name: value for name, value in said.items() if value},
    }
    return Order(Move.CREATE, {name: value for name, value in fields.items() if value})

"""A new case begins with what the address says: a point of the map, a thing, a type."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from callbacks.desk import Desk
from city.alarm_filing import opening
from city.alarm_orders import sees
from city.alarms import Alarm
from city.cases import Source
from city.naming import title
from city.refusal import NotFound
from city.roles import Seat
from layouts.case_naming import Naming
from layouts.panels.case_new import Beginning, form

# What a kind of sensor usually tells of; a suggestion that the operator may change.
TYPE_OF_KIND = {
    "waterlogging": "event/0406",
    "waterlevel": "event/0406",
    "rain": "event/0406",
    "cover": "component/0101",
    "lamp": "component/0119",
}


def new_form(desk: Desk, opened: str, seat: Seat, naming: Naming) -> Any:
    """The form with what is known already."""
    said = dict(parse_qsl(opened.partition("?")[2]))
    alarm = seen_alarm(desk, said.get("alarm", ""), seat)
    begin = of_alarm(alarm, naming) if alarm else beginning_of(desk, said, naming)
    return form(begin, naming)


def seen_alarm(desk: Desk, alarm_id: str, seat: Seat) -> Alarm | None:
    """The alarm of the address, if there is one for this seat."""
    try:
        alarm = desk.store.alarms.get(alarm_id) if alarm_id else None
    except NotFound:
        return None
    return alarm if alarm and sees(seat, alarm) else None


def of_alarm(alarm: Alarm, naming: Naming) -> Beginning:
    """Everything that an alarm knows; the operator may change it."""
    fields = opening(alarm, {}).fields
    pos = fields.get("pos")
    return Beginning(
        pos=f"{pos[0]:.6f}, {pos[1]:.6f}" if pos else "",
        title=str(fields.get("title", "")),
        type=f"{fields.get('kind', '')}/{fields.get('type', '')}",
        severity=alarm.severity,
        source=Source.SENSOR,
        thing=alarm.thing,
        alarm_id=alarm.id,
        alarm=naming.words.pick(alarm.name_zh, alarm.name_en),
    )


def beginning_of(desk: Desk, said: dict[str, str], naming: Naming) -> Beginning:
    """From `pos`, `thing`, `title`, `type` of the address."""
    begin = Beginning(
        pos=said.get("pos", ""), title=said.get("title", ""), type=said.get("type", "")
    )
    thing = said.get("thing", "")
    return of_thing(desk, thing, begin, naming) if thing else begin


def of_thing(desk: Desk, thing: str, begin: Beginning, naming: Naming) -> Beginning:
    """A sensor brings its place, its level, its name."""
    with desk.store.live.lock:
        index = desk.table.index.get(thing)
        if index is None:
            return begin
        record = desk.table.records[index]
        name = title(thing, desk.table.metas[index], naming.words.lang)
        level = int(desk.table.level[index])
    place = f"{record['lon'] / 1e7:.6f}, {record['lat'] / 1e7:.6f}"
    kind = thing.split("/")[1] if thing.count("/") > 1 else ""
    return replace(
        begin,
        pos=begin.pos or place,
        title=begin.title or name,
        type=begin.type or TYPE_OF_KIND.get(kind, ""),
        severity=level or begin.severity,
        source=Source.SENSOR,
        thing=thing,
        alarm=name,
    )

"""A closure: roads that are closed or slowed, by whom, why, until when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from city.alarms import Alarm, AlarmState, title_of
from city.naming import EN, ZH
from city.refusal import Conflict, Forbidden, Malformed, say
from city.road_rules import RoadNumbers, RoadRules
from city.roles import Actor, Right
from geo.costs import Closure
from geo.drawn import BadShape, polygon_of, read

WHAT = ("封控", "closure")
HOUR_MS, DAY_MS = 3_600_000, 86_400_000

say({
    "closure_over": ("封控 {closure} 已经解除", "The closure {closure} is over already"),
    "closure_by_water": (
        "封控 {closure} 由积水告警产生,水退后自动解除;如需提前解除请说明理由",
        "Closure {closure} follows the water and opens by itself; say why it is lifted before",
    ),
})  # fmt: skip


class ClosureKind(StrEnum):
    """Where it comes from."""

    PONDING = "ponding"  # an alarm says so; it opens when the alarm clears
    WORKS = "works"
    DRAWN = "drawn"  # by hand


KIND_NAMES: Mapping[ClosureKind, tuple[str, str]] = {
    ClosureKind.PONDING: ("积水", "Ponding"),
    ClosureKind.WORKS: ("施工", "Road works"),
    ClosureKind.DRAWN: ("手工封控", "Drawn by hand"),
}


@dataclass(frozen=True, slots=True)
class RoadClosure:
    """One of them; times in ms since 1970 UTC, `speed_factor` 0 closes, else a share is left."""

    id: str
    kind: ClosureKind
    geometry: Mapping[str, Any]  # GeoJSON polygon, WGS-84
    speed_factor: float
    zh: str  # why
    en: str
    by: str  # account
    name: str
    at_ms: int
    until_ms: int | None = None  # None: until somebody or the water says so
    alarm_id: str = ""
    area: str = ""
    ended_ms: int | None = None
    ended_by: str = ""
    ended_why: str = ""

    def is_standing(self, at_ms: int) -> bool:
        """Whether it holds at an instant."""
        return self.ended_ms is None and (self.until_ms is None or at_ms < self.until_ms)

    @property
    def on_roads(self) -> Closure:
        """As the roads know it."""
        return Closure(self.id, read(self.geometry), self.speed_factor)


@dataclass(frozen=True, slots=True)
class NewClosure:
    """What is asked for: a GeoJSON polygon, line or point; a point has a radius."""

    geometry: Mapping[str, Any]
    zh: str = ""
    en: str = ""
    kind: ClosureKind = ClosureKind.DRAWN
    speed_factor: float = 0.0
    radius_m: float = 0.0
    until_ms: int | None = None
    area: str = ""  # where its middle lies, as the door knows


def closed(closure_id: str, asked: NewClosure, rules: RoadRules, actor: Actor) -> RoadClosure:
    """The closure that is asked for; Forbidden, or Malformed where it cannot be."""
    must_manage(actor, asked.area)
    if asked.kind is ClosureKind.PONDING:
        raise Malformed("malformed", what=("种类", "kind"), why=("works, drawn",) * 2)
    if not 0 <= asked.speed_factor < 1:
        raise Malformed("malformed", what=("车速比例", "speed_factor"), why=("0…<1",) * 2)
    reason = asked.zh.strip() or asked.en.strip()
    if not reason:
        raise Malformed("missing", what=("原因", "reason"))
    polygon = area_of(asked, rules.numbers)
    zh, en = (asked.zh.strip() or reason)[:200], (asked.en.strip() or reason)[:200]
    return RoadClosure(closure_id, asked.kind, polygon, asked.speed_factor, zh, en,
                       actor.seat.account, actor.seat.name, actor.at_ms,
                       until_of(asked, rules.numbers, actor.at_ms), area=asked.area)  # fmt: skip


def lifted(closure: RoadClosure, reason: str, actor: Actor) -> RoadClosure:
    """It is over before its time; one that follows the water only with a reason."""
    must_manage(actor, closure.area)
    if not closure.is_standing(actor.at_ms):
        raise Conflict("closure_over", closure=closure.id)
    if closure.kind is ClosureKind.PONDING and not reason.strip():
        raise Conflict("closure_by_water", closure=closure.id)
    return ended(closure, actor.seat.account, reason.strip(), actor.at_ms)


def ended(closure: RoadClosure, by: str, why: str, at_ms: int) -> RoadClosure:
    """It holds no more."""
    return replace(closure, ended_ms=at_ms, ended_by=by, ended_why=why[:200])


def must_manage(actor: Actor, area: str) -> None:
    """Raises Forbidden where a seat may not close roads, or not there."""
    actor.seat.require(Right.MANAGE_ROADS)
    if not actor.seat.covers(area):
        raise Forbidden("out_of_scope", scope=", ".join(actor.seat.areas))


def until_of(asked: NewClosure, numbers: RoadNumbers, at_ms: int) -> int:
    """When it ends by itself."""
    until_ms = asked.until_ms or at_ms + round(numbers.closure_holds_h * HOUR_MS)
    days = numbers.closure_at_most_d
    if not at_ms < until_ms <= at_ms + days * DAY_MS:
        why = f"在 {days:g} 天之内", f"in the future, within {days:g} days"
        raise Malformed("malformed", what=("截止时间", "until"), why=why)
    return until_ms


def area_of(asked: NewClosure, numbers: RoadNumbers) -> Mapping[str, Any]:
    """The polygon of what was drawn; Malformed where it cannot be one."""
    try:
        return polygon_of(asked.geometry, asked.radius_m, numbers.line_width_m)
    except BadShape as bad:
        raise Malformed("malformed", what=("图形", "geometry"), why=(bad.zh, bad.en)) from None


def ponding_id(alarm: Alarm) -> str:
    """The closure that an alarm makes."""
    return f"{ClosureKind.PONDING}-{alarm.id}"


def by_water(alarm: Alarm, rules: RoadRules, at_ms: int) -> RoadClosure | None:
    """What an alarm closes now; None where the water leaves the roads as they are."""
    share = rules.ponding.get(alarm.kind, {}).get(alarm.span.severity)
    if share is None or alarm.pos is None or not holds(alarm, at_ms):
        return None
    numbers = rules.numbers
    where = {"type": "Point", "coordinates": list(alarm.pos)}
    polygon = polygon_of(where, numbers.ponding_radius_m, numbers.line_width_m)
    return RoadClosure(ponding_id(alarm), ClosureKind.PONDING, polygon, share,
                       title_of(alarm, ZH), title_of(alarm, EN), "system", "系统", at_ms,
                       alarm_id=alarm.id, area=alarm.area)  # fmt: skip


def holds(alarm: Alarm, at_ms: int) -> bool:
    """Whether the water stands, whatever people did with the alarm's row."""
    gone = (AlarmState.WITHDRAWN, AlarmState.FALSE)
    return alarm.span.cleared_ms is None and alarm.state(at_ms) not in gone

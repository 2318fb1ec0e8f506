"""The tasks of a unit in the words of the phone page: all that a dead spot may need, at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.instants import written
from city.case_table import CaseState, Move
from city.cases import Case, Entry, Evidence
from city.dispatch_rules import Names
from city.evidence import OTHER
from city.handset import AFTER, ARRIVAL, CHECK_IN_M, MORE_SLOTS, pictures, slots_of
from city.mode import Standing
from city.naming import EN, name_in
from city.order_table import STATE_NAMES, OrderState
from city.orders import Order
from city.plan_runs import PlanTask
from city.plans import PARTS
from city.profile import Place, Profile
from city.roles import ROLE_NAMES, Role, Seat
from city.unit_status import label
from city.units import Unit
from geo.points import Point, distance_m
from geo.ways import Route

Json = dict[str, Any]
CAME_BACK = {Move.CHECK_FAIL, Move.REJECT_FEEDBACK}
FREQUENT = 7


@dataclass(frozen=True, slots=True)
class Tongue:
    """Names in the language of who asks."""

    lang: str
    profile: Profile

    def pick(self, pair: Sequence[str]) -> str:
        """One of two."""
        return (pair[1] or pair[0]) if self.lang == EN else (pair[0] or pair[1])

    def area(self, code: str) -> str:
        """A district."""
        return self._called(self.profile.areas, code[:6])

    def department(self, code: str) -> str:
        """A department."""
        return self._called(self.profile.departments, code)

    def type_of(self, case: Case) -> str:
        """What a case is about."""
        found = self.profile.filing.type_of(case.kind, case.type)
        return self.pick((found.zh, found.en)) if found else case.type

    def _called(self, places: Iterable[Place], code: str) -> str:
        return next((self.pick((one.zh, one.en)) for one in places if one.code == code), code)


@dataclass(frozen=True, slots=True)
class Matter:
    """An order with all that belongs to it."""

    order: Order
    case: Case
    log: Sequence[Entry] = ()  # of cases that came back
    task: PlanTask | None = None
    advice: Sequence[tuple[str, str]] = ()
    partners: Sequence[tuple[Order, Names]] = ()  # other orders of the case, the unit's name
    route: Route | None = None
    route_ms: int = 0
    reading: Mapping[str, Any] | None = None


def person(seat: Seat, tongue: Tongue) -> Json:
    """Who asks."""
    posts = [tongue.pick(ROLE_NAMES[role]) for role in Role if role in seat.roles]
    return {
        "account": seat.account,
        "name": seat.name,
        "post": "、".join(posts),
        "department": tongue.department(seat.department) if seat.department else "",
        "arrive_within_m": round(CHECK_IN_M),
    }


def unit(one: Unit, tongue: Tongue) -> Json:
    """A unit to serve on."""
    rules = tongue.profile.dispatch
    return {
        "id": one.id,
        "name": one.name(tongue.lang),
        "status": tongue.pick(label(one.status, one.own_status, rules, one.department)[:2]),
        "pos": [one.point.lon, one.point.lat] if one.point else None,
        "crew": len(one.crew),
    }


def mode(standing: Standing, tongue: Tongue) -> str:
    """What the head of the page says while it is no normal time; empty otherwise."""
    if standing.episode is None:
        return ""
    if standing.episode.is_exercise:
        return tongue.pick(("演练", "Exercise"))
    return tongue.pick((f"应急 {standing.episode.level}级", f"Emergency {standing.episode.level}"))


def matter(one: Matter, tongue: Tongue) -> Json:
    """One order."""
    order, case = one.order, one.case
    return {
        "id": order.id,
        "case": case.id,
        "state": str(order.state),
        "version": order.version,
        "title": case.title or order.title or tongue.type_of(case),
        "type": tongue.type_of(case),
        "description": case.description,
        "severity": case.severity,
        "pos": list(order.pos) if order.pos else None,
        "place": tongue.area(case.area) if case.area else "",
        "note": order.note,
        "part": part(one, tongue),
        "by": order.name,
        "end_reason": "" if order.is_open else order.reason,
        **times(one),
        "slots": slots(one, tongue),
        "minds": [tongue.pick(pair) for pair in one.advice],
        "partners": [partner(other, name, tongue) for other, name in one.partners],
        "route": way(one),
        "reading": reading(one.reading, tongue),
        "returned": returned(one),
    }


def part(one: Matter, tongue: Tongue) -> str:
    """主办 or 协办, and the step of the plan."""
    said = tongue.pick(PARTS[one.order.part])
    step = one.task.name(tongue.lang) if one.task else ""
    return " ".join(word for word in (said, step) if word)


def times(one: Matter) -> Json:
    """All instants of an order, and the limits that run."""
    order, stamps = one.order, one.order.times
    arrived = stamps.get(OrderState.ON_SCENE)
    timer = one.case.timer
    runs = timer is not None and timer.clock.is_running
    return {
        "sent_at": written(order.sent_ms),
        "answer_by": written(order.answer_by_ms),
        "expires_at": written(order.expires_ms),
        "arrived_at": written(arrived.at_ms) if arrived else None,
        "ended_at": written(order.ended_ms),
        "arrive_by": written(one.task.arrive_by_ms) if one.task else None,
        "due_at": due(one, timer.clock.due_ms if timer and runs else 0),
    }


def due(one: Matter, case_due_ms: int) -> str | None:
    """Until when the unit has to be done: by its plan, else by the case."""
    return written(one.task.due_ms if one.task and one.task.due_ms else case_due_ms)


def slots(one: Matter, tongue: Tongue) -> list[Json]:
    """The photos to take, and those that were taken; of the arrival only where there is one."""
    case, back = one.case, came_back(one)
    back_ms = back.at_ms if back else 0
    names = {**tongue.profile.filing.evidence, **MORE_SLOTS}
    wanted = slots_of(case, tongue.profile.filing)
    shown = [(ARRIVAL, False)] if pictures(case, ARRIVAL) else []
    return [
        {
            "slot": slot,
            "name": tongue.pick(names.get(slot, (slot, slot))),
            "is_needed": is_needed,
            "photos": [photo(piece, case) for piece in since(case, slot, back_ms)],
        }
        for slot, is_needed in [*shown, *wanted, (OTHER, False)]
    ]


def since(case: Case, slot: str, back_ms: int) -> list[Evidence]:
    """The photos of a slot; work that came back needs a new one of its end."""
    return [one for one in pictures(case, slot) if slot != AFTER or one.at_ms >= back_ms]


def photo(piece: Evidence, case: Case) -> Json:
    """A photo that was taken."""
    away = distance_m(Point(*piece.pos), Point(*case.pos)) if piece.pos and case.pos else None
    return {
        "at": written(piece.taken_ms or piece.at_ms),
        "distance_m": None if away is None else round(away),
        "thumb": f"/api/v1/cases/{case.id}/evidence/{piece.digest}?size=thumb",
    }


def partner(order: Order, name: Names, tongue: Tongue) -> Json:
    """Another unit on the same case."""
    return {"name": tongue.pick(name), "state": tongue.pick(STATE_NAMES[order.state])}


def way(one: Matter) -> Json | None:
    """The way to the case; None where there is none."""
    route = one.route
    if route is None or not route.points:
        return None
    return {
        "points": [[round(lon, 6), round(lat, 6)] for lon, lat in route.points],
        "distance_m": round(route.distance_m),
        "eta_s": round(route.eta_s),
        "by_road": route.by_road,
        "avoided": len(route.closures_avoided),
        "at": written(one.route_ms),
    }


def reading(found: Mapping[str, Any] | None, tongue: Tongue) -> Json | None:
    """What the sensor says that the case began with, by the quantity that leads."""
    kind = next((one for one in tongue.profile.kinds if found and one.name == found["kind"]), None)
    if found is None or kind is None or not kind.quantities:
        return None
    leads = kind.quantities[0]
    value = found["values"].get(leads.name)
    if value is None:
        return None
    return {
        "name": name_in(found["name"], tongue.lang) or found["object"],
        "quantity": tongue.pick((leads.zh, leads.en)),
        "value": value,
        "unit": leads.unit,
        "at": found["observed_at"],
    }


def came_back(one: Matter) -> Entry | None:
    """The line by which finished work came back, while it is still to be done again."""
    if one.order.state is not OrderState.DONE or one.case.state is not CaseState.HANDLING:
        return None
    return next((line for line in reversed(one.log) if line.move in CAME_BACK), None)


def returned(one: Matter) -> Json | None:
    """Why it came back."""
    last = came_back(one)
    if last is None:
        return None
    return {"reason": last.reason, "at": written(last.at_ms), "name": last.name}


def message(order: Order, tongue: Tongue) -> Json:
    """What happened to an order without one's doing."""
    state = tongue.pick(STATE_NAMES[order.state])
    return {"title": f"{state}：{order.title}" if tongue.lang != EN else f"{state}: {order.title}",
            "text": order.reason, "at": written(order.ended_ms)}  # fmt: skip


def types(tongue: Tongue, department: str) -> list[Json]:
    """What can be reported; those that are usually the department's own come first."""
    filing = tongue.profile.filing
    found = filing.types("event")
    own = [one for one in found if filing.lead_of(one.kind, one.code) == department]
    near = {one.code for one in [*own, *found][:FREQUENT]}
    return [{"code": one.code, "name": tongue.pick((one.zh, one.en)),
             "is_frequent": one.code in near} for one in found]  # fmt: skip

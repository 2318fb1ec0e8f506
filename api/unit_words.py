"""A unit, a resource and a list of candidates in the words of the API."""

from collections.abc import Sequence
from math import inf
from typing import Any

from api.instants import written
from city.candidates import Candidate, Candidates, WhatIf
from city.dispatch_rules import DispatchRules, Names
from city.left_out import WHY_NAMES, LeftOut
from city.naming import EN
from city.resources import Stock
from city.unit_orders import UnitEntry
from city.unit_status import label, slow
from city.units import STATUS_NAMES, Unit

Json = dict[str, Any]


def unit(one: Unit, rules: DispatchRules, at_ms: int) -> Json:
    """A unit as it stands."""
    zh, en = label(one.status, one.own_status, rules, one.department)
    return {
        "unit": one.id,
        "kind": one.kind,
        "department": one.department,
        "name": {"zh": one.zh, "en": one.en},
        "status": one.status,
        "label": {"zh": zh, "en": en},
        "own_status": one.own_status or None,
        "colour": colour(one, rules),
        "since": written(one.status_since_ms),
        "status_source": one.status_source,
        "status_by": one.status_by or None,
        "slow": slow(one.status, at_ms - one.status_since_ms, rules),
        "pos": [one.point.lon, one.point.lat] if one.point else None,
        "area": one.area or None,
        "fix_at": written(one.fix_ms),
        "fix_age_s": max(0, at_ms - one.fix_ms) // 1000 if one.fix_ms else None,
        "speed_mps": one.speed_mps,
        "heading_deg": one.heading_deg,
        "fuel_pct": one.fuel_pct,
        **standing(one, rules),
    }


def standing(one: Unit, rules: DispatchRules) -> Json:
    """What it can do, has in hand, and who is on it."""
    return {
        "skills": [skill(name, rules) for name in one.skills],
        "capacity": pair(one.capacity),
        "base": [one.base.lon, one.base.lat] if one.base else None,
        "shift": one.shift or None,
        "shift_ends": written(one.shift_ends_ms),
        "rest_until": written(one.rest_until_ms),
        "crew": list(one.crew),
        "load": one.load,
        "done_today": one.work.done_today,
        "orders": [
            {"order_id": order.order_id, "case_id": order.case_id, "status": order.status}
            for order in one.work.open
        ],
    }


def colour(one: Unit, rules: DispatchRules) -> str | None:
    """The colour of a department's own label; None: the base type's."""
    known = rules.label_of(one.department, one.own_status)
    return known.colour or None if known else None


def skill(name: str, rules: DispatchRules) -> Json:
    """A skill with its names."""
    zh, en = rules.skill_names(name)
    return {"skill": name, "zh": zh, "en": en}


def pair(names: Names) -> Json | None:
    """A text in both languages."""
    return {"zh": names[0], "en": names[1]} if any(names) else None


def entry(one: UnitEntry) -> Json:
    """A line of a unit's log."""
    return {
        "what": one.what,
        "by": one.by,
        "name": one.name,
        "at": written(one.at_ms),
        "text": one.text or None,
        "reason": one.reason or None,
    }


def resource(one: Stock) -> Json:
    """Something that helps without an engine."""
    known, note = one.resource, one.note
    return {
        "id": known.id,
        "kind": known.kind,
        "name": {"zh": known.zh, "en": known.en},
        "department": known.department,
        "pos": [known.point.lon, known.point.lat],
        "capacity": pair(known.capacity),
        "contact": known.contact or None,
        "use": note.use,
        "use_by": note.by or None,
        "use_at": written(note.at_ms),
        "text": note.text or None,
        "eta_s": None if one.eta_s is None or one.eta_s == inf else round(one.eta_s),
        "by_road": one.by_road if one.eta_s is not None else None,
    }


def candidates(found: Candidates, rules: DispatchRules, at_ms: int, lang: str) -> Json:
    """An answer in the contract's shape, with more beside it."""
    return {
        "items": [candidate(one, rules, at_ms, lang) for one in found.items],
        "reserve": [candidate(one, rules, at_ms, lang) for one in found.reserve],
        "left_out": [left_out(one, lang) for one in found.left_out],
        "computed": found.computed,
        "took_ms": found.took_ms,
        "more": found.more,
        "by_road": found.is_by_road,
        "counts": [
            {"why": why, "zh": WHY_NAMES[why][0], "en": WHY_NAMES[why][1], "count": count}
            for why, count in found.counts.items()
        ],
        "what_if": what_if(found.what_if),
    }


def candidate(one: Candidate, rules: DispatchRules, at_ms: int, lang: str) -> Json:
    """A unit that can be sent."""
    return {
        "unit": one.unit.id,
        "eta_s": round(one.eta_s),
        "distance_m": round(one.distance_m),
        "by_road": one.by_road,
        "reasons": said(one.reasons, lang),
        "caveats": said(one.caveats, lang),
        "score": round(one.score, 4),
        "bars": {name: round(bar, 3) for name, bar in one.bars._asdict().items()},
        "serves_by": list(one.skills),
        "standing": unit(one.unit, rules, at_ms),
    }


def left_out(one: LeftOut, lang: str) -> Json:
    """A unit that is not suggested."""
    return {
        "unit": one.unit.id,
        "why": one.why,
        "sentence": one.said(lang == EN),
        "status": one.unit.status,
        "status_name": STATUS_NAMES[one.unit.status][lang == EN],
    }


def said(pairs: Sequence[Names], lang: str) -> list[str]:
    """Sentences in one language."""
    return [names[lang == EN] for names in pairs]


def what_if(one: WhatIf | None) -> Json | None:
    """What was supposed, so that nobody takes the answer for the city's rules."""
    if one is None:
        return None
    return {
        "weights": one.weights._asdict() if one.weights else None,
        "within_km": one.within_km,
        "within_min": one.within_min,
        "fix_too_old_min": one.fix_too_old_min,
        "any_skill": one.any_skill,
        "closures_open": one.closures_open,
    }

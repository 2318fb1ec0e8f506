"""Candidates: which units can be sent to a place, in which order, why, and why not the others.

Every unit that is not suggested is named with the first rule that keeps it out (`city.left_out`).
The order of the others is by the sum of three bars (way, skill, load; full is better), weighted by
the city, then by the way, then by name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from city.candidate_words import Others, caveats, reasons
from city.candidates import Bars, Candidate, Candidates, Need
from city.dispatch_rules import DispatchRules
from city.left_out import BEFORE_WAY, CHECKS, OF_UNIT, ON_CALL, Checks, LeftOut, Look, Why
from city.units import Unit
from geo.points import distance_m
from geo.routing import Reach

BEFORE_CALL: Checks = tuple(check for check in BEFORE_WAY if check[0] not in ON_CALL)
AFTER_CALL: Checks = tuple(check for check in CHECKS if check[0] not in ON_CALL)
MOST_RESERVE = 5
DONE_PER_LOAD = 4  # so many orders done today weigh as much as one in hand


WaysOf = Callable[[Sequence[Unit]], Reach]


def rank(
    need: Need, units: Sequence[Unit], ways_of: WaysOf, rules: DispatchRules, at_ms: int
) -> Candidates:
    """The units in their order for a need.

    `ways_of` is asked once, for those alone that nothing but the way could keep out; its rows stand
    in their order.
    """
    looks = list(_looks(need, units, rules, at_ms))
    kept_out = {look.unit.id: LeftOut(look, why) for look in looks
                if (why := why_not(look, BEFORE_WAY))}  # fmt: skip
    asked = _with_ways([look for look in looks if look.unit.id not in kept_out], ways_of)
    kept_out |= {look.unit.id: LeftOut(look, why) for look in asked if (why := why_not(look))}
    fit = sorted((_candidate(look) for look in asked if look.unit.id not in kept_out), key=order)
    most, others = rules.numbers.most, Others.of(fit)
    items = tuple(_explained(one, others, rules, at_ms) for one in fit[:most])
    left_out = tuple(kept_out[look.unit.id] for look in looks if look.unit.id in kept_out)
    return Candidates(items, left_out, len(looks), more=max(0, len(fit) - most))


def reserve(found: Candidates, ways_of: WaysOf) -> Candidates:
    """With those who are off duty or resting and else could be sent, in their own order."""
    looks = [one.look for one in found.left_out if one.why in ON_CALL]
    near = [look for look in looks if why_not(look, BEFORE_CALL) is None]
    fit = [look for look in _with_ways(near, ways_of) if why_not(look, AFTER_CALL) is None]
    ranked = sorted(map(_candidate, fit), key=order)[:MOST_RESERVE]
    return replace(found, reserve=tuple(ranked))


def order(candidate: Candidate) -> tuple[float, float, str]:
    """The place of a candidate: the best score first, no two alike."""
    return -candidate.score, candidate.eta_s, candidate.unit.id


def why_not(look: Look, checks: Checks = CHECKS) -> Why | None:
    """The first rule that keeps a unit out; None where it can be sent."""
    for why, keeps_out in checks:
        if keeps_out(look):
            return why
    return None


def is_sendable(unit: Unit, rules: DispatchRules, at_ms: int) -> bool:
    """Whether nothing about the unit itself keeps it, wherever it would have to go."""
    return why_not(Look(unit, 1.0, 0.0, {}, rules, at_ms), OF_UNIT) is None


def match(needed: Mapping[str, float], unit: Unit) -> float:
    """How well a unit's best skill serves, 0 … 1; 1 where nothing is needed."""
    if not needed:
        return 1.0
    return max((needed.get(skill, 0.0) for skill in unit.skills), default=0.0)


def _looks(need: Need, units: Sequence[Unit], rules: DispatchRules, at_ms: int) -> Iterator[Look]:
    """The units that are asked, not knowing their ways yet."""
    for unit in units:
        if need.department in ("", unit.department):
            fits = match(need.skills, unit)
            straight_m = distance_m(unit.point, need.point) if unit.point else 0.0
            yield Look(unit, fits, straight_m, need.skills, rules, at_ms,
                       has_declined=unit.id in need.declined)  # fmt: skip


def _with_ways(looks: Sequence[Look], ways_of: WaysOf) -> list[Look]:
    if not looks:
        return []
    ways = ways_of([look.unit for look in looks])
    rows = zip(looks, ways.eta_s.tolist(), ways.distance_m.tolist(), ways.by_road.tolist(),
               strict=True)  # fmt: skip
    return [look._replace(eta_s=eta_s, way_m=way_m, by_road=by_road)
            for look, eta_s, way_m, by_road in rows]  # fmt: skip


def _candidate(look: Look) -> Candidate:
    half_s = look.rules.numbers.half_min * 60
    in_hand = look.unit.load + look.unit.work.done_today / DONE_PER_LOAD
    bars = Bars(0.5 ** (look.eta_s / half_s), look.match, 1 / (1 + in_hand))
    weights = look.rules.weights
    score = sum(bar * weight for bar, weight in zip(bars, weights, strict=True)) / sum(weights)
    skills = tuple(one for one in look.unit.skills if look.needed.get(one) == look.match)
    return Candidate(look.unit, look.eta_s, look.way_m, look.by_road, score, bars, skills)


def _explained(one: Candidate, others: Others, rules: DispatchRules, at_ms: int) -> Candidate:
    """With the reasons for its place, and what speaks against it."""
    return replace(one, reasons=reasons(one, others, rules), caveats=caveats(one, rules, at_ms))

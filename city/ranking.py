"""Candidates: which units can be sent to a place, in which order, why, and why not the others.

Every unit that is not suggested is named with the first rule that keeps it out (`city.left_out`).
The order of the others is by the sum of three bars (way, skill, load; full is better), weighted by
the city, then by the way, then by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from city.candidate_words import caveats, reasons
from city.candidates import Bars, Candidate, Candidates, LeftOut, Need
from city.dispatch_rules import DispatchRules
from city.left_out import CHECKS, OF_UNIT, Look, Why, sentence
from city.units import Unit
from geo.points import distance_m
from geo.routing import Reach

DONE_PER_LOAD = 4  # so many orders done today weigh as much as one in hand


def rank(
    need: Need, units: Sequence[Unit], ways: Reach, rules: DispatchRules, at_ms: int
) -> Candidates:
    """The units in their order for a need; `ways` has a row for each unit, in the same order.

    A unit without a fix may have any row.
    """
    looks = list(_looks(need, units, ways, rules, at_ms))
    kept_out = [(look, why) for look in looks if (why := why_not(look))]
    left_out = tuple(LeftOut(look.unit, why, sentence(why, look)) for look, why in kept_out)
    out = {one.unit.id for one in left_out}
    fit = sorted((_candidate(look) for look in looks if look.unit.id not in out), key=order)
    most = rules.numbers.most
    items = tuple(_explained(one, fit, rules, at_ms) for one in fit[:most])
    return Candidates(items, left_out, len(looks), more=max(0, len(fit) - most))


def order(candidate: Candidate) -> tuple[float, float, str]:
    """The place of a candidate: the best score first, no two alike."""
    return -candidate.score, candidate.eta_s, candidate.unit.id


def why_not(look: Look) -> Why | None:
    """The first rule that keeps a unit out; None where it can be sent."""
    return next((why for why, keeps_out in CHECKS if keeps_out(look)), None)


def is_sendable(unit: Unit, rules: DispatchRules, at_ms: int) -> bool:
    """Whether nothing about the unit itself keeps it, wherever it would have to go."""
    look = Look(unit, 1.0, 0.0, 0.0, True, 0.0, {}, rules, at_ms)
    return not any(keeps_out(look) for _, keeps_out in OF_UNIT)


def match(needed: Mapping[str, float], unit: Unit) -> float:
    """How well a unit's best skill serves, 0 … 1; 1 where nothing is needed."""
    if not needed:
        return 1.0
    return max((needed.get(skill, 0.0) for skill in unit.skills), default=0.0)


def _looks(
    need: Need, units: Sequence[Unit], ways: Reach, rules: DispatchRules, at_ms: int
) -> Iterator[Look]:
    rows = zip(units, ways.eta_s.tolist(), ways.distance_m.tolist(), ways.by_road.tolist(),
               strict=True)  # fmt: skip
    for unit, eta_s, way_m, by_road in rows:
        if need.department in ("", unit.department):
            fits = match(need.skills, unit)
            straight_m = distance_m(unit.point, need.point) if unit.point else 0.0
            yield Look(unit, fits, eta_s, way_m, by_road, straight_m, need.skills, rules, at_ms)


def _candidate(look: Look) -> Candidate:
    half_s = look.rules.numbers.half_min * 60
    in_hand = look.unit.load + look.unit.work.done_today / DONE_PER_LOAD
    bars = Bars(0.5 ** (look.eta_s / half_s), look.match, 1 / (1 + in_hand))
    weights = look.rules.weights
    score = sum(bar * weight for bar, weight in zip(bars, weights, strict=True)) / sum(weights)
    skills = tuple(one for one in look.unit.skills if look.needed.get(one) == look.match)
    return Candidate(look.unit, look.eta_s, look.way_m, look.by_road, score, bars, skills)


def _explained(
    one: Candidate, fit: Sequence[Candidate], rules: DispatchRules, at_ms: int
) -> Candidate:
    """With the reasons for its place, and what speaks against it."""
    return replace(one, reasons=reasons(one, fit, rules), caveats=caveats(one, rules, at_ms))

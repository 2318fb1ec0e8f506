"""Why a unit is not suggested: one table of rules, the first that holds is the reason."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from math import ceil, inf
from typing import NamedTuple

from city.dispatch_rules import DispatchRules, Names
from city.units import ENGAGED, SOURCE_NAMES, STATUS_NAMES, Status, Unit

MINUTE_MS = 60_000


class Why(StrEnum):
    """What keeps a unit out."""

    OFF_DUTY = "off_duty"
    OUT_OF_CONTACT = "out_of_contact"
    RESTING = "resting"
    BUSY = "busy"
    NO_FIX = "no_fix"
    FIX_TOO_OLD = "fix_too_old"
    DECLINED = "declined"
    WRONG_SKILL = "wrong_skill"
    TOO_FAR = "too_far"
    CUT_OFF = "cut_off"
    TOO_LONG = "too_long"


WHY_NAMES: Mapping[Why, Names] = {
    Why.OFF_DUTY: ("休整", "Off duty"),
    Why.OUT_OF_CONTACT: ("失联", "Out of contact"),
    Why.RESTING: ("休息中", "Resting"),
    Why.BUSY: ("执行任务", "Busy"),
    Why.NO_FIX: ("无定位", "No position"),
    Why.FIX_TOO_OLD: ("定位过期", "Fix too old"),
    Why.DECLINED: ("未接本案", "Did not take it"),
    Why.WRONG_SKILL: ("技能不符", "Wrong skill"),
    Why.TOO_FAR: ("半径外", "Outside the radius"),
    Why.CUT_OFF: ("道路不通", "Cut off"),
    Why.TOO_LONG: ("路网用时过长", "Takes too long"),
}


class Look(NamedTuple):
    """A unit beside a need, with all that the rules ask."""

    unit: Unit
    match: float  # 0 … 1
    straight_m: float
    needed: Mapping[str, float]
    rules: DispatchRules
    at_ms: int
    eta_s: float = inf  # inf: no way
    way_m: float = inf
    by_road: bool = False
    has_declined: bool = False  # this very case

    @property
    def fix_min(self) -> float:
        """The age of its fix in minutes."""
        return (self.at_ms - self.unit.fix_ms) / MINUTE_MS


Checks = tuple[tuple[Why, Callable[[Look], bool]], ...]

# Of the unit itself, wherever it is to go.
OF_UNIT: Checks = (
    (Why.OFF_DUTY, lambda look: look.unit.status is Status.OFF_DUTY),
    (Why.OUT_OF_CONTACT, lambda look: look.unit.status is Status.OUT_OF_CONTACT),
    (Why.RESTING, lambda look: look.unit.rest_until_ms > look.at_ms),
    (Why.BUSY, lambda look: look.unit.status in ENGAGED or look.unit.load > 0),
    (Why.NO_FIX, lambda look: look.unit.point is None),
    (Why.FIX_TOO_OLD, lambda look: look.fix_min > look.rules.numbers.fix_too_old_min),
)
# Of the unit and the place together, as far as it is known before the roads are searched.
OF_PLACE: Checks = (
    (Why.DECLINED, lambda look: look.has_declined),
    (Why.WRONG_SKILL, lambda look: look.match <= 0),
    (Why.TOO_FAR, lambda look: look.straight_m > look.rules.numbers.within_km * 1000),
)
OF_WAY: Checks = (
    (Why.CUT_OFF, lambda look: not look.eta_s < inf),
    (Why.TOO_LONG, lambda look: look.eta_s > look.rules.numbers.within_min * 60),
)
BEFORE_WAY: Checks = OF_UNIT + OF_PLACE
CHECKS: Checks = BEFORE_WAY + OF_WAY
# Who is kept out by these alone could be called in when there is need.
ON_CALL = frozenset({Why.OFF_DUTY, Why.RESTING})

SENTENCES: Mapping[Why, Names] = {
    Why.OFF_DUTY: ("{status}（{source}）", "{status}, by {source}"),
    Why.OUT_OF_CONTACT: ("失联 {since} 分钟", "Out of contact for {since} min"),
    Why.RESTING: ("休息中，还有 {rest} 分钟", "Rests for another {rest} min"),
    Why.BUSY: ("{status}{in_hand}", "{status}{in_hand}"),
    Why.NO_FIX: ("从未上报位置", "Never said where it is"),
    Why.FIX_TOO_OLD: ("定位已过 {fix} 分钟", "Its fix is {fix} min old"),
    Why.DECLINED: ("已拒绝或未应答本案", "Refused this case, or did not answer"),
    Why.WRONG_SKILL: ("不具备所需技能：{needed}", "Has none of the skills: {needed}"),
    Why.TOO_FAR: ("直线 {km} km，超出 {within_km} km", "{km} km away, more than {within_km} km"),
    Why.CUT_OFF: ("道路封控，无路可达", "Closures leave no way"),
    Why.TOO_LONG: (
        "需 {eta} 分钟，超出 {within_min} 分钟",
        "Takes {eta} min, over {within_min} min",
    ),
}


Details = Callable[[Look, int], Mapping[str, object]]


IN_HAND = ("，在手 {load} 件", ", {load} in hand")


def _load(look: Look, at: int) -> Mapping[str, object]:
    load = look.unit.load
    in_hand = IN_HAND[at].format(load=load) if load else ""
    return {"status": STATUS_NAMES[look.unit.status][at], "in_hand": in_hand}


def _off(look: Look, at: int) -> Mapping[str, object]:
    unit = look.unit
    return {"status": STATUS_NAMES[unit.status][at], "source": SOURCE_NAMES[unit.status_source][at]}


def _since(look: Look, _at: int) -> Mapping[str, object]:
    return {"since": max(0, look.at_ms - look.unit.status_since_ms) // MINUTE_MS}


def _rest(look: Look, _at: int) -> Mapping[str, object]:
    return {"rest": ceil((look.unit.rest_until_ms - look.at_ms) / MINUTE_MS)}


def _fix(look: Look, _at: int) -> Mapping[str, object]:
    return {"fix": f"{look.fix_min:.0f}"}


def _needed(look: Look, at: int) -> Mapping[str, object]:
    skills = (look.rules.skill_names(one)[at] for one in look.needed)
    return {"needed": ("、", ", ")[at].join(skills)}


def _km(look: Look, _at: int) -> Mapping[str, object]:
    within_km = f"{look.rules.numbers.within_km:g}"
    return {"km": f"{look.straight_m / 1000:.1f}", "within_km": within_km}


def _eta(look: Look, _at: int) -> Mapping[str, object]:
    within_min = f"{look.rules.numbers.within_min:g}"
    return {"eta": f"{look.eta_s / 60:.0f}", "within_min": within_min}


def _nothing(_look: Look, _at: int) -> Mapping[str, object]:
    return {}


DETAILS: Mapping[Why, Details] = {
    Why.OFF_DUTY: _off,
    Why.OUT_OF_CONTACT: _since,
    Why.RESTING: _rest,
    Why.BUSY: _load,
    Why.NO_FIX: _nothing,
    Why.FIX_TOO_OLD: _fix,
    Why.DECLINED: _nothing,
    Why.WRONG_SKILL: _needed,
    Why.TOO_FAR: _km,
    Why.CUT_OFF: _nothing,
    Why.TOO_LONG: _eta,
}


class LeftOut(NamedTuple):
    """A unit that is not suggested, and why."""

    look: Look
    why: Why

    @property
    def unit(self) -> Unit:
        """Which unit."""
        return self.look.unit

    @property
    def sentence(self) -> Names:
        """What is said of it, in both languages."""
        return self.said(0), self.said(1)

    def said(self, at: int) -> str:
        """In one of them: 0 中文, 1 English."""
        return SENTENCES[self.why][at].format(**DETAILS[self.why](self.look, at))

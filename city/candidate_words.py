"""Why a candidate stands where it stands, and what speaks against it, in words."""

from collections.abc import Callable, Sequence
from math import inf
from typing import NamedTuple

from city.candidates import Candidate
from city.dispatch_rules import DispatchRules, Names
from city.units import Source, Status

MINUTE_MS = 60_000
MOST_REASONS = 3


class Others(NamedTuple):
    """What a candidate is compared with."""

    quickest_s: float
    quickest_skilled_s: float  # of those whose skill serves wholly
    have_worked: bool  # some of them, today

    @classmethod
    def of(cls, fit: Sequence[Candidate]) -> "Others":
        """All that can be sent."""
        quickest_s = min((one.eta_s for one in fit), default=inf)
        skilled_s = min((one.eta_s for one in fit if one.bars.skill >= 1), default=inf)
        return cls(quickest_s, skilled_s, any(one.unit.work.done_today for one in fit))


NOBODY = Others(inf, inf, False)


class Seen(NamedTuple):
    """A candidate among the others."""

    one: Candidate
    rules: DispatchRules
    others: Others = NOBODY
    at_ms: int = 0


def reasons(one: Candidate, others: Others, rules: DispatchRules) -> tuple[Names, ...]:
    """What speaks for it, the weightiest first."""
    seen = Seen(one, rules, others)
    said = (reason(seen) for reason in REASONS)
    return tuple(pair for pair in said if pair)[:MOST_REASONS]


def caveats(one: Candidate, rules: DispatchRules, at_ms: int) -> tuple[Names, ...]:
    """What speaks against it."""
    seen = Seen(one, rules, at_ms=at_ms)
    return tuple(pair for caveat in CAVEATS if (pair := caveat(seen)))


def _is_quickest(seen: Seen) -> Names | None:
    one, others = seen.one, seen.others
    if one.eta_s <= others.quickest_s:
        return ("路网用时最短", "Quickest by road") if one.by_road else ("距离最近", "Nearest")
    if one.bars.skill >= 1 and one.eta_s <= others.quickest_skilled_s:
        return "具备全部技能者中最快到达", "Quickest of those with the whole skill"
    return None


def _has_skill(seen: Seen) -> Names | None:
    skills = [seen.rules.skill_names(one) for one in seen.one.skills]
    if not skills:
        return None
    zh, en = "、".join(zh for zh, _ in skills), ", ".join(en for _, en in skills)
    if seen.one.bars.skill >= 1:
        return f"具备所需技能：{zh}", f"Has the skill: {en}"
    return f"可先期处置：{zh}", f"Can begin: {en}"


def _turns_round(seen: Seen) -> Names | None:
    if seen.one.unit.status is not Status.RETURNING:
        return None
    return "返程途中，可直接转向", "On its way back, can turn round"


def _is_fresh(seen: Seen) -> Names | None:
    if seen.others.have_worked and not seen.one.unit.work.done_today:
        return "今日首次出动", "Its first order today"
    return None


def _is_moving(seen: Seen) -> Names | None:
    unit = seen.one.unit
    is_driving = unit.status is Status.AVAILABLE and (unit.speed_mps or 0) > 1
    return ("巡线途中，可直接转向", "Under way, can turn at once") if is_driving else None


REASONS: tuple[Callable[[Seen], Names | None], ...] = (
    _is_quickest, _has_skill, _turns_round, _is_fresh, _is_moving,
)  # fmt: skip


def _is_straight(seen: Seen) -> Names | None:
    if seen.one.by_road:
        return None
    return "不在路网上，按直线估算", "Off the road network: straight line"


def _fix_is_doubted(seen: Seen) -> Names | None:
    minutes = (seen.at_ms - seen.one.unit.fix_ms) / MINUTE_MS
    if minutes <= seen.rules.numbers.fix_doubted_min:
        return None
    return f"定位 {minutes:.0f} 分钟前", f"Fix {minutes:.0f} min old"


def _never_said(seen: Seen) -> Names | None:
    if seen.one.unit.status_source is not Source.NOBODY:
        return None
    return "终端未上报状态", "Its device never says its status"


def _fuel_is_low(seen: Seen) -> Names | None:
    fuel = seen.one.unit.fuel_pct
    if fuel is None or fuel >= seen.rules.numbers.fuel_low_pct:
        return None
    return f"油量 {fuel:.0f}%", f"Fuel {fuel:.0f}%"


def _shift_ends(seen: Seen) -> Names | None:
    left_ms = seen.one.unit.shift_ends_ms - seen.at_ms
    if not 0 < left_ms <= seen.rules.numbers.shift_ends_min * MINUTE_MS:
        return None
    return f"{left_ms // MINUTE_MS} 分钟后交班", f"Its shift ends in {left_ms // MINUTE_MS} min"


def _has_worked(seen: Seen) -> Names | None:
    done = seen.one.unit.work.done_today
    return (f"今日已出动 {done} 次", f"{done} orders done today") if done > 2 else None


CAVEATS: tuple[Callable[[Seen], Names | None], ...] = (
    _is_straight, _fix_is_doubted, _fuel_is_low, _shift_ends, _never_said, _has_worked,
)  # fmt: skip

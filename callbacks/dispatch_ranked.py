"""Candidates of the open case in plain values: who could go, why, and why not the others."""

from collections.abc import Iterable, Sequence
from typing import Any

from callbacks.desk import Desk
from city.candidates import Candidate, Candidates, WhatIf
from city.cases import Case
from city.left_out import WHY_NAMES
from city.refusal import Refusal
from city.roles import Actor
from city.units import Unit
from layouts.case_naming import Naming
from layouts.figures import span
from layouts.panels.dispatch_pick import PickRow, eta

MOST_ROWS = 9  # a digit each
MOST_LEFT_OUT = 300
SEVERAL = 2
WIDER = 3
Names = tuple[str, str]
Json = dict[str, Any]


def candidates_of(
    desk: Desk, case: Case, actor: Actor, supposed: Iterable[str]
) -> Candidates | Refusal:
    """The ranking for a case, or the reason why there is none."""
    try:
        return desk.store.dispatching.for_case(case.id, actor, what_if_of(desk, supposed))
    except Refusal as refusal:
        return refusal


def what_if_of(desk: Desk, supposed: Iterable[str]) -> WhatIf:
    """The switches of the page."""
    names, numbers = set(supposed), desk.profile.dispatch.numbers
    wider = "widen" in names
    return WhatIf(
        within_km=numbers.within_km * WIDER if wider else None,
        within_min=numbers.within_min * WIDER if wider else None,
        any_skill="any_skill" in names,
        closures_open="open_roads" in names,
    )


def picked(desk: Desk, found: Candidates | Refusal, naming: Naming) -> dict[str, Any]:
    """What the right column says of a ranking, as fields of its `Pick`."""
    words = naming.words
    if isinstance(found, Refusal):
        return {"no_candidate": [words("dispatch.no_unit"), found.said(words.lang)]}
    return {
        "rows": [row_of(desk, one, naming) for one in found.items[:MOST_ROWS]],
        "left_out": [(one.unit.id, str(one.why), words.pick(*one.sentence))
                     for one in found.left_out[:MOST_LEFT_OUT]],
        "left_out_counts": [(words.pick(*WHY_NAMES[why]), count)
                            for why, count in found.counts.items()],
        "computed": found.computed,
        "took_ms": found.took_ms,
        "no_candidate": why_none(found, naming),
        "notice": words("dispatch.straight_line") if is_straight(found) else "",
    }  # fmt: skip


def is_straight(found: Candidates) -> bool:
    """Whether nothing was ranked by road."""
    return bool(found.items) and not any(one.by_road for one in found.items)


def together(desk: Desk, case_ids: Sequence[str], actor: Actor, naming: Naming) -> list[Json]:
    """The best assignment of several cases, with what it gains over one by one."""
    if len(case_ids) < SEVERAL:
        return []
    try:
        found = desk.store.dispatching.joint(case_ids, actor)
    except Refusal:
        return []
    words = naming.words
    titles = {one.id: naming.title(one) for one in desk.store.cases.some(list(case_ids))}
    gain = f"{max(0, round(found.gain_s or 0))} {words('dispatch.seconds')}"
    return [
        {"case": one.case_id, "title": titles.get(one.case_id, one.case_id),
         "unit": one.unit.id, "name": one.unit.name(words.lang),
         "eta": " ".join(eta(one.eta_s, words)), "gain": words("dispatch.joint_gain", span=gain)}
        for one in found.best.pairs
    ]  # fmt: skip


def why_none(found: Candidates, naming: Naming) -> list[str]:
    """Said where nobody can be suggested: the reasons, the most frequent first."""
    if found.items:
        return []
    words = naming.words
    said = [f"{words.pick(*WHY_NAMES[why])} {count:,}" for why, count in found.counts.items()]
    return [words("dispatch.no_unit"), " · ".join(said)]


def row_of(desk: Desk, one: Candidate, naming: Naming) -> PickRow:
    """One candidate."""
    unit, words = one.unit, naming.words
    age = span((desk.now_ms() - unit.fix_ms) / 1000)
    org = words("dispatch.org", name=naming.department(unit.department), age=age)
    return PickRow(
        unit=unit.id,
        name=unit.name(words.lang),
        what=what_is(desk, unit, naming),
        org=org,
        department=unit.department,
        eta_s=one.eta_s,
        distance_m=one.distance_m,
        by_road=one.by_road,
        bars=tuple(zip(one.bars._fields, one.bars, strict=True)),
        reasons=said(one.reasons, naming),
        caveats=said(one.caveats, naming),
        pos=(unit.point.lon, unit.point.lat) if unit.point else None,
        skills=frozenset(unit.skills),
    )


def what_is(desk: Desk, unit: Unit, naming: Naming) -> str:
    """Its kind and what it can carry or lift."""
    kind, words = desk.kind(unit.kind), naming.words
    return " · ".join(filter(None, (words.pick(kind.zh, kind.en), words.pick(*unit.capacity))))


def said(pairs: Sequence[Names], naming: Naming) -> list[str]:
    """Sentences in the language of the page."""
    return [naming.words.pick(*pair) for pair in pairs]

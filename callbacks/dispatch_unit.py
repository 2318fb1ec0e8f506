"""The card of a unit lives: opened from board or map, drawn anew when units change."""

from typing import Any

from dash import ALL, Input, Output, no_update

from callbacks.asking import opened_asked, pressed, sight_asked
from callbacks.case_desk import naming_asked
from callbacks.desk import Desk
from callbacks.dispatch_desk import Json, commander
from callbacks.wiring import wiring
from city.refusal import NotFound
from city.roles import Actor
from city.unit_orders import may_lead
from city.units import BY_HAND, SOURCE_NAMES, STATUS_NAMES, Unit
from layouts import dispatch_ids, ids
from layouts.case_naming import Naming
from layouts.deadlines import moment
from layouts.figures import instant, span
from layouts.panels.dispatch_board import lane_of
from layouts.panels.dispatch_unit import UnitFacts, card

CLOSED, OPEN = "unit-card float is-empty", "unit-card float"
MOST_NOTES = 12
MINUTE_S = 60


@wiring.on(
    Output(dispatch_ids.CARD, "children"),
    Output(dispatch_ids.CARD, "className"),
    Input(dispatch_ids.UNIT, "data"),
    Input(ids.pulse("units"), "data"),
    prevent_initial_call=True,
)
def show_unit(desk: Desk, asked: Json | None, _pulse: int) -> tuple[Any, str]:
    """Everything about the unit that was chosen."""
    actor, naming = commander(desk), naming_asked(desk)
    unit = seen_unit(desk, str((asked or {}).get("unit") or ""), actor)
    return (card(facts_of(desk, unit, actor, naming), naming.words), OPEN) if unit else ([], CLOSED)


@wiring.on(
    Output(dispatch_ids.UNIT, "data"),
    Input(ids.close(ALL), "n_clicks"),
    prevent_initial_call=True,
)
def close_unit(_desk: Desk, _clicks: list[int]) -> Any:
    """No unit is open any more."""
    return None if pressed() == "unit" else no_update


def seen_unit(desk: Desk, unit_id: str, actor: Actor) -> Unit | None:
    """A unit as it stands now; None where there is none for this seat."""
    try:
        return desk.store.units.one(unit_id, actor.at_ms, sight_asked(desk)) if unit_id else None
    except NotFound:
        return None


def facts_of(desk: Desk, unit: Unit, actor: Actor, naming: Naming) -> UnitFacts:
    """A unit in plain values."""
    words, leads = naming.words, may_lead(actor.seat, unit)
    states = [one for one in STATUS_NAMES if one in BY_HAND and one is not unit.status]
    return UnitFacts(
        id=unit.id,
        name=unit.name(words.lang),
        glyph=words(f"unit_glyph.{lane_of(str(unit.status))}"),
        department=naming.department(unit.department),
        facts=told(desk, unit, naming),
        warnings=missed(desk, unit, actor, naming),
        statuses=[(str(one), words.pick(*STATUS_NAMES[one])) for one in states]
        if leads and not unit.work.open else [],
        can_pick=leads and bool(opened_asked()),
        may_note=leads,
        notes=[(instant(desk.at(one.at_ms), desk.now()), one.name, one.text or one.what)
               for one in reversed(desk.store.units.log(unit.id)[-MOST_NOTES:])],
    )  # fmt: skip


def missed(desk: Desk, unit: Unit, actor: Actor, naming: Naming) -> list[str]:
    """Where nobody of its kind would be in time without it, and who could move up."""
    if unit.kind not in desk.profile.dispatch.cover or not unit.is_free:
        return []
    words, found = naming.words, desk.store.dispatching.coverage(unit.id, actor)
    kind = desk.kind(unit.kind)
    name = words.pick(kind.zh, kind.en)
    if not found.lost:
        return []
    first = found.lost[0]
    said = [words("dispatch.loses_last", place=words.pick(first.zh, first.en), kind=name,
                  n=round(found.within_min), more=len(found.lost) - 1)]  # fmt: skip
    if found.move_up:
        minutes = max(1, round(found.move_up.eta_s / MINUTE_S))
        other = found.move_up.unit.name(words.lang)
        said.append(words("dispatch.move_up", unit=other, n=minutes))
    return said


def told(desk: Desk, unit: Unit, naming: Naming) -> list[tuple[str, str]]:
    """Names and what they are; what is not known is left out."""
    words, now = naming.words, desk.now()
    rules = desk.profile.dispatch
    stands = words("dispatch.unit_since", status=words.pick(*STATUS_NAMES[unit.status]),
                   at=instant(desk.at(unit.status_since_ms), now),
                   source=words.pick(*SOURCE_NAMES[unit.status_source]))  # fmt: skip
    age = span((desk.now_ms() - unit.fix_ms) / 1000)
    fix = words("dispatch.unit_fix_age", age=age) if unit.fix_ms else words("dispatch.unit_never")
    skills = [words.pick(*rules.skill_names(one)) for one in unit.skills]
    able = words.pick("、", ", ").join(filter(None, (*skills, words.pick(*unit.capacity))))
    rest = instant(moment(unit.rest_until_ms), now) if unit.rest_until_ms > desk.now_ms() else ""
    rows = (("status", stands), ("fix", fix), ("skills", able), ("crew", " ".join(unit.crew)),
            ("load", " ".join(unit.order_ids)), ("rest", rest), ("shift", unit.shift))  # fmt: skip
    return [(words(f"dispatch.unit_{name}"), text) for name, text in rows if text]

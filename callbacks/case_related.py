"""What tells of the same happening lives: by score, with its reasons; put together or parted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import Input, Output, State, no_update

from callbacks.case_desk import looker, naming_asked, seen_case
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.affinity import names_of
from city.case_scope import sees
from city.cases import Case
from city.events import Entry, Event, Member
from city.masking import free_text
from city.merging import Verdict
from city.refusal import NotFound
from city.roles import Actor, Right
from layouts import case_ids, ids
from layouts.case_naming import Naming
from layouts.panels.case_related import Alike, Joined, Related, panel

MOST_ALIKE = 6


@wiring.on(
    Output(case_ids.RELATED, "children"),
    Input(case_ids.SHOWN, "data"),
    Input(ids.pulse("events"), "data"),
    State(case_ids.OPEN, "data"),
)
def draw_related(desk: Desk, shown: Any, _pulse: int, case_id: str | None) -> Any:
    """Nothing where a case stands alone."""
    if not shown or not case_id or shown["id"] != case_id:
        return no_update
    actor, naming = looker(desk), naming_asked(desk)
    return panel(related(desk, seen_case(desk, actor, case_id), actor, naming), naming, desk.now())


def related(desk: Desk, case: Case, actor: Actor, naming: Naming) -> Related:
    """The event of a case, with what may belong to it."""
    children = [(child.id, free_text(naming.title(child)))
                for child in desk.store.cases.some(case.children)]  # fmt: skip
    alone = Related(children=children, may_merge=actor.seat.may(Right.MERGE))
    try:
        event = desk.store.events.get(case.event_id) if case.event_id else None
    except NotFound:
        event = None
    if event is None:
        return alone
    log = desk.store.events.log(event.id)
    found = alike(desk, event, actor) if case.is_open else []
    return replace(alone, event_id=event.id, joined=joined(event, log, naming), alike=found)


def joined(event: Event, log: list[Entry], naming: Naming) -> list[Joined]:
    """Its members, the one that gives it its name first."""
    how = {entry.member.id: entry for entry in log if entry.member is not None}
    first = event.lead
    ordered = sorted(event.members, key=lambda one: first is None or one.id != first.id)
    return [told(member, how.get(member.id), naming) for member in ordered]


def told(member: Member, entry: Entry | None, naming: Naming) -> Joined:
    """One of them, with why it is there."""
    words = naming.words
    title = words.pick(member.title, member.title_en or member.title)
    return Joined(
        id=member.id,
        title=free_text(title),
        kind=words.pick(*names_of(member.what)),
        at_ms=member.at_ms,
        is_alarm=member.is_alarm,
        score=entry.score if entry else None,
        reasons=[words.pick(*pair) for pair in entry.because] if entry else [],
        by="" if entry is None or entry.is_automatic else entry.name,
    )


def alike(desk: Desk, event: Event, actor: Actor) -> list[Alike]:
    """Other events that may be the same, as far as the seat may know of them."""
    found = desk.store.events.suggestions(event)[:MOST_ALIKE]
    cases = {one.id: one for one in desk.store.cases.some([other.case_id for other, _ in found])}
    return [
        Alike(other.id, free_text(other.title), other.case_id, other.first_ms, match)
        for other, match in found
        if match.verdict is not Verdict.APART
        and (other.case_id not in cases or sees(actor.seat, cases[other.case_id]))
    ]


@wiring.on(
    Output(case_ids.RELATE_DONE, "data"),
    Input(case_ids.RELATE, "data"),
    prevent_initial_call=True,
)
def relate(desk: Desk, asked: Mapping[str, str] | None) -> Any:
    """Puts two events together, or takes one member out; a refusal is told as everywhere."""
    if not asked:
        return no_update
    actor = looker(desk)
    actor.seat.require(Right.MERGE)
    deed = desk.store.events.merge if asked["deed"] == "merge" else desk.store.events.split
    deed(asked["event"], asked["other"], actor, asked.get("reason", ""))
    return asked.get("at")

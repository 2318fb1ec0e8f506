"""What callbacks of the page of cases share: words of the city, a case as a seat may see it."""

from collections.abc import Mapping, Sequence
from typing import Any

from callbacks.asking import actor_asked, words_asked
from callbacks.desk import Desk
from city.case_scope import sees
from city.case_views import ALL_OPEN, VIEWS, CaseQuery
from city.cases import Case, Entry
from city.masking import masked, masked_entry
from city.refusal import Forbidden, NotFound
from city.roles import Actor, Right
from layouts.case_naming import Naming

Query = Mapping[str, str]
NEW = "new"
OWN = "own:"  # before the name of a saved view


def is_new(opened: str | None) -> bool:
    """Whether the form of a new case is open: `new`, with what is known of it behind a `?`."""
    return (opened or "").partition("?")[0] == NEW


def naming_asked(desk: Desk) -> Naming:
    """In the language of the browser that asks."""
    return Naming(desk.profile, words_asked())


def looker(desk: Desk) -> Actor:
    """Who looks at cases; raises Forbidden for a post that may not."""
    actor = actor_asked(desk)
    actor.seat.require(Right.VIEW_CASES)
    return actor


def seen_case(desk: Desk, actor: Actor, case_id: str) -> Case:
    """A case of the seat's own scope, whole: for the engine, not for the screen."""
    case = desk.store.cases.get(case_id)
    if not sees(actor.seat, case):
        raise Forbidden("other_scope")
    return case


def shown_case(desk: Desk, actor: Actor, case_id: str) -> Case | None:
    """The same as it may be shown; None where there is none for this seat."""
    try:
        return masked(seen_case(desk, actor, case_id), actor.seat)
    except (NotFound, Forbidden):
        return None


def shown_log(desk: Desk, actor: Actor, case: Case) -> list[Entry]:
    """Its lines up to the version that is shown."""
    entries = desk.store.cases.log(case.id)[: case.version]
    return [masked_entry(entry, actor.seat) for entry in entries]


def shown_all(cases: Sequence[Case], actor: Actor) -> list[Case]:
    """Several cases as they may be shown."""
    return [masked(case, actor.seat) for case in cases]


def query_of(actor: Actor, asked: Query | None, area: str | None, **more: Any) -> CaseQuery:
    """What the address and the scope ask for; words that nobody knows ask for nothing."""
    told = asked or {}
    view = told.get("view", ALL_OPEN)
    levels = frozenset(int(one) for one in told.get("level", "").split(",") if one.isdecimal())
    return CaseQuery(
        seat=actor.seat,
        view=view if view in VIEWS else ALL_OPEN,
        text=told.get("q", ""),
        severities=levels,
        types=listed(told.get("type", "")),
        departments=frozenset(listed(told.get("lead", ""))),
        sources=frozenset(listed(told.get("source", ""))),
        areas=listed(area or ""),
        overdue=True if told.get("overdue") else None,
        **more,
    )


def listed(text: str) -> tuple[str, ...]:
    """Words parted by commas."""
    return tuple(filter(None, text.split(",")))

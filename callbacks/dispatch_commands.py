"""派 P07 国兴大道: a unit and a case by the command bar; the page of dispatch sends it."""

from collections.abc import Iterator
from itertools import islice

from callbacks.asking import opened_asked
from callbacks.desk import Desk
from callbacks.dispatch_head import TAKES_UNITS
from city.case_scope import sees
from city.case_views import ALL, CaseQuery
from city.cases import Case
from city.commands import Said
from city.refusal import NotFound
from city.roles import Right, Seat
from city.sight import sight_of
from city.unit_search import answering
from city.units import Unit
from layouts.panels.search import Found
from layouts.words import Words

FEW = 4


def sending(desk: Desk, seat: Seat, said: Said, words: Words) -> Iterator[Found]:
    """Each unit that answers to the first word, for the open case or what the rest names."""
    first, _, rest = said.rest.partition(" ")
    if not first or not seat.may(Right.SEND_ORDERS):
        return
    units = desk.store.units.all(desk.now_ms(), sight_of(seat))
    for case in cases_meant(desk, seat, rest.strip()):
        for unit in islice(answering(first, units), FEW):
            yield sent(unit, case, words)


def cases_meant(desk: Desk, seat: Seat, text: str) -> list[Case]:
    """The cases that a text names; without one, the case that the page has open."""
    if text:
        query = CaseQuery(seat, desk.now_ms(), ALL, states=TAKES_UNITS, text=text, limit=FEW)
        return list(desk.store.cases.table.page(query).rows)
    try:
        case = desk.store.cases.get(opened_asked())
    except NotFound:
        return []
    return [case] if sees(seat, case) and case.state in TAKES_UNITS else []


def sent(unit: Unit, case: Case, words: Words) -> Found:
    """What will happen, before it does."""
    name = unit.name(words.lang)
    does = {"send": {"unit": unit.id, "case": case.id, "name": name}}
    return Found("", case.severity, f"{name} → {case.title or case.id}", case.id, "commands", "",
                 words("command.send"), does)  # fmt: skip

"""Pumps, shelters and warehouses near the open case in plain values."""

from callbacks.desk import Desk
from callbacks.dispatch_desk import Json
from city.cases import Case
from city.resources import USE_NAMES, Stock, Use
from city.roles import Actor
from geo.points import Point
from layouts.case_naming import Naming
from layouts.panels.dispatch_pick import eta

MOST = 4


def resources_of(desk: Desk, case: Case, actor: Actor, naming: Naming) -> list[Json]:
    """What can be used first, the nearest by road first."""
    if case.pos is None:
        return []
    found = desk.store.resources.all(actor, Point(*case.pos))
    return [resource(one, naming) for one in found[:MOST]]


def resource(one: Stock, naming: Naming) -> Json:
    """One of them: what it is, how much, how far, how it stands."""
    words, known = naming.words, one.resource
    return {
        "id": known.id,
        "name": words.pick(known.zh, known.en),
        "what": words.pick(*known.capacity),
        "eta": " ".join(filter(None, eta(one.eta_s or 0.0, words))),
        "use": words.pick(*USE_NAMES[one.note.use]),
        "isReady": one.note.use is Use.READY,
        "said": one.note.text,
    }

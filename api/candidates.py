"""Candidates over HTTP: who could be sent where, and why not the others. Nothing is sent here.

A what-if (`weight_eta`, `within_km`, `any_skill` …) asks the same question under other rules; the
answer says so, and nothing of it stays.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from api import unit_words
from api.context import Context
from api.places import point_in
from api.problems import documented, lang_of
from api.seating import needs
from city.candidates import Candidates, Need, WhatIf
from city.dispatch_rules import Weights
from city.refusal import Malformed
from city.roles import Actor, Right
from store.store import Store

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
Share = Annotated[float | None, Query(ge=0, le=100)]
Above = Annotated[float | None, Query(gt=0, le=10_000)]


@dataclass
class Supposed:
    """What is supposed; what is left out stays as the city has it."""

    weight_eta: Share = None
    weight_skill: Share = None
    weight_load: Share = None
    within_km: Above = None
    within_min: Above = None
    fix_too_old_min: Above = None
    any_skill: bool = False
    closures_open: bool = False
    reserve: Annotated[bool, Query(description="also whom one would have to call in")] = False

    def what_if(self, weights: Weights) -> WhatIf:
        """The same as the room understands it."""
        said = (self.weight_eta, self.weight_skill, self.weight_load)
        mixed = Weights(*(mine if one is None else one
                          for one, mine in zip(said, weights, strict=True)))  # fmt: skip
        if sum(mixed) <= 0:
            why = ("至少一项应大于零", "one of them must be above zero")
            raise Malformed("malformed", what=("权重", "weights"), why=why)
        return WhatIf(
            None if said == (None,) * 3 else mixed, self.within_km, self.within_min,
            self.fix_too_old_min, self.any_skill, self.closures_open, self.reserve,
        )  # fmt: skip


def build(context: Context) -> APIRouter:
    """For a case, and for a place."""
    router = APIRouter(prefix="/api/v1", tags=["candidates"], responses=documented())
    asked = Asked(context.store)
    router.add_api_route("/cases/{case_id}/candidates", asked.for_case)
    router.add_api_route("/candidates", asked.for_place)
    return router


class Asked:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def for_case(
        self, request: Request, actor: Looking, case_id: str,
        supposed: Annotated[Supposed, Depends()],
    ) -> Json:  # fmt: skip
        """Ranked units with way, bars and reasons, and those left out with why."""
        found = self._store.dispatching.for_case(case_id, actor, self._what_if(supposed))
        return self._told(found, actor, request)

    def for_place(
        self, request: Request, actor: Looking,
        pos: Annotated[str, Query(description="lon,lat")],
        supposed: Annotated[Supposed, Depends()],
        skill: Annotated[list[str] | None, Query(description="any of them serves")] = None,
        department: Annotated[str, Query(description="only its units")] = "",
    ) -> Json:  # fmt: skip
        """The same for any place; `skill` says what is needed there."""
        need = Need(point_in(pos), dict.fromkeys(skill or (), 1.0), department=department)
        found = self._store.dispatching.for_need(need, actor, self._what_if(supposed))
        return self._told(found, actor, request)

    def _what_if(self, supposed: Supposed) -> WhatIf:
        return supposed.what_if(self._store.city.dispatch.weights)

    def _told(self, found: Candidates, actor: Actor, request: Request) -> Json:
        rules = self._store.city.dispatch
        return unit_words.candidates(found, rules, actor.at_ms, lang_of(request))

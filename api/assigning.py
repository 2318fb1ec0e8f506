"""Several cases at once, and what it means that a unit goes, over HTTP. Nothing is sent here."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query

from api.context import Context
from api.problems import documented
from api.seating import needs
from city.coverage import Coverage
from city.joint import Joint, Plan
from city.refusal import Malformed
from city.roles import Actor, Right
from store.store import Store

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
JointBody = Annotated[
    Json, Body(openapi_examples={"two": {"value": {"cases": ["HK20260907-00001", "…"]}}})
]


def build(context: Context) -> APIRouter:
    """The joint assignment, and coverage."""
    router = APIRouter(prefix="/api/v1", tags=["candidates"], responses=documented())
    asked = Asked(context.store)
    router.add_api_route("/joint", asked.joint, methods=["POST"])
    router.add_api_route("/coverage", asked.coverage)
    return router


class Asked:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def joint(self, actor: Looking, body: JointBody) -> Json:
        """One unit for each of `cases`, so that together they wait least, and the gain over each
        taking its own best; a suggestion."""
        return joint_words(self._store.dispatching.joint(cases_in(body), actor))

    def coverage(
        self, actor: Looking,
        unit: Annotated[str, Query(description="dept/kind/object: what if it goes")] = "",
        kind: Annotated[str, Query(description="without a unit: how it is covered now")] = "",
    ) -> Json:  # fmt: skip
        """Which area loses its last unit of the kind within the city's minutes, and who could
        move up."""
        if unit:
            return coverage_words(self._store.dispatching.coverage(unit, actor))
        if not kind:
            raise Malformed("missing", what=("力量或类别", "unit or kind"))
        return coverage_words(self._store.dispatching.covered(kind, actor))


def cases_in(body: Mapping[str, Any]) -> list[str]:
    """The ids of a body; Malformed where there are none."""
    cases = body.get("cases")
    if not isinstance(cases, list) or not cases or not all(isinstance(one, str) for one in cases):
        why = ("应为案件编号列表", "a list of case ids is wanted")
        raise Malformed("malformed", what=("案件", "cases"), why=why)
    return cases


def joint_words(found: Joint) -> Json:
    """Both plans, and what lies between them."""
    return {
        "best": plan_words(found.best),
        "greedy": plan_words(found.greedy),
        "gain_s": None if found.gain_s is None else round(found.gain_s),
        "served_more": found.served_more,
        "took_ms": found.took_ms,
    }


def plan_words(plan: Plan) -> Json:
    """Who goes where."""
    return {
        "items": [
            {"case_id": one.case_id, "unit": one.unit.id, "eta_s": round(one.eta_s),
             "match": one.match}
            for one in plan.pairs
        ],
        "unserved": list(plan.unserved),
        "eta_s": round(plan.eta_s),
    }  # fmt: skip


def coverage_words(found: Coverage) -> Json:
    """Areas before and after, the places that are lost, and who could move up."""
    move = found.move_up
    return {
        "unit": found.unit.id if found.unit else None,
        "within_min": found.within_min,
        "safe": found.is_safe,
        "areas": [
            {"area": one.area or None, "before": round(one.before, 4), "after": round(one.after, 4),
             "moved": None if one.moved is None else round(one.moved, 4),
             "loses_last": one.loses_last}
            for one in found.areas
        ],
        "lost": [
            {"pos": list(one.point), "area": one.area or None, "name": {"zh": one.zh, "en": one.en}}
            for one in found.lost
        ],
        "move_up": {"unit": move.unit.id, "eta_s": round(move.eta_s)} if move else None,
    }  # fmt: skip

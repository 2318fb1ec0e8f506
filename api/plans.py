"""Plans over HTTP: the library, what is under way on a case, and what is done with its tasks.

| answer | when |
|---|---|
| 200, 201 | done, with the plan as it stands now |
| 403 | another post, another scope, or another department's task |
| 404 | no such case, plan or task |
| 409 | it runs already, the case is over, or another task comes first |
| 422 | a field is missing or cannot be read |
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query

from api import plan_words
from api.context import Context
from api.finding import data_router
from api.seating import needs
from city.case_fields import Unusable, text
from city.case_scope import sees
from city.cases import Case
from city.plan_runs import Deed, TaskOrder
from city.refusal import Forbidden, Malformed
from city.roles import Actor, Right
from store.store import Store

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_CASES))]
Starting = Annotated[Actor, Depends(needs(Right.START_PLANS))]
StartBody = Annotated[Json, Body(openapi_examples={
    "underpass": {"value": {"plan": "ponding-underpass"}},
})]  # fmt: skip
DeedBody = Annotated[Json, Body(openapi_examples={
    "done": {"value": {"deed": "done", "note": "两端已封控"}},
    "tick": {"value": {"deed": "tick", "item": 0}},
    "skip": {"value": {"deed": "skip", "note": "路段已封闭施工"}},
})]  # fmt: skip
BY_HAND = (Deed.ARRIVE, Deed.DONE, Deed.SKIP, Deed.REDO, Deed.TICK, Deed.UNTICK)
DEED, ITEM, NOTE, PLAN = ("动作", "deed"), ("清单项", "item"), ("说明", "note"), ("预案", "plan")
LONGEST_NOTE = 1000


def build(context: Context) -> APIRouter:
    """The library, a case's plans, its tasks, and notices."""
    router = data_router(context, "plans")
    plans = Plans(context.store)
    router.add_api_route("/plans", plans.library)
    router.add_api_route("/plans/linkages", plans.linkages)
    router.add_api_route("/plans/{plan_id}", plans.plan)
    router.add_api_route("/cases/{case_id}/plans", plans.of_case)
    router.add_api_route("/cases/{case_id}/plans", plans.start, methods=["POST"], status_code=201)
    router.add_api_route(
        "/cases/{case_id}/plans/{plan_id}/tasks/{step}/deeds", plans.act, methods=["POST"]
    )
    router.add_api_route("/notices", plans.notices)
    router.add_api_route("/notices/{notice_id}/seen", plans.see, methods=["POST"])
    return router


class Plans:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def library(
        self, actor: Looking,
        case: Annotated[str, Query(description="only those for this case, the closest first")] = "",
    ) -> Json:  # fmt: skip
        """The plans of the city."""
        plans = self._store.plans
        found = plans.fitting(self._seen(case, actor)) if case else plans.library.plans.values()
        return {"items": [plan_words.plan(one) for one in found], "next": None}

    def linkages(self, _actor: Looking) -> Json:
        """The linkage lists: which cases start which plan by themselves."""
        found = self._store.plans.library.linkages
        return {"items": [plan_words.linkage(one) for one in found], "next": None}

    def plan(self, _actor: Looking, plan_id: str) -> Json:
        """One plan with its steps in their order."""
        return plan_words.plan(self._store.plans.plan(plan_id))

    def of_case(self, actor: Looking, case_id: str) -> Json:
        """What is, or was, under way on a case; `shares` is who works on it by its plans."""
        self._seen(case_id, actor)
        runs, shares = self._store.plans.of_case(case_id), self._store.plans.shares(case_id)
        return {
            "items": [plan_words.run(one) for one in runs],
            "next": None,
            "shares": {"lead": shares.lead or None, "co": list(shares.co),
                       "co_optional": list(shares.co_optional)},
        }  # fmt: skip

    def start(self, actor: Starting, case_id: str, body: StartBody) -> Json:
        """Starts a plan: its tasks are due from this moment on."""
        plan_id = read(body, "plan", PLAN)
        if not plan_id:
            raise Malformed("missing", what=PLAN)
        return plan_words.run(self._store.plans.start(case_id, plan_id, actor))

    def act(self, actor: Looking, case_id: str, plan_id: str, step: str, body: DeedBody) -> Json:
        """Does something with a task by hand; orders do the rest."""
        order = order_of(f"{plan_id}/{step}", body)
        return plan_words.run(self._store.plans.act(case_id, order, actor))

    def notices(
        self, actor: Looking,
        department: Annotated[str, Query(description="of a department; one's own by default")] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Json:  # fmt: skip
        """What a department was told, the newest first."""
        slug = department_of(actor, department)
        found = self._store.notices.of(slug, limit) if slug else []
        return {"items": [plan_words.notice(*one) for one in found], "next": None}

    def see(self, actor: Looking, notice_id: str, department: str = "") -> Json:
        """Somebody of the department has read it."""
        slug = department_of(actor, department)
        return plan_words.notice(self._store.notices.see(slug, notice_id, actor), None)

    def _seen(self, case_id: str, actor: Actor) -> Case:
        case = self._store.cases.get(case_id)
        if not sees(actor.seat, case):
            raise Forbidden("other_scope")
        return case


def department_of(actor: Actor, asked: str) -> str:
    """Whose notices a seat may read: its own; the command desk anybody's."""
    own = actor.seat.department
    if not asked or asked == own:
        return own
    if own and actor.seat.own_department_only:
        raise Forbidden("other_scope")
    return asked


def order_of(task: str, body: Mapping[str, Any]) -> TaskOrder:
    """What a body asks for; Malformed names what cannot be read."""
    deed, item = body.get("deed"), body.get("item", -1)
    if deed not in tuple(BY_HAND):
        why = (f"应为 {'、'.join(BY_HAND)} 之一", f"one of {', '.join(BY_HAND)}")
        raise Malformed("malformed", what=DEED, why=why)
    if isinstance(item, bool) or not isinstance(item, int):
        why = ("应为从 0 起的整数", "a whole number from 0 is wanted")
        raise Malformed("malformed", what=ITEM, why=why)
    return TaskOrder(Deed(deed), task, item=item, note=read(body, "note", NOTE))


def read(body: Mapping[str, Any], name: str, what: tuple[str, str]) -> str:
    """A text of a body; empty where there is none."""
    try:
        return text(LONGEST_NOTE)(body.get(name) or "")
    except Unusable as trouble:
        raise Malformed("malformed", what=what, why=trouble.why) from None

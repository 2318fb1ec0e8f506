"""Public warnings over HTTP: drafts, approvals, and what was issued as CAP 1.2.

| answer | when |
|---|---|
| 200, 201 | done, with the warning as it stands now |
| 403 | another post, one's own draft, or another scope |
| 404 | no such warning or case |
| 409 | it is decided already, was approved by the same person, or has expired |
| 422 | a field is missing or cannot be read |
"""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Response

from api.context import Context
from api.finding import data_router
from api.instants import written
from api.seating import needs
from city.refusal import Forbidden, Malformed
from city.roles import Actor, Right
from city.warnings import Message, Signed, Warned
from store.store import Store

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_CASES))]
Drafting = Annotated[Actor, Depends(needs(Right.DRAFT_WARNINGS))]
Approving = Annotated[Actor, Depends(needs(Right.APPROVE_WARNINGS))]
CASE = ("案件", "case")
CAP = "application/cap+xml"
DraftBody = Annotated[Json, Body(openapi_examples={
    "ponding": {"value": {"case": "HK20260907-00001", "level": 2, "headline": "…"}},
})]  # fmt: skip
ChangeBody = Annotated[Json, Body(openapi_examples={"text": {"value": {"description": "…"}}})]
ReasonBody = Annotated[Json, Body(openapi_examples={"why": {"value": {"reason": "积水已退"}}})]


def build(context: Context) -> APIRouter:
    """The list, one, its XML, and a route for each deed."""
    router = data_router(context, "warnings")
    warnings = Warnings(context.store)
    router.add_api_route("/warnings", warnings.list)
    router.add_api_route("/warnings", warnings.draft, methods=["POST"], status_code=201)
    router.add_api_route("/warnings/{warning_id}.xml", warnings.xml, response_class=Response,
                         responses={200: {"content": {CAP: {}}}})  # fmt: skip
    router.add_api_route("/warnings/{warning_id}", warnings.one)
    router.add_api_route("/warnings/{warning_id}", warnings.change, methods=["PATCH"])
    for deed in ("approve", "refuse", "withdraw"):
        path = f"/warnings/{{warning_id}}/{deed}"
        router.add_api_route(path, getattr(warnings, deed), methods=["POST"])
    for deed in ("update", "cancel"):
        path = f"/warnings/{{warning_id}}/{deed}"
        router.add_api_route(path, getattr(warnings, deed), methods=["POST"], status_code=201)
    return router


class Warnings:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def draft(self, actor: Drafting, body: DraftBody) -> Json:
        """A draft from a case; what is not said is suggested by it."""
        fields = dict(body)
        case_id = fields.pop("case", None)
        if not isinstance(case_id, str) or not case_id:
            raise Malformed("missing", what=CASE)
        return told(self._store.warnings.draft(case_id, fields, actor), actor.at_ms)

    def one(self, actor: Looking, warning_id: str) -> Json:
        """A warning with all that it says, and who approved it."""
        return told(self._seen(warning_id, actor), actor.at_ms)

    def xml(self, actor: Looking, warning_id: str) -> Response:
        """It as OASIS CAP 1.2; what is not issued has the status Draft."""
        warned = self._seen(warning_id, actor)
        return Response(self._store.warnings.xml(warned), media_type=CAP)

    def change(self, actor: Drafting, warning_id: str, body: ChangeBody) -> Json:
        """Another text of a draft; it is to be approved anew."""
        return told(self._store.warnings.change(warning_id, body, actor), actor.at_ms)

    def approve(self, actor: Approving, warning_id: str) -> Json:
        """One of the two others who must agree; with the second it is issued at once."""
        return told(self._store.warnings.approve(warning_id, actor), actor.at_ms)

    def refuse(self, actor: Approving, warning_id: str, body: ReasonBody) -> Json:
        """It is not issued, for a reason."""
        reason = str(body.get("reason") or "").strip()
        return told(self._store.warnings.refuse(warning_id, reason, actor), actor.at_ms)

    def withdraw(self, actor: Drafting, warning_id: str) -> Json:
        """Whoever drafted it takes it back."""
        return told(self._store.warnings.withdraw(warning_id, actor), actor.at_ms)

    def update(self, actor: Drafting, warning_id: str, body: ChangeBody) -> Json:
        """A draft that updates one that is in force."""
        warned = self._store.warnings.follow(warning_id, Message.UPDATE, body, actor)
        return told(warned, actor.at_ms)

    def cancel(self, actor: Drafting, warning_id: str, body: ReasonBody) -> Json:
        """A draft that cancels one that is in force; it says why."""
        warned = self._store.warnings.follow(warning_id, Message.CANCEL, body, actor)
        return told(warned, actor.at_ms)

    def list(
        self, actor: Looking, case: Annotated[str, Query(description="of one case")] = "",
        in_force: Annotated[bool, Query(description="those that hold now")] = False,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Json:  # fmt: skip
        """Warnings that the seat may see, the newest first."""
        found = [
            one for one in self._store.warnings.newest(limit)
            if case in ("", one.case_id) and (not in_force or one.is_in_force(actor.at_ms))
            and self._store.warnings.sees(one, actor)
        ]  # fmt: skip
        return {"items": [told(one, actor.at_ms) for one in found], "next": None}

    def _seen(self, warning_id: str, actor: Actor) -> Warned:
        warned = self._store.warnings.get(warning_id)
        if not self._store.warnings.sees(warned, actor):
            raise Forbidden("other_scope")
        return warned


def told(one: Warned, at_ms: int) -> Json:
    """A warning in the words of the API."""
    content = asdict(one.content)
    effective_ms, expires_ms = content.pop("effective_ms"), content.pop("expires_ms")
    return {
        "id": one.id,
        "case_id": one.case_id,
        "message": str(one.message),
        "state": str(one.stand),
        "in_force": one.is_in_force(at_ms),
        "identifier": one.identifier or None,
        "sender": one.sender,
        "sent_at": written(one.sent_ms),
        **content,
        "effective": written(effective_ms or one.sent_ms),
        "expires": written(expires_ms),
        "drafted": signed(one.drafted),
        "approvals": [signed(each) for each in one.approvals],
        "ended": signed(one.ended) if one.ended else None,
        "reason": one.reason or None,
        "follows": one.follows or None,
        "pending": one.pending or None,
        "replaced_by": one.replaced_by or None,
        "xml": f"/api/v1/warnings/{one.id}.xml",
    }


def signed(one: Signed) -> Json:
    """Who, and when."""
    return {"by": one.by, "name": one.name, "at": written(one.at_ms)}

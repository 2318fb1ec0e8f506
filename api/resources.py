"""Resources over HTTP: pumps, shelters, warehouses of the profile, and how they stand."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query

from api import unit_words
from api.context import Context
from api.places import point_in
from api.problems import documented
from api.seating import needs
from city.refusal import Malformed
from city.resources import Use
from city.roles import Actor, Right
from store.store import Store

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
Sending = Annotated[Actor, Depends(needs(Right.SEND_ORDERS))]
UseBody = Annotated[
    Json, Body(openapi_examples={"use": {"value": {"use": "in_use", "text": "二台已调往国兴大道"}}})
]


def build(context: Context) -> APIRouter:
    """The list, and how one of them stands."""
    router = APIRouter(prefix="/api/v1", tags=["resources"], responses=documented())
    resources = Resources(context.store)
    router.add_api_route("/resources", resources.list)
    router.add_api_route("/resources/{resource_id}/use", resources.use, methods=["POST"])
    return router


class Resources:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(
        self, actor: Looking, kind: str = "",
        pos: Annotated[str, Query(description="lon,lat: the nearest first")] = "",
    ) -> Json:  # fmt: skip
        """What can be used comes first; with `pos` the nearest by road first, with its time."""
        found = self._store.resources.all(actor, point_in(pos) if pos else None)
        items = [unit_words.resource(one) for one in found if kind in ("", one.resource.kind)]
        return {"items": items, "next": None, "total": len(items)}

    def use(self, actor: Sending, resource_id: str, body: UseBody) -> Json:
        """`use` is ready, in_use or closed; `text` says more."""
        word = body.get("use")
        if word not in tuple(Use):
            why = (f"应为 {', '.join(Use)} 之一", f"one of {', '.join(Use)} is wanted")
            raise Malformed("malformed", what=("状态", "use"), why=why)
        note = self._store.resources.set_use(
            resource_id, Use(word), actor, str(body.get("text", ""))
        )
        return {"id": resource_id, "use": note.use, "text": note.text or None}

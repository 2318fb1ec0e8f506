"""Units over HTTP: who can be sent, how they stand, and what people set.

| answer | when |
|---|---|
| 403 | the seat has no right, or no say over this unit |
| 404 | no such unit, or not for this seat |
| 409 | the unit has open orders: then its status is theirs |
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query

from api import unit_words
from api.context import Context
from api.problems import documented
from api.seating import needs
from city.refusal import Malformed
from city.roles import Actor, Right
from city.sight import sight_of
from city.units import Status, Unit
from store.store import Store

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
Sending = Annotated[Actor, Depends(needs(Right.SEND_ORDERS))]
Serving = Annotated[Actor, Depends(needs(Right.ANSWER_ORDERS))]
StatusBody = Annotated[
    Json, Body(openapi_examples={"set": {"value": {"status": "off_duty", "reason": "车辆检修"}}})
]
RestBody = Annotated[Json, Body(openapi_examples={"rest": {"value": {"minutes": 30}}})]
NoteBody = Annotated[
    Json, Body(openapi_examples={"note": {"value": {"text": "已到桥下，水深及膝"}}})
]
UNIT = "/units/{department}/{kind}/{name}"


def build(context: Context) -> APIRouter:
    """The list, one unit, its status, its rest, its crew and its log."""
    router = APIRouter(prefix="/api/v1", tags=["units"], responses=documented())
    units = Units(context.store)
    router.add_api_route("/units", units.list)
    router.add_api_route(UNIT, units.one)
    router.add_api_route(f"{UNIT}/status", units.set_status, methods=["POST"])
    router.add_api_route(f"{UNIT}/rest", units.rest, methods=["POST"])
    router.add_api_route(f"{UNIT}/crew", units.sign_on, methods=["POST"])
    router.add_api_route(f"{UNIT}/crew", units.sign_off, methods=["DELETE"])
    router.add_api_route(f"{UNIT}/log", units.log)
    router.add_api_route(f"{UNIT}/log", units.note, methods=["POST"])
    return router


class Units:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(
        self, actor: Looking,
        status: Annotated[list[Status] | None, Query(description="base types")] = None,
        kind: Annotated[list[str] | None, Query()] = None,
        department: str = "", area: str = "",
    ) -> Json:  # fmt: skip
        """Units that the seat may see, by id."""
        found = self._store.units.all(actor.at_ms, sight_of(actor.seat))
        items = [
            self._told(one, actor) for one in found
            if (not status or one.status in status) and (not kind or one.kind in kind)
            and department in ("", one.department) and one.area.startswith(area)
        ]  # fmt: skip
        return {"items": items, "next": None, "total": len(items)}

    def one(self, actor: Looking, department: str, kind: str, name: str) -> Json:
        """A unit with its skills, crew, orders, and since when it is in its status."""
        unit_id, sight = f"{department}/{kind}/{name}", sight_of(actor.seat)
        return self._told(self._store.units.one(unit_id, actor.at_ms, sight), actor)

    def set_status(
        self, actor: Sending, department: str, kind: str, name: str, body: StatusBody
    ) -> Json:
        """By hand: `status`, and a `reason` if there is one; holds until the device says other."""
        status, reason = status_in(body), str(body.get("reason", ""))
        unit_id = f"{department}/{kind}/{name}"
        return self._told(self._store.units.set_status(unit_id, status, actor, reason), actor)

    def rest(self, actor: Sending, department: str, kind: str, name: str, body: RestBody) -> Json:
        """Rests for `minutes` from now; 0 ends a rest."""
        unit_id = f"{department}/{kind}/{name}"
        return self._told(self._store.units.rest(unit_id, minutes_in(body), actor), actor)

    def sign_on(self, actor: Serving, department: str, kind: str, name: str) -> Json:
        """The caller serves on this unit from now on, and on no other."""
        unit_id = f"{department}/{kind}/{name}"
        return self._told(self._store.units.sign_on(unit_id, actor), actor)

    def sign_off(self, actor: Serving, department: str, kind: str, name: str) -> Json:
        """The caller serves on no unit any more."""
        return {"unit": self._store.units.sign_off(actor) or None}

    def log(self, actor: Looking, department: str, kind: str, name: str) -> Json:
        """What people did with it, and said on the radio, oldest first."""
        unit_id = f"{department}/{kind}/{name}"
        self._store.units.one(unit_id, actor.at_ms, sight_of(actor.seat))
        items = [unit_words.entry(one) for one in self._store.units.log(unit_id)]
        return {"items": items, "next": None}

    def note(self, actor: Sending, department: str, kind: str, name: str, body: NoteBody) -> Json:
        """A line of the radio log: `text`."""
        unit_id, text = f"{department}/{kind}/{name}", str(body.get("text", ""))
        return self._told(self._store.units.note(unit_id, text, actor), actor)

    def _told(self, one: Unit, actor: Actor) -> Json:
        return unit_words.unit(one, self._store.city.dispatch, actor.at_ms)


def status_in(body: Mapping[str, Any]) -> Status:
    """The base type that a body names; Malformed where it names none."""
    word = body.get("status")
    if word not in tuple(Status):
        why = (f"应为 {', '.join(Status)} 之一", f"one of {', '.join(Status)} is wanted")
        raise Malformed("malformed", what=("状态", "status"), why=why)
    return Status(word)


def minutes_in(body: Mapping[str, Any]) -> int:
    """Whole minutes; Malformed for anything else."""
    minutes = body.get("minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int):
        why = ("应为整数", "a whole number is wanted")
        raise Malformed("malformed", what=("分钟", "minutes"), why=why)
    return minutes

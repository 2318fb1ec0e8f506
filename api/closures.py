"""Closures of roads over HTTP: what is closed, close something, open it again.

| answer | when |
|---|---|
| 201 | closed; ways and candidates know it at once |
| 200 | opened again, with the closure as it was |
| 403 | the seat may not close roads, or not there |
| 404 | no such closure |
| 409 | it is over already, or follows the water and no reason was given |
| 422 | a field is missing or cannot be used |
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query

from api.context import Context
from api.finding import data_router
from api.instants import asked_ms, written
from api.seating import needs
from city.closures import ClosureKind, NewClosure, RoadClosure
from city.naming import EN, ZH, name_in
from city.refusal import Malformed
from city.roles import Actor, Right
from geo.drawn import BadShape, middle_of
from geo.ground import Ground

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
Managing = Annotated[Actor, Depends(needs(Right.MANAGE_ROADS))]
Told = Annotated[
    Json | None,
    Body(openapi_examples={
        "works": {"value": {
            "kind": "works", "reason": {"zh": "给水管抢修", "en": "Burst water main"},
            "geometry": {"type": "LineString",
                         "coordinates": [[110.3301, 20.0201], [110.3322, 20.0203]]},
            "speed_factor": 0, "until": "2026-09-06T18:00:00+08:00"}},
        "disc": {"value": {"reason": "塌陷", "radius_m": 120,
                           "geometry": {"type": "Point", "coordinates": [110.33, 20.02]}}},
    }),
]  # fmt: skip


def build(context: Context) -> APIRouter:
    router = data_router(context, "roads")
    store = context.store.closures

    @router.get("/closures")
    def closures(
        actor: Looking,
        state: Annotated[str, Query(pattern="^(open|all)$")] = "open",
    ) -> Json:
        """What is closed now, the newest first; `all`: that of the last 30 days too."""
        found = store.all() if state == "all" else store.list(actor.at_ms)
        return {"items": [closure_told(one) for one in found], "next": None}

    @router.post("/closures", status_code=201)
    def close(actor: Managing, body: Told = None) -> Json:
        """`geometry` (polygon, line, point with `radius_m`), `reason`, `speed_factor`, `until`."""
        return closure_told(store.add(closure_asked(body or {}, context.ground), actor))

    @router.delete("/closures/{closure}")
    def lift(actor: Managing, closure: str, reason: str = "") -> Json:
        """Opens it before its time."""
        return closure_told(store.lift(closure, actor, reason))

    return router


def closure_asked(said: Mapping[str, Any], ground: Ground) -> NewClosure:
    """What a body asks for; Malformed names what cannot be read."""
    geometry, reason = said.get("geometry"), said.get("reason")
    try:
        area, _ = ground.place(*middle_of(geometry))
    except BadShape as bad:
        raise wrong("图形", "geometry", (bad.zh, bad.en)) from None
    assert isinstance(geometry, Mapping)
    return NewClosure(
        geometry, name_in(reason, ZH), name_in(reason, EN), kind_of(said.get("kind")),
        number(said, "speed_factor"), number(said, "radius_m"), instant(said.get("until")), area,
    )  # fmt: skip


def kind_of(said: Any) -> ClosureKind:
    """The kind that a word names."""
    try:
        return ClosureKind(said or ClosureKind.DRAWN)
    except ValueError:
        raise wrong("种类", "kind", ("works, drawn", "works, drawn")) from None


def number(said: Mapping[str, Any], name: str) -> float:
    """A number of the body; 0 where it is not said."""
    value = said.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong(name, name, ("须为数字", "say a number"))
    return float(value)


def instant(said: Any) -> int | None:
    """An instant of the body in ms."""
    return None if said is None else asked_ms(str(said), ("截止时间", "until"))


def wrong(zh: str, en: str, why: tuple[str, str]) -> Malformed:
    """The refusal of a field."""
    return Malformed("malformed", what=(zh, en), why=why)


def closure_told(one: RoadClosure) -> Json:
    """A closure as it is answered."""
    return {
        "id": one.id,
        "kind": one.kind,
        "reason": {"zh": one.zh, "en": one.en},
        "geometry": one.geometry,
        "speed_factor": one.speed_factor,
        "by": one.by,
        "name": one.name,
        "at": written(one.at_ms),
        "until": written(one.until_ms),
        "alarm": one.alarm_id or None,
        "area": one.area or None,
        "ended_at": written(one.ended_ms),
        "ended_by": one.ended_by or None,
        "ended_why": one.ended_why or None,
    }

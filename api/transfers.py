"""Hand-overs over HTTP: which case went from whom to whom, and what is slow.

| answer | when |
|---|---|
| 200, 201 | done |
| 403 | another post, or another scope |
| 404 | no such case |
| 409 | the case is not in hand, or the unit leads already |
| 422 | a field is missing or cannot be read |
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query

from api.case_query import checked, each, instant, one_of
from api.context import Context
from api.finding import data_router
from api.instants import written
from api.seating import needs
from city.case_scope import sees
from city.lines import Side
from city.refusal import Forbidden, Malformed
from city.roles import Actor, Right
from city.transfers import ATTRIBUTES, KINDS, Group, Transfer
from store.store import Store
from store.transfers import NEVER_MS, TransferQuery

Json = dict[str, Any]
Several = list[str] | None
Looking = Annotated[Actor, Depends(needs(Right.VIEW_CASES))]
Sending = Annotated[Actor, Depends(needs(Right.SEND_ORDERS))]
Counting = Annotated[Actor, Depends(needs(Right.VIEW_FIGURES))]
HandOver = Annotated[Json, Body(openapi_examples={
    "across": {"value": {"to": "sz", "reason": "属市政设施"}},
})]  # fmt: skip
WORDS = f"one of {', '.join(ATTRIBUTES)}"


@dataclass
class Asked:
    """Several values, or one with commas, mean all of them for `crosses`."""

    since: Annotated[str, Query(alias="from", description="RFC 3339")] = ""
    until: Annotated[str, Query(alias="to")] = ""
    kind: Annotated[str, Query(description=", ".join(KINDS))] = ""
    department: str = ""
    crosses: Annotated[list[str] | None, Query(description=WORDS)] = None


def build(context: Context) -> APIRouter:
    """The log, the report, those of a case, and one more."""
    router = data_router(context, "transfers")
    transfers = Transfers(context.store)
    router.add_api_route("/transfers", transfers.list)
    router.add_api_route("/transfers/report", transfers.report)
    router.add_api_route("/cases/{case_id}/transfers", transfers.of_case)
    router.add_api_route(
        "/cases/{case_id}/transfers", transfers.hand_over, methods=["POST"], status_code=201
    )
    return router


class Transfers:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(
        self, actor: Looking, asked: Annotated[Asked, Depends()],
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Json:  # fmt: skip
        """Hand-overs that the seat may see, the newest first; `total` counts all of them."""
        found = self._store.transfers.find(query_of(asked, actor))
        items = [told(one, actor.at_ms) for one in found[:limit]]
        return {"items": items, "next": None, "total": len(found)}

    def report(
        self, actor: Counting, asked: Annotated[Asked, Depends()],
        by: Annotated[Several, Query(description=WORDS)] = None,
    ) -> Json:  # fmt: skip
        """Hand-overs in groups of the same ends; the counts of the groups add up to `total`."""
        names = attributes(by, "by") or tuple(ATTRIBUTES)
        query = query_of(asked, actor)
        groups = self._store.transfers.report(query, names, actor.at_ms)
        return {
            "by": list(names),
            "sign_within_s": self._store.city.lines.sign_within_ms / 1000,
            "items": [counted(one) for one in groups],
            "next": None,
            "total": sum(one.total for one in groups),
        }

    def of_case(self, actor: Looking, case_id: str) -> Json:
        """Those of one case, the oldest first."""
        if not sees(actor.seat, self._store.cases.get(case_id)):
            raise Forbidden("other_scope")
        found = self._store.transfers.of_case(case_id)
        return {"items": [told(one, actor.at_ms) for one in found], "next": None}

    def hand_over(self, actor: Sending, case_id: str, body: HandOver) -> Json:
        """Gives the case to another unit, within the same limit; it is to be signed for anew."""
        to, reason = body.get("to"), body.get("reason")
        if not isinstance(to, str) or not to:
            raise Malformed("missing", what=("接收单位", "to"))
        one = self._store.transfers.hand_over(case_id, to, reason or "", actor)
        return told(one, actor.at_ms)


def query_of(asked: Asked, actor: Actor) -> TransferQuery:
    """What a query string asks for; 422 names the parameter that cannot be read."""
    return TransferQuery(
        actor.seat,
        from_ms=instant("from", asked.since) or 0,
        to_ms=instant("to", asked.until) or NEVER_MS,
        kind=checked("kind", one_of(KINDS), asked.kind) if asked.kind else "",
        department=asked.department,
        crosses=attributes(asked.crosses, "crosses"),
    )


def attributes(given: list[str] | None, name: str) -> tuple[str, ...]:
    """Some of the five attributes; 422 names the parameter that has others."""
    return tuple(dict.fromkeys(each(name, one_of(ATTRIBUTES), given)))


def told(one: Transfer, at_ms: int) -> Json:
    """One hand-over."""
    return {
        "id": one.id,
        "case_id": one.case_id,
        "kind": str(one.kind),
        "from": side(one.source),
        "to": side(one.target),
        "crosses": list(one.crosses),
        "area": one.area or None,
        "by": one.by,
        "name": one.name,
        "reason": one.reason or None,
        "at": written(one.at_ms),
        "signed_at": written(one.signed_ms),
        "gone_at": written(one.gone_ms),
        "waited_s": round(one.taken_ms(at_ms) / 1000),
    }


def side(one: Side) -> Json:
    """One end; no department is the command centre, no region the whole city."""
    return {
        "level": one.level,
        "region": one.region or None,
        "system": one.system,
        "department": one.department or None,
        "business": one.business,
    }


def counted(one: Group) -> Json:
    """One line of the report."""
    return {
        "from": {name: ends[0] or None for name, ends in one.ends.items()},
        "to": {name: ends[1] or None for name, ends in one.ends.items()},
        "count": one.total,
        "crossing": one.crossing,
        "signed": one.signed,
        "slow": one.slow,
        "median_s": one.median_s,
        "p90_s": one.p90_s,
    }

"""The report of an emergency, and the figures of any span with the modes apart."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query

from api.context import Context
from api.instants import EARLIEST_MS, asked_ms, written
from api.problems import documented
from api.seating import needs
from city.refusal import Malformed
from city.roles import Actor, Right
from store.store import Store

Json = dict[str, Any]
DAY_MS = 86_400_000
SPANS = ("median", "p90", "longest")
Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
Counting = Annotated[Actor, Depends(needs(Right.VIEW_FIGURES))]


def build(context: Context) -> APIRouter:
    """Two routes."""
    router = APIRouter(prefix="/api/v1", tags=["mode"], responses=documented())
    routes = ReportRoutes(context.store)
    router.add_api_route("/mode/figures", routes.figures)
    router.add_api_route("/mode/episodes/{episode}/report", routes.report)
    return router


class ReportRoutes:
    """The routes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def report(self, _actor: Looking, episode: str) -> Json:
        """The report as it was made."""
        told: Json = plain(msgspec.to_builtins(self._store.mode_reports.get(episode)))
        return told

    def figures(
        self, actor: Counting,
        start: Annotated[str, Query(alias="from")] = "",
        end: Annotated[str, Query(alias="to", description="now where it is not said")] = "",
    ) -> Json:  # fmt: skip
        """Cases, alarms and orders that began in a span, normal, emergency and exercise apart."""
        to_ms = asked_ms(end, "to") if end else actor.at_ms
        from_ms = asked_ms(start, "from") if start else max(to_ms - DAY_MS, EARLIEST_MS)
        if from_ms > to_ms:
            raise Malformed("malformed", what=("from", "from"), why=("晚于 to", "later than `to`"))
        found = self._store.mode_reports.apart(from_ms, to_ms)
        told: Json = plain(msgspec.to_builtins(found))
        return told


def plain(value: Any) -> Any:
    """With instants as RFC 3339 (`made_at`, `until`) and spans in seconds (`median_s`)."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    return dict(field(str(name), one) for name, one in value.items())


def field(name: str, value: Any) -> tuple[str, Any]:
    """One field of an answer."""
    if not name.endswith("_ms"):
        return name, plain(value)
    stem = name.removesuffix("_ms")
    if stem in SPANS:
        return f"{stem}_s", None if value is None else value / 1000
    return stem if stem in ("at", "since", "until") else f"{stem}_at", written(value)

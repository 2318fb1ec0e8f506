"""GET /api/v1/things: the newest of everything as GeoJSON, one thing, and its history."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import Response

from api import selecting
from api.context import Context
from api.finding import data_router
from api.instants import BadInstant, ms_of, written
from api.pages import Span, page
from api.seating import needs
from city.roles import Actor, Right
from city.sight import sight_of
from store.history import HistoryStore
from store.live import LiveStore
from store.reading import Reading

GEOJSON = "application/geo+json"
AT_ONCE = 256  # features per hold of the lock
MOST_READINGS = 10_000
Json = dict[str, Any]


def build(context: Context) -> APIRouter:
    router = data_router(context, "things")
    things = Things(context.store.live, context.store.history)
    one = "/things/{department}/{kind}/{object}"
    answers: dict[int | str, dict[str, Any]] = {200: {"content": {GEOJSON: {}}}}
    router.add_api_route("/things", things.all, response_class=Response, responses=answers)
    router.add_api_route(one, things.one, response_class=Response, responses=answers)
    router.add_api_route(f"{one}/history", things.readings)
    return router


def thing_of(department: str, kind: str, object: str) -> str:
    """The id of a thing from the parts of its path."""
    return f"{department}/{kind}/{object}"


def span_of(
    from_: Annotated[str | None, Query(alias="from")] = None, to: str | None = None
) -> Span:
    """From when to when, both included."""
    first, last = checked(ms_of, "from", from_), checked(ms_of, "to", to)
    if first is not None and last is not None and first > last:
        raise HTTPException(422, "from: lies after `to`")
    return first, last


Thing = Annotated[str, Depends(thing_of)]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_MAP))]


class Things:
    """The routes; each reads what was written up to the question."""

    def __init__(self, live: LiveStore, history: HistoryStore) -> None:
        self._live = live
        self._history = history

    def all(
        self,
        actor: Looking,
        kind: Annotated[list[str] | None, Query()] = None,
        bbox: str | None = None,
        area: Annotated[str | None, Query(pattern=r"^\d{6}$")] = None,
    ) -> Response:
        """Newest value per thing; `bbox` is west,south,east,north, `area` an adcode."""
        box = checked(selecting.box_of, "bbox", bbox)
        self._live.refresh()
        with self._live.lock:
            chosen = selecting.select(self._live.table, sight_of(actor.seat), kind, box, area)
        found = list(features(self._live, chosen))
        return geojson({"type": "FeatureCollection", "features": found})

    def one(self, actor: Looking, thing: Thing) -> Response:
        """One thing as a GeoJSON feature."""
        return geojson(next(features(self._live, [self._known(thing, actor)])))

    def readings(
        self,
        actor: Looking,
        thing: Thing,
        span: Annotated[Span, Depends(span_of)],
        limit: Annotated[int, Query(ge=1, le=MOST_READINGS)] = 1000,
        cursor: str | None = None,
    ) -> Json:
        """Readings in the order of time, the newest `limit`; `next` is the cursor to older ones."""
        self._known(thing, actor)
        found, older = page(self._history, thing, span, limit, cursor, sight_of(actor.seat))
        return {"items": [told(reading) for reading in found], "next": older}

    def _known(self, thing: str, actor: Actor) -> int:
        """What a seat may not see is not there for it."""
        self._live.refresh()
        table = self._live.table
        index = table.index.get(thing)
        if index is None or not table.may_see(sight_of(actor.seat), index):
            raise HTTPException(404, f"nothing is known of {thing}")
        return index


def checked(parse: Any, name: str, text: str | None) -> Any:
    """A parameter's value, None where it is absent, 422 where it is malformed."""
    if text is None or text == "":
        return None
    try:
        return parse(text)
    except (BadInstant, selecting.BadBox) as trouble:
        raise HTTPException(422, f"{name}: {trouble}") from None


def features(live: LiveStore, chosen: Iterable[int]) -> Iterator[Json]:
    """The lock is let go now and then, so that the live map does not wait for us."""
    now, waiting = datetime.now(UTC), list(chosen)
    for start in range(0, len(waiting), AT_ONCE):
        with live.lock:
            part = [live.table.feature(index, now) for index in waiting[start : start + AT_ONCE]]
        yield from part


def geojson(document: Json) -> Response:
    """RFC 7946 §12."""
    return Response(msgspec.json.encode(document), media_type=GEOJSON)


def told(reading: Reading) -> Json:
    """One reading in the words of the API."""
    return {
        "observed_at": written(reading.observed_ms),
        "received_at": written(reading.received_ms),
        "seq": reading.seq,
        "values": reading.values,
        "pos": list(reading.point) if reading.point else None,
        "speed_mps": reading.speed_mps,
        "heading_deg": reading.heading_deg,
        "status": reading.status,
        "uncertain": list(reading.uncertain),
    }

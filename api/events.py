"""Events over HTTP: what is happening, why its reports stand together, and merging by hand (并单).

| answer | when |
|---|---|
| 200 | done |
| 403 | no right to merge, or another scope |
| 404 | no such event or case |
| 409 | merged already, not part of it, or the cases' state forbids it |
| 422 | a field is missing or cannot be read |
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query

from api import event_words
from api.context import Context
from api.problems import documented
from api.seating import needs
from city.case_scope import sees
from city.events import Event
from city.merging import Match
from city.refusal import Forbidden, Malformed, NotFound
from city.roles import Actor, Right, Seat
from store.events import FIRST, Rank
from store.store import Store

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_CASES))]
Merging = Annotated[Actor, Depends(needs(Right.MERGE))]
Name = Annotated[str, Body(max_length=64, examples=["EV20260906-00012"])]
MemberName = Annotated[str, Body(max_length=200, examples=["report/hotline|HL-1"])]
Why = Annotated[str, Body(min_length=1, max_length=4000, examples=["同一处积水"])]
WhyNot = Annotated[str, Body(max_length=4000, examples=["同一处积水"])]
MOST = 500


def build(context: Context) -> APIRouter:
    """The routes of events."""
    router = APIRouter(prefix="/api/v1", tags=["events"], responses=documented())
    events = Events(context.store)
    router.add_api_route("/events", events.list)
    router.add_api_route("/events/{event_id}", events.one)
    router.add_api_route("/events/{event_id}/suggestions", events.suggestions)
    router.add_api_route("/cases/{case_id}/suggestions", events.of_case)
    router.add_api_route("/events/{event_id}/merge", events.merge, methods=["POST"])
    router.add_api_route("/events/{event_id}/unmerge", events.unmerge, methods=["POST"])
    router.add_api_route("/events/{event_id}/split", events.split, methods=["POST"])
    return router


class Events:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(
        self,
        actor: Looking,
        area: str = "",
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
        cursor: str = "",
    ) -> Json:
        """What is going on, the newest told of first; `cursor` is `next` of the page before."""
        found = self._store.events.open(rank_of(cursor))
        here = (event for event in self._seen(actor.seat, found) if event.area.startswith(area))
        page = list(islice(here, limit + 1))
        return {"items": [event_words.summary(one) for one in page[:limit]],
                "next": cursor_of(page[limit - 1]) if len(page) > limit else None}  # fmt: skip

    def one(self, actor: Looking, event_id: str) -> Json:
        """An event with its members, how each of them came, and everything that was done."""
        return self._told(self._known(actor.seat, event_id))

    def suggestions(self, actor: Looking, event_id: str) -> Json:
        """Other events that may be the same, the best first, with score and reasons."""
        return self._suggested(actor.seat, self._known(actor.seat, event_id))

    def of_case(self, actor: Looking, case_id: str) -> Json:
        """The same for the event of a case."""
        case = self._store.cases.get(case_id)
        if not sees(actor.seat, case):
            raise Forbidden("other_scope")
        event_id = self._store.events.id_of(f"case/{case.id}")
        if not event_id:
            return {"items": [], "next": None}
        return self._suggested(actor.seat, self._store.events.get(event_id))

    def merge(self, actor: Merging, event_id: str, other: Name, reason: WhyNot = "") -> Json:
        """Puts `other` (an event, or a case) into this one; two cases become one (T36)."""
        return self._told(self._store.events.merge(event_id, other, actor, reason))

    def unmerge(self, actor: Merging, event_id: str, other: Name, reason: Why) -> Json:
        """Takes `other` out again: it stands alone as before, and so does its case."""
        return self._told(self._store.events.unmerge(event_id, other, actor, reason))

    def split(self, actor: Merging, event_id: str, member: MemberName, reason: Why) -> Json:
        """Takes one report or alarm out; answers the event of its own that it begins."""
        return self._told(self._store.events.split(event_id, member, actor, reason))

    def _told(self, event: Event) -> Json:
        return event_words.detail(event, self._store.events.log(event.id))

    def _known(self, seat: Seat, event_id: str) -> Event:
        """An event that the seat may know of; one of others is as good as none."""
        event = self._store.events.get(event_id)
        if not list(self._seen(seat, [event])):
            raise NotFound("not_found", what=("事件", "event"), name=event_id)
        return event

    def _suggested(self, seat: Seat, event: Event) -> Json:
        found = self._store.events.suggestions(event)
        seen = {one.id for one in self._seen(seat, [other for other, _ in found])}
        return {"items": list(self._worded(found, seen)), "next": None}

    def _worded(self, found: Iterable[tuple[Event, Match]], seen: set[str]) -> Iterator[Json]:
        for event, match in found:
            if event.id in seen:
                cases = self._store.cases.some([event.case_id] if event.case_id else [])
                yield event_words.suggestion(event, match, next(iter(cases), None))

    def _seen(self, seat: Seat, events: Iterable[Event]) -> Iterator[Event]:
        """Events in the seat's areas; a department sees those whose case is its own."""
        for event in events:
            if seat.covers(event.area) and self._is_own(seat, event):
                yield event

    def _is_own(self, seat: Seat, event: Event) -> bool:
        if not seat.own_department_only:
            return True
        cases = self._store.cases.some([event.case_id] if event.case_id else [])
        return any(sees(seat, case) for case in cases)


def cursor_of(event: Event) -> str:
    """Where a page ends."""
    return f"{event.last_ms}.{event.id}"


def rank_of(cursor: str) -> Rank:
    """The place that a cursor stands at; Malformed for one that we did not give."""
    last, _, name = cursor.partition(".")
    if not cursor:
        return FIRST
    if not (last.isascii() and last.isdigit() and name):
        why = "不是我们给出的游标", "not one that we gave"
        raise Malformed("malformed", what="cursor", why=why)
    return -int(last), name

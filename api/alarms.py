"""Alarms over HTTP: list them, read one, and what an operator does with one.

| answer | when |
|---|---|
| 200 | done, with the alarm as it stands now |
| 403 | the seat has not the right |
| 404 | no such alarm, or not in the seat's part of the city |
| 409 | as it stands that cannot be done; `reason` says why, and who was quicker |
| 422 | a field is missing or cannot be used |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException, Query

from api import alarm_words
from api.case_query import each, level
from api.context import Context
from api.problems import documented
from api.seating import needs
from city.alarm_filing import opening
from city.alarm_orders import WHAT, AlarmOrder, sees
from city.alarms import Alarm, AlarmState, Deed
from city.refusal import Malformed, NotFound
from city.roles import Actor, Right
from city.rulebook import Rulebook
from store.alarm_table import STATES, AlarmQuery, rank
from store.store import Store

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_ALARMS))]
Handling = Annotated[Actor, Depends(needs(Right.HANDLE_ALARMS))]
OrderBody = Annotated[
    Json | None,
    Body(openapi_examples={
        "shelve": {"value": {"minutes": 60, "reason": "管网检修"}},
        "clear": {"value": {"reason": "传感器被淋"}},
        "comment": {"value": {"text": "已电话核实"}},
        "assign": {"value": {"assignee": "li"}},
    }),
]  # fmt: skip
DEEDS = (Deed.ACK, Deed.COMMENT, Deed.ASSIGN, Deed.SHELVE, Deed.UNSHELVE, Deed.CLEAR)
MOST = 1000
MAY_SAY = ("kind", "type", "title", "description", "severity")  # of the case it becomes


@dataclass
class Filters:
    """Several values, or one with commas, mean any of them."""

    state: Annotated[list[str] | None, Query(description=", ".join(STATES))] = None
    severity: Annotated[list[str] | None, Query(description="1 (red) … 4 (blue)")] = None
    area: Annotated[str, Query(description="adcode, or its beginning")] = ""
    department: str = ""
    kind: str = ""
    thing: str = ""
    watch_list: Annotated[str, Query(description="those on a watch list")] = ""
    parent: Annotated[str, Query(description="those that an outage hides")] = ""
    mine: bool = False
    acknowledged: bool | None = None


def build(context: Context) -> APIRouter:
    """The list, the load, the rules, one alarm, and a route for each deed."""
    router = APIRouter(prefix="/api/v1", tags=["alarms"], responses=documented())
    alarms = Alarms(context.store, context.profile.rulebook)
    router.add_api_route("/alarms", alarms.list)
    router.add_api_route("/alarms/load", alarms.load)
    router.add_api_route("/alarms/rules", alarms.rules)
    router.add_api_route("/alarms/{alarm_id}", alarms.one)
    router.add_api_route("/alarms/{alarm_id}/case", alarms.file, methods=["POST"])
    for deed in DEEDS:
        router.add_api_route(
            f"/alarms/{{alarm_id}}/{deed}", getattr(alarms, deed.value), methods=["POST"]
        )
    return router


class Alarms:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store, book: Rulebook) -> None:
        self._store = store
        self._book = book

    def list(
        self, actor: Looking, filters: Annotated[Filters, Depends()],
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
        cursor: Annotated[str, Query(description="`next` of the page before")] = "",
    ) -> Json:  # fmt: skip
        """Alarms that the seat may see, the worst and then the newest first."""
        table = self._store.alarm_table
        table.refresh()
        found = table.find(query_of(filters, actor), actor.seat, actor.at_ms, place)
        start = place_of(cursor)
        rest = [alarm for alarm in found if start is None or place(alarm) > start]
        items = [alarm_words.summary(alarm, actor.at_ms) for alarm in rest[:limit]]
        after = cursor_at(rest[limit - 1]) if len(rest) > limit else None
        return {"items": items, "next": after, "total": len(found)}

    def load(self, actor: Looking) -> Json:
        """How many alarms come in for this seat, against what one can take."""
        table = self._store.alarm_table
        table.refresh()
        return alarm_words.load(table.load(actor.seat, actor.at_ms, self._book.flood))

    def rules(self, actor: Looking) -> Json:
        """The table of rules in force, in its order."""
        return {"items": [alarm_words.rule(one) for one in self._book.rules], "next": None}

    def one(self, actor: Looking, alarm_id: str) -> Json:
        """An alarm with its levels and all that was done with it."""
        alarm = self._store.alarms.get(alarm_id)
        if not sees(actor.seat, alarm):
            raise NotFound("not_found", name=alarm_id, what=WHAT)
        return alarm_words.detail(alarm, actor.at_ms)

    def ack(self, actor: Handling, alarm_id: str, body: OrderBody = None) -> Json:
        """确认: seen, and the caller's own from now on."""
        return self._do(Deed.ACK, actor, alarm_id, body)

    def comment(self, actor: Handling, alarm_id: str, body: OrderBody = None) -> Json:
        """A line in its log: `text`."""
        return self._do(Deed.COMMENT, actor, alarm_id, body)

    def assign(self, actor: Handling, alarm_id: str, body: OrderBody = None) -> Json:
        """转办: to the account `assignee`."""
        return self._do(Deed.ASSIGN, actor, alarm_id, body)

    def shelve(self, actor: Handling, alarm_id: str, body: OrderBody = None) -> Json:
        """搁置: for `minutes` (at most eight hours), with a `reason`."""
        return self._do(Deed.SHELVE, actor, alarm_id, body)

    def unshelve(self, actor: Handling, alarm_id: str, body: OrderBody = None) -> Json:
        """Back into the queue before its time."""
        return self._do(Deed.UNSHELVE, actor, alarm_id, body)

    def clear(self, actor: Handling, alarm_id: str, body: OrderBody = None) -> Json:
        """误报: false, with a `reason`; over, whatever the sensor goes on to say."""
        return self._do(Deed.CLEAR, actor, alarm_id, body)

    def file(self, actor: Handling, alarm_id: str, body: OrderBody = None) -> Json:
        """立案: it becomes a case; `kind`, `type`, `title`, `description`, `severity` may be said.

        Filed again it is the same case.
        """
        alarm = self._store.alarms.get(alarm_id)
        if not sees(actor.seat, alarm):
            raise NotFound("not_found", name=alarm_id, what=WHAT)
        said = {name: value for name, value in (body or {}).items() if name in MAY_SAY}
        case = self._store.alarm_filing.file(alarm_id, opening(alarm, said), actor)
        return {"id": case.id, "state": case.state, "alarm": alarm_id}

    def _do(self, deed: Deed, actor: Actor, alarm_id: str, body: Json | None) -> Json:
        alarm = self._store.alarms.order(alarm_id, order_of(deed, body or {}), actor)
        return alarm_words.detail(alarm, actor.at_ms)


def order_of(deed: Deed, body: Mapping[str, Any]) -> AlarmOrder:
    """The order that a body is; Malformed where a field is of the wrong kind."""
    minutes = body.get("minutes", 0)
    if isinstance(minutes, bool) or not isinstance(minutes, int):
        why = ("应为整数", "a whole number is wanted")
        raise Malformed("malformed", what=("分钟", "minutes"), why=why)
    said = text(body, "text") if deed == Deed.COMMENT else text(body, "reason")
    return AlarmOrder(deed, said, minutes, text(body, "assignee"))


def text(body: Mapping[str, Any], name: str) -> str:
    """A field that is text, or empty."""
    said = body.get(name, "")
    if not isinstance(said, str):
        why = ("应为文字", "text is wanted")
        raise Malformed("malformed", what=(name, name), why=why)
    return said


def query_of(filters: Filters, actor: Actor) -> AlarmQuery:
    """What a list is asked for."""
    words = each("state", states_of, filters.state)
    return AlarmQuery(
        states=tuple(state for group in words for state in group),
        severities=tuple(each("severity", level, filters.severity)),
        area=filters.area, department=filters.department, kind=filters.kind, thing=filters.thing,
        parent=filters.parent, watch_list=filters.watch_list, acknowledged=filters.acknowledged,
        mine=actor.seat.account if filters.mine else "",
    )  # fmt: skip


def states_of(word: str) -> tuple[AlarmState, ...]:
    """The states that a word stands for."""
    if word not in STATES:
        raise ValueError(f"one of {', '.join(STATES)}")
    return STATES[word]


def place(alarm: Alarm) -> tuple[float, ...]:
    """An alarm's place in the list, no two the same."""
    return (*rank(alarm), int(alarm.id, 36))


def cursor_at(alarm: Alarm) -> str:
    """Where the next page begins."""
    return f"{alarm.severity}.{alarm.raised_at_ms}.{alarm.id}"


def place_of(cursor: str) -> tuple[float, ...] | None:
    """The place that a cursor names; None at the beginning."""
    if not cursor:
        return None
    try:
        severity, raised_at_ms, alarm_id = cursor.split(".")
        return int(severity), -int(raised_at_ms), int(alarm_id, 36)
    except ValueError:
        raise HTTPException(422, "cursor: it is no `next` of this list") from None

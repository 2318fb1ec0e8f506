"""Cases over HTTP: list them, open one, read one, make a move. Words and status as in the contract.

| answer | when |
|---|---|
| 200, 201 | done; 200 for a report that had its case already |
| 403 | another post, another scope, or whoever handled the case |
| 404 | no such case |
| 409 | illegal from this state, or outdated: with `state`, `version`, `allowed`, `meanwhile` |
| 422 | a field is missing or cannot be read |
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Body, Depends, Response

from api import case_words
from api.case_query import asked_for, cursor_after
from api.context import Context
from api.problems import documented
from api.seating import needs
from city.case_fields import read
from city.case_scope import sees
from city.case_table import Move
from city.case_views import CaseQuery
from city.cases import Case, Order
from city.masking import masked, masked_entry
from city.refusal import Forbidden, Malformed, say
from city.roles import Actor, Right
from store.store import Store

say({"only_by_its_door": ("附件请从 evidence 接口上传", "Evidence comes in by its own route")})
Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_CASES))]
Opening = Annotated[Actor, Depends(needs(Right.CREATE_CASES))]
A_CASE: Json = {
    "source": "hotline", "external_id": "HL-1", "type": "0406", "title": "道路积水",
    "description": "龙昆南路下穿通道积水约 30 厘米", "pos": [110.3357, 20.0021], "severity": 3,
    "reporter": {"name": "王先生", "phone": "13800000000"},
}  # fmt: skip
A_MOVE: Json = {"move": "dispatch", "version": 7, "lead": "sw", "co": ["jj"], "reason": "内涝"}
CaseBody = Annotated[Json, Body(openapi_examples={"ponding": {"value": A_CASE}})]
MoveBody = Annotated[Json, Body(openapi_examples={"dispatch": {"value": A_MOVE}})]
SAID: dict[int | str, Json] = {200: {"content": {"application/json": {}}}}
MOST_VERSION = 2**53


def build(context: Context) -> APIRouter:
    """The four routes."""
    router = APIRouter(prefix="/api/v1", tags=["cases"], responses=documented())
    cases = Cases(context)
    add = partial(router.add_api_route, response_class=Response, responses=SAID)
    add("/cases", cases.list)
    add("/cases", cases.create, methods=["POST"], status_code=201)
    add("/cases/{case_id}", cases.one)
    add("/cases/{case_id}/moves", cases.move, methods=["POST"])
    return router


def answer(document: Json, status: int = 200, **headers: str) -> Response:
    """A document in JSON."""
    body = msgspec.json.encode(document)
    return Response(body, status, media_type="application/json", headers=headers)


class Cases:
    """The routes; each asks for its right before it looks."""

    def __init__(self, context: Context) -> None:
        self._store: Store = context.store
        self._ground = context.ground

    def list(self, actor: Looking, query: Annotated[CaseQuery, Depends(asked_for)]) -> Response:
        """Cases that the seat may see, newest first unless `sort` says otherwise; `counts` says
        how many each view has."""
        page = self._store.cases.table.page(query)
        shown = [masked(case, actor.seat) for case in page.rows]
        return answer({
            "items": [case_words.summary(case, actor.at_ms) for case in shown],
            "next": cursor_after(query, page),
            "total": page.total,
            "counts": page.counts,
        })  # fmt: skip

    def create(self, actor: Opening, body: CaseBody) -> Response:
        """Opens a case; the same `source` and `external_id` again answers 200 and the same case."""
        order = Order(Move.CREATE, self._placed(body))
        case, is_new = self._store.cases.create(order, actor)
        place = f"/api/v1/cases/{case.id}"
        return answer(self._told(case, actor), 201 if is_new else 200, Location=place)

    def one(self, actor: Looking, case_id: str) -> Response:
        """A case with its log, deadlines, tasks, reports, and what the seat may do with it."""
        case = self._store.cases.get(case_id)
        if not sees(actor.seat, case):
            raise Forbidden("other_scope")
        return answer(self._told_with_event(case, actor))

    def move(self, actor: Looking, case_id: str, body: MoveBody) -> Response:
        """Makes a move; its fields stand beside `move`, and `version` is what the seat saw."""
        case = self._store.cases.move(case_id, order_of(body), actor)
        return answer(self._told(case, actor))

    def _placed(self, body: Json) -> Json:
        """The body with area and cell of its position; what the house finds out nobody may say."""
        given = {name: value for name, value in body.items() if name not in ("cell", "event_id")}
        pos = body.get("pos")
        if pos is None:
            return given
        area, cell = self._ground.place(*read_position(pos))
        return {**given, "cell": cell, **({"area": area} if area else {})}

    def _told(self, case: Case, actor: Actor) -> Json:
        """A case with its own report and those of the cases that were merged into it."""
        shown = masked(case, actor.seat)
        entries = map(case_words.without_untold, self._store.cases.log(case.id)[: case.version])
        log = [masked_entry(one, actor.seat) for one in entries]
        told = case_words.detail(shown, log, actor, self._store.city)
        children = self._store.cases.some(case.children)
        reports = [shown, *(masked(child, actor.seat) for child in children)]
        return {**told, "reports": list(map(case_words.report, reports))}

    def _told_with_event(self, case: Case, actor: Actor) -> Json:
        """The same with everything else that was reported of its event."""
        told = self._told(case, actor)
        joined = self._store.events.reports_of_case(case)
        told["reports"] += [case_words.joined_report(one, case) for one in joined]
        return told


def read_position(pos: Any) -> tuple[float, float]:
    """A position as `city.case_fields` reads it."""
    lon, lat = read("pos", pos)
    return lon, lat


def order_of(body: Mapping[str, Any]) -> Order:
    """The order that a body is; Malformed where it names no move."""
    move, version = body.get("move"), body.get("version")
    if move is None:
        raise Malformed("missing", what=("操作", "move"))
    if not isinstance(move, str) or move not in set(Move):
        raise Malformed("malformed", what=("操作", "move"), why=("没有这种操作", "no such move"))
    if move == Move.ATTACH:
        raise Forbidden("only_by_its_door")  # who names a digest must have brought the bytes
    if version is not None and not is_version(version):
        why = ("应为非负整数", "a whole number from 0 is wanted")
        raise Malformed("malformed", what=("版本", "version"), why=why)
    return Order(Move(move), body, version)


def is_version(value: Any) -> bool:
    """A whole number that JSON can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_VERSION

"""The phone page's own routes: all tasks of one's unit at once, and each deed once.

| answer | when |
|---|---|
| 200 | done, or done before under the same key (`again`) |
| 304 | nothing changed since the answer that `If-None-Match` names |
| 401 | no seat; a phone keeps what it has to say |
| 403 | not for this seat, or done on this phone under another account (`another_account`) |
| 409 | not as things stand: the phone gives it back to whoever did it, with the reason |
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Body, Depends, Form, Request, Response, UploadFile

from api import field_words
from api.cases import read_position
from api.context import Context
from api.evidence import described
from api.field_desk import FieldDesk
from api.field_words import Tongue
from api.instants import written
from api.problems import documented, lang_of
from api.seating import needs
from city.evidence import OTHER
from city.handset import ARRIVAL, Deed, Said, read
from city.refusal import Malformed
from city.roles import Actor, Right
from city.sight import sight_of
from store.evidence import Kept
from store.handset import Done

Json = dict[str, Any]
Answering = Annotated[Actor, Depends(needs(Right.ANSWER_ORDERS))]
A_DEED: Json = {"key": "0f3c…", "action": "accept", "order": "HK20260906-00012-01",
                "at": "2026-09-06T07:10:00+08:00"}  # fmt: skip
DeedBody = Annotated[Json, Body(openapi_examples={"accept": {"value": A_DEED}})]
UnitBody = Annotated[
    Json, Body(openapi_examples={"pump": {"value": {"unit": "sw/pumptruck/PT-07"}}})
]
UNCHANGED = 304


def build(context: Context) -> APIRouter:
    """What a phone asks and says."""
    router = APIRouter(prefix="/api/v1/field", tags=["field"], responses=documented())
    field = Field(context)
    told: dict[int | str, Json] = {200: {"content": {"application/json": {}}}}
    add = partial(router.add_api_route, response_class=Response, responses=told)
    add("", field.tasks)
    add("/types", field.types)
    add("/units", field.units)
    add("/unit", field.sign_on, methods=["POST"])
    add("/unit", field.sign_off, methods=["DELETE"])
    add("/actions", field.act, methods=["POST"])
    add("/photos", field.photo, methods=["POST"])
    return router


def answer(document: Json, tag: str = "") -> Response:
    """A document in JSON."""
    headers = {"ETag": tag} if tag else {}
    return Response(msgspec.json.encode(document), media_type="application/json", headers=headers)


class Field:
    """The routes; each asks for its right before it looks."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = context.store
        self._desk = FieldDesk(context.store)
        self._slots = {*context.profile.filing.evidence, ARRIVAL, OTHER}

    def tasks(self, request: Request, actor: Answering) -> Response:
        """The unit one serves on, its orders with all that belongs to them, and messages."""
        tongue, seat = self._tongue(request), actor.seat
        unit = self._desk.unit_of(actor)
        tag = self._desk.tag(unit, actor, tongue.lang)
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=UNCHANGED, headers={"ETag": tag})
        matters = self._desk.matters(unit, actor) if unit else []
        over = self._desk.over(unit, actor) if unit else []
        told = {
            "now": written(actor.at_ms),
            **field_words.person(seat, tongue),
            "may_report": seat.may(Right.CREATE_CASES),
            "mode": field_words.mode(self._store.mode.standing(), tongue),
            "unit": field_words.unit(unit, tongue) if unit else None,
            "orders": [field_words.matter(one, tongue) for one in matters],
            "messages": [field_words.message(one, tongue) for one in over],
        }
        return answer(told, tag)

    def types(self, request: Request, actor: Answering) -> Response:
        """What can be reported."""
        tongue = self._tongue(request)
        return answer({"items": field_words.types(tongue, actor.seat.department)})

    def units(self, request: Request, actor: Answering) -> Response:
        """The units that one could serve on: those of the own department."""
        tongue = self._tongue(request)
        found = self._store.units.all(actor.at_ms, sight_of(actor.seat))
        mine = [one for one in found if actor.seat.department in ("", one.department)]
        return answer({"items": [field_words.unit(one, tongue) for one in mine]})

    def sign_on(self, actor: Answering, body: UnitBody) -> Response:
        """One serves on a unit from now on, and on no other."""
        unit = body.get("unit")
        if not isinstance(unit, str):
            raise Malformed("missing", what=("力量", "unit"))
        return answer({"unit": self._store.units.sign_on(unit, actor).id})

    def sign_off(self, actor: Answering) -> Response:
        """One serves on no unit any more."""
        return answer({"unit": self._store.units.sign_off(actor) or None})

    def act(self, actor: Answering, body: DeedBody) -> Response:
        """One deed; the same key again does nothing and answers the same."""
        said = read(body, actor.at_ms)
        if said.deed is Deed.PHOTO:
            raise Malformed("missing", what=("照片", "file"))
        return answer(told(self._store.handset.do(self._placed(said), actor)))

    def photo(self, actor: Answering, file: UploadFile, word: Annotated[str, Form()]) -> Response:
        """A photo of an order or of a report; `word` is its deed in JSON, with `slot`."""
        said = read(word_of(word), actor.at_ms)
        if said.deed is not Deed.PHOTO or said.slot not in self._slots:
            raise Malformed("unknown_slot", slot=said.slot)
        if self._store.handset.knows(said.key, actor):
            return answer(told(self._store.handset.do(said, actor)))
        files = self._context.evidence
        kept = files.keep(file.file.read(files.most_bytes + 1))
        return answer(told(self._store.handset.do(said, actor, piece_of(said, kept))))

    def _placed(self, said: Said) -> Said:
        """A report with area and cell of its position."""
        pos = said.report.get("pos")
        if pos is None:
            return said
        area, cell = self._context.ground.place(*read_position(pos))
        placed = {**said.report, "cell": cell, **({"area": area} if area else {})}
        return replace(said, report=placed)

    def _tongue(self, request: Request) -> Tongue:
        return Tongue(lang_of(request), self._context.profile)


def word_of(text: str) -> Json:
    """The deed beside a photo."""
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError as trouble:
        why = (str(trouble), str(trouble))
        raise Malformed("malformed", what="word", why=why) from None
    if not isinstance(found, dict):
        raise Malformed("malformed", what="word", why=("应为对象", "an object is wanted"))
    return found


def piece_of(said: Said, kept: Kept) -> Mapping[str, Any]:
    """A photo as it goes on file: the phone's time and place, since its own data are gone."""
    piece = described(kept)
    pos = list(said.pos) if said.pos else piece["pos"]
    return {**piece, "taken_ms": said.at_ms, "pos": pos, "slot": said.slot, "caption": ""}


def told(done: Done) -> Json:
    """What came of a deed."""
    return {"case": done.case_id, "order": done.order_id or None, "again": done.again}

"""Photos and documents of a case: taken in, listed with the case, shown without what they betray.

POST /api/v1/cases/{id}/evidence          form: file, slot, caption → 201
GET  /api/v1/cases/{id}/evidence/{digest}?size=view|thumb
GET  /api/v1/cases/{id}/evidence/{digest}?size=original&reason=…   (right to unmask; on record)
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Response, UploadFile

from api import case_words
from api.context import Context
from api.problems import documented
from api.seating import needs
from city.case_moves import propose
from city.case_scope import sees
from city.case_table import Move
from city.cases import Case, Evidence, Order
from city.evidence import OTHER, Media
from city.refusal import Forbidden, Malformed, NotFound
from city.roles import Actor, Right
from store.books import Page
from store.evidence import ORIGINAL, VIEW, WHAT, Kept

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_CASES))]
# Nothing in a file runs, and no page shows it as its own.
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
PICTURE = "image/jpeg"  # of whatever was drawn anew


def build(context: Context) -> APIRouter:
    """Both routes."""
    router = APIRouter(prefix="/api/v1/cases/{case_id}/evidence", tags=["cases"],
                       responses=documented())  # fmt: skip
    room = Room(context)
    router.add_api_route("", room.take, methods=["POST"], status_code=201)
    shown: dict[int | str, Json] = {200: {"content": {PICTURE: {}, Media.PDF.value: {}}}}
    router.add_api_route("/{digest}", room.show, response_class=Response, responses=shown)
    return router


class Room:
    """What the routes need of the house."""

    def __init__(self, context: Context) -> None:
        self._store = context.store
        self._files = context.evidence
        self._slots = {*context.profile.filing.evidence, OTHER}

    def take(
        self,
        actor: Looking,
        case_id: str,
        file: UploadFile,
        slot: Annotated[str, Form()] = OTHER,
        caption: Annotated[str, Form(max_length=200)] = "",
    ) -> Json:
        """Takes one file for a slot of the case; JPEG, PNG, WebP or PDF."""
        case = self._case(case_id, actor)
        propose(case, attaching({"digest": "?"}), actor, self._store.city)  # before it is kept
        if slot not in self._slots:
            raise Malformed("unknown_slot", slot=slot)
        kept = self._files.keep(file.file.read(self._files.most_bytes + 1))
        piece = {**described(kept), "slot": slot, "caption": caption}
        after = self._store.cases.move(case_id, attaching(piece), actor)
        return case_words.piece(after.evidence[-1], after)

    def show(
        self, actor: Looking, case_id: str, digest: str, size: str = VIEW, reason: str = ""
    ) -> Response:
        """A picture without its data; the original for a reason, or a document."""
        piece = evidence_of(self._case(case_id, actor), digest)
        if size == ORIGINAL:
            self._on_record(actor, case_id, digest, reason)
        is_picture = Media(piece.media_type).is_picture
        wanted = size if is_picture else ORIGINAL
        content = self._files.read(digest, wanted)
        media = piece.media_type if wanted == ORIGINAL else PICTURE
        return Response(content, media_type=media, headers=headers(digest, media, is_picture))

    def _case(self, case_id: str, actor: Actor) -> Case:
        case = self._store.cases.get(case_id)
        if not sees(actor.seat, case):
            raise Forbidden("other_scope")
        return case

    def _on_record(self, actor: Actor, case_id: str, digest: str, reason: str) -> None:
        """The original shows where and when, and whatever else a camera wrote."""

        def act(_page: Page) -> None:
            actor.seat.require(Right.UNMASK)
            if not reason.strip():
                raise Malformed("reason_missing")

        draft = actor.draft("case.unmask", f"case/{case_id}", reason=reason, evidence=digest)
        self._store.ledger.write(act, draft)


def evidence_of(case: Case, digest: str) -> Evidence:
    """A piece of this case; whoever knows a digest of another case gets nothing."""
    found = next((one for one in case.evidence if one.digest == digest), None)
    if found is None:
        raise NotFound("not_found", name=digest[:12], what=WHAT)
    return found


def attaching(piece: Mapping[str, Any]) -> Order:
    """The order that puts a piece on file."""
    return Order(Move.ATTACH, {"evidence": [piece]})


def described(kept: Kept) -> Mapping[str, Any]:
    """What goes into the log of the case."""
    return {
        "digest": kept.digest, "media_type": kept.media, "size": kept.size,
        "taken_ms": kept.taken.at_ms, "pos": kept.taken.pos,
    }  # fmt: skip


def headers(digest: str, media: str, is_picture: bool) -> dict[str, str]:
    """A picture may stand in a page; a document is kept by whoever asked for it."""
    how = "inline" if is_picture else "attachment"
    name = f"{digest[:12]}.{media.split('/')[1]}"
    return {
        "Content-Security-Policy": SANDBOX,
        "Content-Disposition": f'{how}; filename="{name}"',
    }

"""The audit trail over HTTP (留痕): read, searched, verified, exported; nothing here deletes.

The auditor reads all of it. Discipline inspection reads the trail of one case that it may see,
with what people typed masked.
"""

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from api.case_query import instant
from api.context import Context
from api.instants import written
from api.problems import documented
from api.seating import needs
from city.audit import Outcome, Record
from city.audit_search import AuditQuery
from city.case_scope import sees
from city.masking import free_text, masked_fact
from city.refusal import Forbidden
from city.roles import Actor, Right
from store.store import Store

Json = dict[str, Any]
Auditing = Annotated[Actor, Depends(needs(Right.READ_AUDIT))]
Inspecting = Annotated[Actor, Depends(needs(Right.READ_TRAIL))]
LINES = "application/x-ndjson"
MOST = 500
Limit = Annotated[int, Query(ge=1, le=MOST)]
Cursor = Annotated[int, Query(ge=0, le=2**53, description="`next` of the page before")]


@dataclass
class Filters:
    """What is looked for; everything that is given must fit."""

    account: Annotated[str, Query(max_length=200, description="part of account or name")] = ""
    action: Annotated[str, Query(max_length=200, description="`case`: all that begin so")] = ""
    subject: Annotated[str, Query(max_length=200, description="its beginning: `case/HK…`")] = ""
    outcome: Literal["", "done", "refused"] = ""
    from_: Annotated[str | None, Query(alias="from", description="at or after, RFC 3339")] = None
    to: Annotated[str | None, Query(description="at or before, RFC 3339")] = None
    text: Annotated[str, Query(max_length=200, description="words that all stand in it")] = ""


def asked_for(filters: Annotated[Filters, Depends()]) -> AuditQuery:
    """The query; 422 names the parameter that cannot be read."""
    return AuditQuery(
        account=filters.account,
        action=filters.action,
        subject=filters.subject,
        outcome=Outcome(filters.outcome) if filters.outcome else None,
        from_ms=instant("from", filters.from_),
        to_ms=instant("to", filters.to),
        text=filters.text,
    )


Asked = Annotated[AuditQuery, Depends(asked_for)]


def build(context: Context) -> APIRouter:
    """The four routes; all of them only read."""
    router = APIRouter(prefix="/api/v1", tags=["audit"], responses=documented())
    trail = Trail(context.store)
    router.add_api_route("/audit", trail.list)
    router.add_api_route("/audit/verification", trail.verification)
    router.add_api_route("/audit/export", trail.export, response_class=StreamingResponse)
    router.add_api_route("/cases/{case_id}/trail", trail.of_case)
    return router


class Trail:
    """The routes; each asks for its right before it looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(self, _actor: Auditing, asked: Asked, limit: Limit = 100, cursor: Cursor = 0) -> Json:
        """Records, the newest first. A rare search may answer few, or none, and still `next`."""
        page = self._store.audit.page(asked, cursor, limit)
        following = None if page.next is None else str(page.next)
        return {"items": list(map(told, page.records)), "next": following}

    def verification(self, actor: Auditing) -> Json:
        """Recomputes the whole chain; `broken` is the number of the first record that is not as it
        was written. That it was asked is on record."""
        verdict = self._store.audit.verify(actor)
        return {
            "count": verdict.count,
            "after": verdict.start.number,
            "number": verdict.head.number,
            "digest": verdict.head.digest,
            "broken": verdict.broken,
        }

    def export(self, actor: Auditing, asked: Asked) -> StreamingResponse:
        """The records as they are kept, a JSON line each, the oldest first: their digests can be
        recomputed elsewhere. That it was done is on record."""
        lines = self._store.audit.export(asked, actor)
        kept = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
        return StreamingResponse(lines, media_type=LINES, headers=kept)

    def of_case(self, actor: Inspecting, case_id: str, limit: Limit = 200) -> Json:
        """What was done to a case, refused or not, by whom, the newest first."""
        if not sees(actor.seat, self._store.cases.get(case_id)):
            raise Forbidden("other_scope")
        records = self._store.audit.of(f"case/{case_id}", limit)
        return {"items": [masked(told(one)) for one in records], "next": None}


def told(record: Record) -> Json:
    """A record in words of the API."""
    said = asdict(record.draft)
    at_ms = said.pop("at_ms")
    return {
        "number": record.number,
        "at": written(at_ms),
        **said,
        "before": record.before,
        "digest": record.digest,
    }


def masked(said: Json) -> Json:
    """The same without what people typed of persons."""
    detail = masked_fact("detail", said["detail"])
    return {**said, "reason": free_text(said["reason"]), "detail": detail}

"""POST /api/v1/cases/{id}/unmask: personal data of one case in clear, with a reason, on record."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends

from api.context import Context
from api.finding import data_router
from api.seating import needs
from city.roles import Actor, Right
from store.unmasking import unmask

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_CASES))]
Reason = Annotated[str, Body(embed=True, max_length=500, examples=["回电核实地点"])]


def build(context: Context) -> APIRouter:
    router = data_router(context, "cases")

    @router.post("/cases/{case_id}/unmask")
    def reveal(actor: Looking, case_id: str, reason: Reason) -> Json:
        """Reporter and description as they were told; the right to unmask is asked on record."""
        case = context.store.cases.get(case_id)
        reporter = unmask(context.store.ledger, case, reason, actor)
        return {
            "id": case.id,
            "reporter": {"name": reporter.name, "phone": reporter.phone},
            "title": case.title,
            "description": case.description,
        }

    return router

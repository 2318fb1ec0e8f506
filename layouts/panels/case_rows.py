"""A case as one row of the list: plain values that the grid's cells draw (assets/case-cells.js)."""

from typing import Any

from city.case_steps import place_of
from city.case_table import ENDED, CaseState
from city.cases import Case
from layouts.case_naming import Naming, short_number
from layouts.deadlines import deadline_of

STEPS = 7


def row(case: Case, naming: Naming, at_ms: int) -> dict[str, Any]:
    """What the columns show; `id` is the row's own, `version` tells whether it is still so."""
    deadline = deadline_of(case, at_ms, naming)
    kind = naming.type_of(case.kind, case.type)
    title = naming.title(case)
    return {
        "id": case.id,
        "version": case.version,
        "number": short_number(case.id),
        "level": case.severity,
        "title": title,
        "kind": "" if kind in title else kind,
        "supervised": naming.words("case.supervised") if case.supervised else "",
        "district": naming.area(case.area),
        "step": STEPS if case.state in ENDED else place_of(case.state),
        "state": naming.short_state(case.state),
        "lead": naming.department(case.lead),
        "deadline": deadline.plain if deadline else None,
        "source": naming.source(case.source).removesuffix(" 热线").removesuffix(" hotline"),
        "updated": case.updated_ms,
        "is_ended": case.state in ENDED,
        "is_suspended": case.state is CaseState.SUSPENDED,
    }

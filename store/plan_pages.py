"""Plans under way, as commands read and write them within their transaction."""

from collections.abc import Sequence

import msgspec

from city.case_table import Move
from city.cases import Case, Order
from city.notices import Notice
from city.plan_runs import Run, due_rows
from store import keys
from store.books import Page, spelled
from store.ledger import encode

PLAN = "plan"

runs_of = msgspec.json.Decoder(tuple[Run, ...]).decode


def runs_in(page: Page, case_id: str) -> tuple[Run, ...]:
    """The plans of a case, the oldest first."""
    packed = page.get(keys.PLAN_RUNS, case_id)
    return runs_of(packed) if packed else ()


def keep_runs(page: Page, case_id: str, before: Sequence[Run], after: Sequence[Run]) -> None:
    """Writes them, with what will come due."""
    if tuple(before) == tuple(after):
        return
    page.put(keys.PLAN_RUNS, case_id, encode(after))
    former = {what: at for run in before for what, at in due_rows(run)}
    rows = {what: at for run in after for what, at in due_rows(run)}
    for what in former.keys() - rows.keys():
        page.undue(spelled(PLAN, case_id, what))
    for what, at_ms in rows.items():
        if former.get(what) != at_ms:
            page.due(spelled(PLAN, case_id, what), at_ms)
    page.changed(PLAN, case_id)


def notify(page: Page, notice: Notice) -> None:
    """A department is told."""
    page.append(keys.notices(notice.department), encode(notice))
    page.changed("notice", notice.department)


def started(run: Run) -> Order:
    """What the log of the case says of a start."""
    facts = {PLAN: run.plan, "edition": run.version, "linkage": run.linkage}
    return Order(Move.START_PLAN, {name: one for name, one in facts.items() if one})


def added(case: Case, co: Sequence[str], optional: Sequence[str]) -> Order | None:
    """The co-units that a case has not yet; None where it has them all."""
    new = [one for one in co if one and one not in (case.lead, *case.co)]
    if not new:
        return None
    return Order(Move.ADD_CO, {"co": new, "co_optional": [one for one in optional if one in new]})

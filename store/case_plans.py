"""What plans have to do with the life of a case, within the transaction of each of its moves."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from city.case_bounds import CityFacts
from city.case_table import ENDED, CaseState, Move
from city.cases import Case, Entry, Order
from city.notices import notices
from city.plan_moves import ended, reported
from city.plan_runs import Run, begun, shares
from city.plans import Linkage, Plan
from city.roles import Actor
from store.books import Page
from store.plan_pages import added, keep_runs, notify, runs_in, started

REPORTING = frozenset({Move.FEEDBACK, Move.CO_FEEDBACK})
BEGINNING = frozenset({Move.CREATE, Move.REPORT})


class CasePlans:
    """Begins the linkage of a new case, adds its co-units, ends its plans."""

    def __init__(self, city: Callable[[], CityFacts]) -> None:
        self._city = city

    def after(self, page: Page, case: Case, entry: Entry, actor: Actor) -> Iterator[Order]:
        """What the log of the case says besides, because of that entry."""
        if entry.move in BEGINNING and case.state is not CaseState.DRAFT:
            yield from self._linked(page, case, actor)
        if entry.move is Move.ESCALATE:
            yield from self._alarmed(page, case, actor)
        if entry.move is Move.DISPATCH:
            yield from self._helped(page, case)
        if entry.move in REPORTING:
            self._change(page, case, lambda run: reported(run, entry.department, actor))
        if case.state in ENDED and entry.before not in ENDED:
            self._change(page, case, lambda run: ended(run, actor))

    def begin(self, page: Page, case: Case, plan: Plan, actor: Actor) -> Iterator[Order]:
        """A plan is started by hand."""
        yield from self._begin(page, case, plan, None, actor)

    def _change(self, page: Page, case: Case, change: Callable[[Run], Run]) -> None:
        runs = runs_in(page, case.id)
        keep_runs(page, case.id, runs, [change(run) for run in runs])

    def _linked(self, page: Page, case: Case, actor: Actor) -> Iterator[Order]:
        book = self._city().plans
        linkage = book.linked(case)
        if linkage is not None:
            yield from self._begin(page, case, book.plans[linkage.plan], linkage, actor)

    def _alarmed(self, page: Page, case: Case, actor: Actor) -> Iterator[Order]:
        """An incident begins the closest plan, where none goes on (突发事件启动预案)."""
        if any(run.is_open for run in runs_in(page, case.id)):
            return
        book = self._city().plans
        incident = replace(case, severity=int((case.incident or {}).get("level", case.severity)))
        plan = next((one for one in book.fitting(incident)
                     if not of(runs_in(page, case.id), one.id)), None)  # fmt: skip
        if plan is not None:
            yield from self._begin(page, case, plan, None, actor)

    def _begin(
        self, page: Page, case: Case, plan: Plan, linkage: Linkage | None, actor: Actor
    ) -> Iterator[Order]:
        run = begun(plan, self._city().plans, case.area, actor, linkage.id if linkage else "")
        before = runs_in(page, case.id)
        keep_runs(page, case.id, before, (*before, run))
        for notice in notices(case, run, linkage):
            notify(page, notice)
        yield started(run)
        if case.lead:
            yield from self._helped(page, case)

    def _helped(self, page: Page, case: Case) -> Iterator[Order]:
        """The departments that the plans name work on the case."""
        found = shares(runs_in(page, case.id))
        known = self._city().departments
        co = [one for one in (found.lead, *found.co) if not known or one in known]
        order = added(case, co, found.co_optional)
        if order is not None:
            yield order


def of(runs: tuple[Run, ...], plan: str) -> Run | None:
    """The run of a plan."""
    return next((run for run in runs if run.plan == plan), None)

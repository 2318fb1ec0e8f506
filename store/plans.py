"""Plans: the library of the city, and what is under way on its cases; each command is audited."""

from collections.abc import Callable, Sequence
from typing import Any

from city.case_bounds import CityFacts
from city.case_scope import sees
from city.case_table import ENDED, RULES, Move
from city.cases import Case, Order
from city.plan_moves import acted, finished_by, overdue
from city.plan_runs import Deed, Run, TaskOrder, shares
from city.plans import WHAT, Plan, PlanBook, Shares
from city.refusal import Conflict, Forbidden, NotFound, Refusal
from city.roles import Actor, Right
from store import keys
from store.books import Page
from store.case_packing import known
from store.case_plans import CasePlans, of
from store.cases import CaseStore
from store.client import Client
from store.ledger import Ledger
from store.plan_pages import PLAN, keep_runs, runs_in, runs_of
from store.reach import reaching


class PlanStore:
    """The room of plans."""

    def __init__(
        self, client: Client, ledger: Ledger, cases: CaseStore, city: Callable[[], CityFacts]
    ) -> None:
        self._redis = client
        self._ledger = ledger
        self._cases = cases
        self._city = city
        self._of_cases = CasePlans(city)

    @property
    def library(self) -> PlanBook:
        """All plans and linkage lists of the city."""
        return self._city().plans

    def plan(self, plan_id: str) -> Plan:
        """A plan of the library; NotFound where there is none."""
        found = self.library.plans.get(plan_id)
        if found is None:
            raise NotFound("not_found", name=plan_id, what=WHAT)
        return found

    def fitting(self, case: Case) -> Sequence[Plan]:
        """The plans for such a case, the closest first."""
        return self.library.fitting(case)

    def of_case(self, case_id: str) -> tuple[Run, ...]:
        """What is, or was, under way on a case, the oldest first."""
        with reaching():
            packed = self._redis.hget(keys.PLAN_RUNS, case_id)
        return runs_of(packed) if packed else ()

    def shares(self, case_id: str) -> Shares:
        """Who works on a case by its plans: what a dispatch would say; empty without a plan."""
        return shares(self.of_case(case_id))

    def start(self, case_id: str, plan_id: str, actor: Actor) -> Run:
        """Starts a plan at T0 = now; Conflict where it runs on the case already."""
        draft = actor.draft("plan.start", f"case/{case_id}", plan=plan_id)
        return self._ledger.write(lambda page: self.start_in(page, case_id, plan_id, actor), draft)

    def start_in(self, page: Page, case_id: str, plan_id: str, actor: Actor) -> Run:
        """The same within another command's transaction."""
        actor.seat.require(Right.START_PLANS)
        case, plan = self._seen(page, case_id, actor), self.plan(plan_id)
        if case.state in ENDED:
            raise Conflict("case_over")
        if of(runs_in(page, case_id), plan_id):
            raise Conflict("plan_runs", plan=(plan.zh, plan.en))
        for order in self._of_cases.begin(page, case, plan, actor):
            self._cases.note_in(page, case_id, order, actor)
        run = of(runs_in(page, case_id), plan_id)
        assert run is not None
        page.detail |= {"version": run.version, "tasks": len(run.tasks)}
        return run

    def act(self, case_id: str, order: TaskOrder, actor: Actor) -> Run:
        """Does something with a task, or raises its Refusal."""
        facts = {"task": order.task, "order": order.order_id, "item": order.item}
        said: dict[str, Any] = {name: one for name, one in facts.items() if one not in ("", -1)}
        draft = actor.draft(f"plan.{order.deed}", f"case/{case_id}", **said, reason=order.note)
        return self._ledger.write(lambda page: self.act_in(page, case_id, order, actor), draft)

    def act_in(self, page: Page, case_id: str, order: TaskOrder, actor: Actor) -> Run:
        """The same within another command's transaction; a deed that changes nothing is silent."""
        self._seen(page, case_id, actor)
        return self._acted(page, case_id, order, actor)

    def follow_in(self, page: Page, case_id: str, order: TaskOrder, actor: Actor) -> Run | None:
        """What an order brings about on its task; nothing where that is moot."""
        try:
            return self._acted(page, case_id, order, actor)
        except Refusal:
            return None

    def late_in(self, page: Page, case_id: str, what: str, task_id: str, at_ms: int) -> None:
        """A limit of a task has passed: `arrive` or `handle`."""
        runs = runs_in(page, case_id)
        after = tuple(overdue(run, task_id, what, at_ms) for run in runs)
        page.is_silent = after == runs
        keep_runs(page, case_id, runs, after)

    def _acted(self, page: Page, case_id: str, order: TaskOrder, actor: Actor) -> Run:
        runs = runs_in(page, case_id)
        run = of(runs, order.task.partition("/")[0])
        if run is None:
            raise NotFound("not_found", name=order.task, what=WHAT)
        after = acted(run, order, actor)
        changed = tuple(after if one.plan == run.plan else one for one in runs)
        if after == run:
            page.is_silent = True
            return run
        keep_runs(page, case_id, runs, changed)
        if order.deed is Deed.DONE:
            self._finish(page, case_id, finished_by(changed, order.task), actor)
        return after

    def _finish(self, page: Page, case_id: str, department: str, actor: Actor) -> None:
        """A co-unit that has done all its tasks has done its share of the case."""
        case = known(page.get(keys.CASES, case_id), case_id)
        can = case.state in RULES[Move.CO_FEEDBACK].sources
        share = case.task_of(department) if department and can else None
        if share is not None and share.state != "done":
            self._cases.note_in(page, case_id, Order(Move.CO_FEEDBACK), actor, department)

    def _seen(self, page: Page, case_id: str, actor: Actor) -> Case:
        case = known(page.get(keys.CASES, case_id), case_id)
        if not sees(actor.seat, case):
            raise Forbidden("other_scope")
        return case


__all__ = ["PLAN", "PlanStore"]

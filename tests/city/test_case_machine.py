"""Whatever people and time do to a case, in any order: what must hold, holds after each step."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from itertools import pairwise

import msgspec
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from city.case_bounds import SHIPPED
from city.case_fold import WORK, apply, begun, digest, durations, fold
from city.case_moves import open_moves, opening, propose
from city.case_reminders import REMINDERS
from city.case_table import ENDED, RULES, CaseState, Move
from city.case_times import STAGES, due_rows
from city.cases import Case, Entry, Order
from city.deadlines import to_ms
from city.refusal import Refusal
from city.roles import SYSTEM, Role
from tests.city.case_life import PARENT
from tests.city.walker import PAUSES, acting, at_last, next_steps, orders
from tests.city.walker import Order as Step
from tests.desk import MONDAY, PONDING, actor

CHECKS = {Move.CHECK_PASS, Move.CHECK_FAIL, Move.CLOSE}
OUT_OF_THE_END = {Move.REOPEN, Move.UNMERGE}


class CaseMachine(RuleBasedStateMachine):
    """One case, a few people, and a clock."""

    case: Case

    @initialize(severity=st.integers(1, 4))
    def open(self, severity: int) -> None:
        self.at = MONDAY
        order = Order(Move.CREATE, {**PONDING, "severity": severity})
        first = opening(order, actor(Role.ACCEPTOR, "ann"))
        self.log = [replace(first, facts={"id": "HK20260907-00001", **first.facts})]
        self.case = begun(self.log[0])

    @rule(data=st.data())
    def it_goes_on(self, data: st.DataObject) -> None:
        for _ in range(3):
            self.somebody_tries(data.draw(next_steps(self.case, self.at)))

    @rule(order=orders())
    def anybody_tries(self, order: Step) -> None:
        self.somebody_tries(order)

    def somebody_tries(self, order: Step) -> None:
        move, fields, seat = order
        who = acting(seat, self.at)
        parent = replace(self.case, id=PARENT, state=CaseState.HANDLING, children=())
        was_open = move in open_moves(self.case, who)
        try:
            entry = propose(self.case, Order(move, at_last(fields, self.at)), who, SHIPPED, parent)
        except Refusal as refusal:
            assert refusal.said("zh") and refusal.said("en")
            return
        assert was_open, "what succeeds was offered"
        self.keep(entry)

    @rule(minutes=PAUSES)
    def time_passes(self, minutes: int) -> None:
        """The clockwork turns at the end of the pause, as after a night when it was down."""
        self.at += timedelta(minutes=minutes)
        now_ms = to_ms(self.at)
        while due := sorted((at, what) for what, at in due_rows(self.case, SHIPPED).items()
                            if at <= now_ms):  # fmt: skip
            order = REMINDERS[due[0][1]](self.case, now_ms, SHIPPED)
            assert order is not None, "what is due can be done"
            self.keep(propose(self.case, order, acting(SYSTEM, self.at)))

    def keep(self, entry: Entry) -> None:
        event(str(entry.move))
        before, self.case = self.case, apply(self.case, entry)
        self.log.append(msgspec.json.decode(msgspec.json.encode(entry), type=Entry))
        if entry.move in CHECKS:
            assert entry.by not in before.handlers
        if before.state in ENDED and entry.after is not before.state:
            assert entry.move in OUT_OF_THE_END

    @invariant()
    def its_version_counts_its_entries(self) -> None:
        assert self.case.version == len(self.log)

    def teardown(self) -> None:
        """The log, as it would be read from the store, gives the case as it was kept."""
        if not hasattr(self, "case"):
            return
        assert fold(self.log) == self.case
        assert digest(fold(self.log)) == digest(self.case)
        assert json.loads(json.dumps(asdict(self.case)))

    @invariant()
    def entries_follow_one_another(self) -> None:
        for one, following in pairwise(self.log):
            assert following.before is one.after
            assert following.at_ms >= one.at_ms
            assert one.after in RULES[following.move].sources

    @invariant()
    def durations_add_up(self) -> None:
        now_ms = to_ms(self.at)
        end_ms = self.case.closed_ms if self.case.state in ENDED else now_ms
        assert sum(durations(self.log, now_ms).values()) == (end_ms or 0) - self.case.opened_ms

    @invariant()
    def one_clock_runs_where_a_stage_has_one(self) -> None:
        waiting = [one.clock for one in self.case.timers if one.clock.stopped_ms is None]
        stage = STAGES.get(self.case.state)
        assert [clock.stage for clock in waiting] == ([stage] if stage else [])
        is_paused = bool(waiting) and waiting[0].paused_ms is not None
        assert is_paused == (self.case.state is CaseState.SUSPENDED)

    @invariant()
    def suspended_time_is_never_charged(self) -> None:
        """Every ms in 挂账 lies in a pause of the clock of handling."""
        spans = [
            (one.at_ms, following.at_ms)
            for one, following in pairwise(self.log)
            if one.after is CaseState.SUSPENDED
        ]
        pauses = [span for one in self.case.timers for span in one.clock.pauses]
        open_pauses = [one.clock.paused_ms for one in self.case.timers if one.clock.paused_ms]
        for start_ms, end_ms in spans:
            assert any(first <= start_ms and end_ms <= last for first, last in pauses) or any(
                first <= start_ms for first in open_pauses
            )

    @invariant()
    def whoever_worked_on_it_is_known(self) -> None:
        assert {one.by for one in self.log if one.move in WORK} <= set(self.case.handlers)

    @invariant()
    def bounds_are_kept(self) -> None:
        bounds = SHIPPED.bounds
        assert self.case.extended <= bounds.extensions
        assert self.case.suspended <= bounds.suspensions
        assert self.case.reopened <= bounds.reopenings
        waiting = [one.kind for one in self.case.requests if one.is_waiting]
        assert len(waiting) == len(set(waiting))

    @invariant()
    def two_persons_decide(self) -> None:
        for one in self.case.requests:
            if one.kind in ("settle", "void", "force_close") and one.decided_by:
                assert one.decided_by != one.by


TestCaseMachine = CaseMachine.TestCase
TestCaseMachine.settings = settings(max_examples=50, stateful_step_count=30, deadline=None)

"""Many cases in a real store, moved at random by many: store, trail, list and deadlines agree."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as walk

from city.audit import Outcome, Record, first_broken
from city.case_moves import open_moves
from city.case_scope import sees
from city.case_table import Move
from city.case_times import due_rows
from city.case_views import CaseQuery, duty_states, states_of
from city.cases import Case, Order
from city.deadlines import to_ms
from city.refusal import Refusal
from city.roles import Role, Seat
from store import keys
from store.store import Store, open_store
from tests.city.walker import PAUSES, PEOPLE, acting, at_last, next_steps, orders
from tests.city.walker import Order as Step
from tests.desk import MONDAY, PONDING, seat
from watch.cases import case_effects
from watch.deadlines import Deadlines

LOOKERS: tuple[Seat, ...] = (
    seat(Role.CHIEF),
    seat(Role.CHIEF, "of-longhua", "", "460106"),
    seat(Role.UNIT, "sw", "sw"),
    seat(Role.UNIT, "jj", "jj"),
    seat(Role.AGENT, "rx", "rx"),
    PEOPLE[0],
)


def machine(url: str) -> type[RuleBasedStateMachine]:
    """The machine over the store of that address."""

    class StoreMachine(RuleBasedStateMachine):
        store: Store

        @initialize()
        def begin(self) -> None:
            self.store = open_store(url)
            self.store.redis.flushall()  # type: ignore[attr-defined]
            self.at, self.asked, self.opened = MONDAY, 0, 0
            for _ in range(3):
                self.report("hotline", "460106")

        @rule(source=st.sampled_from(["hotline", "sensor"]), area=st.sampled_from(["460107", ""]))
        def report(self, source: str, area: str) -> None:
            number = self.opened
            fields = {**PONDING, "external_id": f"N{number}", "source": source, "area": area}
            order, who = Order(Move.CREATE, fields), acting(seat(Role.ACCEPTOR), self.at)
            for wanted in (True, False):
                _, is_new = self.store.cases.create(order, who)
                assert is_new is wanted
            self.opened += 1
            self.asked += 1

        @rule(data=st.data(), which=st.integers(0, 99))
        def it_goes_on(self, data: st.DataObject, which: int) -> None:
            for _ in range(3):
                case = self.pick(which)
                self.tries(case, data.draw(next_steps(case, self.at)))

        @rule(order=orders(), which=st.integers(0, 99))
        def anybody_tries(self, order: Step, which: int) -> None:
            self.tries(self.pick(which), order)

        def pick(self, which: int) -> Case:
            every = sorted(self.store.cases.all(), key=lambda case: case.id)
            return every[which % len(every)]

        def tries(self, case: Case, order: Step) -> None:
            move, fields, who = order
            given = at_last(fields, self.at)
            if move is Move.MERGE:
                given["into"] = self.pick(0).id
            self.asked += 1
            before = self.store.cases.get(case.id)
            try:
                self.store.cases.move(case.id, Order(move, given), acting(who, self.at))
            except Refusal:
                assert self.store.cases.get(case.id) == before

        @rule(minutes=PAUSES)
        def time_passes(self, minutes: int) -> None:
            self.at += timedelta(minutes=minutes)
            clockwork = Deadlines(self.store, case_effects(self.store), lambda: to_ms(self.at))
            before = len(self.trail())
            while clockwork.fire():
                pass
            self.asked += len(self.trail()) - before

        def trail(self) -> list[Record]:
            found = self.store.redis.xrange(keys.AUDIT)
            return [msgspec.json.decode(fields[b"r"], type=Record) for _, fields in found]

        @invariant()
        def every_command_has_its_one_record(self) -> None:
            trail = self.trail()
            assert len(trail) == self.asked
            assert first_broken(trail) is None
            done = [one for one in trail if one.draft.outcome is Outcome.DONE]
            commands = [
                entry
                for case in self.store.cases.all()
                for entry in self.store.cases.log(case.id)
                if not entry.rule  # what follows from a command has the number of its line
            ]
            assert len(done) == len(commands)

        @invariant()
        def every_case_is_the_fold_of_its_log(self) -> None:
            assert list(self.store.cases.doubtful()) == []

        @invariant()
        def what_is_due_is_what_the_cases_say(self) -> None:
            wanted = {
                f"case|{case.id}|{what}".encode()
                for case in self.store.cases.all()
                for what in due_rows(case, self.store.city)
            }
            due = set(self.store.redis.zrange(keys.DUE, 0, -1))
            assert {one for one in due if one.startswith(b"case|")} == wanted

        @invariant()
        def the_list_shows_what_may_be_seen(self) -> None:
            every, at_ms = list(self.store.cases.all()), to_ms(self.at)
            for who in LOOKERS:
                page = self.store.cases.table.page(CaseQuery(who, at_ms, limit=500))
                shown = {case.id for case in every if sees(who, case)}
                wanted = {case.id for case in every if case.is_open and case.id in shown}
                assert {case.id for case in page.rows} == wanted
                assert page.total == page.counts["open"] == len(wanted)
                assert page.counts["all"] == len(shown)
                mine = {one.id for one in every if one.id in shown and is_duty(one, who)}
                assert page.counts["mine"] >= len(mine)

    return StoreMachine


def is_duty(case: Case, who: Seat) -> bool:
    """Whether the next step of the main path is this seat's."""
    return case.state in duty_states(who) & states_of("open") and bool(
        open_moves(case, acting(who, MONDAY))
    )


def test_whatever_many_do_to_many_cases_the_store_stays_whole(redis_url: str) -> None:
    kept: Any = machine(redis_url)

    walk(kept, settings=settings(max_examples=15, stateful_step_count=25, deadline=None))


@pytest.mark.parametrize("view", ["open", "overdue", "mine"])
def test_an_empty_city_has_an_empty_list(store: Store, view: str) -> None:
    page = store.cases.table.page(CaseQuery(seat(Role.CHIEF), 0, view))

    assert (list(page.rows), page.total, set(page.counts.values())) == ([], 0, {0})

"""The list of cases in memory: in the right order, of the right cases, current in every process."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bench.case_list import CHIEF, START_MS, fill, queries
from city.case_scope import sees
from city.case_table import Move
from city.case_views import CaseQuery, SortKey, states_of
from city.cases import Case, Order
from city.roles import Role, Seat
from store import keys
from store.case_rows import NEVER, number_of, running_until
from store.store import Store, open_store
from tests.desk import actor, opening_order

COUNT = 400
AT_MS = START_MS + COUNT * 30_000
ORDERS: dict[SortKey, Callable[[Case], Any]] = {
    SortKey.URGENCY: lambda case: (
        case.severity, running_until(case) > AT_MS, running_until(case), -number_of(case.id)
    ),
    SortKey.DUE: lambda case: (running_until(case), -number_of(case.id)),
    SortKey.NEWEST: lambda case: -number_of(case.id),
    SortKey.OLDEST: lambda case: number_of(case.id),
    SortKey.UPDATED: lambda case: (-case.updated_ms, -number_of(case.id)),
}  # fmt: skip


@pytest.fixture
def town(store: Store) -> Store:
    """A few hundred cases in all states."""
    fill(store, COUNT)
    return store


def passes(case: Case, query: CaseQuery) -> bool:
    """The filters, one case at a time."""
    is_overdue = running_until(case) <= query.at_ms
    text = f"{case.id} {case.title} {case.description}".lower()
    return (
        sees(query.seat, case)
        and case.state in (query.states or states_of(query.view))
        and (not query.severities or case.severity in query.severities)
        and (not query.areas or case.area.startswith(query.areas))
        and (not query.sources or case.source in query.sources)
        and (not query.types or case.type.startswith(query.types))
        and (not query.departments or bool(query.departments & {case.lead, *case.co}))
        and (query.overdue is None or is_overdue == query.overdue)
        and (query.view != "overdue" or is_overdue)
        and all(word in text for word in query.text.lower().split())
        and (query.opened_from_ms is None or case.opened_ms >= query.opened_from_ms)
        and (query.opened_until_ms is None or case.opened_ms <= query.opened_until_ms)
        and (not query.before or number_of(case.id) < number_of(query.before))
    )


def test_every_question_is_answered_as_one_case_after_another_would_be(town: Store) -> None:
    every = list(town.cases.all())
    asked = [
        *queries(AT_MS),
        CaseQuery(CHIEF, AT_MS, "all", before="HK20260907-000200", sort=SortKey.NEWEST),
        CaseQuery(CHIEF, AT_MS, "all", overdue=False, opened_until_ms=START_MS + 3_000_000),
        CaseQuery(Seat("rx", "rx", frozenset({Role.AGENT}), (), "rx"), AT_MS, "all"),
    ]
    for query in asked:
        if query.view == "mine":
            continue
        wanted = sorted((one for one in every if passes(one, query)), key=ORDERS[query.sort])
        page = town.cases.table.page(query)
        shown = wanted[query.offset : query.offset + query.limit]
        assert [case.id for case in page.rows] == [case.id for case in shown], query
        assert page.total == len(wanted)


def test_the_steps_of_every_seat_add_up_to_all_that_is_open(town: Store) -> None:
    steps = ("to_accept", "to_file", "to_dispatch", "to_sign", "in_hand", "suspended", "to_check",
             "to_close")  # fmt: skip
    for query in queries(AT_MS):
        counts = town.cases.table.page(query).counts
        assert sum(counts[step] for step in steps) == counts["open"]
        assert counts["open"] + counts["ended"] == counts["all"]
        assert counts["mine"] <= counts["open"]


def test_a_request_to_decide_is_before_whoever_decides_it(store: Store) -> None:
    case, _ = store.cases.create(opening_order(), actor(Role.ACCEPTOR))
    mine = CaseQuery(CHIEF, case.opened_ms, "mine")
    assert store.cases.table.page(mine).total == 0

    store.cases.move(case.id, Order(Move.ASK_VOID, {"reason": "误报"}), actor(Role.ACCEPTOR))

    assert [one.id for one in store.cases.table.page(mine).rows] == [case.id]


def test_another_process_sees_what_this_one_wrote(store: Store, redis_url: str) -> None:
    other = open_store(redis_url)
    assert other.cases.table.page(CaseQuery(CHIEF, 0)).total == 0

    case, _ = store.cases.create(opening_order(), actor(Role.ACCEPTOR))
    store.cases.move(case.id, Order(Move.ACCEPT), actor(Role.ACCEPTOR))

    page = other.cases.table.page(CaseQuery(CHIEF, case.opened_ms, "to_file"))
    assert [(one.id, one.version) for one in page.rows] == [(case.id, 2)]


def test_a_process_that_missed_changes_reads_everything_again(store: Store, redis_url: str) -> None:
    other = open_store(redis_url)
    for number in range(3):
        store.cases.create(opening_order(external_id=f"A{number}"), actor(Role.ACCEPTOR))
    other.cases.table.refresh()
    for number in range(3):
        store.cases.create(opening_order(external_id=f"B{number}"), actor(Role.ACCEPTOR))
    store.redis.xtrim(keys.CHANGES, maxlen=1, approximate=False)  # type: ignore[attr-defined]

    assert other.cases.table.page(CaseQuery(CHIEF, 0)).total == 6


def test_a_case_without_a_clock_is_never_due(store: Store) -> None:
    case, _ = store.cases.create(opening_order(), actor(Role.ACCEPTOR))

    assert running_until(replace(case, timers=())) == NEVER
    assert running_until(case) == case.timers[0].clock.due_ms

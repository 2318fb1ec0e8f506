"""Cases in a real store: whole, once, on record, and the same when they are rebuilt."""

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from city.audit import Outcome, Record, first_broken
from city.case_fold import digest, fold
from city.case_moves import IllegalMove
from city.case_table import CaseState, Move
from city.cases import Case, Order
from city.refusal import Conflict, Forbidden, NotFound, Refusal
from city.roles import Role
from store import keys
from store.store import Store, open_store
from tests.desk import LEAD, MAIN_PATH, actor, opening_order


def opened(store: Store, **changes: object) -> Case:
    case, _ = store.cases.create(opening_order(**changes), actor(Role.ACCEPTOR))
    return case


def led_to(store: Store, state: CaseState) -> Case:
    case = opened(store)
    for move, role, department, fields, after in MAIN_PATH:
        if case.state == state:
            break
        case = store.cases.move(case.id, Order(move, fields), actor(role, department=department))
        assert case.state == after
    return case


def trail(store: Store) -> list[Record]:
    found = store.redis.xrange(keys.AUDIT)
    return [msgspec.json.decode(fields[b"r"], type=Record) for _, fields in found]


def test_a_case_walks_the_main_path_with_one_log_entry_and_one_record_per_step(
    store: Store,
) -> None:
    case = led_to(store, CaseState.CLOSED)

    log = store.cases.log(case.id)
    assert [entry.move for entry in log] == [Move.CREATE, *(step[0] for step in MAIN_PATH)]
    assert [one.draft.action for one in trail(store)] == [f"case.{one.move}" for one in log]
    assert {one.draft.subject for one in trail(store)} == {f"case/{case.id}"}
    assert first_broken(trail(store)) is None


def test_rebuilding_a_case_from_its_log_gives_the_same(store: Store) -> None:
    case = led_to(store, CaseState.CLOSED)

    again = fold(store.cases.log(case.id))

    assert digest(again) == digest(case) == digest(store.cases.get(case.id))
    assert again == store.cases.get(case.id)
    assert list(store.cases.doubtful()) == []


def test_a_case_that_was_changed_behind_its_log_is_found(store: Store) -> None:
    case = led_to(store, CaseState.HANDLING)
    packed = store.redis.hget(keys.CASES, case.id) or b""

    store.redis.hset(keys.CASES, mapping={case.id: packed.replace(b'"sw"', b'"jj"')})

    assert list(store.cases.doubtful()) == [case.id]


def test_the_same_report_again_gives_the_same_case(store: Store, redis_url: str) -> None:
    houses = [store, open_store(redis_url)]
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(
                lambda n: houses[n % 2].cases.create(opening_order(), actor(Role.ACCEPTOR)),
                range(20),
            )
        )

    assert len({case.id for case, _ in found}) == 1
    assert sorted(is_new for _, is_new in found) == [False] * 19 + [True]
    assert len(trail(store)) == 1


def test_numbers_of_a_day_follow_one_another(store: Store) -> None:
    ids = [opened(store, external_id=f"HL-{n}").id for n in range(3)]

    assert ids == ["HK20260907-00001", "HK20260907-00002", "HK20260907-00003"]


def test_of_two_seats_with_one_move_exactly_one_makes_it(store: Store, redis_url: str) -> None:
    case = opened(store)
    houses = [store, open_store(redis_url)]

    def accept(number: int) -> Case | Refusal:
        try:
            who = actor(Role.ACCEPTOR, f"acceptor-{number}")
            return houses[number % 2].cases.move(case.id, Order(Move.ACCEPT, {}, 1), who)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(accept, range(8)))

    refusals = [one for one in answers if isinstance(one, Refusal)]
    assert len(refusals) == 7
    assert {one.reason for one in refusals} == {"outdated"}
    first = store.cases.log(case.id)[-1]
    assert all(one.more["meanwhile"][0]["by"] == first.by for one in refusals)
    assert first.name in refusals[0].said("zh")
    assert "受理" in refusals[0].said("zh")
    assert len(store.cases.log(case.id)) == 2


def test_an_illegal_move_tells_state_and_legal_moves_and_writes_only_its_refusal(
    store: Store,
) -> None:
    case = opened(store)

    with pytest.raises(IllegalMove) as refused:
        store.cases.move(case.id, Order(Move.CLOSE), actor(Role.CHIEF))

    assert refused.value.status == 409
    assert refused.value.more["state"] == "reported"
    assert "accept" in refused.value.more["legal"]
    assert len(store.cases.log(case.id)) == 1
    assert trail(store)[-1].draft.outcome is Outcome.REFUSED


def test_a_forbidden_move_names_who_may(store: Store) -> None:
    case = opened(store)

    with pytest.raises(Forbidden) as refused:
        store.cases.move(case.id, Order(Move.ACCEPT), actor(Role.DISPATCHER))

    assert "受理员" in refused.value.said("zh")
    assert "Acceptor" in refused.value.said("en")


def test_a_case_that_does_not_exist_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.cases.move("HK20260907-99999", Order(Move.ACCEPT), actor(Role.ACCEPTOR))
    with pytest.raises(NotFound):
        store.cases.get("HK20260907-99999")


def test_what_is_due_follows_the_case(store: Store) -> None:
    case = led_to(store, CaseState.HANDLING)
    due = store.redis.zrange(keys.DUE, 0, -1)
    assert sorted(due) == sorted(f"case|{case.id}|{what}".encode() for what in ("warn", "overdue"))

    for move, role, department, fields, _ in MAIN_PATH[4:]:
        store.cases.move(case.id, Order(move, fields), actor(role, department=department))

    assert store.redis.zrange(keys.DUE, 0, -1) == []


def test_a_merged_case_is_closed_and_its_parent_knows(store: Store) -> None:
    parent, child = opened(store), opened(store, external_id="HL-2")
    who = actor(Role.ACCEPTOR)

    merged = store.cases.move(child.id, Order(Move.MERGE, {"into": parent.id}), who)

    assert (merged.state, merged.merged_into) == (CaseState.CLOSED, parent.id)
    assert store.cases.get(parent.id).children == (child.id,)
    with pytest.raises(Conflict, match="Others are merged"):
        store.cases.move(parent.id, Order(Move.MERGE, {"into": child.id}), who)

    apart = store.cases.move(child.id, Order(Move.UNMERGE, {"reason": "不是一件事"}), who)

    assert (apart.state, apart.merged_into) == (CaseState.REPORTED, "")
    assert store.cases.get(parent.id).children == ()
    assert list(store.cases.doubtful()) == []
    assert LEAD not in (apart.lead, parent.lead)

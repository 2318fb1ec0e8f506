"""The life of an order: its table row by row, and what always holds whatever comes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.case_states import CaseState
from city.dispatch_rules import Numbers
from city.order_messages import command, is_told
from city.order_movements import Fix, movement
from city.order_moves import (
    Origin,
    Terms,
    adcode_of,
    allowed,
    begun,
    is_legal,
    must_be_free,
    must_step,
    must_take,
    of_actor,
    stepped,
)
from city.order_table import (
    ACKS,
    ENDED,
    OPEN,
    RULES,
    TABLE,
    UNIT_STATUS,
    OrderMove,
    OrderSource,
    OrderState,
)
from city.order_work import declined, midnight_ms, work_of
from city.orders import Order, OrderStep, Sending, Wish
from city.refusal import Conflict, Forbidden, Malformed, Refusal
from city.roles import Actor, Role, Seat
from city.units import Source, Status, Unit
from geo.points import Point
from tests.city.case_life import fold_to
from tests.desk import at_work, seat

M, S, B = OrderMove, OrderState, OrderSource
DESK = at_work(seat(Role.DISPATCHER))
CASE = replace(fold_to(CaseState.PENDING_HANDLE), area="460106", pos=(110.3357, 20.0021))
UNIT = Unit(
    "sw/pumptruck/PT-0001", "pumptruck", "sw", "排涝 1", "Pump 1", Status.AVAILABLE, 0,
    Source.DEVICE, point=Point(110.35, 20.0021),
)  # fmt: skip
NUMBERS = Numbers()
KM = 1 / 104.6


def order(*moves: OrderMove, at: Actor = DESK) -> Order:
    """An order after some moves by hand."""
    found = begun("HK1-01", CASE, UNIT, Wish(UNIT.id), Terms(60_000, 7_200_000), at)
    for move in moves:
        found = stepped(found, OrderStep(move), of_actor(at))
    return found


def clock(found: Order) -> Origin:
    return Origin(B.TIME, "system", "系统", found.expires_ms)


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: str(rule.move))
@pytest.mark.parametrize("state", OrderState)
@pytest.mark.parametrize("source", OrderSource)
def test_a_move_is_what_the_table_says(rule, state, source) -> None:  # type: ignore[no-untyped-def]
    here = replace(order(), state=state)
    origin = Origin(source, "somebody", "Somebody", here.sent_ms + 1)
    is_in_table = state in rule.sources and source in rule.by

    assert is_legal(here, rule.move, source) is is_in_table
    if is_in_table:
        assert stepped(here, OrderStep(rule.move), origin).state is rule.target
    else:
        with pytest.raises(Conflict):
            stepped(here, OrderStep(rule.move), origin)


def test_every_state_is_reached_and_every_end_is_an_end() -> None:
    assert {rule.target for rule in TABLE} == set(OrderState)
    assert {state for rule in TABLE for state in rule.sources} == OPEN
    assert UNIT_STATUS.keys() == OPEN


def test_the_words_of_the_field_are_those_of_the_contract() -> None:
    assert list(ACKS) == ["accepted", "refused", "arrived", "done"]
    assert all(B.ACK in RULES[move].by for move in ACKS.values())


STEPS = st.tuples(
    st.sampled_from(list(OrderMove)), st.sampled_from(list(OrderSource)),
    st.integers(-10_000_000, 10_000_000), st.integers(0, 600_000),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(STEPS, max_size=12))
def test_whatever_comes_times_never_run_backwards_nor_ahead(
    steps: Sequence[tuple[OrderMove, OrderSource, int, int]],
) -> None:
    found = order()
    now_ms = found.sent_ms
    for move, source, told_ms, later_ms in steps:
        now_ms += later_ms
        try:
            found = stepped(found, OrderStep(move, at_ms=now_ms + told_ms),
                            Origin(source, "x", "X", now_ms))  # fmt: skip
        except Conflict:
            continue

    world = [one.at_ms for one in found.log if one.source is not B.TIME]
    assert world == sorted(world)
    assert all(one.at_ms <= one.received_ms for one in found.log)
    assert found.version == len(found.log)
    assert found.log[-1].after is found.state and found.state in found.times
    assert sum(one.after in ENDED for one in found.log) <= 1


@settings(deadline=None)
@given(st.lists(st.sampled_from(list(ACKS.values())), max_size=8))
def test_an_answer_that_comes_again_changes_nothing(moves: Sequence[OrderMove]) -> None:
    found = order()
    for move in moves:
        for _ in range(2):
            if is_legal(found, move, B.ACK):
                found = stepped(found, OrderStep(move), Origin(B.ACK, "d", "D", found.sent_ms))

    heard = [one.move for one in found.log]
    assert len(heard) == len(set(heard))


def test_a_time_without_an_answer_does_not_push_the_answer_later() -> None:
    missed = stepped(order(), OrderStep(M.MISS), clock(order()))
    told_ms = missed.sent_ms + 30_000

    after = stepped(missed, OrderStep(M.ACCEPT, at_ms=told_ms),
                    Origin(B.ACK, "d", "D", missed.expires_ms + 1))  # fmt: skip

    assert after.times[S.ACCEPTED].at_ms == told_ms


def test_a_case_that_is_over_takes_nobody() -> None:
    for state in (CaseState.CLOSED, CaseState.CANCELLED, CaseState.DRAFT):
        with pytest.raises(Conflict):
            must_take(replace(CASE, state=state), Sending((Wish(UNIT.id),)))
    must_take(replace(CASE, state=CaseState.REPORTED), Sending((Wish(UNIT.id),)))


def test_what_is_sent_is_somebody_and_each_once() -> None:
    twice = (Wish(UNIT.id), Wish(UNIT.id))
    for wishes in ((), twice, tuple(Wish(f"sw/pumptruck/{n}") for n in range(51))):
        with pytest.raises(Malformed):
            must_take(CASE, Sending(wishes))


def test_a_unit_is_not_in_two_places() -> None:
    with pytest.raises(Conflict, match="in hand"):
        must_be_free(UNIT.id, [f"{CASE.id}-01"], CASE.id, anyway=True)
    with pytest.raises(Conflict, match="anyway"):
        must_be_free(UNIT.id, ["HK1-01"], "HK2", anyway=False)
    must_be_free(UNIT.id, ["HK1-01"], "HK2", anyway=True)


def test_the_topic_has_six_digits_wherever_the_case_is() -> None:
    nowhere = replace(CASE, area="")

    assert adcode_of(replace(CASE, area="460106001"), UNIT) == "460106"
    assert adcode_of(nowhere, replace(UNIT, area="460107")) == "460107"
    assert adcode_of(nowhere, UNIT) == "100000"


UNITS_OWN = {M.ACCEPT, M.REFUSE, M.DEPART, M.ARRIVE, M.FINISH}


@pytest.mark.parametrize(("who", "serves", "may"), [
    (seat(Role.DISPATCHER), "", UNITS_OWN | {M.RECALL, M.REDIRECT}),
    (seat(Role.UNIT, "u", "sw"), "", UNITS_OWN | {M.RECALL, M.REDIRECT}),
    (seat(Role.HANDLER, "h", "sw"), UNIT.id, UNITS_OWN),
    (seat(Role.HANDLER, "h", "sw"), "sw/pumptruck/PT-0002", set()),
    (seat(Role.UNIT, "u", "ga"), "", set()),
    (seat(Role.LEADER), "", set()),
    (seat(Role.DISPATCHER, "d", "", "460108"), "", set()),
])  # fmt: skip
def test_who_may_do_what_by_hand(who: Seat, serves: str, may: set[OrderMove]) -> None:
    actor, found = at_work(who), order()

    assert set(allowed(found, actor, serves)) == may
    for move in UNITS_OWN | {M.RECALL, M.REDIRECT}:
        if move not in may:
            with pytest.raises(Forbidden):
                must_step(found, OrderStep(move, "因故"), actor, serves)


def test_who_saw_an_older_version_is_told() -> None:
    accepted = order(M.ACCEPT)

    with pytest.raises(Conflict, match="version 2"):
        must_step(accepted, OrderStep(M.RECALL, version=1), DESK)
    must_step(accepted, OrderStep(M.RECALL, version=2), DESK)


def test_every_refusal_says_a_sentence_in_both_languages() -> None:
    asks = (
        lambda: must_step(order(M.ACCEPT), OrderStep(M.RECALL, version=1), DESK),
        lambda: stepped(order(M.RECALL), OrderStep(M.ACCEPT), of_actor(DESK)),
        lambda: must_be_free(UNIT.id, ["HK1-01"], "HK2", anyway=False),
        lambda: must_step(order(), OrderStep(M.RECALL), at_work(seat(Role.LEADER))),
    )
    for ask in asks:
        with pytest.raises(Refusal) as caught:
            ask()
        assert caught.value.said("zh") and caught.value.said("en")


def test_the_field_hears_of_what_it_did_not_say_itself() -> None:
    device = Origin(B.ACK, "d", "D", DESK.at_ms)

    assert is_told(order())
    assert is_told(order(M.RECALL))
    assert is_told(order(M.FINISH))
    assert not is_told(order(M.ACCEPT))
    assert not is_told(stepped(order(), OrderStep(M.FINISH), device))


def test_the_message_has_what_the_contract_names() -> None:
    said = command(replace(order(), note="带两台泵"))

    assert {name: said[name] for name in ("order_id", "case_id", "unit", "note", "version")} == {
        "order_id": "HK1-01", "case_id": CASE.id, "unit": UNIT.id, "note": "带两台泵", "version": 1,
    }  # fmt: skip
    assert said["pos"] == [110.3357, 20.0021]
    assert datetime.fromisoformat(said["expires_at"]) == DESK.at + timedelta(hours=2)
    assert datetime.fromisoformat(said["answer_by"]).tzinfo == UTC


@settings(deadline=None)
@given(st.floats(0, 5), st.sampled_from([S.SENT, S.UNANSWERED, S.ON_SCENE, S.DONE]))
def test_only_who_is_on_the_way_is_followed(east_km: float, state: OrderState) -> None:
    found = replace(order(M.ACCEPT), state=state, times=order(M.ACCEPT).times | {
        state: order(M.ACCEPT).times[S.ACCEPTED]
    })  # fmt: skip
    fix = Fix(UNIT.id, found.sent_ms + 1, found.sent_ms + 1, Point(110.3357 + east_km * KM, 20.0))

    assert movement(found, fix, NUMBERS) is None


@settings(deadline=None)
@given(st.floats(0, 3))
def test_arrival_is_a_matter_of_metres(east_km: float) -> None:
    found = order(M.ACCEPT)
    point = Point(110.3357 + east_km * KM, 20.0021)
    fix = Fix(UNIT.id, found.sent_ms + 1, found.sent_ms + 1, point)

    move = movement(found, fix, NUMBERS)

    if abs(east_km * 1000 - NUMBERS.arrive_within_m) > 1:  # the degree is not exact
        assert (move is M.ARRIVE) is (east_km * 1000 < NUMBERS.arrive_within_m)


def test_work_is_what_is_open_and_what_was_done_since_midnight() -> None:
    done = order(M.ACCEPT, M.FINISH)
    arrived = order(M.ACCEPT, M.ARRIVE)
    since_ms = midnight_ms(DESK.at)

    work = work_of([replace(done, id="a"), replace(arrived, id="b"), replace(order(), id="c")],
                   since_ms)[UNIT.id]  # fmt: skip

    assert [(one.order_id, one.status) for one in work.open] == [
        ("b", Status.ON_SCENE), ("c", Status.ASSIGNED),
    ]  # fmt: skip
    assert work.done_today == 1
    assert work_of([done], DESK.at_ms + 1) == {}


def test_who_did_not_take_a_case_is_known() -> None:
    refused = stepped(order(), OrderStep(M.REFUSE), of_actor(DESK))

    assert declined([refused]) == {UNIT.id}
    assert declined([order(M.ACCEPT), order(M.RECALL)]) == frozenset()

"""What a phone says: read, or refused in a sentence."""

from dataclasses import replace
from typing import Any

import pytest

from city.case_states import CaseState
from city.cases import Case, Evidence
from city.handset import (
    AFTER,
    AHEAD_MS,
    ARRIVAL,
    CHECK_IN_M,
    LATE_H,
    ON_ORDERS,
    Deed,
    Said,
    in_words,
    is_moot,
    must_be_own,
    must_be_there,
    must_show,
    read,
    slots_of,
)
from city.order_table import OrderSource, OrderState
from city.orders import Order, Stamp
from city.refusal import Refusal
from city.roles import Role
from tests.desk import PONDING, seat
from tests.publisher import haikou

NOW_MS = 1_790_000_000_000
HERE = (PONDING["pos"][0], PONDING["pos"][1])
NEAR, FAR = (HERE[0] + 0.0003, HERE[1]), (HERE[0] + 0.001, HERE[1])  # 31 m, 105 m


def deed(**changes: Any) -> Said:
    return read({"key": "k", "action": "arrive", "order": "o", **changes}, NOW_MS)


def order(state: OrderState = OrderState.EN_ROUTE) -> Order:
    times = {state: Stamp(NOW_MS, OrderSource.HAND)}
    return Order("o", "c", "sw/pumptruck/PT-07", "460106", state, 1, NOW_MS - 60_000, NOW_MS,
                 NOW_MS, "d", "D", pos=HERE, times=times)  # fmt: skip


def refused(reason: str) -> Any:
    return pytest.raises(Refusal, check=lambda trouble: trouble.reason == reason)


def photo(slot: str, at_ms: int = NOW_MS) -> Evidence:
    return Evidence("d" * 64, "image/jpeg", 1, slot, "handler", at_ms)


def test_a_deed_keeps_the_time_of_the_phone_and_never_lies_ahead() -> None:
    assert deed(at=NOW_MS - 5000).at_ms == NOW_MS - 5000
    assert deed(at=NOW_MS + AHEAD_MS).at_ms == NOW_MS
    assert deed().at_ms == NOW_MS


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"action": "fly"}, "malformed"),
        ({"key": ""}, "missing"),
        ({"key": "k" * 65}, "malformed"),
        ({"at": "yesterday"}, "malformed"),
        ({"at": NOW_MS + AHEAD_MS + 1000}, "malformed"),
        ({"at": NOW_MS - LATE_H * 3_600_000 - 1}, "too_long_ago"),
        ({"pos": [200, 0]}, "malformed"),
        ({"result": "perfect"}, "malformed"),
        ({"text": "长" * 501}, "malformed"),
    ],
)
def test_what_cannot_be_meant_is_refused(changes: dict[str, Any], reason: str) -> None:
    with refused(reason):
        deed(**changes)


def test_another_person_s_deed_is_not_sent_as_one_s_own() -> None:
    mine = seat(Role.HANDLER, "chen", "sw")

    must_be_own(deed(account="chen"), mine)
    must_be_own(deed(), mine)
    with refused("another_account"):
        must_be_own(deed(account="li"), mine)


def test_an_arrival_counts_nearby_by_a_good_fix() -> None:
    must_be_there(deed(pos=NEAR, accuracy_m=12), order(), ())
    with refused("not_there"):
        must_be_there(deed(pos=FAR, accuracy_m=12), order(), ())
    with refused("no_fix"):
        must_be_there(deed(pos=NEAR, accuracy_m=CHECK_IN_M + 1), order(), ())
    with refused("no_fix"):
        must_be_there(deed(), order(), ())


def test_an_arrival_by_hand_needs_a_photo_of_this_order() -> None:
    by_hand = deed(is_manual=True)

    must_be_there(by_hand, order(), (photo(ARRIVAL),))
    for shown in ((), (photo(AFTER),), (photo(ARRIVAL, NOW_MS - 3_600_000),)):
        with refused("no_arrival_photo"):
            must_be_there(by_hand, order(), shown)


@pytest.mark.parametrize("action", sorted(ON_ORDERS))
def test_what_the_order_has_passed_already_is_moot(action: Deed) -> None:
    said = deed(action=str(action), reason="x")
    passed = {Deed.ACCEPT: OrderState.EN_ROUTE, Deed.DEPART: OrderState.ON_SCENE,
              Deed.ARRIVE: OrderState.ON_SCENE, Deed.FINISH: OrderState.DONE}  # fmt: skip

    assert not is_moot(said, order(OrderState.SENT))
    assert not is_moot(said, order(OrderState.RECALLED))
    if action in passed:
        assert is_moot(said, order(passed[action]))


def case(**changes: Any) -> Case:
    return Case("c", "event", "0406", "道路积水", "hotline", "HL-1", 3, CaseState.HANDLING, 1,
                NOW_MS, NOW_MS, **changes)  # fmt: skip


def test_the_photo_of_the_end_is_always_wanted_and_comes_last() -> None:
    filing = haikou().filing

    usual = slots_of(case(), filing)
    strict = slots_of(case(slots=("before_photo", "decision")), filing)

    assert usual == [("before_photo", False), (AFTER, True)]
    assert strict == [("before_photo", True), (AFTER, True)]  # no camera fills in a decision


def test_work_without_the_photo_of_its_end_does_not_count() -> None:
    filing = haikou().filing

    must_show(case(evidence=(photo(AFTER),)), filing)
    with refused("no_evidence"):
        must_show(case(evidence=(photo("before_photo"),)), filing)


def test_the_log_says_what_was_done_in_one_line() -> None:
    done = deed(action="finish", result="solved", text="清理雨水口 3 处", measured=14)

    assert in_words(done) == "已处置完毕；清理雨水口 3 处；现场读数 14"
    assert in_words(deed(action="help", text="一台泵")) == "请求增援：一台泵"
    assert in_words(deed(is_manual=True)) == "人工打卡，附照片"
    assert in_words(replace(done, result="", text="", measured="")) == ""

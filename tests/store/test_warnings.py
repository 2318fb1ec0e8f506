"""Public warnings in a real store: two others approve, what was issued stays, each is on record."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from city.cap import NAMESPACE
from city.case_table import Move
from city.cases import Case
from city.mode import Asked, Turn
from city.refusal import Conflict, Forbidden, Malformed, NotFound
from city.roles import Actor, Role
from city.warnings import Message, Stand, Warned
from store.store import Store
from tests.desk import actor
from tests.store.test_cases import opened, trail

DRAFTER = actor(Role.DISPATCHER, "drafter")
FIRST, SECOND = actor(Role.CHIEF, "first", "", 1), actor(Role.LEADER, "second", "", 2)


def drafted(store: Store, case: Case | None = None, **given: object) -> Warned:
    case = case or opened(store)
    return store.warnings.draft(case.id, given, DRAFTER)


def issue(store: Store, warned: Warned, later: float = 0) -> Warned:
    for who in (FIRST, SECOND):
        at = Actor(who.seat, who.address, who.at + timedelta(minutes=later))
        warned = store.warnings.approve(warned.id, at)
    return warned


def element(store: Store, warned: Warned, name: str) -> str:
    root = ET.fromstring(store.warnings.xml(warned))
    return root.findtext(f"{{{NAMESPACE}}}{name}") or ""


def test_a_warning_is_issued_by_the_second_of_two_others(store: Store) -> None:
    warned = drafted(store)

    once = store.warnings.approve(warned.id, FIRST)
    twice = store.warnings.approve(warned.id, SECOND)

    assert (once.stand, twice.stand) == (Stand.DRAFT, Stand.ISSUED)
    assert [one.by for one in twice.approvals] == ["first", "second"]
    assert twice.sent_ms == SECOND.at_ms
    assert twice.identifier == "46010000000000_20260907090200_0"
    assert element(store, once, "status") == "Draft"
    assert element(store, twice, "status") == "Actual"
    assert element(store, twice, "sent") == "2026-09-07T09:02:00+08:00"


def test_nobody_approves_his_own_nor_twice_nor_without_the_right(store: Store) -> None:
    chief = actor(Role.CHIEF, "chief")
    warned = store.warnings.draft(opened(store).id, {}, chief)
    store.warnings.approve(warned.id, FIRST)

    for who, kind in ((chief, Forbidden), (FIRST, Conflict), (DRAFTER, Forbidden)):
        with pytest.raises(kind):
            store.warnings.approve(warned.id, who)

    assert store.warnings.get(warned.id).stand is Stand.DRAFT


def test_a_changed_text_has_to_be_approved_anew(store: Store) -> None:
    warned = drafted(store)
    store.warnings.approve(warned.id, FIRST)

    changed = store.warnings.change(warned.id, {"headline": "暴雨内涝"}, DRAFTER)
    once = store.warnings.approve(warned.id, FIRST)

    assert (changed.approvals, changed.content.headline) == ((), "暴雨内涝")
    assert once.stand is Stand.DRAFT


def test_what_was_issued_is_never_changed(store: Store) -> None:
    warned = issue(store, drafted(store))

    for deed in (
        lambda: store.warnings.change(warned.id, {"headline": "x"}, DRAFTER),
        lambda: store.warnings.approve(warned.id, actor(Role.CHIEF, "third")),
        lambda: store.warnings.refuse(warned.id, "x", FIRST),
        lambda: store.warnings.withdraw(warned.id, DRAFTER),
    ):
        with pytest.raises(Conflict):
            deed()

    assert store.warnings.get(warned.id) == warned


def test_an_issue_stands_in_the_log_of_the_case_and_in_the_trail(store: Store) -> None:
    warned = issue(store, drafted(store))

    entry = store.cases.log(warned.case_id)[-1]
    assert (entry.move, entry.by) == (Move.ISSUE_WARNING, "second")
    assert entry.facts == {"warning": warned.id, "message": "alert"}
    actions = [one.draft.action for one in trail(store)][-3:]
    assert actions == ["warning.draft", "warning.approve", "warning.approve"]
    assert trail(store)[-1].draft.detail["identifier"] == warned.identifier
    assert list(store.cases.doubtful()) == []


def test_an_update_and_a_cancel_name_what_went_before(store: Store) -> None:
    alert = issue(store, drafted(store))
    update = store.warnings.follow(alert.id, Message.UPDATE, {"level": 1}, DRAFTER)
    assert store.warnings.get(alert.id).pending == update.id
    update = issue(store, update, later=5)
    cancel = store.warnings.follow(update.id, Message.CANCEL, {"reason": "积水已退"}, DRAFTER)
    cancel = issue(store, cancel, later=9)

    first = f"{alert.sender},{alert.identifier},2026-09-07T09:02:00+08:00"
    assert element(store, update, "references") == first
    assert element(store, cancel, "references").split(" ")[0] == first
    assert len(element(store, cancel, "references").split(" ")) == 2
    assert element(store, cancel, "msgType") == "Cancel"
    assert element(store, cancel, "note") == "积水已退"
    assert store.warnings.get(alert.id).replaced_by == update.id
    assert store.warnings.get(update.id).replaced_by == cancel.id
    at_ms = SECOND.at_ms + 600_000
    in_force = [one.id for one in store.warnings.newest() if one.is_in_force(at_ms)]
    assert in_force == []


def test_a_warning_has_one_successor_at_a_time(store: Store) -> None:
    alert = issue(store, drafted(store))
    update = store.warnings.follow(alert.id, Message.UPDATE, {}, DRAFTER)

    with pytest.raises(Conflict) as refused:
        store.warnings.follow(alert.id, Message.CANCEL, {"reason": "x"}, DRAFTER)
    store.warnings.refuse(update.id, "先核实", FIRST)

    assert refused.value.reason == "warning_waits"
    again = store.warnings.follow(alert.id, Message.CANCEL, {"reason": "x"}, DRAFTER)
    assert again.follows == alert.id


def test_only_what_was_issued_and_holds_is_updated(store: Store) -> None:
    draft = drafted(store)
    with pytest.raises(Conflict):
        store.warnings.follow(draft.id, Message.UPDATE, {}, DRAFTER)
    alert = issue(store, draft)
    with pytest.raises(Malformed):
        store.warnings.follow(alert.id, Message.CANCEL, {}, DRAFTER)
    with pytest.raises(Conflict) as refused:
        late = actor(Role.DISPATCHER, "drafter", "", 7 * 60)
        store.warnings.follow(alert.id, Message.CANCEL, {"reason": "x"}, late)

    assert refused.value.reason == "warning_old"
    assert not alert.is_in_force(actor(Role.CHIEF, minutes=7 * 60).at_ms)


def test_what_has_expired_before_it_was_approved_is_not_issued(store: Store) -> None:
    warned = drafted(store, expires="2026-09-07T09:01:30+08:00")
    store.warnings.approve(warned.id, FIRST)

    with pytest.raises(Conflict):
        store.warnings.approve(warned.id, SECOND)


def test_a_draft_is_refused_with_a_reason_or_taken_back_by_whoever_drafted_it(
    store: Store,
) -> None:
    one, two = drafted(store), drafted(store, opened(store, external_id="HL-2"))

    with pytest.raises(Malformed):
        store.warnings.refuse(one.id, "", FIRST)
    with pytest.raises(Forbidden):
        store.warnings.withdraw(two.id, FIRST)

    assert store.warnings.refuse(one.id, "范围过大", FIRST).stand is Stand.REFUSED
    assert store.warnings.withdraw(two.id, DRAFTER).stand is Stand.WITHDRAWN


def test_in_an_exercise_everything_that_goes_out_says_so(store: Store) -> None:
    asked = Asked(Turn.ENTER, "年度演练", 2, "内涝", is_exercise=True)
    store.mode.propose(asked, actor(Role.CHIEF, "chief"))
    store.mode.confirm(actor(Role.LEADER, "leader"))

    warned = issue(store, drafted(store))

    assert element(store, warned, "status") == "Exercise"


def test_two_warnings_of_one_second_have_numbers_of_their_own(store: Store) -> None:
    cases = [opened(store, external_id=f"HL-{one}") for one in range(3)]

    numbers = [issue(store, drafted(store, one)).identifier for one in cases]

    assert [one[-1] for one in numbers] == ["0", "1", "2"]


def test_a_stranger_neither_drafts_nor_finds(store: Store) -> None:
    case = opened(store)

    with pytest.raises(Forbidden):
        store.warnings.draft(case.id, {}, actor(Role.ACCEPTOR))
    with pytest.raises(Malformed):
        store.warnings.draft(case.id, {"headline": ""}, DRAFTER)
    for name in ("W9", "last", "46010000000000_20260907090200_0"):
        with pytest.raises(NotFound):
            store.warnings.get(name)

    assert store.warnings.newest() == []

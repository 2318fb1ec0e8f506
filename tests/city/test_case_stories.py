"""What each request, return and correction comes to, told as it happens at a desk."""

from collections.abc import Mapping
from typing import Any

import pytest

from city.case_fold import apply
from city.case_moves import propose
from city.case_table import CaseState, Move
from city.cases import Case, Order
from city.deadlines import to_ms
from city.refusal import Conflict, Forbidden, Refusal
from city.roles import Role
from tests.city.case_life import fold_to as case_in
from tests.city.case_life import log_to
from tests.desk import LEAD, MONDAY, actor

HOUR_MS = 3_600_000
START_MS = to_ms(MONDAY)


class Desk:
    """A case, and everybody who has to do with it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.minutes = 0.0

    def does(self, role: Role, move: Move, name: str = "", /, **fields: Any) -> Case:
        department = LEAD if role in (Role.UNIT, Role.HANDLER) else ""
        who = actor(role, name or str(role), department, self.minutes)
        self.case = apply(self.case, propose(self.case, Order(move, fields), who))
        return self.case

    def refused(self, role: Role, move: Move, name: str = "", /, **fields: Any) -> Refusal:
        with pytest.raises(Refusal) as refusal:
            self.does(role, move, name, **fields)
        return refusal.value

    def done_and_checked(self) -> None:
        self.does(Role.UNIT, Move.FEEDBACK)
        self.does(Role.ACCEPTOR, Move.SEND_CHECK)
        self.does(Role.COLLECTOR, Move.CHECK_PASS)

    @property
    def due_h(self) -> float:
        """When its clock ends, in hours after Monday 09:00."""
        timer = self.case.timer
        assert timer is not None
        return (timer.clock.due_ms - START_MS) / HOUR_MS


@pytest.fixture
def desk() -> Desk:
    """In hand; 4 working hours from Monday 09:00 end at 15:30."""
    return Desk(case_in(CaseState.HANDLING))


def test_a_handlers_request_passes_his_department_before_it_is_decided(desk: Desk) -> None:
    asked = desk.does(Role.HANDLER, Move.ASK_EXTENSION, reason="缺料", limit="1 WD")
    assert asked.requests[-1].status == "pending_dept"
    assert desk.refused(Role.DISPATCHER, Move.GRANT_EXTENSION).reason == "not_endorsed"
    endorsed = desk.does(Role.UNIT, Move.ENDORSE, request="extension")
    assert endorsed.requests[-1].status == "pending"
    granted = desk.does(Role.DISPATCHER, Move.GRANT_EXTENSION)

    request = granted.requests[-1]
    assert (request.status, request.decided_by) == ("approved", "dispatcher")
    assert desk.due_h == 24 + 6.5  # one workday after Monday 15:30
    assert granted.timers[-1].clock.extended == (START_MS + round(6.5 * HOUR_MS),)


def test_a_units_request_needs_no_endorsement_and_may_be_denied(desk: Desk) -> None:
    desk.does(Role.UNIT, Move.ASK_EXTENSION, reason="缺料", limit="1 WD")
    assert desk.refused(Role.UNIT, Move.ENDORSE, request="extension").status == 409
    denied = desk.does(Role.DISPATCHER, Move.DENY_EXTENSION, reason="理由不足")

    assert (denied.requests[-1].status, denied.requests[-1].opinion) == ("rejected", "理由不足")
    assert (denied.extended, desk.due_h) == (0, 6.5)


def test_a_case_is_extended_twice_at_most_and_not_once_it_is_overdue(desk: Desk) -> None:
    for _ in range(2):
        desk.does(Role.UNIT, Move.ASK_EXTENSION, reason="缺料", limit="1 WD")
        desk.does(Role.DISPATCHER, Move.GRANT_EXTENSION)
    refusal = desk.refused(Role.UNIT, Move.ASK_EXTENSION, reason="缺料", limit="1 WD")
    assert refusal.reason == "no_extension_left"

    late = Desk(case_in(CaseState.HANDLING))
    late.minutes = 6.5 * 60
    refusal = late.refused(Role.UNIT, Move.ASK_EXTENSION, reason="缺料", limit="1 WD")
    assert refusal.reason == "is_overdue"


def test_a_granted_return_marks_the_dispatch_wrong_and_the_next_starts_anew(desk: Desk) -> None:
    desk.does(Role.UNIT, Move.ASK_RETURN, reason="非本部门职责")
    desk.minutes = 60
    back = desk.does(Role.DISPATCHER, Move.GRANT_RETURN)

    assert (back.state, back.wrong_dispatches) == (CaseState.PENDING_DISPATCH, 1)
    assert (back.lead, back.tasks) == ("", ())
    again = desk.does(Role.DISPATCHER, Move.DISPATCH, lead="hb")
    assert again.lead == "hb"
    assert desk.due_h == 7.5  # 10:00 and four working hours: 16:30


def test_a_return_is_asked_for_within_a_day_of_the_dispatch(desk: Desk) -> None:
    desk.minutes = 24 * 60 + 1

    refusal = desk.refused(Role.UNIT, Move.ASK_RETURN, reason="非本部门职责")

    assert "24" in refusal.said("zh")


def test_work_that_fails_its_check_is_done_again_in_half_the_time(desk: Desk) -> None:
    desk.does(Role.UNIT, Move.FEEDBACK)
    desk.does(Role.ACCEPTOR, Move.SEND_CHECK)
    failed = desk.does(Role.COLLECTOR, Move.CHECK_FAIL, reason="未清理")

    assert (failed.state, failed.reworked) == (CaseState.HANDLING, 1)
    assert failed.tasks[0].state == "handling"
    assert desk.due_h == 2


def test_feedback_that_is_sent_back_goes_on_with_what_was_left(desk: Desk) -> None:
    desk.minutes = 120
    desk.does(Role.UNIT, Move.FEEDBACK)
    desk.minutes = 180
    desk.does(Role.DISPATCHER, Move.REJECT_FEEDBACK, reason="照片不清")

    assert desk.due_h == 7.5  # 12:00 + the two hours that were left, after the noon break: 16:30


def test_nobody_checks_or_closes_what_he_handled(desk: Desk) -> None:
    desk.does(Role.UNIT, Move.FEEDBACK, "li")
    desk.does(Role.ACCEPTOR, Move.SEND_CHECK)

    assert desk.refused(Role.COLLECTOR, Move.CHECK_PASS, "li").status == 403
    desk.does(Role.COLLECTOR, Move.CHECK_PASS, "wang")
    desk.case = apply_tasks_done(desk.case)
    assert isinstance(desk.refused(Role.CHIEF, Move.CLOSE, "li"), Forbidden)
    assert desk.does(Role.CHIEF, Move.CLOSE, "zhao").state is CaseState.CLOSED


def apply_tasks_done(case: Case) -> Case:
    who = actor(Role.UNIT, "co", "jj")
    return apply(case, propose(case, Order(Move.CO_FEEDBACK), who))


def test_a_case_cannot_be_closed_while_a_mandatory_co_unit_works() -> None:
    desk = Desk(case_in(CaseState.PENDING_CLOSE))

    refusal = desk.refused(Role.CHIEF, Move.CLOSE)

    assert isinstance(refusal, Conflict)
    assert refusal.said("zh") == "不能结案:协办“jj”未完成"


def test_a_co_unit_that_need_not_finish_holds_nothing_up() -> None:
    desk = Desk(case_in(CaseState.PENDING_DISPATCH))
    desk.does(Role.DISPATCHER, Move.DISPATCH, lead=LEAD, co=["jj"], co_optional=["jj"])
    desk.does(Role.UNIT, Move.SIGN)
    desk.done_and_checked()

    assert desk.does(Role.CHIEF, Move.CLOSE).state is CaseState.CLOSED


def test_who_is_not_satisfied_has_it_handled_again_once() -> None:
    desk = Desk(case_in(CaseState.CLOSED))
    assert desk.refused(Role.ACCEPTOR, Move.REOPEN, reason="未解决").reason == "not_unsatisfied"
    desk.does(Role.AGENT, Move.RATE, satisfaction="unsatisfied")
    again = desk.does(Role.ACCEPTOR, Move.REOPEN, reason="未解决")

    assert (again.state, again.reopened, again.reworked) == (CaseState.HANDLING, 1, 1)
    assert again.closed_ms is None
    desk.done_and_checked()
    desk.does(Role.CHIEF, Move.CLOSE)
    desk.does(Role.AGENT, Move.RATE, satisfaction="unsatisfied")
    assert desk.refused(Role.ACCEPTOR, Move.REOPEN, reason="仍未解决").reason == "reopened"


def test_a_granted_appeal_keeps_both_values(desk: Desk) -> None:
    desk.minutes = 24 * 60
    late = desk.does(Role.UNIT, Move.FEEDBACK)
    assert late.in_time is False
    desk.does(Role.DISPATCHER, Move.REJECT_FEEDBACK, reason="照片不清")
    desk.does(Role.UNIT, Move.APPEAL, reason="停电", about="overdue")
    upheld = desk.does(Role.EVALUATOR, Move.GRANT_APPEAL, reason="属实")

    assert upheld.in_time is False
    assert upheld.corrections == {"overdue": {"was": False, "now": True}}
    refusal = desk.refused(Role.UNIT, Move.APPEAL, reason="停电", about="overdue")
    assert refusal.reason == "corrected"


def test_voiding_and_closing_by_force_take_two_persons(desk: Desk) -> None:
    desk.does(Role.DISPATCHER, Move.ASK_VOID, "li", reason="重复")
    assert desk.refused(Role.CHIEF, Move.GRANT_VOID, "li").reason == "same_person"
    assert desk.does(Role.CHIEF, Move.GRANT_VOID, "wang").state is CaseState.CANCELLED

    forced = Desk(case_in(CaseState.HANDLING))
    forced.does(Role.CHIEF, Move.ASK_FORCE_CLOSE, "li", reason="权属不清")
    assert forced.refused(Role.LEADER, Move.GRANT_FORCE_CLOSE, "li").reason == "same_person"
    assert forced.does(Role.LEADER, Move.GRANT_FORCE_CLOSE).state is CaseState.FORCED_CLOSE


def test_a_request_lapses_when_the_case_goes_on_without_a_decision(desk: Desk) -> None:
    desk.does(Role.UNIT, Move.ASK_EXTENSION, reason="缺料", limit="1 WD")

    done = desk.does(Role.UNIT, Move.FEEDBACK)

    assert done.requests[-1].status == "lapsed"


def test_supervision_urging_and_raising_leave_their_mark(desk: Desk) -> None:
    desk.does(Role.LEADER, Move.SUPERVISE, reason="市民多次反映", level=1)
    desk.does(Role.DISPATCHER, Move.URGE)
    marks: Mapping[str, Any] = {"class": "natural", "level": 2, "reason": "台风"}
    raised = desk.does(Role.CHIEF, Move.ESCALATE, **marks)

    assert raised.supervised is not None
    assert (raised.supervised["name"], raised.supervised["level"]) == ("Leader", 1)
    assert raised.urged == 1
    assert raised.incident is not None
    assert (raised.incident["class"], raised.incident["level"]) == ("natural", 2)
    assert raised.state is CaseState.HANDLING


def test_settling_at_once_is_agreed_to_by_the_chief() -> None:
    desk = Desk(case_in(CaseState.REPORTED))
    desk.does(Role.ACCEPTOR, Move.ASK_SETTLE, reason="现场已清理")

    assert desk.does(Role.CHIEF, Move.GRANT_SETTLE).state is CaseState.CLOSED


def test_urgent_cases_have_shorter_limits_at_the_desks() -> None:
    ordinary, urgent = (log_to(CaseState.PENDING_REGISTER, severity=level) for level in (3, 1))
    limits = [log[-1].facts["timers"][-1][1]["clock"]["limit"] for log in (ordinary, urgent)]

    assert limits == ["15 min", "5 min"]

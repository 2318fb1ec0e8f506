"""What a seat may do with an alarm, how it stands then, and why not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from city.alarm_orders import AlarmOrder, ordered, sees
from city.alarm_rules import RULES
from city.alarms import (
    LADDER,
    MINUTE_MS,
    Alarm,
    AlarmState,
    Deed,
    Known,
    escalated,
    load_of,
    next_escalation,
    placed,
    raised,
    revised,
    title_of,
)
from city.judgement import Span
from city.refusal import Conflict, Forbidden, Malformed, NotFound, Refusal
from city.roles import RIGHTS, Actor, Right, Role, Seat

AT = datetime(2026, 9, 6, 8, 0, tzinfo=UTC)
AT_MS = int(AT.timestamp() * 1000)
RULE = RULES[0]
THING = "sw/waterlogging/WL-0007"


def span(severity: int = 2, **more: object) -> Span:
    return Span(AT_MS, AT_MS, severity, severity, 30.0, 30.0, AT_MS, area=460106)._replace(**more)


def alarm(severity: int = 2, number: str = "A1") -> Alarm:
    fresh = raised(number, RULE, THING, span(severity), AT_MS)
    return placed(fresh, Known({"zh": "龙昆南下穿", "en": "Longkun S underpass"}))


def by(role: Role = Role.ACCEPTOR, account: str = "li", **seat: object) -> Actor:
    return Actor(Seat(account, account.title(), frozenset({role}), **seat), "10.0.0.7", AT)  # type: ignore[arg-type]


def test_who_acknowledges_owns_it_and_a_second_is_told_by_whom() -> None:
    seen = ordered(alarm(), AlarmOrder(Deed.ACK), by())

    assert seen.is_acknowledged and seen.is_mine("li")
    assert ordered(seen, AlarmOrder(Deed.ACK), by()) is seen
    with pytest.raises(Conflict) as refused:
        ordered(seen, AlarmOrder(Deed.ACK), by(account="wang"))
    assert "Li" in refused.value.said("en") and "Li" in refused.value.said("zh")


def test_a_shelved_alarm_comes_back_by_itself() -> None:
    aside = ordered(alarm(), AlarmOrder(Deed.SHELVE, "检修", 30), by())

    assert aside.state(AT_MS) == AlarmState.SHELVED
    assert aside.state(AT_MS + 30 * MINUTE_MS) == AlarmState.ACTIVE
    assert ordered(aside, AlarmOrder(Deed.UNSHELVE), by()).state(AT_MS) == AlarmState.ACTIVE


def test_a_false_alarm_is_over_whatever_the_sensor_says_then() -> None:
    false = ordered(alarm(), AlarmOrder(Deed.CLEAR, "传感器被淋"), by())

    after = revised(false, RULE, span(1), AT_MS + 1)

    assert after.state(AT_MS) == AlarmState.FALSE
    with pytest.raises(Conflict):
        ordered(after, AlarmOrder(Deed.ACK), by())


def test_what_has_become_a_case_counts_as_seen_and_becomes_no_second_one() -> None:
    linked = ordered(alarm(), AlarmOrder(Deed.LINK_CASE, case_id="HK1"), by())

    assert linked.is_acknowledged and linked.case_id == "HK1"
    with pytest.raises(Conflict):
        ordered(linked, AlarmOrder(Deed.LINK_CASE, case_id="HK2"), by())


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        (AlarmOrder(Deed.SHELVE, "检修", 481), Malformed),
        (AlarmOrder(Deed.SHELVE, "检修", 0), Malformed),
        (AlarmOrder(Deed.SHELVE, "", 30), Malformed),
        (AlarmOrder(Deed.CLEAR), Malformed),
        (AlarmOrder(Deed.COMMENT), Malformed),
        (AlarmOrder(Deed.ASSIGN), Malformed),
        (AlarmOrder(Deed.LINK_CASE), Malformed),
        (AlarmOrder(Deed.UNSHELVE), Conflict),
        (AlarmOrder(Deed.RAISE), Forbidden),
        (AlarmOrder(Deed.COMMENT, "x" * 2001), Malformed),
    ],
)
def test_an_order_that_cannot_be_carried_out_says_why(
    order: AlarmOrder, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as refused:
        ordered(alarm(), order, by())

    assert refused.value.said("zh") and refused.value.said("en")


@pytest.mark.parametrize("role", list(Role))
def test_only_seats_with_the_right_handle_alarms(role: Role) -> None:
    if Right.HANDLE_ALARMS in RIGHTS[role]:
        assert ordered(alarm(), AlarmOrder(Deed.ACK), by(role)).is_acknowledged
        return
    with pytest.raises(Forbidden):
        ordered(alarm(), AlarmOrder(Deed.ACK), by(role))


def test_a_seat_sees_its_areas_and_a_unit_its_department() -> None:
    with pytest.raises(NotFound):
        ordered(alarm(), AlarmOrder(Deed.ACK), by(areas=("460105",)))
    assert sees(by(Role.UNIT, department="sw").seat, alarm())
    assert not sees(by(Role.UNIT, department="jj").seat, alarm())


def test_every_step_of_the_ladder_is_taken_until_somebody_acknowledges() -> None:
    now, reached = alarm(1), []
    while step := next_escalation(now):
        reached.append(((step[0] - AT_MS) // MINUTE_MS, step[1]))
        now = escalated(now, step[0])

    assert tuple(reached) == LADDER[1]
    assert [line.note for line in now.log[1:]] == ["chief", "leader"]
    assert next_escalation(ordered(alarm(1), AlarmOrder(Deed.ACK), by())) is None
    assert escalated(alarm(1), AT_MS) == alarm(1)


def test_a_flood_is_more_than_a_seat_can_take_and_loses_nothing() -> None:
    many = [alarm(3, f"A{number}") for number in range(11)]
    hidden = replace(alarm(3, "B"), parent="P")

    calm, flood = (load_of(some, AT_MS, 10) for some in (many[:10], [*many, hidden]))

    assert (calm.is_flood, flood.is_flood) == (False, True)
    assert (flood.recent, flood.by_severity, flood.suppressed) == (11, (0, 0, 11, 0), 1)


def test_the_worst_chatterers_are_named() -> None:
    often = replace(alarm(), span=span(times=7, raises=(1, 2, 3)))

    assert load_of([alarm(number="A2"), often], AT_MS, 10).chattering == (("A1", 7),)


def test_a_title_says_what_and_where_in_both_languages() -> None:
    assert title_of(alarm(), "zh") == "龙昆南下穿积水深度超限"
    assert title_of(alarm(), "en") == "Longkun S underpass Depth beyond limit"

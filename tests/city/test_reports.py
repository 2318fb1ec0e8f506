"""Reports: what departments send becomes a report, or is refused with what to do about it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.cases import Reporter, Source
from city.refusal import Malformed
from city.reports import SENDERS, Heard, Report, opening, report_of, sign_of
from geo.points import Point

CALL = {
    "id": "HL20260906-00123", "ts": "2026-09-06T07:10:00+08:00", "type": "0406",
    "title": "道路积水", "description": "龙昆南路积水", "pos": [110.3357, 20.0021],
    "severity": 3, "reporter": {"name": "王女士", "phone": "13800000000"},
}  # fmt: skip


def heard(thing: str = "rx/hotline/HL20260906-00123", **more: Any) -> Heard:
    said = {name: value for name, value in (CALL | more).items() if value is not None}
    return Heard(thing, said, Point(110.3357, 20.0021), "460106", "22266-38742", 1_788_000)


def told(thing: str = "rx/hotline/HL20260906-00123", **more: Any) -> Report:
    report = report_of(heard(thing, **more))
    assert report
    return report


def test_a_call_of_the_hot_line_is_a_report() -> None:
    assert told() == Report(
        source=Source.HOTLINE,
        external_id="HL20260906-00123",
        type="0406",
        at_ms=1_788_000,
        title="道路积水",
        description="龙昆南路积水",
        pos=(110.3357, 20.0021),
        area="460106",
        cell="22266-38742",
        severity=3,
        reporter=Reporter("王女士", "13800000000"),
        department="rx",
        thing="rx/hotline/HL20260906-00123",
    )


def test_numbers_of_two_departments_never_mean_one_report() -> None:
    numbers = {told(f"{dept}/case/1", id="1").identity for dept in ("zhzf", "d105", "d106")}

    assert numbers == {"department|1", "department|d105/1", "department|d106/1"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"type": None}, "`type` is missing"),
        ({"type": "ponding"}, "`type` cannot be used: four digits: class and sub-class"),
        ({"severity": 9}, "`severity` cannot be used: a whole number 1 to 4"),
        ({"kind": "thing"}, "`kind` cannot be used: one of event, component"),
        ({"reporter": "Wang"}, "`reporter` cannot be used: name and phone are wanted"),
        ({"id": ""}, "`id` cannot be used: a text of 1 to 100 characters is wanted"),
    ],
)
def test_a_bad_report_is_refused_in_words_that_its_sender_can_act_on(
    wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Malformed) as refused:
        report_of(heard(**wrong))

    assert refused.value.said("en") == sentence
    assert refused.value.said("zh") != sentence


def test_a_kind_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(Malformed) as refused:
        report_of(heard("xx/ufo/1"))

    assert all(kind in refused.value.said("en") for kind in ("ufo", *SENDERS))


def test_a_warning_to_the_public_is_no_report() -> None:
    assert report_of(heard("qx/alert/QX-1")) is None


def test_what_a_sensor_says_itself_opens_no_case() -> None:
    report = told("rq/gas/GP-1", type=None)

    assert report.what == "sensor/gas"
    assert not report.opens_a_case
    assert told().opens_a_case


def test_a_long_complaint_is_cut_not_lost() -> None:
    report = told(description="水" * 9_000, title=None)

    assert len(report.description) == 4_000
    assert report.title == "水" * 39 + "…"


def test_merging_sees_nothing_of_who_told_it() -> None:
    assert "王女士" not in repr(sign_of(told()))
    assert "13800000000" not in repr(sign_of(told()))


def test_the_order_that_opens_its_case_says_all_of_it() -> None:
    fields = opening(told(), "E1").fields

    assert fields["external_id"] == "HL20260906-00123"
    assert fields["reporter"] == {"name": "王女士", "phone": "13800000000"}
    assert fields["event_id"] == "E1"


@given(
    st.dictionaries(
        st.sampled_from(sorted(CALL)),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text("水0a{\ud800", max_size=5)
        | st.lists(st.integers(), max_size=3),
    )
)
def test_whatever_is_sent_is_a_report_or_refused(more: dict[str, Any]) -> None:
    try:
        report = report_of(heard(**more))
    except Malformed as refused:
        assert refused.said("zh") and refused.said("en")
    else:
        assert report and report.identity

"""Personal data behind their masks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city import masking
from city.case_table import CaseState, Move
from city.cases import Case, Entry, Reporter, Request
from city.roles import Role, Seat

CHIEF = Seat("li", "李四", frozenset({Role.CHIEF}))
CASE = Case(
    id="HK1", kind="event", type="0406", title="道路积水", source="hotline", external_id="HL-1",
    severity=3, state=CaseState.REPORTED, version=1, opened_ms=0, updated_ms=0,
    description="请回电 13800138000,车牌琼A·12345,邮箱 li@example.com",
    reporter=Reporter("张小三", "13800138000"),
    requests=(Request("return", "pending", "wang", "王五", 0, "电话 13900139000 打不通"),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("mask", "plain", "shown"),
    [
        (masking.phone, "13800138000", "138****8000"),
        (masking.phone, "138 0013 8000", "138****8000"),
        (masking.phone, "+86 138-0013-8000", "138****8000"),
        (masking.phone, "0898-66531234", "089****1234"),
        (masking.phone, "66531234", "665****"),
        (masking.phone, "12345", "12345"),
        (masking.phone, "", ""),
        (masking.name, "张三", "张*"),
        (masking.name, "欧阳娜娜", "欧***"),
        (masking.name, "John Smith", "J***"),
        (masking.name, "张", "张"),
        (masking.id_number, "110105194912310123", "110105********0123"),
        (masking.id_number, "11010519491231002X", "110105********002X"),
        (masking.plate, "琼A12345", "琼A***45"),
        (masking.plate, "琼A·D12345", "琼A***45"),
        (masking.e_mail, "liming@example.com", "l***@example.com"),
    ],
)
def test_a_field_keeps_what_the_practice_keeps(mask, plain: str, shown: str) -> None:  # type: ignore[no-untyped-def]
    assert mask(plain) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("电话13800138000。", "电话138****8000。"),
        ("身份证110105194912310123", "身份证110105********0123"),
        ("琼A12345 违停,联系 0898-66531234", "琼A***45 违停,联系 089****1234"),
        ("write to li.ming@mail.example.com now", "write to l***@mail.example.com now"),
        ("拨打 12345 或 110,水深 31.5 cm,编号 HL20260906-00123", None),
        ("坐标 110.3357,20.0021", None),
    ],
)
def test_free_text_loses_who_and_keeps_what(said: str, shown: str | None) -> None:
    assert masking.free_text(said) == (said if shown is None else shown)


def test_a_case_is_shown_without_who_told_of_it() -> None:
    shown = masking.masked(CASE, CHIEF)

    assert shown.reporter == Reporter("张**", "138****8000")
    assert shown.description == "请回电 138****8000,车牌琼A***45,邮箱 l***@example.com"
    assert shown.requests[0].reason == "电话 139****9000 打不通"
    assert replace(shown, description="", reporter=Reporter(), requests=()) == replace(
        CASE, description="", reporter=Reporter(), requests=()
    )


def test_a_line_of_the_log_is_masked_through_all_its_facts() -> None:
    facts = {
        "reporter": {"name": "张三", "phone": "13800138000"},
        "note": ["找 13900139000"],
        "n": 3,
    }
    entry = Entry(Move.CREATE, None, CaseState.REPORTED, "li", "李四", "acceptor", 0, facts=facts)

    shown = masking.masked_entry(entry, CHIEF).facts

    assert "13800138000" not in str(shown) and "13900139000" not in str(shown)
    assert (shown["n"], shown["reporter"]["name"]) == (3, "张*")


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text("一二三四,。 ab", max_size=9))
def test_no_mobile_number_survives_wherever_it_stands(number: str, around: str) -> None:
    assert number not in masking.free_text(around + number + around)


@given(st.text(max_size=60))
def test_masking_again_changes_nothing_more(said: str) -> None:
    once = masking.free_text(said)

    assert masking.free_text(once) == once

"""What systems outside are told: every step of a case, and nothing that is personal."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from city.case_fold import apply, fold
from city.case_moves import noted
from city.case_news import EVENTS, NEWS, cloud_event
from city.case_table import OPENING, TABLE, CaseState, Move
from city.cases import Entry, Order
from city.masking import free_text
from city.roles import Role
from tests.city.case_life import fold_to, log_to
from tests.desk import actor

SOURCE = "/460100/citybrain/cases"
PHONE, NAME, PLATE = "13800000000", "王先生", "琼A12345"


def event_of(entry: Entry) -> dict[str, object]:
    return cloud_event(SOURCE, entry, fold([entry]))


def opening(**facts: object) -> Entry:
    known = {"id": "HK20260907-00001", "kind": "event", "type": "0406", "source": "hotline",
             "severity": 3}  # fmt: skip
    return Entry(Move.CREATE, None, CaseState.REPORTED, "wang", "王小明", "acceptor",
                 1_788_742_800_123, facts={**known, **facts})  # fmt: skip


def test_every_move_that_leads_to_another_state_is_told_of_except_the_making_of_a_draft() -> None:
    silent = {rule.move for rule in TABLE if rule.target} - set(NEWS)

    assert silent == {Move.SAVE_DRAFT}
    assert Move.SAVE_DRAFT in OPENING


def test_the_names_of_the_contract_are_among_the_events() -> None:
    named = {"reported", "registered", "dispatched", "accepted", "extended", "suspended",
             "resumed", "handled", "checked", "reworked", "closed", "cancelled",
             "escalated"}  # fmt: skip

    assert named <= set(NEWS.values())


def test_an_event_has_what_cloudevents_requires_and_is_numbered_by_case_and_version() -> None:
    log = log_to(CaseState.PENDING_DISPATCH)
    case = fold(log)

    event = cloud_event(SOURCE, log[-1], case)

    assert event["specversion"] == "1.0"
    assert event["source"] == SOURCE
    assert event["id"] == f"{case.id}/{len(log)}"
    assert event["type"] == "cn.citybrain.case.registered.v1"
    assert event["subject"] == case.id
    assert event["datacontenttype"] == "application/json"
    assert event["data"]["before"] == "pending_register"
    assert event["data"]["after"] == "pending_dispatch"


def test_the_time_is_the_entrys_to_the_millisecond() -> None:
    assert event_of(opening())["time"] == "2026-09-07T01:00:00.123Z"


@pytest.mark.parametrize("field", ["title", "description"])
def test_what_people_wrote_is_told_without_phone_and_plate(field: str) -> None:
    text = json.dumps(event_of(opening(**{field: f"找 {PHONE},车 {PLATE}"})), ensure_ascii=False)

    assert PHONE not in text
    assert PLATE not in text
    assert free_text(PHONE) in text


def test_neither_the_reporter_nor_whoever_did_it_is_named() -> None:
    entry = opening(reporter={"name": NAME, "phone": PHONE})

    text = json.dumps(event_of(entry), ensure_ascii=False)

    assert [word for word in (NAME, PHONE, "王小明", "wang") if word in text] == []


def test_the_example_of_the_manual_is_what_is_sent() -> None:
    page = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
    shown = json.loads(re.findall(r"```json\n(.+?)```", page, re.DOTALL)[0])

    sent = event_of(opening())

    assert list(shown) == list(sent)
    assert list(shown["data"]) == list(sent["data"])


def test_the_manual_names_every_event() -> None:
    page = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()

    assert [name for name in EVENTS if f"`{name}`" not in page] == []


def test_what_becomes_of_an_order_is_told_with_unit_and_state() -> None:
    log = log_to(CaseState.PENDING_HANDLE)
    facts = {"order": f"{fold(log).id}-01", "unit": "sw/pumptruck/PT-0001", "stands": "refused"}
    entry = replace(log[-1], move=Move.ORDER, before=CaseState.PENDING_HANDLE, facts=facts)

    event = cloud_event(SOURCE, entry, fold(log))

    assert event["type"] == "cn.citybrain.case.order.v1"
    assert facts.items() <= event["data"].items()


def test_what_a_plan_or_a_warning_is_called_is_told_outside() -> None:
    case = fold_to(CaseState.HANDLING)
    order = Order(Move.START_PLAN, {"plan": "ponding", "edition": 2})
    entry = noted(case, order, actor(Role.DISPATCHER))

    event = cloud_event(SOURCE, entry, apply(case, entry))

    assert event["type"] == "cn.citybrain.case.plan_started.v1"
    assert (event["data"]["plan"], event["data"]["edition"]) == ("ponding", 2)
    assert "linkage" not in event["data"]

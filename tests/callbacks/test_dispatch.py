"""The page of dispatch lives: what its callbacks answer over a real store, for a seat."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from city.case_table import CaseState
from city.cases import Case
from city.roles import Role
from layouts import dispatch_ids
from layouts.panels.dispatch_board import LANES
from store.store import Store
from tests import seats
from tests.callbacks.page import Page, prop, text
from tests.callbacks.test_cases import led_to
from tests.fleet import HERE, Fleet
from tests.house import new_app

pytestmark = pytest.mark.store
SQUARE = [[110.3, 19.9], [110.5, 19.9], [110.5, 20.1], [110.3, 20.1]]


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(new_app(store)) as client:
        yield client


@pytest.fixture
def page(client: TestClient) -> Page:
    """The page as a dispatcher has it open."""
    seats.log_in(client, Role.DISPATCHER)
    return Page(client)


@pytest.fixture
def fleet(store: Store) -> Fleet:
    return Fleet(store)


def waiting(store: Store, **changes: Any) -> Case:
    """A case that waits for a unit."""
    return led_to(store, CaseState.PENDING_DISPATCH, **changes)


def queue_of(page: Page, area: str = "") -> Any:
    answer = page.call(f"{dispatch_ids.QUEUE}.data", scope=area)
    return prop(answer, dispatch_ids.QUEUE, "data")


def pick_of(page: Page, case_id: str, *what_if: str) -> Any:
    asked = {"case": case_id, "what_if": list(what_if)}
    answer = page.call(f"{dispatch_ids.PICK}.data", dispatch_open=asked)
    return prop(answer, dispatch_ids.PICK, "data")


def board_of(page: Page, *departments: str) -> Any:
    page.see()
    answer = page.call(f"{dispatch_ids.BOARD}.data", dispatch_board_view=list(departments))
    return prop(answer, dispatch_ids.BOARD, "data")


def deed(page: Page, what: str, **about: Any) -> Any:
    asked = {"what": what, "at": 1, **about}
    answer = page.call(f"{dispatch_ids.DONE}.data", dispatch_deed=asked)
    return prop(answer, dispatch_ids.DONE, "data")


def test_only_what_waits_for_a_unit_is_listed_the_worst_first(store: Store, page: Page) -> None:
    blue = waiting(store, external_id="1", severity=4)
    red = waiting(store, external_id="2", severity=1)
    led_to(store, CaseState.REPORTED, external_id="3")

    shown = queue_of(page)

    assert [row["id"] for row in shown["waiting"]] == [red.id, blue.id]
    assert shown["counts"]["waiting"] == "2"
    assert queue_of(page, "460105")["waiting"] == []


def test_units_stand_in_the_column_of_their_status(page: Page, fleet: Fleet) -> None:
    free = fleet.unit("pumptruck", 1)
    there = fleet.unit("police", 2, status="on_scene")

    shown = board_of(page)

    lanes = {lane["name"]: [card["id"] for card in lane["cards"]] for lane in shown["lanes"]}
    assert list(lanes) == [name for name, _ in LANES]
    assert (lanes["available"], lanes["on_scene"]) == ([free], [there])
    assert {unit["id"] for unit in shown["units"]} == {free, there}


def test_a_department_that_is_pressed_is_shown_alone(page: Page, fleet: Fleet) -> None:
    mine = fleet.unit("pumptruck", 1)
    fleet.unit("police", 2)

    shown = board_of(page, "sw")

    assert [unit["id"] for unit in shown["units"]] == [mine]
    assert {chip["code"]: chip["on"] for chip in shown["chips"]} == {"sw": True, "ga": False}


def test_candidates_are_ranked_with_reasons_and_the_others_counted(
    store: Store, page: Page, fleet: Fleet
) -> None:
    case = waiting(store)
    near, far = fleet.unit("pumptruck", 1, 1.0), fleet.unit("pumptruck", 2, 4.0)
    fleet.unit("pumptruck", 3, 0.5, status="off_duty")
    page.see()

    shown = pick_of(page, case.id)

    assert [row["unit"] for row in shown["rows"]] == [near, far]
    assert all(row["why"] and row["eta"] for row in shown["rows"])
    assert shown["leftOut"]["text"].startswith("未列入 1")
    assert shown["head"]["can"]
    assert shown["head"]["pos"] == list(HERE)


def test_no_candidate_says_why(store: Store, page: Page, fleet: Fleet) -> None:
    case = waiting(store)
    fleet.unit("pumptruck", 1, 0.5, status="off_duty")
    page.see()

    shown = pick_of(page, case.id)

    assert shown["rows"] == []
    assert "休整 1" in shown["none"][1]


def test_what_if_any_skill_would_do(store: Store, page: Page, fleet: Fleet) -> None:
    case = waiting(store)
    cleaner = fleet.unit("sanitation", 1)
    page.see()

    assert pick_of(page, case.id)["rows"] == []
    assert [row["unit"] for row in pick_of(page, case.id, "any_skill")["rows"]] == [cleaner]


def test_a_case_that_was_dispatched_still_takes_units_a_closed_one_does_not(
    store: Store, page: Page
) -> None:
    handled = led_to(store, CaseState.HANDLING, external_id="1")
    closed = led_to(store, CaseState.CLOSED, external_id="2")

    assert pick_of(page, handled.id)["head"]["can"]
    refused = pick_of(page, closed.id)["head"]
    assert not refused["can"]
    assert "已结案" in refused["whyNot"]


def test_who_may_not_send_is_told_who_may(store: Store, client: TestClient) -> None:
    case = waiting(store)
    seats.log_in(client, Role.CHIEF)

    head = pick_of(Page(client), case.id)["head"]

    assert not head["can"]
    assert "派遣员" in head["whyNot"]


def test_a_case_of_another_district_is_not_shown(store: Store, client: TestClient) -> None:
    case = waiting(store)
    seats.log_in(client, Role.DISPATCHER, areas=("460105",))

    shown = pick_of(Page(client), case.id)

    assert shown["head"] is None
    assert case.id in shown["empty"][0]


def test_a_line_of_the_radio_log_stands_in_the_log_of_the_case(store: Store, page: Page) -> None:
    case = waiting(store)

    deed(page, "note", case=case.id, text="东口已断流")

    assert store.cases.log(case.id)[-1].reason == "东口已断流"
    assert pick_of(page, case.id)["notes"][0][2] == "东口已断流"


def test_a_case_goes_back_to_filing_with_a_reason(store: Store, page: Page) -> None:
    case = waiting(store)

    assert deed(page, "return", case=case.id, reason="")["why"]
    assert deed(page, "return", case=case.id, reason="不属实")["why"] == ""

    assert store.cases.get(case.id).state is CaseState.PENDING_REGISTER


def test_a_unit_is_set_out_of_service_by_hand(store: Store, page: Page, fleet: Fleet) -> None:
    unit = fleet.unit("pumptruck", 1)
    page.see()

    assert "休整" in deed(page, "status", unit=unit, status="off_duty")["said"]

    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    assert store.units.one(unit, now_ms).status == "off_duty"


def test_the_card_of_a_unit_says_how_it_stands(page: Page, fleet: Fleet) -> None:
    unit = fleet.unit("pumptruck", 7)
    page.see()

    answer = page.call(f"{dispatch_ids.CARD}.children", dispatch_unit={"unit": unit})

    said = text(prop(answer, dispatch_ids.CARD))
    assert "待命" in said
    assert "终端" in said
    assert "抽排" in said


def test_what_lies_inside_a_drawn_shape_is_counted(store: Store, page: Page, fleet: Fleet) -> None:
    waiting(store)
    fleet.unit("pumptruck", 1)
    fleet.unit("pumptruck", 2, 90.0)
    page.see()
    drawn = {"kind": "polygon", "points": SQUARE, "size": "400 km²"}

    answer = page.call(f"{dispatch_ids.INSIDE}.children", dispatch_drawn=drawn)

    said = text(prop(answer, dispatch_ids.INSIDE))
    assert "未结案件 1" in said
    assert "排涝车 1" in said


def test_a_road_that_is_closed_by_hand_is_seen_and_opened_again(store: Store, page: Page) -> None:
    deed(page, "close_road", points=[[110.33, 20.0], [110.34, 20.0]], reason="积水")

    (shown,) = prop(page.call(f"{dispatch_ids.CLOSED}.data"), dispatch_ids.CLOSED, "data")
    assert "积水" in shown["said"]
    assert shown["may"]
    assert deed(page, "open_road", closure=shown["id"], reason="已退水")["why"] == ""

    assert prop(page.call(f"{dispatch_ids.CLOSED}.data"), dispatch_ids.CLOSED, "data") == []

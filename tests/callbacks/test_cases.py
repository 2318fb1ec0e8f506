"""The page of cases lives: what its callbacks answer over a real store, for a seat."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from city.case_table import CaseState, Move
from city.cases import Case, Order
from city.roles import Role
from layouts import case_ids, ids
from store.onlookers import FORGOTTEN_AFTER_MS, Onlooker
from store.store import Store
from tests import seats
from tests.callbacks.page import Page, prop, text
from tests.desk import MAIN_PATH, actor, opening_order
from tests.house import new_app
from tests.watch.court import Court

pytestmark = pytest.mark.store
FIRST_BLOCK = {"startRow": 0, "endRow": 100}


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(new_app(store)) as client:
        yield client


@pytest.fixture
def page(client: TestClient) -> Page:
    """The page as a duty chief has it open."""
    seats.log_in(client, Role.CHIEF)
    return Page(client)


def led_to(store: Store, state: CaseState, **changes: Any) -> Case:
    """A case on the main path, as far as a state."""
    case, _ = store.cases.create(opening_order(**changes), actor(Role.ACCEPTOR))
    for minute, (move, role, department, fields, after) in enumerate(MAIN_PATH, 1):
        if case.state is state:
            break
        who = actor(role, department=department, minutes=minute)
        case = store.cases.move(case.id, Order(move, fields), who)
        assert case.state is after
    return case


def listed(page: Page, query: dict[str, str] | None = None, area: str = "") -> list[str]:
    answer = page.call(
        f"{case_ids.GRID}.getRowsResponse",
        case_grid=FIRST_BLOCK,
        case_query=query or {},
        scope=area,
    )
    rows = prop(answer, case_ids.GRID, "getRowsResponse")
    return [row["id"] for row in rows["rowData"]]


def test_the_list_has_the_most_urgent_first(store: Store, page: Page) -> None:
    blue = led_to(store, CaseState.REPORTED, external_id="1", severity=4)
    red = led_to(store, CaseState.REPORTED, external_id="2", severity=1)

    assert listed(page) == [red.id, blue.id]


def test_filters_of_the_address_and_the_scope_narrow_the_list(store: Store, page: Page) -> None:
    one = led_to(store, CaseState.REPORTED, external_id="1", severity=1, area="460105")
    two = led_to(store, CaseState.REPORTED, external_id="2", severity=3, title="井盖丢失")

    assert listed(page, {"level": "1"}) == [one.id]
    assert listed(page, {"q": "井盖"}) == [two.id]
    assert listed(page, area="460106") == [two.id]
    assert listed(page, {"view": "to_file"}) == []


def test_the_steps_add_up_to_all_that_is_open(store: Store, page: Page) -> None:
    for number, state in enumerate((CaseState.REPORTED, CaseState.HANDLING, CaseState.CLOSED)):
        led_to(store, state, external_id=str(number))

    shown = prop(page.call(f"{case_ids.VIEWS}.children"), case_ids.VIEWS)

    counts = dict(zip(*[iter(text(shown).split())] * 2, strict=True))
    assert counts["全部在办"] == "2"
    steps = ("待受理", "待立案", "待派遣", "待签收", "处置中", "挂账中", "待核查", "待结案")
    assert sum(int(counts.get(step, "0")) for step in steps) == 2


def test_rows_on_the_screen_are_told_only_where_they_changed(store: Store, page: Page) -> None:
    same = led_to(store, CaseState.REPORTED, external_id="1")
    moved = led_to(store, CaseState.PENDING_REGISTER, external_id="2")
    watched = {same.id: same.version, moved.id: moved.version - 1}

    told = prop(page.call(f"{case_ids.NEWS}.data", case_watched=watched), case_ids.NEWS, "data")

    assert [row["id"] for row in told] == [moved.id]


def test_an_open_case_shows_its_steps_facts_and_moves(store: Store, page: Page) -> None:
    case = led_to(store, CaseState.PENDING_REGISTER)
    shown = {"id": case.id, "version": case.version}

    top = text(
        prop(
            page.call(f"{case_ids.TOP}.children", case_shown=shown, case_open=case.id), case_ids.TOP
        )
    )
    side = text(
        prop(
            page.call(f"{case_ids.SIDE}.children", case_shown=shown, case_open=case.id),
            case_ids.SIDE,
        )
    )

    assert "道路积水" in top
    assert all(step in top for step in ("发现", "立案", "派遣", "处置", "核查", "结案", "评价"))
    assert "立案 L" in side
    assert "派遣 D" not in side


def test_personal_data_are_masked(store: Store, page: Page) -> None:
    case = led_to(store, CaseState.REPORTED)
    shown = {"id": case.id, "version": case.version}

    facts = prop(
        page.call(f"{case_ids.FACTS}.children", case_shown=shown, case_open=case.id), case_ids.FACTS
    )

    assert "138****0000" in text(facts)
    assert "13800000000" not in str(facts)


def test_clear_data_cost_a_reason_on_record(store: Store, page: Page) -> None:
    case = led_to(store, CaseState.REPORTED)
    asked = {"case": case.id, "reason": "回拨核实位置"}

    told = page.call(f"{case_ids.UNMASKED}.data", case_unmask=asked)

    assert prop(told, case_ids.UNMASKED, "data")["phone"] == "13800000000"
    (record,) = [one for one in records(store) if b"case.unmask" in one]
    assert "回拨核实位置".encode() in record
    untold = page.call(f"{case_ids.UNMASKED}.data", case_unmask={"case": case.id})
    assert untold.get("response", {}) == {}


def records(store: Store) -> list[bytes]:
    return [fields[b"r"] for _, fields in store.redis.xrange("audit:{desk}")]


def sent(case: Case, move: Move, **fields: Any) -> dict[str, Any]:
    return {
        "move": str(move), "cases": case.id, "versions": str(case.version), "fields": fields,
    }  # fmt: skip


def done(page: Page, order: dict[str, Any]) -> dict[str, Any]:
    answer = page.call(f"{case_ids.DONE}.data", case_order=order)
    found: dict[str, Any] = prop(answer, case_ids.DONE, "data")
    return found


def test_a_form_that_is_sent_moves_the_case(store: Store, page: Page) -> None:
    case = led_to(store, CaseState.PENDING_REGISTER)

    told = done(page, sent(case, Move.REGISTER, reason="符合", severity="2"))

    assert told["done"] == [case.id]
    after = store.cases.get(case.id)
    assert (after.state, after.severity) == (CaseState.PENDING_DISPATCH, 2)


def test_who_comes_second_reads_what_happened_meanwhile(store: Store, page: Page) -> None:
    seen = led_to(store, CaseState.PENDING_REGISTER)
    store.cases.move(seen.id, Order(Move.REGISTER, {}), actor(Role.CHIEF, "wang", minutes=9))

    told = done(page, sent(seen, Move.REFUSE_REGISTER, reason="重复"))

    assert told["done"] == []
    assert "Wang 立案" in told["why"]
    assert "内容已保留" in told["why"]
    assert told["version"] == seen.version + 1


def test_a_post_that_may_not_is_refused_in_words(store: Store, page: Page) -> None:
    case = led_to(store, CaseState.PENDING_DISPATCH)

    told = done(page, sent(case, Move.DISPATCH, lead="sw"))

    assert "派遣员" in told["why"]
    assert store.cases.get(case.id).state is CaseState.PENDING_DISPATCH


def test_many_are_handled_together_and_each_refusal_is_said(store: Store, page: Page) -> None:
    one = led_to(store, CaseState.PENDING_REGISTER, external_id="1")
    two = led_to(store, CaseState.PENDING_REGISTER, external_id="2")
    store.cases.move(two.id, Order(Move.REGISTER, {}), actor(Role.CHIEF, "wang", minutes=9))
    order = sent(one, Move.REGISTER, reason="符合")
    order |= {"cases": f"{one.id} {two.id}", "versions": f"{one.version} {two.version}"}

    told = done(page, order)

    assert told["done"] == [one.id]
    assert told["said"] == "已立案 1 件"
    assert f"{two.id} 未办" in told["why"]


def test_the_bar_of_ticked_cases_says_why_they_do_not_go_together(store: Store, page: Page) -> None:
    one = led_to(store, CaseState.PENDING_REGISTER, external_id="1")
    two = led_to(store, CaseState.PENDING_CLOSE, external_id="2")

    same = page.call(f"{case_ids.BULK}.children", case_ticked=[one.id])
    mixed = page.call(f"{case_ids.BULK}.children", case_ticked=[one.id, two.id])

    assert "立案 1" in text(prop(same, case_ids.BULK))
    assert "环节不同" in text(prop(mixed, case_ids.BULK))


def test_a_new_case_is_placed_in_its_district(store: Store, page: Page) -> None:
    fields = {
        "type": "E0406 道路积水", "title": "龙昆南路积水", "source": "hotline", "severity": "2",
        "pos": "110.3357, 20.0021", "reporter.name": "王先生", "reporter.phone": "13800000000",
        "description": "",
    }  # fmt: skip

    told = done(page, {"move": "create", "cases": "", "fields": fields})

    case = store.cases.get(told["open"])
    assert (case.kind, case.type, case.severity) == ("event", "0406", 2)
    assert case.area.startswith("4601")
    assert case.cell
    assert case.reporter.phone == "13800000000"


def test_a_type_that_nobody_knows_is_refused(page: Page) -> None:
    fields = {"type": "无此类", "source": "hotline"}

    assert "没有类别" in done(page, {"move": "create", "cases": "", "fields": fields})["why"]


def test_who_looks_is_seen_by_the_others_and_soon_forgotten(store: Store, page: Page) -> None:
    case = led_to(store, CaseState.REPORTED)
    now_ms = seats.actor().at_ms
    store.onlookers.tell(Onlooker(case.id, "li", "李雯", now_ms, "register"))

    met = page.call(f"{case_ids.HERE}.children", case_open=case.id)

    assert "李雯 正在填写“立案”" in text(prop(met, case_ids.HERE))
    assert store.onlookers.at(case.id, now_ms + FORGOTTEN_AFTER_MS + 1) == []


def test_saved_views_belong_to_the_seat(store: Store, client: TestClient, page: Page) -> None:
    kept = {"name": "水务Ⅰ级", "query": {"level": "1", "lead": "sw"}}
    page.call(f"{case_ids.VIEWS}.children", case_keep_view=kept)

    mine = text(prop(page.call(f"{case_ids.VIEWS}.children"), case_ids.VIEWS))
    seats.log_in(client, Role.CHIEF)
    others = text(prop(page.call(f"{case_ids.VIEWS}.children"), case_ids.VIEWS))

    assert "水务Ⅰ级" in mine
    assert "水务Ⅰ级" not in others


def test_a_post_without_cases_gets_no_row(store: Store, client: TestClient, page: Page) -> None:
    led_to(store, CaseState.REPORTED)
    seats.log_in(client, Role.ANALYST)

    answer = page.call(f"{case_ids.GRID}.getRowsResponse", case_grid=FIRST_BLOCK)

    assert case_ids.GRID not in answer.get("response", {})
    assert "岗位才能查看案件" in text(answer.get("sideUpdate", {}).get(ids.NOTICE, {}))


def test_a_case_like_another_is_suggested_with_its_score(
    store: Store, client: TestClient, page: Page
) -> None:
    one = led_to(store, CaseState.REPORTED, external_id="1")
    two = led_to(store, CaseState.REPORTED, external_id="2", title="龙昆南路积水严重")
    seats.log_in(client, Role.ACCEPTOR)
    shown = {"id": one.id, "version": one.version}

    answer = page.call(f"{case_ids.RELATED}.children", case_shown=shown, case_open=one.id)
    said = text(prop(answer, case_ids.RELATED))

    assert two.title in said
    assert "并案" in said
    merge = {"deed": "merge", "event": one.event_id, "other": two.event_id, "reason": "同一处"}
    page.call(f"{case_ids.RELATE_DONE}.data", case_relate=merge)
    assert store.cases.get(two.id).merged_into == one.id


def test_a_slot_that_must_be_filled_is_named(store: Store, page: Page) -> None:
    case = led_to(store, CaseState.HANDLING)
    shown = {"id": case.id, "version": case.version}

    work = text(
        prop(
            page.call(f"{case_ids.WORK}.children", case_shown=shown, case_open=case.id),
            case_ids.WORK,
        )
    )

    assert "处置后照片 反馈前应传" in work
    assert "主办" in work


def test_an_empty_view_says_whether_a_filter_is_the_reason(store: Store, page: Page) -> None:
    none = page.call(f"{case_ids.NONE}.children")
    led_to(store, CaseState.REPORTED)
    filtered = page.call(f"{case_ids.NONE}.children", case_query={"q": "没有这个"})
    there = page.call(f"{case_ids.NONE}.children")

    assert "还没有案件" in text(prop(none, case_ids.NONE))
    assert "清除条件" in text(prop(filtered, case_ids.NONE))
    assert prop(there, case_ids.NONE) is None


def test_an_alarm_fills_the_form_and_is_linked_to_its_case(
    store: Store, client: TestClient, page: Page
) -> None:
    court = Court(store)
    court.publisher.ponding(1, 60.0)
    court.sit()
    seats.log_in(client, Role.ACCEPTOR)
    (alarm,) = court.alarms("waterlogging.depth_cm")

    form = page.call(f"{case_ids.PANEL}.children", case_open=f"new?alarm={alarm.id}")
    shown = str(prop(form, case_ids.PANEL))
    fields = {"type": "E0406", "title": "积水", "source": "sensor", "severity": "1"}
    order = {"move": "create", "cases": "", "alarm": alarm.id, "fields": fields}
    told = done(page, order)

    assert "E0406 道路积水" in shown
    assert alarm.thing in shown
    assert store.alarms.get(alarm.id).case_id == told["open"]

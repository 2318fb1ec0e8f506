"""The alarm queue lives: rows, counts, cards, deeds and sheets over a real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from city.cases import Reporter, Source
from city.reports import Report
from city.roles import SYSTEM, Role
from layouts import ids
from store.store import Store
from tests.callbacks.page import Page, prop, text
from tests.house import new_app
from tests.publisher import now_ms
from tests.seats import actor, log_in, new_account
from tests.watch.court import Court
from watch.reports import Reports

pytestmark = pytest.mark.store
WL1 = "sw/waterlogging/WL-0001"


class Desk:
    """A page of one post, and a judge."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.client, self.store, self.court = client, store, Court(store)
        self.account = ""

    def as_(self, role: Role, **scope: Any) -> Page:
        self.account = log_in(self.client, role, **scope)
        return Page(self.client)

    def raise_some(self, *depths: float) -> list[str]:
        for number, depth in enumerate(depths, 1):
            self.court.publisher.ponding(number, depth)
        self.court.sit()
        self.client.get("/api/v1/things")
        return [one.id for one in self.court.alarms("waterlogging.depth_cm")]

    def queue(self, page: Page, tab: str = "active", levels: tuple[int, ...] = ()) -> Any:
        view = {"tab": tab, "levels": list(levels)}
        return prop(page.call("queue.data", queue_view=view, scope=""), ids.QUEUE, "data")

    def press(self, page: Page, deed: str, alarm: str) -> Any:
        return page.call("sheet-open.data", deed_asked=[deed, alarm, 1])

    def fill(self, page: Page, deed: str, alarm: str, **answers: str) -> Any:
        """Confirms the sheet of a deed."""
        return page.call(
            "sheet-open.data",
            pressed=ids.sheet_button("do"),
            sheet_open=[deed, alarm],
            fields={ids.sheet_field("")["type"]: answers},
        )

    def state(self, alarm: str) -> str:
        return str(self.store.alarms.get(alarm).state(self.court.clock.now_ms))


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    with TestClient(new_app(store)) as client:
        yield Desk(client, store)


def rows(queue: Any) -> list[Any]:
    return [row for group in queue["groups"] for row in group["rows"]]


def test_the_queue_stands_by_level_the_worst_first(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    desk.raise_some(6, 45, 16)

    queue = desk.queue(page)

    assert [group["level"] for group in queue["groups"]] == [1, 3, 4]
    assert rows(queue)[0]["title"] == "积水深度超限 45\u2009cm"
    assert queue["groups"][0]["sum"] == "未确认 1 / 1"
    assert (queue["waiting"], queue["counts"]["active"]) == ("3", "3")


def test_the_counts_of_the_top_bar_are_of_what_waits(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    first, *_ = desk.raise_some(45, 44, 16)
    desk.press(page, "acknowledge", first)

    said = text(prop(page.call("level-counts.children", scope=""), ids.LEVEL_COUNTS))

    assert said.split() == ["1", "1", "2", "0", "3", "1", "4", "0"]


def test_levels_and_scope_choose_rows(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    desk.raise_some(45, 16)

    assert [row["level"] for row in rows(desk.queue(page, levels=(3,)))] == [3]
    assert desk.queue(page, levels=(2,))["empty"]["text"] == "所选等级没有告警"
    elsewhere = page.call("queue.data", queue_view={"tab": "active"}, scope="460105")
    assert rows(prop(elsewhere, ids.QUEUE, "data")) == []


def test_more_than_a_seat_can_take_is_a_flood_and_nothing_is_dropped(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    desk.raise_some(*[6.0] * 12)

    queue = desk.queue(page)

    assert queue["load"]["is_flood"]
    assert queue["load"]["text"] == "12 条 · 上限 10"
    assert len(rows(queue)) == 12


def test_acknowledging_makes_it_mine_and_stays_on_record(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    (alarm,) = desk.raise_some(45)

    desk.press(page, "acknowledge", alarm)

    (row,) = rows(desk.queue(page, "mine"))
    assert "is-acknowledged" in row["state"]
    assert row["owner"] == f"张{desk.account}"


def test_who_comes_second_is_told_who_was_first(desk: Desk) -> None:
    (alarm,) = desk.raise_some(45)
    desk.press(desk.as_(Role.ACCEPTOR), "acknowledge", alarm)

    answer = desk.press(desk.as_(Role.CHIEF), "acknowledge", alarm)

    assert "已确认这条告警" in text(answer["sideUpdate"][ids.NOTICE]["children"])


def test_shelving_takes_a_reason_and_brings_it_to_its_tab(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    (alarm,) = desk.raise_some(45)

    refused = desk.fill(page, "shelve", alarm, minutes="30", reason="")
    assert "缺少" in text(refused["sideUpdate"][ids.NOTICE]["children"])
    done = desk.fill(page, "shelve", alarm, minutes="30", reason="泵站检修")

    assert prop(done, ids.SHEET, "data") is None
    assert desk.state(alarm) == "shelved"
    assert rows(desk.queue(page)) == []
    (row,) = rows(desk.queue(page, "shelved"))
    assert row["note"].startswith("至 ")


def test_a_false_alarm_is_over(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    (alarm,) = desk.raise_some(45)

    desk.fill(page, "false", alarm, kind="传感器故障", reason="被淋")

    assert desk.state(alarm) == "false"
    (row,) = rows(desk.queue(page, "cleared"))
    assert row["note"] == "误报"


def test_filing_opens_one_case_and_links_it(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    (alarm,) = desk.raise_some(45)
    shown = page.call("alarm-sheet.children", sheet_open=["file", alarm], queue=alarm)
    said = text(prop(shown, ids.ALARM_SHEET))
    assert "建议，依据规则“积水深度超限”" in said
    assert "event/0406" in str(shown)

    for _ in range(2):
        desk.fill(page, "file", alarm, type="event/0406", severity="1", title="下穿积水")

    case = desk.store.cases.get(desk.store.alarms.get(alarm).case_id)
    assert (case.type, case.severity, case.source) == ("0406", 1, "sensor")
    assert case.external_id == alarm
    assert len(list(desk.store.cases.all())) == 1
    assert f"/cases/{case.id}" in str(page.call("alarm-card.children", queue=alarm))


def test_an_alarm_is_merged_into_an_open_case_nearby(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    one, other = desk.raise_some(45, 44)
    desk.fill(page, "file", one, type="event/0406", severity="1", title="下穿积水")
    case_id = desk.store.alarms.get(one).case_id

    said = str(page.call("alarm-sheet.children", sheet_open=["merge", other], queue=other))
    assert case_id in said
    desk.fill(page, "merge", other, case=case_id)

    assert desk.store.alarms.get(other).case_id == case_id


def test_it_is_assigned_to_somebody_who_may_handle_it(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    (alarm,) = desk.raise_some(45)
    chief = new_account(desk.store, Role.CHIEF).account
    unit = new_account(desk.store, Role.UNIT, department="sw").account

    said = str(page.call("alarm-sheet.children", sheet_open=["assign", alarm], queue=alarm))
    assert chief in said
    assert unit not in said
    desk.fill(page, "assign", alarm, assignee=chief)

    assert desk.store.alarms.get(alarm).assignee == chief


def test_only_lawful_deeds_are_shown(desk: Desk) -> None:
    (alarm,) = desk.raise_some(45)

    def keys(role: Role) -> list[str]:
        shown = prop(desk.as_(role).call("alarm-card.children", queue=alarm), ids.ALARM_CARD)
        return [key for key in "ALMSXTC" if f"'data-key': '{key}'" in str(shown)]

    assert keys(Role.ACCEPTOR) == list("ALMSXTC")
    assert keys(Role.LEADER) == []
    desk.press(desk.as_(Role.ACCEPTOR), "acknowledge", alarm)
    assert keys(Role.CHIEF) == list("LMSXTC")


def test_a_seat_that_sees_no_alarms_is_told_who_does(desk: Desk) -> None:
    desk.raise_some(45)

    queue = desk.queue(desk.as_(Role.ANALYST))

    assert rows(queue) == []
    assert "受理员" in queue["empty"]["hint"]


def test_a_district_seat_sees_its_own_alarms_only(desk: Desk) -> None:
    desk.raise_some(45)

    assert rows(desk.queue(desk.as_(Role.ACCEPTOR, areas=("460105",)))) == []
    assert len(rows(desk.queue(desk.as_(Role.ACCEPTOR, areas=("460106",))))) == 1


def test_a_whole_level_is_acknowledged_and_no_other(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    desk.raise_some(16, 17, 45)

    page.call("queue-bulk.data", queue_bulk=3, scope="")

    states = {row["level"]: row["state"] for row in rows(desk.queue(page))}
    assert states == {1: "is-unacknowledged", 3: "is-acknowledged"}


def test_choosing_a_thing_opens_its_worst_alarm(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    (alarm,) = desk.raise_some(45)

    answer = page.call("queue.chosen", map=WL1)

    assert prop(answer, ids.QUEUE, "chosen") == alarm


def test_a_row_counts_who_else_tells_of_it(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    (alarm,) = desk.raise_some(45)
    where = desk.store.alarms.get(alarm).pos
    report = Report(
        source=Source.HOTLINE, external_id="12345-1", department="12345", kind="event",
        type="0406", title="下穿通道积水", description="水很深", pos=where, area="460106", cell="",
        severity=1, reporter=Reporter(), at_ms=now_ms(), thing="",
    )  # fmt: skip
    while Reports(desk.store, lambda: datetime.now(UTC)).take_alarms():
        pass
    desk.store.events.take(report, replace(actor(), seat=SYSTEM))

    (row,) = rows(desk.queue(page))

    assert [one[:2] for one in row["sources"]] == [["sensor", 1], ["hotline", 1]]


def test_a_sheet_is_shown_for_its_own_alarm_only(desk: Desk) -> None:
    page = desk.as_(Role.ACCEPTOR)
    one, other = desk.raise_some(45, 30)

    shown = page.call("alarm-sheet.children", sheet_open=["shelve", one], queue=one)
    hidden = page.call("alarm-sheet.children", sheet_open=["shelve", one], queue=other)

    assert "搁置" in text(prop(shown, ids.ALARM_SHEET))
    assert prop(hidden, ids.ALARM_SHEET) == []

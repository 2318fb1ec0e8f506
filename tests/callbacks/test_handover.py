"""The change of shift: two seats sign one sheet, each in its own session or at one desk."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from city.alarm_orders import AlarmOrder
from city.alarms import Deed
from city.audit import Record
from city.handover import Stand
from city.roles import Role
from layouts import ids
from store import keys, secrets
from store.store import Store
from tests.callbacks.page import Page, prop, text
from tests.house import new_app
from tests.seats import actor, log_in, new_account
from tests.watch.court import Court

pytestmark = pytest.mark.store
PASSWORD = "Typhoon-2026"


class Centre:
    """Seats that come and go at one server."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.client, self.store, self.court = client, store, Court(store)
        self.account = ""

    def as_(self, role: Role, **scope: Any) -> Page:
        self.account = log_in(self.client, role, **scope)
        return Page(self.client)

    def sheet(self, page: Page) -> str:
        return text(prop(page.call("handover-sheet.children"), ids.HANDOVER_SHEET))

    def press(self, page: Page, name: str, **values: Any) -> Any:
        return page.call("handover-orders.value", pressed=ids.handover(name), **values)

    def actions(self) -> list[tuple[str, str, str]]:
        lines = self.store.redis.xrange(keys.AUDIT)
        drafts = [msgspec.json.decode(one[b"r"], type=Record).draft for _, one in lines]
        return [(one.action, one.account, one.outcome) for one in drafts
                if one.action.startswith("handover")]  # fmt: skip


@pytest.fixture
def centre(store: Store) -> Iterator[Centre]:
    with TestClient(new_app(store)) as client:
        yield Centre(client, store)


def test_the_draft_tells_what_is_open(centre: Centre) -> None:
    page = centre.as_(Role.ACCEPTOR)
    centre.court.publisher.ponding(1, 45)
    centre.court.publisher.ponding(2, 16)
    centre.court.publisher.ponding(3, 44)
    centre.court.sit()
    shelved = next(one for one in centre.store.alarms.all() if one.thing.endswith("3"))
    order = AlarmOrder(Deed.SHELVE, reason="泵站检修", minutes=30)
    seat = centre.store.accounts.get(centre.account).seat
    centre.store.alarms.order(shelved.id, order, replace(actor(), seat=seat))

    said = centre.sheet(page)

    assert "未结束的 Ⅰ–Ⅱ 级告警 1" in said
    assert "搁置中的告警 1" in said
    assert "泵站检修" in said
    assert "没有超时或临近时限的案件" in said


def test_both_seats_sign_each_in_its_own_session(centre: Centre) -> None:
    leaving = centre.as_(Role.ACCEPTOR)
    li = centre.account
    centre.press(leaving, "sign", handover_orders="台风前巡查泵站")
    incoming = centre.as_(Role.CHIEF)
    wang = centre.account
    said = centre.sheet(incoming)
    assert "待接班人确认" in said
    assert "台风前巡查泵站" in said

    centre.press(incoming, "confirm")

    (handover,) = centre.store.handovers.newest()
    assert handover.stand is Stand.CONFIRMED
    assert centre.actions() == [("handover.sign", li, "done"), ("handover.confirm", wang, "done")]
    past = text(prop(incoming.call("handover-past.children"), ids.HANDOVER_PAST))
    assert "双方已签" in past
    assert f"张{li} → 张{wang}" in past


def test_the_incoming_signs_at_the_same_desk_by_password(centre: Centre) -> None:
    page = centre.as_(Role.ACCEPTOR)
    other = new_account(centre.store, Role.CHIEF, password=secrets.kept(PASSWORD)).account
    centre.press(page, "sign", handover_orders="")
    desk = {"handover_account": other, "handover_password": "wrong"}

    refused = centre.press(page, "desk", **desk)
    assert "密码" in text(refused["sideUpdate"][ids.NOTICE]["children"])
    centre.press(page, "desk", **{**desk, "handover_password": PASSWORD})

    (handover,) = centre.store.handovers.newest()
    assert handover.incoming is not None
    assert handover.incoming.account == other


def test_nobody_signs_for_both(centre: Centre) -> None:
    page = centre.as_(Role.ACCEPTOR)
    centre.press(page, "sign", handover_orders="")

    answer = centre.press(page, "confirm")

    assert "不能与交班人是同一人" in text(answer["sideUpdate"][ids.NOTICE]["children"])
    assert centre.store.handovers.newest()[0].stand is Stand.SIGNED


def test_it_is_taken_back_before_anybody_confirms(centre: Centre) -> None:
    page = centre.as_(Role.ACCEPTOR)
    centre.press(page, "sign", handover_orders="")

    centre.press(page, "withdraw")

    assert centre.store.handovers.newest()[0].stand is Stand.WITHDRAWN
    assert "草稿" in centre.sheet(page)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.LEADER, Role.SECADMIN])
def test_who_hands_nothing_over_sees_nothing(centre: Centre, role: Role) -> None:
    answer = centre.as_(role).call("handover-sheet.children")

    assert ids.HANDOVER_SHEET not in answer.get("response", {})
    assert "岗位" in text(answer["sideUpdate"][ids.NOTICE]["children"])

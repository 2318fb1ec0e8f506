"""What a phone asks and says over HTTP, by a real server over a real store."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from city.audit import Outcome
from city.audit_search import AuditQuery
from city.case_table import CaseState, Move
from city.cases import Order as CaseOrder
from city.order_table import OrderMove, OrderState
from city.orders import OrderStep, Sending, Wish
from city.roles import Role
from store.store import Store
from tests.crew import HERE, Crew, a_photo
from tests.house import new_app
from tests.seats import COOKIE, actor, log_in, new_account

pytestmark = pytest.mark.store
FIELD = "/api/v1/field"
THERE = {"pos": list(HERE), "accuracy_m": 8}


class Phone:
    """The crew's phone: each deed under its own key."""

    def __init__(self, store: Store) -> None:
        self.crew = Crew(store)
        self.client = TestClient(new_app(store), raise_server_exceptions=False)
        self.client.cookies.update(self.crew.cookie())
        self._keys = 0

    def tasks(self) -> Any:
        answer = self.client.get(FIELD, headers={"Accept-Language": "en"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, action: str, order: str = "", **more: Any) -> Any:
        self._keys += 1
        word = {"key": f"k{self._keys}", "action": action, "order": order, **more}
        return self.client.post(f"{FIELD}/actions", json=word)

    def shoot(self, slot: str, order: str = "", **more: Any) -> Any:
        self._keys += 1
        word = {"key": f"k{self._keys}", "action": "photo", "order": order, "slot": slot, **more}
        file = ("photo.jpg", a_photo()["buffer"], "image/jpeg")
        form = {"word": json.dumps(word)}
        return self.client.post(f"{FIELD}/photos", files={"file": file}, data=form)


@pytest.fixture
def phone(store: Store) -> Phone:
    return Phone(store)


def test_a_task_comes_with_all_that_a_dead_spot_needs(phone: Phone) -> None:
    order = phone.crew.sent()

    told = phone.tasks()
    (task,) = told["orders"]

    assert told["unit"]["id"] == phone.crew.unit
    assert (task["id"], task["case"], task["state"]) == (order.id, order.case_id, "sent")
    assert task["note"] == "先封控后抽排"
    assert task["route"]["by_road"] and task["route"]["distance_m"] > 2000
    assert task["route"]["points"][-1] == pytest.approx(list(HERE), abs=1e-4)
    assert [(one["slot"], one["is_needed"]) for one in task["slots"]] == [
        ("before_photo", False), ("after_photo", True), ("other", False),
    ]  # fmt: skip
    assert task["minds"]  # of the plan that fits ponding


def test_partners_are_named_in_one_s_own_language(phone: Phone) -> None:
    order = phone.crew.sent()
    other = phone.crew.fleet.unit("pumptruck", 8)
    sending = Sending((Wish(other),))
    dispatcher = actor(seat=phone.crew.desk(Role.DISPATCHER))
    phone.crew.store.orders.send(order.case_id, sending, dispatcher)

    (task,) = phone.tasks()["orders"]

    assert task["partners"] == [{"name": "P-008", "state": "Sent"}]


def test_the_whole_way_from_the_offer_to_the_feedback(phone: Phone) -> None:
    order = phone.crew.sent()

    for step in (
        phone.do("accept", order.id),
        phone.do("depart", order.id),
        phone.do("arrive", order.id, **THERE),
        phone.shoot("after_photo", order.id, **THERE),
        phone.do("finish", order.id, result="solved", text="清理雨水口 3 处"),
    ):
        assert step.status_code == 200, step.text

    after, case = phone.crew.store.orders.get(order.id), phone.crew.store.cases.get(order.case_id)
    assert after.state is OrderState.DONE
    assert after.reason == "已处置完毕；清理雨水口 3 处"
    assert case.state is CaseState.PENDING_CHECK
    assert [(one.slot, one.pos) for one in case.evidence] == [("after_photo", HERE)]
    assert phone.crew.account.account in case.handlers


def test_a_deed_that_is_sent_twice_is_done_once(phone: Phone) -> None:
    order = phone.crew.sent()
    word = {"key": "same", "action": "help", "order": order.id, "text": "再来一台泵"}

    first, second = (phone.client.post(f"{FIELD}/actions", json=word).json() for _ in range(2))
    log = phone.crew.store.cases.log(order.case_id)

    assert (first["again"], second["again"]) == (False, True)
    assert first | {"again": True} == second
    assert [one.reason for one in log if one.move is Move.COMMENT] == ["请求增援：再来一台泵"]


def test_a_photo_that_is_sent_twice_is_on_file_once(phone: Phone) -> None:
    order = phone.crew.sent()
    phone.do("accept", order.id)

    for _ in range(2):
        phone._keys = 90
        assert phone.shoot("before_photo", order.id).status_code == 200

    assert len(phone.crew.store.cases.get(order.case_id).evidence) == 1


def test_what_was_done_in_a_dead_spot_keeps_its_own_time(phone: Phone) -> None:
    order = phone.crew.sent()
    at_ms = actor().at_ms - 600_000

    phone.do("accept", order.id, at=at_ms)
    after = phone.crew.store.orders.get(order.id)

    assert after.times[OrderState.ACCEPTED].at_ms in (at_ms, order.sent_ms)
    assert after.log[-1].received_ms > at_ms


def test_far_from_the_case_nobody_arrives(phone: Phone) -> None:
    order = phone.crew.sent()
    phone.do("accept", order.id)

    far = phone.do("arrive", order.id, pos=[HERE[0] + 0.01, HERE[1]], accuracy_m=8)
    poor = phone.do("arrive", order.id, is_manual=True)
    phone.shoot("arrival", order.id)
    shown = phone.do("arrive", order.id, is_manual=True)

    assert [one.status_code for one in (far, poor, shown)] == [409, 409, 200]
    assert far.json()["reason"] == "not_there"
    assert phone.crew.store.orders.get(order.id).reason == "人工打卡，附照片"


def test_done_without_the_photo_of_the_end_is_refused_with_its_name(phone: Phone) -> None:
    order = phone.crew.sent()
    phone.do("accept", order.id)

    refused = phone.do("finish", order.id, result="solved")

    assert refused.status_code == 409
    assert "Photo after" in phone.client.get(FIELD, headers={"Accept-Language": "en"}).text
    assert refused.json()["reason"] == "no_evidence"


def test_what_the_vehicle_has_told_already_is_no_conflict(phone: Phone) -> None:
    order = phone.crew.sent()
    for action in ("accept", "depart"):
        phone.do(action, order.id)
    phone.do("arrive", order.id, **THERE)

    late = [phone.do(action, order.id) for action in ("accept", "depart")]
    late.append(phone.do("arrive", order.id, **THERE))

    assert [one.status_code for one in late] == [200, 200, 200]
    assert phone.crew.store.orders.get(order.id).state is OrderState.ON_SCENE


def test_an_order_that_was_recalled_meanwhile_gives_the_deed_back(phone: Phone) -> None:
    order = phone.crew.sent()
    dispatcher = actor(seat=phone.crew.desk(Role.DISPATCHER))
    phone.crew.store.orders.step(order.id, OrderStep(OrderMove.RECALL, "改派"), dispatcher)

    refused = phone.do("accept", order.id)

    assert refused.status_code == 409
    assert refused.json()["detail"]
    assert phone.tasks()["messages"][0]["text"] == "改派"


def test_a_report_becomes_a_case_with_its_photo(phone: Phone) -> None:
    word = {"type": "0406", "title": "井口积水", "description": "", "pos": list(HERE)}

    early = phone.shoot("before_photo", of="k2")
    made = phone.do("report", **word)
    later = phone.shoot("before_photo", of="k2")

    case = phone.crew.store.cases.get(made.json()["case"])
    assert (early.status_code, later.status_code) == (409, 200)
    assert (case.title, case.source, case.area[:6]) == ("井口积水", "department", "460107")
    assert [one.slot for one in case.evidence] == ["before_photo"]


def test_photos_of_a_case_that_is_not_dispatched_yet_are_taken(phone: Phone) -> None:
    order = phone.crew.sent_ahead()
    phone.do("accept", order.id)

    shown, asked = phone.shoot("before_photo", order.id), phone.do("help", order.id, text="一台泵")

    case = phone.crew.store.cases.get(order.case_id)
    assert (shown.status_code, asked.status_code) == (200, 200), shown.text
    assert (case.state, [one.slot for one in case.evidence]) == (
        CaseState.REPORTED,
        ["before_photo"],
    )
    assert phone.crew.store.cases.log(case.id)[-1].by == phone.crew.account.account


def test_work_that_came_back_says_why_and_is_reported_again(phone: Phone) -> None:
    order = phone.crew.sent()
    for action in ("accept", "depart"):
        phone.do(action, order.id)
    phone.do("arrive", order.id, **THERE)
    phone.shoot("after_photo", order.id)
    phone.do("finish", order.id, result="solved")
    rejection = CaseOrder(Move.REJECT_FEEDBACK, {"reason": "照片看不清"})
    phone.crew.store.cases.move(
        order.case_id, rejection, actor(seat=phone.crew.desk(Role.DISPATCHER))
    )

    (task,) = phone.tasks()["orders"]
    assert task["returned"]["reason"] == "照片看不清"
    assert next(one for one in task["slots"] if one["is_needed"])["photos"] == []
    phone.shoot("after_photo", order.id)
    again = phone.do("feedback", order.id, result="solved")

    assert again.status_code == 200, again.text
    assert phone.tasks()["orders"][0]["returned"] is None


def test_an_unchanged_answer_is_not_sent_again(phone: Phone) -> None:
    order = phone.crew.sent()
    first = phone.client.get(FIELD)

    same = phone.client.get(FIELD, headers={"If-None-Match": first.headers["etag"]})
    phone.do("accept", order.id)
    other = phone.client.get(FIELD, headers={"If-None-Match": first.headers["etag"]})

    assert (same.status_code, other.status_code) in {(304, 200), (200, 200)}  # a minute may turn


def test_another_crew_s_order_is_not_answered(phone: Phone, store: Store) -> None:
    order = phone.crew.sent()
    stranger = new_account(store, Role.HANDLER, department="jj")
    phone.client.cookies.set(COOKIE, store.sessions.enter(stranger, actor()))

    refused = phone.do("accept", order.id)

    assert refused.status_code == 403
    assert store.orders.get(order.id).state is OrderState.SENT


def test_a_deed_of_another_account_on_this_phone_stays_on_it(phone: Phone) -> None:
    order = phone.crew.sent()

    refused = phone.do("accept", order.id, account="somebody-else")

    assert (refused.status_code, refused.json()["reason"]) == (403, "another_account")


def test_every_deed_is_one_record_of_the_trail(phone: Phone) -> None:
    order = phone.crew.sent()
    phone.do("accept", order.id)
    phone.do("arrive", order.id)

    records = phone.crew.store.audit.page(AuditQuery(account=phone.crew.account.account)).records
    done = [(one.draft.action, one.draft.outcome) for one in records]

    assert ("order.accept", Outcome.DONE) in done
    assert ("order.arrive", Outcome.REFUSED) in done


def test_a_crew_signs_on_and_off_by_phone(phone: Phone) -> None:
    off = phone.client.delete(f"{FIELD}/unit")
    units = phone.client.get(f"{FIELD}/units").json()["items"]
    on = phone.client.post(f"{FIELD}/unit", json={"unit": units[0]["id"]})

    assert off.json() == {"unit": phone.crew.unit}
    assert [one["id"] for one in units] == [phone.crew.unit]
    assert on.json() == {"unit": phone.crew.unit}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/actions", {"action": "accept"}, 422),
        ("/actions", {"key": "k", "action": "photo"}, 422),
        ("/actions", {"key": "k", "action": "accept", "order": "none"}, 404),
        ("/actions", {"key": "k", "action": "report", "type": "9999"}, 422),
        ("/unit", {"unit": 7}, 422),
        ("/unit", {"unit": "sw/pumptruck/none"}, 404),
    ],
)
def test_what_cannot_be_meant_is_refused(phone: Phone, path: str, body: Any, status: int) -> None:
    assert phone.client.post(f"{FIELD}{path}", json=body).status_code == status


def test_the_page_is_for_those_who_answer_orders(phone: Phone) -> None:
    shown = phone.client.get("/m")
    log_in(phone.client, Role.ANALYST)
    refused = phone.client.get("/m", headers={"accept": "text/html"})

    assert shown.status_code == 200
    assert "geolocation=(self)" in shown.headers["permissions-policy"]
    assert refused.status_code == 403


def test_it_is_home_on_a_phone_and_only_there(phone: Phone) -> None:
    on_phone = phone.client.get("/", headers={"sec-ch-ua-mobile": "?1"}, follow_redirects=False)
    at_desk = phone.client.get("/", headers={"sec-ch-ua-mobile": "?0"}, follow_redirects=False)

    assert on_phone.headers["location"] == "/m"
    assert at_desk.headers["location"] == "/situation"


def test_its_manifest_and_worker_need_no_seat_and_name_what_is_kept(store: Store) -> None:
    client = TestClient(new_app(store))

    manifest, worker = client.get("/m/manifest.webmanifest"), client.get("/m/worker.js")
    shell = json.loads(worker.text.split("const SHELL = ")[1].split(";\n")[0])

    assert manifest.json()["start_url"] == "/m"
    assert worker.headers["service-worker-allowed"] == "/m"
    assert {"/m", "/city/roads.geojson"} < set(shell)
    assert all(client.get(one).status_code == 200 for one in shell if one.startswith("/assets"))

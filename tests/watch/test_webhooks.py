"""Systems outside are told of every step, in order, at least once, whoever is killed meanwhile."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bench.servers import RedisServer
from city.case_table import Move
from city.cases import Case, Order
from city.networks import PRIVATE, networks_of
from city.roles import Role
from city.webhooks import AWAY_S, BACKOFF_S, Webhook
from store.outboxes import OutboxStore, Step
from store.store import Store, open_store
from store.webhooks import Wish
from tests.desk import MAIN_PATH, PONDING, actor, opening_order
from tests.watch.delivering import Delivering, WatchProcess
from tests.watch.receiver import Received, Receiver, receiving
from watch.courier import AT_ONCE, Courier, Displaced
from watch.posting import Letter, post
from watch.webhooks import PostOffice

pytestmark = pytest.mark.store

NETWORKS = networks_of(PRIVATE)
ADMIN = actor(Role.SYSADMIN)
SOURCE = "/460100/citybrain/cases"
STEPS = ["reported", "admitted", "registered", "dispatched", "accepted", "handled", "checking",
         "checked", "closed"]  # fmt: skip


class Town:
    """A store, somebody outside, and a courier between them with a clock that is set by hand."""

    def __init__(self, store: Store, receiver: Receiver, **wishes: object) -> None:
        self.store, self.receiver = store, receiver
        self.now_ms = ADMIN.at_ms
        store.ledger.write(lambda page: page.changed("accounts", "first"))
        wish = replace(Wish("water", receiver.url), **wishes)
        self.webhook: Webhook = store.webhooks.add(wish, NETWORKS, ADMIN)
        self.courier = self.new_courier()

    def new_courier(self) -> Courier:
        send = partial(post, networks=NETWORKS)
        return Courier(self.store.outboxes, self.webhook, SOURCE, send, lambda: self.now_ms)

    def restart(self) -> None:
        self.courier = self.new_courier()

    def work(self, after_s: float = 0) -> None:
        """Everything there is to do, so many seconds later."""
        self.now_ms += round(after_s * 1000)
        while self.courier.round():
            pass

    def open(self, number: int = 1, **changes: object) -> Case:
        case, _ = self.store.cases.create(
            opening_order(external_id=f"HL-{number}", **changes), actor(Role.ACCEPTOR)
        )
        return case

    def walk(self, case: Case, steps: int = len(MAIN_PATH)) -> Case:
        for move, role, department, fields, _ in MAIN_PATH[:steps]:
            who = actor(role, department=department)
            case = self.store.cases.move(case.id, Order(move, fields), who)
        return case

    @property
    def waiting(self) -> dict[str, tuple[int, ...]]:
        found = self.store.outboxes.of(self.webhook.id)
        assert found
        return {name: line.versions for name, line in found.waiting.items()}

    @property
    def lost(self) -> list[str]:
        return [one.id for one in self.store.outboxes.undelivered(self.webhook.id)]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def town(store: Store, receiver: Receiver) -> Town:
    return Town(store, receiver)


def refuse(case_id: str, status: int = 400) -> "partial[int]":
    """Everything of one case is answered with that status."""
    return partial(status_for, case_id, status)


def status_for(case_id: str, status: int, one: Received) -> int:
    return status if one.id.startswith(case_id) else 204


def test_every_step_of_a_case_arrives_in_order_and_signed(town: Town) -> None:
    case = town.walk(town.open())

    town.work()

    assert town.receiver.events == STEPS
    assert town.receiver.ids == [f"{case.id}/{number}" for number in range(1, len(STEPS) + 1)]
    assert all(one.is_signed_with(town.webhook.secret) for one in town.receiver.received)
    assert all(one.headers["webhook-id"] == one.id for one in town.receiver.received)
    assert town.waiting == {}
    standing = town.store.outboxes.standing(town.webhook.id)
    assert (standing.sent, standing.trouble) == (len(STEPS), "")


def test_a_message_shows_the_case_as_that_step_left_it(town: Town) -> None:
    town.walk(town.open(), 3)

    town.work()

    data = [one.event["data"] for one in town.receiver.received]
    assert [one["after"] for one in data] == [
        "reported", "pending_register", "pending_dispatch", "pending_handle"
    ]  # fmt: skip
    assert [one["lead"] for one in data] == ["", "", "", "sw"]


def test_a_changed_message_or_another_secret_does_not_fit_the_signature(town: Town) -> None:
    town.open()
    town.work()
    (one,) = town.receiver.received

    assert not replace(one, body=one.body + b" ").is_signed_with(town.webhook.secret)
    later = {**one.headers, "webhook-timestamp": "1"}
    assert not replace(one, headers=later).is_signed_with(town.webhook.secret)
    assert not one.is_signed_with("whsec_" + "A" * 44)


def test_personal_data_does_not_leave(town: Town) -> None:
    town.open(title="13900000001 来电", description="车牌琼A12345,身份证110101199003070123")
    town.work()

    body = town.receiver.received[0].body.decode()
    reporter = PONDING["reporter"]
    personal = (reporter["phone"], reporter["name"], "13900000001", "琼A12345",
                "110101199003070123")  # fmt: skip
    assert [word for word in personal if word in body] == []
    assert "来电" in body


def test_only_what_was_asked_for_is_sent(store: Store, receiver: Receiver) -> None:
    town = Town(store, receiver, events=("closed",), department="sw")
    town.walk(town.open())

    town.work()

    assert receiver.events == ["closed"]


def test_what_happened_before_a_webhook_was_made_is_not_told(
    store: Store, receiver: Receiver
) -> None:
    case, _ = store.cases.create(opening_order(), actor(Role.ACCEPTOR))
    town = Town(store, receiver)
    town.walk(case, 1)

    town.work()

    assert receiver.events == ["admitted"]


def test_a_refused_message_is_tried_again_later_and_nothing_of_its_case_overtakes_it(
    town: Town,
) -> None:
    first, other = town.open(1), town.open(2)
    town.walk(first, 1)
    town.receiver.status = refuse(first.id)

    town.work()
    assert set(town.receiver.ids) == {f"{first.id}/1", f"{other.id}/1"}
    town.work(BACKOFF_S[0] - 1)
    assert town.receiver.ids.count(f"{first.id}/1") == 1
    town.receiver.status = lambda _: 204
    town.work(1)

    assert [one for one in town.receiver.ids if one.startswith(first.id)] == [
        f"{first.id}/1", f"{first.id}/1", f"{first.id}/2"
    ]  # fmt: skip
    assert town.receiver.received[-2].body == next(
        one.body for one in town.receiver.received if one.id == f"{first.id}/1"
    )


def test_nothing_is_sent_for_a_while_to_somebody_who_is_away(town: Town) -> None:
    for number in range(5):
        town.open(number)
    town.receiver.status = lambda _: 503

    town.work()
    assert len(town.receiver.received) == 1
    town.work(AWAY_S[0])
    assert len(town.receiver.received) == 2
    town.receiver.status = lambda _: 204
    town.work(AWAY_S[1])
    town.work(BACKOFF_S[1])

    assert len(set(town.receiver.taken)) == 5
    assert town.waiting == {}


def test_a_message_that_is_never_taken_is_given_up_after_a_day_and_shown(town: Town) -> None:
    case = town.walk(town.open(), 1)
    poisoned = f"{case.id}/1"
    town.receiver.status = lambda one: 422 if one.id == poisoned else 204

    town.work()
    for wait_s in BACKOFF_S:
        town.work(wait_s)

    assert town.receiver.ids == [poisoned] * (len(BACKOFF_S) + 1) + [f"{case.id}/2"]
    (lost,) = town.store.outboxes.undelivered(town.webhook.id)
    assert (lost.id, lost.tries, lost.trouble) == (poisoned, len(BACKOFF_S) + 1, "HTTP 422")


def test_what_was_given_up_is_sent_again_when_the_administrator_says_so(town: Town) -> None:
    case = town.open()
    town.receiver.status = lambda _: 400
    town.work()
    for wait_s in BACKOFF_S:
        town.work(wait_s)
    assert town.lost == [f"{case.id}/1"]
    town.receiver.status = lambda _: 204

    town.store.webhooks.resend("water", ADMIN)
    town.work()

    assert town.receiver.taken == [f"{case.id}/1"]
    assert town.lost == []


def test_whatever_was_tried_seldom_is_given_up_after_a_week(town: Town) -> None:
    case = town.open()
    town.receiver.status = lambda _: 503

    town.work(8 * 86_400)

    assert town.receiver.ids == [f"{case.id}/1"]
    assert town.lost == [f"{case.id}/1"]


def test_a_courier_that_ends_after_sending_and_before_its_note_sends_the_same_again(
    town: Town,
) -> None:
    case = town.walk(town.open(), 2)
    killed = threading.Event()

    class Killed(Exception):
        pass

    def die(letter: Letter) -> None:
        post(letter, NETWORKS)
        killed.set()
        raise Killed

    town.courier.post = die
    with pytest.raises(Killed):
        town.work()
    assert killed.is_set()
    town.restart()
    town.work()

    ids = [f"{case.id}/{number}" for number in (1, 2, 3)]
    assert town.receiver.ids == [ids[0], *ids]
    assert town.receiver.received[0].body == town.receiver.received[1].body


def test_a_new_courier_goes_on_where_the_last_one_was(town: Town) -> None:
    case = town.walk(town.open(), 1)
    town.receiver.status = lambda _: 503
    town.work()
    town.receiver.status = lambda _: 204
    store = town.store
    store.cases.move(case.id, Order(Move.REGISTER), actor(Role.CHIEF))

    town.restart()
    town.work(BACKOFF_S[0])

    assert town.receiver.taken == [f"{case.id}/{number}" for number in (1, 2, 3)]


def test_of_two_couriers_the_slower_stops_and_nothing_is_left_out(town: Town) -> None:
    case = town.open()
    other = town.new_courier()
    while other.round():
        pass
    town.walk(case, 1)

    with pytest.raises(Displaced):
        town.work()
    town.restart()
    town.work()

    assert list(dict.fromkeys(town.receiver.ids)) == [f"{case.id}/1", f"{case.id}/2"]


def test_a_courier_of_a_removed_webhook_stops(town: Town) -> None:
    town.open()
    town.store.webhooks.remove("water", ADMIN)

    with pytest.raises(Displaced):
        town.work()
    with pytest.raises(Displaced):
        town.restart()

    assert town.receiver.received == []


def test_many_cases_are_delivered_a_few_at_a_time(town: Town) -> None:
    cases = [town.open(number) for number in range(AT_ONCE * 2 + 3)]

    town.work()

    assert set(town.receiver.taken) == {f"{case.id}/1" for case in cases}
    assert len(town.receiver.received) == len(cases)


def test_a_message_whose_log_is_gone_is_given_up_at_once(town: Town) -> None:
    outboxes: OutboxStore = town.store.outboxes
    case = town.open()
    town.receiver.status = lambda _: 400
    town.work()
    line = outboxes.of(town.webhook.id).waiting[case.id]
    ahead = replace(line, versions=(9,), next_ms=0, tries=0)
    place = town.courier.place
    assert outboxes.keep(town.webhook.id, Step(place, place, [(line, ahead)]))

    town.restart()
    town.work()

    assert town.lost == [f"{case.id}/9"]


def test_the_office_has_a_courier_for_each_webhook_while_it_is_active(
    store: Store, receiver: Receiver
) -> None:
    active = threading.Event()
    active.set()
    office = PostOffice(store, SOURCE, NETWORKS, active.is_set)
    with receiving() as second:
        towns = [Town(store, receiver), Town(store, second, name="fire")]
        office.turn()
        case = towns[0].open()
        for town in towns:
            town.receiver.await_taken({f"{case.id}/1"})

        store.webhooks.remove("fire", ADMIN)
        office.turn()
        assert {one.webhook.name for one in office.rounds.values()} == {"water"}
        active.clear()
        office.turn()
        assert office.rounds == {}


def test_a_courier_that_is_called_back_notes_what_is_under_way_and_sends_no_more(
    store: Store, receiver: Receiver
) -> None:
    town = Town(store, receiver)
    cases = [town.open(number) for number in range(3)]
    gate = threading.Event()
    receiver.status = lambda _: 204 if gate.wait(10) else 500
    office = PostOffice(store, SOURCE, NETWORKS, lambda: True)
    office.turn()
    (courier,) = office.rounds.values()
    receiver.await_more(0)

    courier.stopping.set()
    gate.set()
    assert courier.thread
    courier.thread.join(10)

    assert len(receiver.received) == 1
    assert store.outboxes.standing(town.webhook.id).sent == 1
    assert len(town.waiting) == len(cases) - 1


def test_nothing_is_lost_and_no_case_is_out_of_order_when_the_sender_is_killed(
    tmp_path: Path, redis_process: RedisServer, receiver: Receiver
) -> None:
    store = open_store(redis_process.url)
    town = Town(store, receiver)
    sender = Delivering(tmp_path / "sender", redis_process.url)
    sender.start()
    cases = []
    for number in range(30):
        came = len(receiver.received)
        cases.append(town.walk(town.open(number)))
        if number % 10 == 5:  # in the middle of it
            receiver.await_more(came)
            sender.restart()

    expected = {f"{case.id}/{version}" for case in cases for version in range(1, len(STEPS) + 1)}
    receiver.await_taken(expected)
    sender.kill()

    assert set(receiver.ids) == expected
    for case in cases:
        mine = [one for one in dict.fromkeys(receiver.ids) if one.startswith(case.id)]
        assert mine == [f"{case.id}/{version}" for version in range(1, len(STEPS) + 1)]
    again = len(receiver.ids) - len(expected)
    assert again <= 3 * AT_ONCE


def test_a_sender_outlives_its_store_and_nothing_is_lost(
    tmp_path: Path, redis_process: RedisServer, receiver: Receiver
) -> None:
    town = Town(open_store(redis_process.url), receiver)
    sender = Delivering(tmp_path / "sender", redis_process.url)
    sender.start()
    first = town.walk(town.open(1))
    receiver.await_more(0)

    redis_process.restart()  # kill -9
    town.store = open_store(redis_process.url)
    second = town.walk(town.open(2))

    receiver.await_taken({f"{case.id}/{number}" for case in (first, second)
                          for number in range(1, len(STEPS) + 1)})  # fmt: skip
    sender.kill()


@pytest.mark.flow
def test_the_clockworks_own_process_delivers(
    tmp_path: Path, redis_process: RedisServer, receiver: Receiver
) -> None:
    town = Town(open_store(redis_process.url), receiver)
    watch = WatchProcess(tmp_path / "watch", redis_process.url)
    watch.start()

    case = town.walk(town.open(), 1)
    receiver.await_taken({f"{case.id}/1", f"{case.id}/2"})

    assert watch.stop() == 0
    assert receiver.received[0].event["source"] == SOURCE

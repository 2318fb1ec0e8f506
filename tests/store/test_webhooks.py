"""Outboxes take in what concerns them, together with how far they have read."""

from dataclasses import replace

import msgspec
import pytest

from city.audit import Record
from city.case_table import Move
from city.cases import Order
from city.networks import PRIVATE, networks_of
from city.refusal import Conflict, Malformed, NotFound
from city.roles import Role
from city.webhooks import Undelivered, Waiting, Webhook, key_of, told_first
from store import keys
from store.outboxes import Outbox, Standing, Step
from store.store import Store
from store.webhooks import Wish
from tests.desk import actor, opening_order

NETWORKS = networks_of(PRIVATE)
ADMIN = actor(Role.SYSADMIN)
LINE = Waiting("HK1", (1, 2), 0)


def added(store: Store, name: str = "water") -> Webhook:
    return store.webhooks.add(Wish(name, "http://127.0.0.1:9/in"), NETWORKS, ADMIN)


def outbox(store: Store, webhook: Webhook) -> Outbox:
    found = store.outboxes.of(webhook.id)
    assert found
    return found


def records(store: Store) -> list[Record]:
    return [msgspec.json.decode(fields[b"r"], type=Record)
            for _, fields in store.redis.xrange(keys.AUDIT)]  # fmt: skip


def put(store: Store, webhook: Webhook, line: Waiting) -> None:
    at = outbox(store, webhook).place
    assert store.outboxes.keep(webhook.id, Step(at, at, [(None, line)]))


def test_a_webhook_has_a_secret_that_the_trail_does_not_know(store: Store) -> None:
    webhook = added(store)

    assert len(key_of(webhook.secret)) == 32
    assert store.webhooks.all() == [webhook]
    (record,) = records(store)
    assert record.draft.action == "webhook.add"
    assert record.draft.detail["after"]["url"] == webhook.url
    assert webhook.secret not in str(record)


def test_a_name_is_given_once_and_free_again_after_it_was_removed(store: Store) -> None:
    first = added(store)
    put(store, first, LINE)
    with pytest.raises(Conflict):
        added(store)

    store.webhooks.remove("water", ADMIN)

    assert store.webhooks.all() == []
    assert store.outboxes.of(first.id) is None
    assert not store.redis.hgetall(keys.outbox(first.id))
    again = added(store)
    assert again.id != first.id
    assert again.secret != first.secret
    with pytest.raises(NotFound):
        store.webhooks.remove("fire", ADMIN)


@pytest.mark.parametrize(
    "url",
    ["ftp://10.0.0.1/", "http://", "https://a:b@10.0.0.1/", "http://10.0.0.1/#x",
     "http://169.254.169.254/latest", "https://8.8.8.8/", "http://10.0.0.1:99999/",
     "http://[::1", "http://10.0.0.1/a b", "http://水.cn/", "http://10.0.0.1/" + "x" * 500],
)  # fmt: skip
def test_an_address_that_must_not_be_called_is_refused_at_once(store: Store, url: str) -> None:
    with pytest.raises(Malformed):
        store.webhooks.add(Wish("water", url), NETWORKS, ADMIN)

    assert store.webhooks.all() == []


def test_news_are_the_versions_of_cases_from_the_making_of_the_webhook_on(store: Store) -> None:
    before, _ = store.cases.create(opening_order(external_id="HL-0"), actor(Role.ACCEPTOR))
    webhook = added(store)
    case, _ = store.cases.create(opening_order(), actor(Role.ACCEPTOR))
    store.cases.move(case.id, Order(Move.ACCEPT), actor(Role.ACCEPTOR, minutes=1))
    store.cases.move(before.id, Order(Move.ACCEPT), actor(Role.ACCEPTOR, minutes=2))

    news = store.outboxes.news(webhook.id, outbox(store, webhook).place)

    assert news.versions == {case.id: [1, 2], before.id: [2]}
    assert not news.is_gap
    assert store.outboxes.news(webhook.id, news.after).versions == {}


def test_what_was_dropped_from_the_stream_is_found_in_the_logs(store: Store) -> None:
    store.cases.create(opening_order(external_id="HL-0"), actor(Role.ACCEPTOR))
    webhook = added(store)
    case, _ = store.cases.create(opening_order(), actor(Role.ACCEPTOR))
    store.cases.move(case.id, Order(Move.ACCEPT), actor(Role.ACCEPTOR, minutes=1))
    place = outbox(store, webhook).place
    place = place._replace(ms=actor(Role.ACCEPTOR).at_ms + 600_000)  # as if read that day
    newest = store.redis.xrevrange(keys.CHANGES, count=1)[0][0].decode()
    with store.redis.pipeline(transaction=True) as pipe:
        pipe.xtrim(keys.CHANGES, approximate=False, minid=newest)
        pipe.execute()

    news = store.outboxes.news(webhook.id, place)

    assert news.is_gap
    assert news.versions[case.id] == [1, 2]
    assert str(news.after) == newest


def test_a_step_is_kept_whole_with_its_place(store: Store) -> None:
    webhook = added(store)
    before = outbox(store, webhook).place
    after = before._replace(number=before.number + 7)
    lost = Undelivered("HK2", 4, 9, 11, "HTTP 400")

    kept = store.outboxes.keep(
        webhook.id, Step(before, after, [(None, LINE)], [lost], Standing(3, 8))
    )

    assert kept
    assert outbox(store, webhook) == Outbox(after, {"HK1": LINE}, Standing(3, 8))
    assert store.outboxes.undelivered(webhook.id) == [lost]


def test_of_two_that_work_on_one_outbox_the_slower_writes_nothing(store: Store) -> None:
    webhook = added(store)
    put(store, webhook, LINE)
    at = outbox(store, webhook).place
    delivered = Step(at, at, [(LINE, told_first(LINE, 5))], standing=Standing(1))
    assert store.outboxes.keep(webhook.id, delivered)

    assert not store.outboxes.keep(webhook.id, delivered)
    assert not store.outboxes.keep(webhook.id, Step(at._replace(ms=1), at))

    assert outbox(store, webhook).waiting == {"HK1": Waiting("HK1", (2,), 5)}


def test_nothing_is_written_for_a_webhook_that_was_removed(store: Store) -> None:
    webhook = added(store)
    at = outbox(store, webhook).place
    store.webhooks.remove("water", ADMIN)

    assert not store.outboxes.keep(webhook.id, Step(at, at, [(None, LINE)]))

    assert not store.redis.hgetall(keys.outbox(webhook.id))


def test_what_was_given_up_is_put_back_before_what_came_after_it(store: Store) -> None:
    webhook = added(store)
    at = outbox(store, webhook).place
    lost = [Undelivered("HK1", 1, 9, 11, "x"), Undelivered("HK1", 3, 9, 11, "x")]
    late = replace(LINE, versions=(4, 5), tries=3, next_ms=99_999)
    assert store.outboxes.keep(webhook.id, Step(at, at, [(None, late)], lost))

    count = store.webhooks.resend("water", ADMIN)

    assert count == 2
    line = outbox(store, webhook).waiting["HK1"]
    assert line == Waiting("HK1", (1, 3, 4, 5), ADMIN.at_ms)
    assert store.outboxes.undelivered(webhook.id) == []
    assert records(store)[-1].draft.action == "webhook.resend"
    assert store.outboxes.news(webhook.id, at).is_about_us


def test_what_need_not_be_kept_is_forgotten(store: Store) -> None:
    webhook = added(store)
    at = outbox(store, webhook).place
    lost = Undelivered("HK1", 1, 9, 11, "x")
    store.outboxes.keep(webhook.id, Step(at, at, given_up=[lost]))

    store.outboxes.forget(webhook.id, [lost])

    assert store.outboxes.undelivered(webhook.id) == []

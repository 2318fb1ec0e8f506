"""The system administrator sees how systems outside are told; nobody sees their secrets."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from city.networks import PRIVATE, networks_of
from city.roles import Role
from city.webhooks import Undelivered, Waiting, Webhook
from store.outboxes import Standing, Step
from store.store import Store
from store.webhooks import Wish
from tests.desk import actor
from tests.seats import log_in

pytestmark = pytest.mark.store


@pytest.fixture
def webhook(store: Store) -> Webhook:
    wish = Wish("water", "http://10.0.0.1/in", ("closed",), ("460106",), "sw")
    made = store.webhooks.add(wish, networks_of(PRIVATE), actor(Role.SYSADMIN))
    outbox = store.outboxes.of(made.id)
    assert outbox
    at = outbox.place
    lost = [Undelivered("HK1", number, 1_788_742_800_000 + number, 11, "HTTP 400")
            for number in (1, 2)]  # fmt: skip
    step = Step(at, at, [(None, Waiting("HK2", (1, 2, 3), 0))], lost, Standing(7, 5_000))
    assert store.outboxes.keep(made.id, replace(step))
    return made


def test_the_administrator_sees_scope_and_standing_without_the_secret(
    client: TestClient, webhook: Webhook
) -> None:
    log_in(client, Role.SYSADMIN)

    answer = client.get("/api/v1/webhooks")

    (item,) = answer.json()["items"]
    assert {name: item[name] for name in ("name", "events", "areas", "department")} == {
        "name": "water", "events": ["closed"], "areas": ["460106"], "department": "sw"
    }  # fmt: skip
    assert (item["sent"], item["waiting"], item["dead"]) == (7, 3, 2)
    assert webhook.secret not in answer.text


def test_what_was_given_up_is_listed_the_newest_first(client: TestClient, webhook: Webhook) -> None:
    log_in(client, Role.SYSADMIN)

    answer = client.get(f"/api/v1/webhooks/{webhook.name}/dead", params={"limit": 1})

    assert [one["id"] for one in answer.json()["items"]] == ["HK1/2"]
    assert answer.json()["items"][0]["trouble"] == "HTTP 400"
    assert client.get("/api/v1/webhooks/nix/dead").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSADMIN])
def test_no_other_post_sees_them(client: TestClient, webhook: Webhook, role: Role) -> None:
    log_in(client, role, department="sw")

    for path in ("/api/v1/webhooks", f"/api/v1/webhooks/{webhook.name}/dead"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "10.0.0.1" not in answer.text


def test_a_monitor_sees_how_much_waits_and_how_much_is_dead(
    client: TestClient, webhook: Webhook
) -> None:
    lines = client.get("/metrics").text.splitlines()

    for name, count in (("sent", 7), ("waiting", 3), ("dead", 2)):
        assert f'citybrain_webhook_{name}{{webhook="{webhook.name}"}} {count}.0' in lines

"""Webhooks as an administrator types them."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from city.audit import Record
from city.webhooks import Undelivered, key_of
from store import keys
from store.outboxes import Step
from store.store import Store

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.flow


def manage(redis_url: str, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "webhook", *words],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
        env={**os.environ, "CITY_REDIS_URL": redis_url},
    )  # fmt: skip


def test_a_webhook_is_made_listed_seen_to_and_removed(store: Store, redis_url: str) -> None:
    added = manage(redis_url, "add", "water", "http://127.0.0.1:9/in", "--event", "closed",
                   "--department", "sw")  # fmt: skip
    assert added.returncode == 0, added.stderr
    assert len(key_of(added.stdout.strip())) == 32
    webhook = store.webhooks.named("water")
    outbox = store.outboxes.of(webhook.id)
    assert outbox
    lost = Undelivered("HK1", 4, 1_788_742_800_000, 11, "HTTP 400")
    store.outboxes.keep(webhook.id, Step(outbox.place, outbox.place, given_up=[lost]))

    listed = manage(redis_url, "list").stdout
    dead = manage(redis_url, "dead").stdout
    resent = manage(redis_url, "resend", "water").stdout
    removed = manage(redis_url, "remove", "water")

    assert "water" in listed
    assert "dead 1" in listed
    assert "closed sw" in listed
    assert added.stdout.strip() not in listed
    assert dead.strip() == "2026-09-07T01:00:00Z water HK1/4 tries 11: HTTP 400"
    assert resent.startswith("1 messages")
    assert removed.returncode == 0
    assert store.webhooks.all() == []
    actions = [msgspec.json.decode(fields[b"r"], type=Record).draft
               for _, fields in store.redis.xrange(keys.AUDIT)]  # fmt: skip
    assert [one.action for one in actions] == ["webhook.add", "webhook.resend", "webhook.remove"]
    assert {one.role for one in actions} == {"sysadmin"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "water", "http://8.8.8.8/"], "CITY_WEBHOOK_NETWORKS"),
        (["add", "water", "http://10.0.0.1/", "--event", "ended"], "no event ended"),
        (["add", "water", "http://10.0.0.1/", "--department", "swx"], "no department swx"),
        (["add", "water", "http://10.0.0.1/", "--area", "999999"], "no area 999999"),
        (["remove", "fire"], "There is no webhook fire"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_code_2(
    redis_url: str, words: list[str], said: str
) -> None:
    done = manage(redis_url, *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1

"""Webhooks: who outside is told of cases. Made and removed by the system administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from city.networks import Network, is_address, refused
from city.refusal import Conflict, Malformed, NotFound, say
from city.roles import Actor
from city.webhooks import KEY_BYTES, Webhook, checked_events, checked_name, new_secret
from store import keys, secrets
from store.books import Page
from store.changes import Changes
from store.client import Client
from store.ledger import Ledger, encode
from store.outboxes import WEBHOOK, OutboxStore, put_back
from store.reach import reaching

WHAT = ("订阅", "webhook")
LONGEST_URL = 500

say({"bad_webhook_url": ("地址不可用:{why}", "This address cannot be used: {why}")})

_webhook = msgspec.json.Decoder(Webhook).decode


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be told of, and where."""

    name: str
    url: str
    events: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    department: str = ""


class WebhookStore:
    """The room of webhooks; `outboxes` is the room of what they have to be told."""

    def __init__(self, client: Client, ledger: Ledger, outboxes: OutboxStore) -> None:
        self._redis = client
        self._ledger = ledger
        self._outboxes = outboxes

    def add(self, wish: Wish, networks: Sequence[Network], actor: Actor) -> Webhook:
        """It is told of all that happens from now on; its secret is for the receiver."""
        webhook = Webhook(
            secrets.new_name(), checked_name(wish.name), checked_url(wish.url, networks),
            new_secret(secrets.new_key(KEY_BYTES)), actor.seat.account, actor.at_ms,
            checked_events(wish.events), wish.areas, wish.department,
        )  # fmt: skip
        if any(one.name == wish.name for one in self.all()):
            raise Conflict("webhook_taken", name=wish.name)
        changes = Changes(self._redis)
        changes.skip()

        def act(page: Page) -> None:
            page.put(keys.WEBHOOKS, webhook.id, encode(webhook))
            page.put(keys.WEBHOOK_PLACES, webhook.id, str(changes.place).encode())
            page.changed(WEBHOOK, webhook.id)
            page.detail["after"] = told(webhook)

        self._ledger.write(act, actor.draft("webhook.add", f"{WEBHOOK}/{wish.name}"))
        return webhook

    def remove(self, name: str, actor: Actor) -> None:
        """It is told of nothing more, and what waited for it is dropped."""
        webhook = self.named(name)
        with reaching():
            held = {key: list(self._redis.hgetall(key))
                    for key in (keys.outbox(webhook.id), keys.undelivered(webhook.id))}  # fmt: skip

        def act(page: Page) -> None:
            for key in (keys.WEBHOOKS, keys.WEBHOOK_PLACES, keys.WEBHOOK_STANDINGS):
                page.drop(key, webhook.id)
            for key, names in held.items():
                for one in names:
                    page.drop(key, one.decode())
            page.changed(WEBHOOK, webhook.id)
            page.detail["before"] = told(webhook)

        self._ledger.write(act, actor.draft("webhook.remove", f"{WEBHOOK}/{name}"))

    def all(self) -> list[Webhook]:
        """By their names."""
        with reaching():
            found = self._redis.hgetall(keys.WEBHOOKS)
        return sorted(map(_webhook, found.values()), key=lambda one: one.name)

    def named(self, name: str) -> Webhook:
        """The one of that name, or NotFound."""
        for one in self.all():
            if one.name == name:
                return one
        raise NotFound("not_found", name=name, what=WHAT)

    def resend(self, name: str, actor: Actor) -> int:
        """Puts what was given up back; how many messages that is."""
        webhook = self.named(name)
        lost = self._outboxes.undelivered(webhook.id)

        def act(page: Page) -> None:
            for one in lost:
                put_back(page, webhook.id, one, actor.at_ms)
            page.changed(WEBHOOK, webhook.id)
            page.detail["messages"] = len(lost)

        self._ledger.write(act, actor.draft("webhook.resend", f"{WEBHOOK}/{name}"))
        return len(lost)


def told(webhook: Webhook) -> dict[str, object]:
    """What the trail keeps of it: never the secret."""
    return {"url": webhook.url, "events": list(webhook.events), "areas": list(webhook.areas),
            "department": webhook.department}  # fmt: skip


def checked_url(url: str, networks: Sequence[Network]) -> str:
    """An address that may be called, as far as its text tells; or Malformed."""
    if why := fault_of(url, networks):
        raise Malformed("bad_webhook_url", why=why)
    return url


def fault_of(url: str, networks: Sequence[Network]) -> tuple[str, str] | None:
    """Why an address cannot be called, in both languages."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return "只能用可见的 ASCII 字符", "it must be plain ASCII"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "不是网址", "it is no URL"
    if parts.scheme not in ("http", "https") or not host or port == 0:
        return "须为 http:// 或 https:// 网址", "it must be an http:// or https:// URL"
    if "@" in parts.netloc or parts.fragment or len(url) > LONGEST_URL:
        return "不能含账号和片段,最长 500 字符", "no account, no fragment, 500 characters at most"
    return refused(host, parts.scheme == "https", networks) if is_address(host) else None

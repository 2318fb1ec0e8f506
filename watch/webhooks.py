"""The post office: one courier for each webhook, while this process is the active one."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from city.networks import Network
from city.webhooks import Webhook
from store.store import Store, StoreUnreachable
from watch.courier import Courier, Displaced, Post
from watch.posting import post

log = logging.getLogger("watch.webhooks")

LOOK_EVERY_S, BREATH_S, TROUBLE_S = 1.0, 0.2, 1.0
END_WITHIN_S = 4.0  # what is under way then comes again


def now_ms() -> int:
    """The clock of the couriers."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class Round:
    """The work of one courier, in a thread of its own: a slow receiver holds up nobody else."""

    store: Store
    webhook: Webhook
    source: str
    post: Post
    stopping: threading.Event = field(default_factory=threading.Event)
    courier: Courier | None = None
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Delivers from now on."""
        name = f"webhook-{self.webhook.name}"
        self.thread = threading.Thread(target=self.run, name=name, daemon=True)
        self.thread.start()

    def run(self) -> None:
        """Turn after turn."""
        pause_s = 0.0
        while not self.stopping.wait(pause_s):
            pause_s = self.turn()

    def turn(self) -> float:
        """One round; how long to wait for the next."""
        try:
            if self.courier is None:
                self.courier = Courier(self.store.outboxes, self.webhook, self.source, self.post,
                                       now_ms, self.stopping.is_set)  # fmt: skip
            return 0.0 if self.courier.round() else BREATH_S
        except (StoreUnreachable, Displaced) as trouble:
            if self.courier:  # once, however long it lasts
                log.info("webhook starts anew name=%s %s", self.webhook.name, trouble)
            self.courier = None
            return TROUBLE_S


@dataclass(slots=True)
class PostOffice:
    """A thread that sees to it that every webhook has its courier."""

    store: Store
    source: str
    networks: tuple[Network, ...]
    is_active: Callable[[], bool]
    rounds: dict[str, Round] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Looks after the couriers from now on."""
        self.thread = threading.Thread(target=self.run, name="post-office", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Ends after what is under way."""
        self.stopping.set()
        if self.thread:
            self.thread.join(END_WITHIN_S)

    def run(self) -> None:
        """Turn after turn; at the end nobody is on the way any more."""
        while not self.stopping.wait(LOOK_EVERY_S):
            self.turn()
        ending = [one.thread for one in self._dismiss(set()) if one.thread]
        until = time.monotonic() + END_WITHIN_S
        for thread in ending:
            thread.join(max(until - time.monotonic(), 0))

    def turn(self) -> None:
        """Sends couriers for webhooks that have none, calls those back that nobody needs."""
        try:
            webhooks = self.store.webhooks.all() if self.is_active() else []
        except StoreUnreachable:
            return  # the couriers see it themselves
        self._dismiss({one.id for one in webhooks if self._has_courier(one)})
        for webhook in webhooks:
            if webhook.id not in self.rounds:
                self._send(webhook)

    def _has_courier(self, webhook: Webhook) -> bool:
        """Whether somebody is on the way; one that fell is replaced."""
        mine = self.rounds.get(webhook.id)
        return bool(mine and mine.thread and mine.thread.is_alive())

    def _send(self, webhook: Webhook) -> None:
        mine = Round(self.store, webhook, self.source, partial(post, networks=self.networks))
        self.rounds[webhook.id] = mine
        mine.start()

    def _dismiss(self, but: set[str]) -> list[Round]:
        gone = [self.rounds.pop(name) for name in list(self.rounds) if name not in but]
        for one in gone:
            one.stopping.set()
        return gone

"""Who is connected and may be told something, and what was kept of it from an earlier time."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace

from feeds.codes import Reason
from feeds.delivery import Line, Manners
from feeds.subscribing import SHARED, Wish
from feeds.topics import is_filter
from store.posted import Posted
from store.subscribers import Held, Mark, Standing, Subscriber, SubscriberStore, Subscription

MOST_SUBSCRIPTIONS, MOST_LEVELS = 100, 64  # of one client, of one filter


class Kept(NamedTuple):
    """What the store had of a client that came back."""

    subscriber: Subscriber
    standing: Standing
    held: Sequence[tuple[Held, Posted | None]]


class Began(NamedTuple):
    """How new filters begin: after which place, and with which retained topics."""

    filters: set[str]
    since: Mark
    topics: list[str]

    def stamped(self, subscriber: Subscriber) -> Subscriber:
        """With that place written on those filters."""
        found = tuple(
            one._replace(since=self.since) if one.filter in self.filters else one
            for one in subscriber.subscriptions
        )
        return replace(subscriber, subscriptions=found)


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is connected, as far as its subscriptions are concerned."""

    client_id: str
    account: str
    expiry_s: float  # how long its subscriptions are kept after it left
    manners: Manners
    line: Line
    may_hear: Callable[[str], bool]


def fetch(subscribers: SubscriberStore, guest: Guest, clean: bool, owner: str) -> Kept | None:
    """What was kept of a client that connects; it is the owner's from now on."""
    name = guest.client_id
    found = subscribers.get([name])[name]
    if found is None:
        return None
    is_over = 0 < found.ends_ms <= now_ms()
    if clean or is_over or found.account != guest.account:
        subscribers.forget(name, found.owner)
        return None
    standing = subscribers.standing(name)
    allowed = tuple(one for one in found.subscriptions if guest.may_hear(one.filter))
    mine = Subscriber(guest.account, allowed, owner, guest.expiry_s)
    subscribers.claim(name, mine, standing)
    return Kept(mine, standing, subscribers.find(standing.held))


def judge(guest: Guest, wish: Wish, held: Mapping[str, Subscription]) -> Reason:
    """What a filter is answered: the QoS it is served with, or why it is not."""
    if wish.filter.startswith(SHARED):
        return Reason.SHARED_NOT_SUPPORTED
    if not is_filter(wish.filter) or wish.filter.count("/") >= MOST_LEVELS:
        return Reason.TOPIC_FILTER_INVALID
    if not guest.may_hear(wish.filter):
        return Reason.NOT_AUTHORIZED
    if wish.filter not in held and len(held) >= MOST_SUBSCRIPTIONS:
        return Reason.QUOTA_EXCEEDED
    return Reason.GRANTED_1 if wish.qos else Reason.SUCCESS


def now_ms() -> int:
    """By the clock on the wall, as messages expire."""
    return int(time.time() * 1000)

"""What the field hears: who is subscribed here, what is new for whom, what is to be handed on.

It belongs to the loop of one worker. Whatever touches the store is an errand of the courier; a
subscription is confirmed when the store has it, so it outlives us.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

from msgspec.structs import replace

from feeds.codes import Reason
from feeds.courier import Courier
from feeds.delivery import Delivery, Line
from feeds.guests import Began, Guest, Kept, fetch, judge, now_ms
from feeds.listeners import Listeners
from feeds.mqtt import Publishes
from feeds.subscribing import Request, Wish
from feeds.subscriptions import Tree
from feeds.topics import matches
from store import keys
from store.posted import Posted
from store.store import Store
from store.subscribers import Standing, Stretch, Subscriber, Subscription

log = logging.getLogger("exchange")

PAGE = 200  # retained messages at once
TURN_EVERY_S, SWEEP_EVERY_S = 0.2, 10.0

Answer = Callable[[Sequence[Reason]], None]


class Exchange:
    """Of one worker; several know of one another through the store.

    `owner` is `host/number/run`: what an earlier run of this worker left is cleared up.
    """

    def __init__(self, store: Store, courier: Courier, shard: int, owner: str) -> None:
        self._subscribers, self._retained = store.subscribers, store.retained
        self._relaying = store.relaying(shard)
        self._courier, self._owner = courier, owner
        self._here = Tree()
        self._deliveries: dict[str, Delivery] = {}
        self._turned_at = self._swept_at = 0.0
        self._moves = False
        self.mark = self._subscribers.end()
        known = self._subscribers.all()
        self._listeners = Listeners({name: self._after_fall(one) for name, one in known.items()})
        courier.start(self.mark, self.take)
        for number in range(keys.SHARDS):
            courier.ask(store.relaying(number).move)

    def _after_fall(self, one: Subscriber) -> Subscriber:
        """Whom an earlier run of this worker served is away since now."""
        left = one.owner.rsplit("/", 1)[0] == self._owner.rsplit("/", 1)[0] and not one.ends_ms
        return replace(one, ends_ms=now_ms() + int(one.expiry_s * 1000)) if left else one

    def knows(self, client_id: str) -> bool:
        """Whether a client that starts anew has subscriptions that must be forgotten."""
        return client_id in self._listeners

    def fetch(self, guest: Guest, clean: bool, then: Callable[[Kept | None], None]) -> None:
        """What the store kept of a client that connects; it is ours from now on."""
        self._courier.ask(partial(fetch, self._subscribers, guest, clean, self._owner), then)

    def enter(self, guest: Guest, kept: Kept | None) -> None:
        """It is connected, with what was kept; `push` when it has been told so."""
        self._listeners.put(guest.client_id, kept.subscriber if kept else None)
        if kept is None:
            return
        delivery = self._open(guest, kept.subscriber)
        delivery.mark, delivery.is_live = kept.standing.mark, False
        delivery.resume(kept.held, partial(self._wanting, guest.client_id))

    def _open(self, guest: Guest, subscriber: Subscriber) -> Delivery:
        delivery = Delivery(guest.client_id, subscriber, guest.manners, guest.line, self.mark)
        delivery.is_live = True
        self._deliveries[guest.client_id] = delivery
        self._here.put(guest.client_id, subscriber.subscriptions)
        return delivery

    def _wanting(self, client_id: str, posted: Posted) -> list[Subscription]:
        return self._here.find(posted.topic).get(client_id, [])

    def subscribe(self, guest: Guest, request: Request, answer: Answer) -> None:
        """Judges each filter; the answer comes when the store has those that were granted."""
        delivery = self._deliveries.get(guest.client_id)
        held = {one.filter: one for one in delivery.subscriber.subscriptions} if delivery else {}
        before, codes, reminded = set(held), [], []
        for wish in request.wishes:
            codes.append(judge(guest, wish, held))
            if codes[-1] <= Reason.GRANTED_1:
                reminded += [wish.filter] if wish.reminds(wish.filter in held) else []
                held[wish.filter] = self._granted(wish, request, held.get(wish.filter))
        if delivery is None:
            delivery = self._open(guest, Subscriber(guest.account, (), self._owner, guest.expiry_s))
        delivery.subscriber = replace(delivery.subscriber, subscriptions=tuple(held.values()))
        keep = partial(self._keep, delivery.client_id, delivery.subscriber,
                       delivery.standing(self.mark), set(held) - before, reminded)  # fmt: skip
        self._courier.ask(keep, partial(self._subscribed, delivery, partial(answer, codes)))

    def _granted(self, wish: Wish, request: Request, old: Subscription | None) -> Subscription:
        return Subscription(wish.filter, min(wish.qos, 1), old.since if old else self.mark,
                            wish.no_local, wish.as_published, request.subscription_id)  # fmt: skip

    def _keep(
        self, client_id: str, subscriber: Subscriber, standing: Standing, fresh: set[str],
        reminded: Sequence[str],
    ) -> Began:  # fmt: skip
        """New filters hear what comes from now on; what was said before us is moved out first."""
        self._relaying.move()
        began = Began(fresh, self._subscribers.end(), self._topics(reminded))
        self._subscribers.keep(client_id, began.stamped(subscriber), standing)
        return began

    def _topics(self, filters: Sequence[str]) -> list[str]:
        """The retained topics that some filters hear."""
        found = {
            topic: None
            for wanted in filters
            for topic in self._retained.topics(wanted)
            if matches(wanted, topic)
        }
        return list(found)

    def _subscribed(self, delivery: Delivery, answer: Callable[[], None], began: Began) -> None:
        if not self._is_here(delivery):
            return
        delivery.subscriber = began.stamped(delivery.subscriber)
        self._hear(delivery)
        answer()
        delivery.retained.extend(began.topics)
        self.push(delivery.client_id)

    def _hear(self, delivery: Delivery) -> None:
        self._here.put(delivery.client_id, delivery.subscriber.subscriptions)
        self._listeners.put(delivery.client_id, delivery.subscriber)

    def _is_here(self, delivery: Delivery) -> bool:
        return self._deliveries.get(delivery.client_id) is delivery

    def unsubscribe(self, client_id: str, request: Request, answer: Answer) -> None:
        """Nothing more of these filters; the answer comes when the store knows."""
        delivery = self._deliveries.get(client_id)
        held = {one.filter: one for one in delivery.subscriber.subscriptions} if delivery else {}
        codes = [
            Reason.SUCCESS if held.pop(wish.filter, None) else Reason.NO_SUBSCRIPTION_EXISTED
            for wish in request.wishes
        ]
        if delivery is None:
            answer(codes)
            return
        delivery.subscriber = replace(delivery.subscriber, subscriptions=tuple(held.values()))
        words = client_id, delivery.subscriber, delivery.standing(self.mark)
        self._courier.ask(partial(self._subscribers.keep, *words), lambda _: answer(codes))
        self._hear(delivery)

    def acknowledged(self, client_id: str, number: int) -> None:
        """A client has what it was told under this number."""
        if delivery := self._deliveries.get(client_id):
            delivery.acknowledged(number)
            self.push(client_id)

    def push(self, client_id: str) -> None:
        """Tells a client what it can take now, and reads on for it."""
        delivery = self._deliveries.get(client_id)
        if delivery is None:
            return
        delivery.push(now_ms())
        if delivery.wants_more:
            self._read_on(delivery)

    def _read_on(self, delivery: Delivery) -> None:
        delivery.is_reading = True
        if delivery.retained:
            topics = list(islice(delivery.retained, PAGE))
            then = partial(self._remind, delivery, len(topics))
            self._courier.ask(partial(self._retained.of, topics), then)
        else:
            page = partial(self._subscribers.page, delivery.mark)
            self._courier.ask(page, partial(self._catch_up, delivery))

    def _remind(self, delivery: Delivery, count: int, kept: list[Posted]) -> None:
        for _ in range(count):
            delivery.retained.popleft()
        delivery.remind(kept, partial(self._wanting, delivery.client_id))
        if self._is_here(delivery):
            self.push(delivery.client_id)

    def _catch_up(self, delivery: Delivery, stretch: Stretch) -> None:
        delivery.catch_up(stretch, partial(self._wanting, delivery.client_id), self.mark)
        if self._is_here(delivery):
            self.push(delivery.client_id)

    def take(self, stretch: Stretch) -> None:
        """What came in the streams, for whom it is here."""
        for client_id, subscriber in stretch.changed.items():
            self._learn(client_id, subscriber)
        touched = set()
        for posted in stretch.posted:
            for client_id, wanted in self._here.find(posted.topic).items():
                self._deliveries[client_id].offer(posted, wanted, self.mark)
                touched.add(client_id)
            self.mark = self.mark.past(posted)
        self.mark = stretch.mark
        for client_id in touched:
            self.push(client_id)

    def _learn(self, client_id: str, subscriber: Subscriber | None) -> None:
        """Another worker serves it, or nobody; what we say ourselves we know already."""
        delivery = self._deliveries.get(client_id)
        if subscriber is not None and subscriber.owner != self._owner:
            self._listeners.put(client_id, subscriber)
            if delivery is not None:
                delivery.line.move_on()
        elif subscriber is None and delivery is None:
            self._listeners.put(client_id, None)

    def leave(self, client_id: str, line: Line, expiry_s: float) -> None:
        """A connection ended; its subscriptions are kept for so long."""
        delivery = self._deliveries.get(client_id)
        if delivery is None or delivery.line is not line:
            return
        del self._deliveries[client_id]
        self._here.put(client_id, ())
        if expiry_s <= 0:
            self._listeners.put(client_id, None)
            self._courier.ask(partial(self._subscribers.forget, client_id, self._owner))
            return
        ends_ms = now_ms() + int(expiry_s * 1000)
        away = replace(delivery.subscriber, expiry_s=expiry_s, ends_ms=ends_ms)
        self._listeners.put(client_id, away)
        words = client_id, away, delivery.standing(self.mark)
        self._courier.ask(partial(self._subscribers.keep, *words))

    def picked(self, run: Publishes, publisher: str) -> Sequence[Posted]:
        """What of a run is to be handed on."""
        return self._listeners.picked(run, publisher, now_ms())

    def acknowledge(self, _receipts: None) -> None:
        """What is to be handed on is in the store."""
        if not self._moves:
            self._moves = True
            self._courier.ask(self._move)

    def _move(self) -> None:
        self._moves = False
        self._relaying.move()

    def turn(self, now: float) -> None:
        """Notes how far those are who are kept, and forgets those who stayed away."""
        if now - self._turned_at >= TURN_EVERY_S:
            self._turned_at = now
            self._note()
        if now - self._swept_at >= SWEEP_EVERY_S:
            self._swept_at = now
            for client_id, one in self._listeners.over(now_ms()):
                self._courier.ask(partial(self._subscribers.forget, client_id, one.owner))

    def _note(self) -> None:
        standings = {}
        for client_id, delivery in self._deliveries.items():
            if delivery.is_dirty and delivery.is_kept:
                delivery.is_dirty = False
                standings[client_id] = delivery.standing(self.mark)
        if standings:
            self._courier.ask(partial(self._subscribers.stand, self._owner, standings))

    def close(self) -> None:
        """When all have left: sees through what is still to be written."""
        self._courier.finish()

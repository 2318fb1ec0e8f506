"""Everybody who listens, at whichever worker: so that each knows what has to be handed on."""

from collections.abc import Iterable, Mapping, Sequence

from feeds.mqtt import Publishes
from feeds.subscriptions import Tree
from feeds.topics import is_topic
from store.posted import NEVER, Posted
from store.subscribers import Subscriber
from store.tail import START

MOST_REMEMBERED = 100_000  # topics that nobody wants to hear


class Listeners:
    """What the store knows of subscriptions, in this worker's memory."""

    def __init__(self, known: Mapping[str, Subscriber]) -> None:
        self._known: dict[str, Subscriber] = {}
        self._wanted = Tree()
        self._unwanted: set[bytes] = set()
        for client_id, subscriber in known.items():
            self.put(client_id, subscriber)

    def __contains__(self, client_id: str) -> bool:
        return client_id in self._known

    def put(self, client_id: str, subscriber: Subscriber | None) -> None:
        """How one stands now; None: it has been forgotten."""
        if subscriber is None:
            self._known.pop(client_id, None)
        else:
            self._known[client_id] = subscriber
        self._wanted.put(client_id, subscriber.subscriptions if subscriber else ())
        self._unwanted.clear()

    def over(self, now_ms: int) -> Iterable[tuple[str, Subscriber]]:
        """Those who have been away for as long as they are kept."""
        return [
            (client_id, one) for client_id, one in self._known.items() if 0 < one.ends_ms <= now_ms
        ]

    def picked(self, run: Publishes, publisher: str, now_ms: int) -> Sequence[Posted]:
        """What of a run somebody wants to hear, or is to be retained.

        Topics that nobody wants are remembered: this is asked for every message of the city.
        """
        if not run.retain and (not self._wanted or self._unwanted.issuperset(run.topics)):
            return ()
        qos = 2 if run.exactly_once else int(bool(run.ids))
        after_s = run.expires_after_s
        expires_ms = NEVER if after_s is None else now_ms + after_s * 1000
        return [
            Posted(START, topic.decode(), payload, qos, run.retain, expires_ms, run.properties,
                   publisher)
            for topic, payload in zip(run.topics, run.payloads, strict=True)
            if self._is_wanted(topic, run.retain)
        ]  # fmt: skip

    def _is_wanted(self, topic: bytes, retain: bool) -> bool:
        if topic in self._unwanted and not retain:
            return False
        if is_topic(topic) and (retain or self._wanted.hears(topic.decode())):
            return True
        if len(self._unwanted) < MOST_REMEMBERED:
            self._unwanted.add(topic)
        return False

"""GET /metrics: the river in the words of Prometheus."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from api.context import Context
from api.seating import address_of
from city.health import DELAY_EDGES_MS
from city.mode import Mode
from city.order_table import OPEN
from city.roles import SYSTEM, Right
from store.alarm_table import STATES, AlarmQuery
from store.health import FeedCounts
from store.store import Store

Feeds = Mapping[str, FeedCounts]
LOOPBACK = {"127.0.0.1", "::1"}
EDGES = (*(str(edge / 1000) for edge in DELAY_EDGES_MS), "+Inf")


def build(context: Context) -> APIRouter:
    router = APIRouter(tags=["health"])
    registry = CollectorRegistry()
    registry.register(River(context))

    @router.get("/metrics", response_class=Response)
    def metrics(request: Request) -> Response:
        """Messages per feed, delays, browsers; for this machine, and seats that see the feeds."""
        if not is_direct(request):
            context.seating.actor_of(request).seat.require(Right.VIEW_FEEDS)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


def is_direct(request: Request) -> bool:
    """Whether this machine itself asks, and no proxy on it passes a question on."""
    is_passed_on = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return address_of(request) in LOOPBACK and not is_passed_on


class River(Collector):
    """Counts since the store was made, from the counters that ingest writes."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: registering must not ask the store."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Everything, as it is now."""
        feeds = self._context.store.health.read()
        yield received(feeds)
        for name, about in COUNTED.items():
            yield counted(feeds, name, about)
        yield rejected(feeds)
        yield heard(feeds)
        yield delays(feeds)
        yield from judged(self._context.store)
        yield sent(self._context.store)
        yield from told(self._context.store)
        yield mode(self._context.store)
        yield GaugeMetricFamily(
            "citybrain_browsers", "Browsers connected to this process", self._context.browsers()
        )


COUNTED = {
    "accepted": "Messages that were read and stored",
    "duplicate": "Messages that were known already",
    "late": "Messages observed more than a day before they came",
    "uncertain": "Messages accepted with a doubt",
}


WEBHOOKS = {
    "sent": "Messages that were taken",
    "waiting": "Messages that wait",
    "dead": "Messages that were given up",
}


def judged(store: Store) -> Iterator[Metric]:
    """Alarms that need somebody, and how far the judge is behind: that time is not covered yet."""
    store.alarm_table.refresh()
    now_ms = time.time_ns() // 1_000_000
    rows = store.alarm_table.find(AlarmQuery(states=STATES["open"]), SYSTEM, now_ms)
    family = GaugeMetricFamily("citybrain_alarms_open", "Alarms in the queue", labels=["severity"])
    for severity in (1, 2, 3, 4):
        family.add_metric([str(severity)], sum(row.severity == severity for row in rows))
    yield family
    yield GaugeMetricFamily(
        "citybrain_judge_lag_seconds", "How long the oldest unjudged message has waited",
        store.alarms.lag_s(now_ms),
    )  # fmt: skip


def mode(store: Store) -> Metric:
    """The level of the emergency or the exercise that lasts; 0 in normal mode."""
    about = "Level of what lasts, 1 (red) to 4 (blue); 0 for none"
    family = GaugeMetricFamily("citybrain_mode_level", about, labels=["mode"])
    episode = store.mode.standing().episode
    for one in (Mode.EMERGENCY, Mode.EXERCISE):
        is_on = episode is not None and episode.mode is one
        family.add_metric([str(one)], episode.level if episode and is_on else 0)
    return family


def sent(store: Store) -> Metric:
    """Orders that units have in hand."""
    now_ms = time.time_ns() // 1_000_000
    states = Counter(order.state for order in store.orders.recent(now_ms))
    family = GaugeMetricFamily("citybrain_orders_open", "Orders in hand", labels=["state"])
    for state in sorted(OPEN):
        family.add_metric([str(state)], states[state])
    return family


def told(store: Store) -> Iterator[Metric]:
    """What systems outside were told, still have to be, and were not."""
    sent, waiting, dead = (
        GaugeMetricFamily(f"citybrain_webhook_{name}", about, labels=["webhook"])
        for name, about in WEBHOOKS.items()
    )
    for webhook in store.webhooks.all():
        name = [webhook.name]
        sent.add_metric(name, store.outboxes.standing(webhook.id).sent)
        waiting.add_metric(name, store.outboxes.waiting(webhook.id))
        dead.add_metric(name, len(store.outboxes.undelivered(webhook.id)))
    yield from (sent, waiting, dead)


def received(feeds: Feeds) -> Metric:
    family = CounterMetricFamily(
        "citybrain_messages_received", "Messages that came in", labels=["feed"]
    )
    for feed, counts in feeds.items():
        family.add_metric([feed], counts.accepted + counts.duplicate + counts.rejected_total)
    return family


def counted(feeds: Feeds, name: str, about: str) -> Metric:
    family = CounterMetricFamily(f"citybrain_messages_{name}", about, labels=["feed"])
    for feed, counts in feeds.items():
        family.add_metric([feed], getattr(counts, name))
    return family


def rejected(feeds: Feeds) -> Metric:
    family = CounterMetricFamily(
        "citybrain_messages_rejected", "Messages nobody could read", labels=["feed", "reason"]
    )
    for feed, counts in feeds.items():
        for reason, count in counts.rejected.items():
            family.add_metric([feed, reason], count)
    return family


def heard(feeds: Feeds) -> Metric:
    family = GaugeMetricFamily(
        "citybrain_feed_heard_timestamp_seconds", "When a feed was last heard", labels=["feed"]
    )
    for feed, counts in feeds.items():
        family.add_metric([feed], counts.heard_ms / 1000)
    return family


def delays(feeds: Feeds) -> Metric:
    """Cumulative, as Prometheus wants its buckets; their sum is not kept."""
    family = HistogramMetricFamily(
        "citybrain_message_delay_seconds", "Received minus observed", labels=["feed"]
    )
    for feed, counts in feeds.items():
        below, buckets = 0, []
        for edge, count in zip(EDGES, counts.delays, strict=True):
            below += count
            buckets.append((edge, float(below)))
        family.add_metric([feed], buckets, None)
    return family

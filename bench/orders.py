"""Orders: from the click to a subscribed device in the field, and what is left after kill -9."""

import time
from collections.abc import Iterator
from itertools import cycle
from statistics import quantiles

from bench.order_ground import Device, Sender, ground, opened, token_of, units, wait_until
from bench.order_loss import killed
from bench.rows import Row
from store.store import open_store

ORDERS, WARM, PAUSE_S, GOAL_S = 500, 20, 0.01, 0.300
LOST, KILLS = 600, 4
VICTIMS = {
    "web": "the web", "ingest": "the intake", "redis": "the store",
    "broker": "a customer's broker", "outbound": "what tells it",
}  # fmt: skip


def measure() -> Iterator[Row]:
    """The time to the field, then the kills."""
    took = sorted(to_the_field(ORDERS + WARM)[WARM:])
    p99 = quantiles(took, n=100)[98]
    yield Row(
        "an order, from the request to a subscribed MQTT client, case and order on disk first",
        f"p99 ≤ {GOAL_S * 1000:.0f} ms",
        f"p50 {took[len(took) // 2] * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms",
        p99 <= GOAL_S,
        "over HTTP, one seat, fsync on every write",
    )
    for victim, name in VICTIMS.items():
        loss = killed(victim, KILLS, LOST)
        yield Row(f"{KILLS} × kill -9 of {name} while eight seats send orders",
                  "0 lost, 0 doubled", str(loss), loss.is_none)  # fmt: skip


def to_the_field(count: int) -> list[float]:
    """Seconds that each order took."""
    with ground() as here:
        store = open_store(here.redis.url)
        vehicles, cases = units(store, here.port), opened(store, count)
        device = Device(here.port)
        device.start()
        sender, sent = Sender(here.web.port, token_of(store)), dict[str, float]()
        for case_id, unit in zip(cases, cycle(vehicles), strict=False):
            at = time.perf_counter()
            sent[sender.send(case_id, unit)] = at
            time.sleep(PAUSE_S)
        wait_until(lambda: all((one, 1) in device.heard for one in sent), "orders are missing")
        device.stop()
        return [device.heard[order, 1] - at for order, at in sent.items()]

"""What listening costs: ingest while somebody is subscribed, and one client heard by another."""

import time
from collections.abc import Iterator
from statistics import quantiles

from bench.order_ground import Device
from bench.river import await_count, load, river
from bench.rows import Row

MESSAGES, PUBLISHERS, CPU_GOAL_US = 200_000, 50, 8.0
POSTED, PAUSE_S, GOAL_MS = 500, 0.01, 100.0
TOPIC = "cb/v1/460106/sw/order/C-{}/cmd"


def measure() -> Iterator[Row]:
    """Beside the figure of `ingest`, which has no subscriber."""
    cpu_us, lost = flood_beside_a_listener()
    yield Row(
        "CPU of the intake per message while somebody is subscribed to every order",
        f"≤ {CPU_GOAL_US:g} µs/msg", f"{cpu_us:.1f} µs/msg", cpu_us <= CPU_GOAL_US and not lost,
        f"{MESSAGES:,} messages of {PUBLISHERS} publishers, none of them heard; {lost} lost",
    )  # fmt: skip
    took_ms = sorted(posted_to_heard())
    p99 = quantiles(took_ms, n=100)[98]
    yield Row(
        "a message to the field, from its transaction to a subscribed client",
        f"p99 ≤ {GOAL_MS:g} ms", f"p50 {took_ms[len(took_ms) // 2]:.1f} ms, p99 {p99:.1f} ms",
        p99 <= GOAL_MS, "fsync on every write",
    )  # fmt: skip


def flood_beside_a_listener() -> tuple[float, int]:
    """Processor microseconds per message, and messages that the store does not have."""
    with river() as city:
        device = Device(city.port)
        device.start()
        before = city.ingest.cpu_s()
        load("flood", str(city.port), "--publishers", str(PUBLISHERS),
             "--messages", str(MESSAGES))  # fmt: skip
        used = city.ingest.cpu_s() - before
        found, _at = await_count(city.store, MESSAGES)
        device.stop()
    return used / MESSAGES * 1e6, MESSAGES - found.accepted


def posted_to_heard() -> list[float]:
    """Milliseconds of each message, posted one after the other."""
    with river() as city:
        device, sent = Device(city.port), dict[str, float]()
        device.start()
        for number in range(POSTED):
            sent[f"C-{number}"] = time.perf_counter()
            payload = b'{"order_id":"C-%d","version":1}' % number
            city.store.ledger.write(lambda page, n=number, said=payload: city.store.field.post_in(
                page, TOPIC.format(n), said))  # type: ignore[misc]  # fmt: skip
            time.sleep(PAUSE_S)
        deadline = time.monotonic() + 10
        while len(device.heard) < POSTED and time.monotonic() < deadline:
            time.sleep(PAUSE_S)
        device.stop()
    return [(device.heard[order, 1] - at) * 1000 for order, at in sent.items()]

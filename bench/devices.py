"""A thousand connected devices, sixty messages a second each, QoS 1, evenly spread."""

from collections.abc import Iterator

from bench.river import await_count, load, river
from bench.rows import Row

DEVICES, RATE, SECONDS = 1_000, 60, 20
P99_GOAL_MS = 50


def measure() -> Iterator[Row]:
    """Kept up, nothing lost, and how long until the store has a message on disk."""
    with river() as city:
        before = city.ingest.cpu_s()
        figures = load("pace", str(city.port), "--publishers", str(DEVICES), "--rate", str(RATE),
                       "--seconds", str(SECONDS))  # fmt: skip
        used = city.ingest.cpu_s() - before
        found, _at = await_count(city.store, DEVICES * RATE * SECONDS)
    lost = DEVICES * RATE * SECONDS - found.accepted
    kept_up = figures["rate"] >= 0.98 * DEVICES * RATE
    what = f"{DEVICES:,} connected devices, {RATE} msg/s each, QoS 1"
    yield Row(
        what, "kept up, 0 lost", f"{figures['rate']:,.0f} msg/s, {lost} lost",
        kept_up and not lost, f"{used / max(1, found.accepted) * 1e6:.1f} µs of the worker each",
    )  # fmt: skip
    yield Row(
        "the same, publish to on disk", f"p99 ≤ {P99_GOAL_MS} ms",
        f"p50 {figures['p50_ms']:.0f}, p99 {figures['p99_ms']:.0f} ms",
        figures["p99_ms"] <= P99_GOAL_MS,
        "measured by the publisher: acknowledgement − send",
    )  # fmt: skip

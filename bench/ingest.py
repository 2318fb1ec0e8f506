"""Publisher → our intake → decode, locate, deduplicate → log on disk → acknowledgement."""

from collections.abc import Iterator

from bench.river import await_count, load, river
from bench.rows import Row

MESSAGES, PUBLISHERS, RUNS = 500_000, 50, 3
RATE_GOAL, CPU_GOAL_US = 100_000, 8.0


def measure() -> Iterator[Row]:
    """The rate that is acknowledged, and what a message costs the worker; medians."""
    runs = sorted(flood() for _ in range(RUNS))
    rate, cpu_us, lost = runs[RUNS // 2]
    what = f"ingest through our intake, QoS 1, 200 bytes, {PUBLISHERS} publishers, one worker"
    yield Row(
        what, f"≥ {RATE_GOAL:,} msg/s", f"{rate:,.0f} msg/s", rate >= RATE_GOAL and not lost,
        f"{MESSAGES:,} messages, {lost} lost, AOF always",
    )  # fmt: skip
    yield Row(
        "the same, CPU of the worker", f"≤ {CPU_GOAL_US:g} µs/msg", f"{cpu_us:.1f} µs/msg",
        cpu_us <= CPU_GOAL_US,
    )  # fmt: skip


def flood() -> tuple[float, float, int]:
    """Rate, processor microseconds per message, and messages that the store does not have."""
    with river() as city:
        before = city.ingest.cpu_s()
        figures = load("flood", str(city.port), "--publishers", str(PUBLISHERS),
                       "--messages", str(MESSAGES))  # fmt: skip
        used = city.ingest.cpu_s() - before
        found, _at = await_count(city.store, MESSAGES)
    return figures["rate"], used / MESSAGES * 1e6, MESSAGES - found.accepted

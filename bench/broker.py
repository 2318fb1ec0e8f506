"""Publisher → a real Mosquitto → our subscriber → log on disk; QoS 1 and QoS 0."""

from collections.abc import Iterator

from bench.river import await_count, load, river
from bench.rows import Row

MESSAGES, PUBLISHERS = 300_000, 50
GOALS = {"flood": (1, 35_000, 12.0), "pour": (0, 80_000, 12.0)}


def measure() -> Iterator[Row]:
    """Rates are from the first message sent to the last one in the store."""
    for kind, (qos, rate_goal, cpu_goal_us) in GOALS.items():
        rate, cpu_us, lost = through_broker(kind)
        yield Row(
            f"ingest through Mosquitto, QoS {qos}", f"≥ {rate_goal:,} msg/s",
            f"{rate:,.0f} msg/s", rate >= rate_goal and not (qos and lost),
            f"{MESSAGES:,} messages, {lost} not in the store",
        )  # fmt: skip
        yield Row(
            "the same, CPU of the worker", f"≤ {cpu_goal_us:g} µs/msg", f"{cpu_us:.1f} µs/msg",
            cpu_us <= cpu_goal_us,
        )  # fmt: skip


def through_broker(kind: str) -> tuple[float, float, int]:
    """Rate, processor microseconds per message, and messages that the store does not have."""
    with river(behind_broker=True) as city:
        before = city.ingest.cpu_s()
        figures = load(kind, str(city.port), "--publishers", str(PUBLISHERS),
                       "--messages", str(MESSAGES))  # fmt: skip
        found, moved_at = await_count(city.store, MESSAGES)
        used = city.ingest.cpu_s() - before
    took = moved_at - figures["began"]  # one clock for all processes of a machine
    return found.accepted / took, used / max(1, found.accepted) * 1e6, MESSAGES - found.accepted

"""kill -9 under 2,000 msg/s: is every acknowledged message in the history, exactly once?"""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bench.river import River, await_count, river
from bench.rows import Row
from bench.steady import Deed, Steady, run
from store import keys
from store.store import Store, StoreUnreachable

KILLS, EVERY_S, RATE, PUBLISHERS = 10, 2.0, 2_000, 20
SETTLE_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Loss:
    """What became of the messages of a run."""

    acknowledged: int
    lost: int
    doubled: int
    sent_again: int

    def __str__(self) -> str:
        return f"{self.lost} lost, {self.doubled} doubled of {self.acknowledged:,}"


def measure() -> Iterator[Row]:
    """Ingest and Redis behind both doors; Mosquitto itself, whose loss is only stated."""
    for behind_broker, door in ((False, "our intake"), (True, "Mosquitto")):
        for victim in ("ingest", "redis"):
            loss = killed(victim, behind_broker, KILLS)
            yield Row(
                f"kill -9 of {victim}, {KILLS} times, {RATE:,} msg/s QoS 1 into {door}",
                "0 lost, 0 doubled in the history", str(loss), not loss.lost and not loss.doubled,
                f"{loss.sent_again:,} sent again by their publishers",
            )  # fmt: skip
    loss = killed("broker", True, KILLS)
    yield Row(
        f"kill -9 of Mosquitto itself, {KILLS} times (persistence on, autosave 1 s)", "stated",
        str(loss), None, "acknowledged by the broker before it was on its disk",
    )  # fmt: skip


def killed(victim: str, behind_broker: bool, kills: int, rate: float = RATE) -> Loss:
    """Runs a river, kills one part of it again and again, and counts."""
    with river(behind_broker=behind_broker) as city:
        server = {"ingest": city.ingest, "redis": city.redis, "broker": city.broker}[victim]
        assert server is not None
        deeds = [Deed(EVERY_S * (number + 0.5), server.restart) for number in range(kills)]
        with settling(city.store):
            crowd = run(city.port, PUBLISHERS, rate, EVERY_S * kills, deeds)
        return judge(city, crowd)


@contextmanager
def settling(store: Store) -> Iterator[None]:
    """Meanwhile the log becomes history, far more often than the clockwork would do it."""
    over = threading.Event()

    def settle() -> None:
        while not over.wait(SETTLE_EVERY_S):
            for shard in range(keys.SHARDS):
                with suppress(StoreUnreachable):
                    store.history.settle(shard)

    thread = threading.Thread(target=settle)
    thread.start()
    yield
    over.set()
    thread.join()


def judge(city: River, crowd: Sequence[Steady]) -> Loss:
    """Compares what was acknowledged with what the history tells."""
    said = sum(one.seq for one in crowd)
    await_count(city.store, said)
    found = [(one, history(city.store, one.thing)) for one in crowd]
    return Loss(
        acknowledged=sum(len(one.acknowledged) for one in crowd),
        lost=sum(len(one.acknowledged - seqs.keys()) for one, seqs in found),
        doubled=sum(count - 1 for _one, seqs in found for count in seqs.values()),
        sent_again=sum(one.sent_again for one in crowd),
    )


def history(store: Store, thing: str) -> Counter[int]:
    """How often each sequence number of a thing stands in its history."""
    return Counter(reading.seq for reading in store.history.readings(thing))

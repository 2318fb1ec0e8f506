"""kill -9 while orders go out: does each that was acknowledged reach the field, as one order?"""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from bench.order_ground import Device, Ground, Sender, ground, opened, token_of, units, wait_until
from store.store import Store, open_store

SEATS = 8
BEHIND_BROKER = ("broker", "outbound")


@dataclass(frozen=True, slots=True)
class OrderLoss:
    """What became of the orders of a run."""

    acknowledged: int
    lost: int  # acknowledged, and never heard in the field
    doubled: int  # orders beyond one for what was sent once, in the store or in the field
    again: int  # messages that came a second time with the same id and version

    def __str__(self) -> str:
        return (f"{self.lost} lost, {self.doubled} doubled of {self.acknowledged:,}; "
                f"{self.again} delivered again under the same id")  # fmt: skip

    @property
    def is_none(self) -> bool:
        """Whether nothing was lost or doubled."""
        return not (self.lost or self.doubled)


def killed(victim: str, kills: int, orders: int) -> OrderLoss:
    """So many orders, while web, ingest, redis, broker or outbound is killed now and then."""
    with ground(behind_broker=victim in BEHIND_BROKER) as here:
        store = open_store(here.redis.url)
        vehicles, cases = units(store, here.port), opened(store, orders)
        device = Device(here.port)
        device.start()
        said: dict[str, str] = {}  # case → order
        token = token_of(store)
        seats = [threading.Thread(target=work, args=(here, token, cases[n::SEATS], vehicles, said))
                 for n in range(SEATS)]  # fmt: skip
        for one in seats:
            one.start()
        kill_now_and_then(here, victim, kills, orders, said)
        for one in seats:
            one.join()
        await_quiet(device, said)
        device.stop()
        return judged(store, cases, said, device)


def work(
    here: Ground, token: str, cases: Sequence[str], vehicles: Sequence[str], said: dict[str, str]
) -> None:
    """One seat: an order for each of its cases."""
    sender = Sender(here.web.port, token)
    for case_id, unit in zip(cases, cycle(vehicles), strict=False):
        said[case_id] = sender.send(case_id, unit)


def kill_now_and_then(
    here: Ground, victim: str, kills: int, orders: int, said: dict[str, str]
) -> None:
    """Spread over the run."""
    part = getattr(here, victim)
    for number in range(kills):
        wanted = orders * (number + 1) // (kills + 1)
        wait_until(lambda wanted=wanted: len(said) >= wanted, "no orders are taken")  # type: ignore[misc]
        part.restart()


def await_quiet(device: Device, said: dict[str, str]) -> None:
    """Until the field has heard everything, and a while longer for what should not come."""
    wanted = {(order, 1) for order in said.values()}
    deadline = time.monotonic() + 30
    while not wanted <= device.heard.keys() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)


def judged(store: Store, cases: Sequence[str], said: dict[str, str], device: Device) -> OrderLoss:
    """Compares what was acknowledged with what is kept, and with what was heard."""
    heard = Counter(order.rpartition("-")[0] for order, version in device.heard if version == 1)
    lost = sum((order, 1) not in device.heard for order in said.values())
    kept = sum(max(len(store.orders.of_case(case_id)) - 1, 0) for case_id in cases)
    doubled = kept + sum(max(count - 1, 0) for count in heard.values())
    return OrderLoss(len(said), lost, doubled, device.again)

"""A clockwork of its own process that only takes reports in: `python taking.py URL NAME`."""

import sys
import time

from store.store import open_store
from watch import clockwork
from watch.clockwork import Clockwork, Duty
from watch.reports import Reports

LEASE_S = 0.5  # so that the test need not wait long for the next to take over


def main(url: str, name: str) -> None:
    """Turns until it is killed."""
    clockwork.LEASE_S = LEASE_S
    store = open_store(url)
    turning = Clockwork(store, name, [Duty("reports", 0.0, Reports(store).take_in)])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        time.sleep(min(turning.turn(time.monotonic()), 0.05))


if __name__ == "__main__":
    main(*sys.argv[1:])

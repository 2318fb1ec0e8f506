"""A clockwork of its own process, whose deadlines count: `python counting.py URL NAME`."""

import sys
import time

from store.books import Page
from store.store import Store, open_store
from watch import clockwork
from watch.clockwork import Clockwork, Duty
from watch.deadlines import Deadlines, Fired, Listed

FIRED = "fired:{desk}"  # list: member for member, as they were fired
LEASE_S = 0.5  # so that the test need not wait long for the next to take over


def count(page: Page, fired: Fired) -> None:
    """One line for each time it is done."""
    page.append(FIRED, fired.row.member.encode())


def counting(store: Store, now_ms: int | None = None) -> Deadlines:
    """Deadlines that count those of subject `t`."""
    clock = (lambda: int(time.time() * 1000)) if now_ms is None else (lambda: now_ms)
    return Deadlines(store, {"t count": Listed(count)}, clock)


def main(url: str, name: str) -> None:
    """Turns until it is killed."""
    clockwork.LEASE_S = LEASE_S
    store = open_store(url)
    turning = Clockwork(store, name, [Duty("deadlines", 0.0, counting(store).fire)])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        time.sleep(min(turning.turn(time.monotonic()), 0.05))


if __name__ == "__main__":
    main(*sys.argv[1:])

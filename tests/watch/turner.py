"""A clockwork in a process of its own with one duty: `python turner.py URL NAME DUTY`."""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.servers import ROOT, Server
from store.books import Page
from store.store import Store, open_store
from watch import clockwork
from watch.__main__ import run
from watch.clockwork import Clockwork, Duty
from watch.deadlines import Deadlines, Fired, Listed
from watch.reports import Reports

FIRED = "fired:{desk}"  # list: member for member, as they were fired
LEASE_S = 0.5  # so that the test need not wait long for the next to take over
BREATH_S = 0.05


def count(page: Page, fired: Fired) -> None:
    """One line for each time it is done."""
    page.append(FIRED, fired.row.member.encode())


def counting(store: Store, now_ms: int | None = None) -> Deadlines:
    """Deadlines that count those of subject `t`."""
    clock = (lambda: int(time.time() * 1000)) if now_ms is None else (lambda: now_ms)
    return Deadlines(store, {"t count": Listed(count)}, clock)


DUTIES: dict[str, Callable[[Store], Callable[[], bool]]] = {
    "deadlines": lambda store: counting(store).fire,
    "reports": lambda store: Reports(store).take_in,
}


class Turner(Server):
    """The process, to be killed and started again."""

    def __init__(self, directory: Path, url: str, duty: str) -> None:
        command = (sys.executable, str(Path(__file__)), url, directory.name, duty)
        super().__init__(command, directory, {"PYTHONPATH": os.pathsep.join([str(ROOT)])})

    def await_up(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith(b"ready")


def main(url: str, name: str, duty: str) -> None:
    """Turns until it is killed."""
    clockwork.LEASE_S, clockwork.BREATH_S = LEASE_S, BREATH_S
    store = open_store(url)
    run(Clockwork(store, name, [Duty(duty, 0.0, DUTIES[duty](store))]), threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Between the loop, which never waits, and the store, which makes one wait: two threads.

One runs errands in their order, each until it has succeeded. The other waits for what is new in
the streams. What they bring lies in a tray until the loop, woken, takes it.
"""

import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

from feeds.loop import READS, Loop
from store.store import StoreUnreachable
from store.subscribers import Mark, Stretch, SubscriberStore

log = logging.getLogger("courier")

T = TypeVar("T")
BLOCK_MS = 250
PAUSE_S = 0.2
FINISH_WITHIN_S = 3.0

Errand = Callable[[], Any]
Then = Callable[[Any], None]


class Courier:
    """The threads of one worker; `ask` and what comes of it belong to the loop."""

    def __init__(self, subscribers: SubscriberStore, loop: Loop) -> None:
        self._subscribers = subscribers
        self._loop = loop
        self._errands: SimpleQueue[tuple[Errand, Then] | None] = SimpleQueue()
        self._tray: deque[Callable[[], None]] = deque()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._taken = threading.Event()
        self._is_over = threading.Event()
        self._threads: list[threading.Thread] = []
        loop.add(self._bell, self._answer, READS)

    def start(self, mark: Mark, heard: Callable[[Stretch], None]) -> None:
        """From now on `heard` is called on the loop with what comes behind the mark."""
        follow = partial(self._follow, mark, heard)
        for name, work in (("errands", self._run), ("field", follow)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def ask(self, errand: Callable[[], T], then: Callable[[T], None] = lambda _: None) -> None:
        """Has an errand run, after those that were asked for before; then `then`, on the loop."""
        self._errands.put((errand, then))

    def _run(self) -> None:
        while (asked := self._errands.get()) is not None:
            errand, then = asked
            done, answer = self._try(errand)
            if done:
                self._bring(partial(then, answer))

    def _try(self, errand: Errand) -> tuple[bool, Any]:
        """Until it succeeds, or we are over and the store is away."""
        while True:
            try:
                return True, errand()
            except StoreUnreachable as trouble:
                log.debug("errand waits for the store: %s", trouble)
                if self._is_over.wait(PAUSE_S):
                    return False, None

    def _follow(self, mark: Mark, heard: Callable[[Stretch], None]) -> None:
        while not self._is_over.is_set():
            try:
                stretch = self._subscribers.read(mark, BLOCK_MS)
            except StoreUnreachable:
                self._is_over.wait(PAUSE_S)
                continue
            if stretch.mark != mark:
                mark = stretch.mark
                self._hand_over(stretch, heard)

    def _hand_over(self, stretch: Stretch, heard: Callable[[Stretch], None]) -> None:
        """Not read on before the loop has taken it: it is the loop that sets the pace."""
        self._taken.clear()
        self._bring(partial(self._take, stretch, heard))
        while not (self._taken.wait(PAUSE_S) or self._is_over.is_set()):
            pass

    def _take(self, stretch: Stretch, heard: Callable[[Stretch], None]) -> None:
        self._taken.set()
        heard(stretch)

    def _bring(self, step: Callable[[], None]) -> None:
        self._tray.append(step)
        os.eventfd_write(self._bell, 1)

    def _answer(self, _events: int) -> None:
        os.eventfd_read(self._bell)
        while self._tray:
            self._tray.popleft()()

    def finish(self) -> None:
        """Runs what was asked for, as far as the store answers, and ends."""
        self._errands.put(None)
        self._is_over.set()
        for thread in self._threads:
            thread.join(FINISH_WITHIN_S)
        self._loop.remove(self._bell)

"""The hub: looks at the store once per tick, tells every browser what it looks at."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from live.browser import Browser
from live.looks import Box, Look
from live.news import News, Wanted, said
from live.observer import Observer

log = logging.getLogger("live")


class Hub:
    """One per web process; starts and stops with it."""

    def __init__(
        self, observer: Observer, tick_s: float, on_end: Callable[[], None] = lambda: None
    ) -> None:
        self.browsers: set[Browser] = set()
        self._observer = observer
        self._tick_s = tick_s
        self._on_end = on_end
        self._epoch = uuid.uuid4().hex
        self._told_layers = 0
        self._worker = ThreadPoolExecutor(1, "hub")  # all looks at the store, one after another
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look; needs a running loop."""
        self._task = asyncio.create_task(self._run(), name="hub")
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """No more looks."""
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})
        self._worker.shutdown(wait=True)

    def join(self, browser: Browser) -> None:
        """A browser came: it is greeted and told what panels should show."""
        self.browsers.add(browser)
        browser.outbox.say("hello", self._hello())
        browser.outbox.say("pulse", said("pulse", self._observer.pulses.versions))

    def leave(self, browser: Browser) -> None:
        """It went."""
        self.browsers.discard(browser)

    def look(self, browser: Browser, layers: Iterable[str], bbox: list[float] | None) -> None:
        """Turns a browser to other layers or another view; its snapshot comes at once."""
        box = Box.around(bbox) if bbox else None
        numbers = frozenset() if browser.sight.is_blind else self._observer.layers.numbers(layers)
        browser.turn(Look(numbers, box, browser.sight))
        self._asked.set()

    async def who(self, browser: Browser, indices: list[int]) -> None:
        """Tells a browser what some indexes are called."""
        told = await asyncio.to_thread(self._observer.who, indices, browser.lang, browser.sight)
        browser.outbox.say("who", told)

    async def follow(self, browser: Browser, thing: str | None) -> None:
        """Tells of one thing whenever it changes, and what it is now."""
        browser.follows = thing
        index = self._observer.index(thing, browser.sight) if thing else None
        if index is not None:
            await self.who(browser, [index])
            browser.outbox.say("reading", await asyncio.to_thread(self._observer.reading, index))

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            is_tick = loop.time() >= due
            news = await loop.run_in_executor(
                self._worker, self._observer.gather, self._wanted(), is_tick
            )
            self._deliver(news)
            if is_tick:
                due = max(due + self._tick_s, loop.time())
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), max(0.0, due - loop.time()))
            self._asked.clear()

    def _wanted(self) -> Wanted:
        browsers = self.browsers
        return Wanted(
            frozenset((one.look, one.owed) for one in browsers if one.is_ready),
            frozenset(one.follows for one in browsers if one.follows),
            frozenset(one.sight for one in browsers),
        )

    def _deliver(self, news: News) -> None:
        """Hands out what was made."""
        if len(self._observer.layers) != self._told_layers:
            self._greet_again()
        for browser in self.browsers:
            browser.take(news)

    def _greet_again(self) -> None:
        self._told_layers = len(self._observer.layers)
        for browser in self.browsers:
            browser.outbox.say("hello", self._hello())

    def _hello(self) -> str:
        self._told_layers = len(self._observer.layers)
        return self._observer.hello(self._epoch, self._tick_s)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Without its hub a web process is of no use: it ends, and is started again."""
        if not task.cancelled() and (trouble := task.exception()):
            log.critical("the hub failed", exc_info=trouble)
            self._on_end()

"""What waits for one browser: never more than one frame, and the newest of each word."""

import asyncio
from collections.abc import Awaitable, Callable

Send = Callable[[str], Awaitable[None]]
SendBytes = Callable[[bytes], Awaitable[None]]


class Outbox:
    """Filled by the hub, emptied at the browser's own pace."""

    def __init__(self) -> None:
        self._frame: bytes | None = None
        self._words: dict[str, str] = {}
        self._is_sending = False
        self._news = asyncio.Event()
        self._quiet = asyncio.Event()
        self._quiet.set()

    @property
    def is_idle(self) -> bool:
        """Whether the browser has taken everything."""
        return not (self._is_sending or self._frame or self._words)

    def offer(self, frame: bytes) -> bool:
        """False where a frame still waits: then neither will be sent, the browser is behind."""
        if self._frame is not None:
            self._frame = None
            return False
        self._frame = frame
        self._news.set()
        return True

    def say(self, word: str, text: str) -> None:
        """One word of text; it takes the place of the same word that still waits."""
        self._words[word] = text
        self._quiet.clear()
        self._news.set()

    async def quiet(self) -> None:
        """Returns when no text waits."""
        await self._quiet.wait()

    async def drain(self, send: Send, send_bytes: SendBytes) -> None:
        """Sends for ever, text before frames."""
        while True:
            await self._news.wait()
            self._news.clear()
            self._is_sending = True
            while self._words:
                await send(self._words.pop(next(iter(self._words))))
            self._quiet.set()
            frame, self._frame = self._frame, None
            if frame is not None:
                await send_bytes(frame)
            self._is_sending = False

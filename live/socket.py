"""WS /live: reads what a browser asks, writes what the hub has for it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import HTTPConnection

from city.naming import EN, ZH
from city.roles import Seat
from city.sight import sight_of
from live.browser import Browser
from live.hub import Hub
from store.reach import StoreUnreachable

UNREADABLE = 1007  # RFC 6455 §7.4.1
SEAT_IS_OVER = 4401  # RFC 6455 §7.4.2: ours; the session ended
SEAT_CHANGED = 4402  # ours: it has other rights now; whoever comes again is seated anew
SEAT_EVERY_S = 3.0
MOST_NAMES = 500

SeatOf = Callable[[HTTPConnection], Seat | None]
Degrees = Annotated[float, Meta(ge=-360, le=360)]
Bbox = Annotated[list[Degrees], Meta(min_length=4, max_length=4)]


class Looking(msgspec.Struct):
    """Layers by name, and the view."""

    layers: Annotated[list[str], Meta(max_length=255)]
    bbox: Bbox | None = None


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """What a browser may say; see docs/live.md."""

    look: Looking | UnsetType = UNSET
    who: Annotated[list[int], Meta(max_length=MOST_NAMES)] | UnsetType = UNSET
    follow: str | UnsetType | None = UNSET


_decoder = msgspec.json.Decoder(Asked)


def build_socket(hub: Hub, seat_of: SeatOf) -> APIRouter:
    """The route; `seat_of` looks who asks at this moment."""
    router = APIRouter()

    @router.websocket("/live")
    async def live(socket: WebSocket) -> None:
        seat = await asyncio.to_thread(seat_of, socket) if is_same_host(socket) else None
        if seat is None:
            await socket.close()  # before it was accepted: 403
            return
        await socket.accept()
        await attend(hub, socket, Guard(seat, seat_of))

    return router


def is_same_host(connection: HTTPConnection) -> bool:
    """Refuses pages of other sites; machines send no Origin."""
    origin = connection.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == connection.headers.get("host")


@dataclass(frozen=True, slots=True)
class Guard:
    """A seat, and how to see whether it is still taken."""

    seat: Seat
    seat_of: SeatOf

    async def stand(self, socket: WebSocket) -> None:
        """Until the seat is another or none; a store that is away changes nothing."""
        seat: Seat | None = self.seat
        while seat == self.seat:
            await asyncio.sleep(SEAT_EVERY_S)
            with suppress(StoreUnreachable):
                seat = await asyncio.to_thread(self.seat_of, socket)
        await socket.close(SEAT_IS_OVER if seat is None else SEAT_CHANGED)


async def attend(hub: Hub, socket: WebSocket, guard: Guard) -> None:
    """Until either side hangs up, or the seat is over."""
    lang = EN if socket.cookies.get("city_lang") == EN else ZH
    browser = Browser(lang, sight_of(guard.seat))
    hub.join(browser)
    writing = asyncio.create_task(browser.outbox.drain(socket.send_text, socket.send_bytes))
    reading = asyncio.create_task(listen(hub, browser, socket))
    standing = asyncio.create_task(guard.stand(socket))
    tasks = {writing, reading, standing}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(browser)
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect):
                await task


async def listen(hub: Hub, browser: Browser, socket: WebSocket) -> None:
    """Hears until the browser goes; while answers wait for it, it is not heard."""
    while True:
        text = await socket.receive_text()
        await browser.outbox.quiet()
        try:
            asked = _decoder.decode(text)
        except msgspec.DecodeError as trouble:
            return await socket.close(UNREADABLE, str(trouble)[:120])
        await answer(hub, browser, asked)


async def answer(hub: Hub, browser: Browser, asked: Asked) -> None:
    """Passes on what was asked."""
    if asked.look is not UNSET:
        hub.look(browser, asked.look.layers, asked.look.bbox)
    if asked.who is not UNSET:
        await hub.who(browser, asked.who)
    if asked.follow is not UNSET:
        await hub.follow(browser, asked.follow)

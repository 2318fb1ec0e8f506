"""WS /live: reads what a browser asks, writes what the hub has for it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import HTTPConnection

from city.naming import EN, ZH
from live.browser import Browser
from live.hub import Hub

UNREADABLE = 1007  # RFC 6455 §7.4.1
MOST_NAMES = 500

Admit = Callable[[HTTPConnection], bool]
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


def build_socket(hub: Hub, admit: Admit) -> APIRouter:
    """The route; `admit` says whether a connection may look at all."""
    router = APIRouter()

    @router.websocket("/live")
    async def live(socket: WebSocket) -> None:
        if not (is_same_host(socket) and admit(socket)):
            await socket.close()  # before it was accepted: 403
            return
        await socket.accept()
        await attend(hub, socket)

    return router


def is_same_host(connection: HTTPConnection) -> bool:
    """Refuses pages of other sites; machines send no Origin."""
    origin = connection.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == connection.headers.get("host")


async def attend(hub: Hub, socket: WebSocket) -> None:
    """Until either side hangs up."""
    browser = Browser(EN if socket.cookies.get("city_lang") == EN else ZH)
    hub.join(browser)
    writing = asyncio.create_task(browser.outbox.drain(socket.send_text, socket.send_bytes))
    reading = asyncio.create_task(listen(hub, browser, socket))
    try:
        await asyncio.wait({writing, reading}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(browser)
        for task in (writing, reading):
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

"""Compression of what is sent; what carries its version in the address is compressed once."""

import gzip
from collections import OrderedDict

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import A_YEAR, keeping

LEAST_BYTES = 500
TEXTS = ("text/", "application/json", "application/javascript", "application/geo+json",
         "application/problem+json", "image/svg")  # fmt: skip
NAMELESS = "application/json"  # what Dash answers to a callback names no type
BEST, QUICK = 9, 4
MOST_KEPT = 200


class Compressed:
    """gzip for texts; others pass."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return await self._app(scope, receive, send)
        return await self._app(scope, receive, Answer(self, scope, send).take)

    def press(self, scope: Scope, body: bytes) -> bytes:
        """The compressed body, remembered where its address never means another."""
        name = (scope["path"], scope["query_string"])
        if keeping(*name) != A_YEAR:
            return gzip.compress(body, QUICK, mtime=0)
        if name not in self._kept:
            self._kept[name] = gzip.compress(body, BEST, mtime=0)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return self._kept[name]


class Answer:
    """One answer on its way: held until its whole body is there."""

    def __init__(self, compressed: Compressed, scope: Scope, send: Send) -> None:
        self._compressed = compressed
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def take(self, message: Message) -> None:
        """A part of the answer."""
        if message["type"] == "http.response.start" and self._is_text(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = bytes(self._body)
        if len(body) >= LEAST_BYTES:
            body = self._compressed.press(self._scope, body)
            headers = MutableHeaders(scope=start)
            headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(body))
            headers.add_vary_header("Accept-Encoding")
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    def _is_text(self, start: Message) -> bool:
        headers = Headers(raw=start["headers"])
        is_text = headers.get("content-type", NAMELESS).startswith(TEXTS)
        whole = start["status"] == 200 and self._scope["method"] != "HEAD"
        return is_text and whole and "content-encoding" not in headers

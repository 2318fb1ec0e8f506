"""What every answer says to the browser: nothing foreign is loaded, what may be kept is kept."""

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
STAY_WITH_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}  # RFC 6797
# Styles of charts and of the map are written by script; the map's workers are blobs.
POLICY = (
    "default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", re.S)
A_YEAR = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
ASK_AGAIN = "no-cache"
NOT_KEPT = "no-store"


@lru_cache(8)
def content_policy(page: str = "") -> str:
    """The policy of a page: its own inline scripts are known by their hash, others do not run."""
    hashes = [sha256(script.encode()).digest() for script in INLINE.findall(page)]
    return POLICY.format(scripts=" ".join(f"'sha256-{b64encode(one).decode()}'" for one in hashes))


def keeping(path: str, query: bytes) -> str:
    """How long an answer may be kept: what carries its version in the address, for a year."""
    if path.startswith("/_dash-component-suites/") or (path.startswith("/assets/") and query):
        return A_YEAR
    if path.startswith("/assets/vendor/"):
        return A_DAY
    return ASK_AGAIN if path.startswith(("/assets/", "/city/")) else NOT_KEPT


class Headers:
    """Adds them to every answer that does not say otherwise."""

    def __init__(self, app: ASGIApp, is_https: bool = False) -> None:
        self._app = app
        self._always = ALWAYS | (STAY_WITH_HTTPS if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope, message["status"])
            await send(message)

        return await self._app(scope, receive, answer)

    def _add(self, headers: MutableHeaders, scope: Scope, status: int) -> None:
        for name, value in self._always.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", content_policy())
        good = keeping(scope["path"], scope["query_string"])
        headers["Cache-Control"] = good if status in (200, 206, 304) else NOT_KEPT

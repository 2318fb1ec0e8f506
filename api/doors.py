"""The doors: whatever is not open needs a seat, and what changes something comes from our pages.

Which right a route needs it says itself (`api.seating.needs`, `callbacks.wiring`); this is the one
place that refuses those who have no seat at all.
"""

import asyncio
from urllib.parse import quote, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import MACHINES, not_carried_out, problem
from api.seating import COOKIE, Found, Seating
from city.accounts import Duty
from city.refusal import Forbidden, TooMany, Unauthenticated
from store.store import StoreUnreachable

SAFE = {"GET", "HEAD", "OPTIONS"}
# They hold nothing of the city, or ask for the seat themselves.
OPEN = {
    "/healthz", "/readyz", "/metrics", "/login", "/account", "/logout", "/api/docs",
    "/api/openapi.json", "/favicon.ico", "/_favicon.ico", "/_dash-update-component",
    "/m/manifest.webmanifest", "/m/worker.js",
}  # fmt: skip
OPEN_BELOW = ("/assets/", "/_dash-component-suites/", "/login/", "/account/", "/logout/")
SLOWED = {"/login", "/api/docs", "/api/openapi.json"}  # open, yet no faster than a person
ENTRANCE, ACCOUNT = "/login", "/account"
# What the page asks by itself does not show that somebody is there.
BY_ITSELF = ("/_dash-", "/assets/", "/city/")


class Doors:
    """In front of every route."""

    def __init__(self, app: ASGIApp, seating: Seating) -> None:
        self._app = app
        self._seating = seating

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # the live socket asks itself
            return await self._app(scope, receive, send)
        refusal = await self._refusal(HTTPConnection(scope))
        return await (refusal or self._app)(scope, receive, send)

    async def _refusal(self, connection: HTTPConnection) -> Response | None:
        """What is answered instead; None for those who may come in."""
        if is_foreign(connection):
            return not_carried_out(connection, Forbidden("cross_site"))
        if is_open(connection.url.path) and connection.url.path not in SLOWED:
            return None
        try:
            found = await asyncio.to_thread(self._come_in, connection)
        except TooMany as refusal:
            return not_carried_out(connection, refusal)
        except StoreUnreachable as trouble:
            return None if is_open(connection.url.path) else nobody_knows(connection, trouble)
        return (
            None if found.seat or is_open(connection.url.path) else turned_away(connection, found)
        )

    def _come_in(self, connection: HTTPConnection) -> Found:
        """Who asks; those without a seat are counted, and slowed down."""
        found = self._seating.found(connection)
        if not found.seat:
            self._seating.slow_down("public", connection, self._seating.rules.requests_a_minute)
        elif not connection.url.path.startswith(BY_ITSELF):
            self._seating.touch(found)
        return found


def is_open(path: str) -> bool:
    """Whether a path needs no seat."""
    return path in OPEN or path.startswith(OPEN_BELOW)


def is_foreign(connection: HTTPConnection) -> bool:
    """Whether a page of another site asks to change something with the cookie of a visitor.

    Browsers say where a request comes from (Fetch Metadata, else Origin); who says neither is no
    browser. A token is never sent by a browser on its own.
    """
    headers = connection.headers
    if connection.scope["method"] in SAFE or "authorization" in headers:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def nobody_knows(connection: HTTPConnection, trouble: StoreUnreachable) -> Response:
    """503: without the store nobody can say who asks, so nobody comes in."""
    if connection.url.path.startswith((*MACHINES, "/_dash-")):
        return problem(503, f"the store does not answer: {trouble}")
    return PlainTextResponse("503 存储没有应答 The store does not answer", 503)


def turned_away(connection: HTTPConnection, found: Found) -> Response:
    """401 for machines; people are shown where to log in, or what they owe first."""
    path = connection.url.path
    if path.startswith((*MACHINES, "/_dash-")) or connection.scope["method"] not in SAFE:
        return not_carried_out(connection, Unauthenticated("unauthenticated"))
    if found.duty is not Duty.NOTHING:
        return RedirectResponse(ACCOUNT, 303)
    asked = f"{path}?{connection.url.query}" if connection.url.query else path
    answer = RedirectResponse(way_in(asked), 303)
    if COOKIE in connection.cookies:
        answer.delete_cookie(COOKIE)
    return answer


def way_in(back: str) -> str:
    """The login page, with the way back."""
    return ENTRANCE if back == "/" else f"{ENTRANCE}?next={quote(back, safe='/')}"


def safe_next(asked: str) -> str:
    """Where to go after a login: a path of our own, else home. RFC 3986 §4.2: `//` names a host."""
    plain = asked.startswith("/") and not asked.startswith(("//", "/\\"))
    if not plain or "\\" in asked or not asked.isprintable():
        return "/"
    parts = urlsplit(asked)
    is_door = parts.path.startswith((ENTRANCE, ACCOUNT, "/logout", "/api", "/_dash"))
    return "/" if parts.netloc or parts.scheme or is_door else asked

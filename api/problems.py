"""Errors of the API as problem documents (RFC 9457), errors of pages as a plain page."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response

from city.naming import EN, ZH
from city.refusal import Refusal
from store.store import StoreUnreachable

MEDIA_TYPE = "application/problem+json"
MACHINES = ("/api", "/healthz", "/readyz", "/metrics")
Shown = Callable[[Request, Refusal], Response]
Handler = Callable[[Request, Any], Awaitable[Response]]


# What a refusal means, wherever it stands in the API's own document.
MEANS: Mapping[int, str] = {
    401: "Nobody known asks",
    403: "Another post, or outside the seat's scope",
    404: "There is none, or not for this seat",
    409: "Not as things stand; the answer says how they stand",
    422: "A field or parameter is missing or cannot be used",
    429: "Asked too often; `Retry-After` says when again",
    503: "The store does not answer",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These answers of a route, for the document; without any, all."""
    return {
        status: {"description": MEANS[status], "content": {MEDIA_TYPE: {}}}
        for status in statuses or MEANS
    }


def problem(status: int, detail: str = "", **more: Any) -> JSONResponse:
    """One problem; the title is the status' own phrase."""
    document = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail and detail != document["title"]:
        document["detail"] = detail
    return JSONResponse(document | more, status, media_type=MEDIA_TYPE)


def connect(app: FastAPI, shown: Shown) -> None:
    """Every way to fail gets its answer; `shown` is how a person sees a refusal."""

    async def refuse(request: Request, refusal: Refusal) -> Response:
        """A page for people, a problem for machines."""
        is_page = not request.url.path.startswith(MACHINES)
        if is_page and "text/html" in request.headers.get("accept", ""):
            return shown(request, refusal)
        return not_carried_out(request, refusal)

    handlers: dict[type[Exception], Handler] = {
        HTTPException: refused,
        RequestValidationError: malformed,
        Refusal: refuse,
        StoreUnreachable: away,
        Exception: failed,
    }
    for trouble, handler in handlers.items():
        app.add_exception_handler(trouble, handler)


async def refused(request: Request, trouble: HTTPException) -> Response:
    """404, 405 and what a route refuses itself."""
    if not request.url.path.startswith(MACHINES):
        return PlainTextResponse(f"{trouble.status_code} {trouble.detail}", trouble.status_code)
    answer = problem(trouble.status_code, str(trouble.detail))
    answer.headers.update(trouble.headers or {})
    return answer


def not_carried_out(request: HTTPConnection, refusal: Refusal) -> Response:
    """What a person or machine asked for and does not get: `reason` is the word, for machines."""
    more = {"reason": refusal.reason, **refusal.more}
    answer = problem(refusal.status, refusal.said(lang_of(request)), **more)
    if refusal.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if refusal.status == 429:
        answer.headers["Retry-After"] = str(refusal.values.get("seconds", 60))
    return answer


def lang_of(request: HTTPConnection) -> str:
    """The language of a page's cookie, else the one that a machine prefers."""
    kept = request.cookies.get("city_lang")
    said = kept or request.headers.get("accept-language", EN)
    return ZH if said.startswith(ZH) else EN


async def malformed(_request: Request, trouble: RequestValidationError) -> Response:
    """422, with the place of each mistake."""
    mistakes = [
        {"in": ".".join(map(str, one["loc"])), "detail": one["msg"]} for one in trouble.errors()
    ]
    first = mistakes[0]
    return problem(422, f"{first['in']}: {first['detail']}", errors=mistakes)


async def away(_request: Request, trouble: StoreUnreachable) -> Response:
    """503 while the store does not answer."""
    return problem(503, f"the store does not answer: {trouble}")


async def failed(_request: Request, _trouble: Exception) -> Response:
    """500; the server logs what it was."""
    return problem(500)

"""All routers of this folder, found: a module with `build(context)` is one."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.routing import APIRoute

import api
from api.context import Context
from api.problems import documented

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def build_api(context: Context) -> APIRouter:
    """The whole API; its unknown paths never fall through to the pages."""
    api_router = APIRouter()
    known: list[APIRoute] = []
    for module in iter_modules(api.__path__):
        build = getattr(import_module(f"{api.__name__}.{module.name}"), "build", None)
        if build:
            router = build(context)
            known += [route for route in router.routes if isinstance(route, APIRoute)]
            api_router.include_router(router)
    for path in ("/api", "/api/{path:path}"):
        api_router.add_api_route(path, nothing(known), methods=METHODS, include_in_schema=False)
    return api_router


def nothing(known: Iterable[APIRoute]) -> Callable[[Request], None]:
    """Answers that there is nothing at a path, or only by other methods."""

    def answer(request: Request) -> None:
        here = [route for route in known if route.path_regex.match(request.url.path)]
        if not here:
            raise HTTPException(404)
        offered = {method for route in here for method in route.methods or ()}
        raise HTTPException(405, headers={"Allow": ", ".join(sorted(offered))})

    return answer


def data_router(context: Context, tag: str) -> APIRouter:
    """A router under /api/v1 for seats only; each route says what right it needs (`needs`)."""

    def seated(request: Request) -> None:
        context.seating.actor_of(request)

    return APIRouter(prefix="/api/v1", tags=[tag], dependencies=[Depends(seated)],
                     responses=documented())  # fmt: skip

"""All routers of this folder, found: a module with `build(context)` is one."""

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter, Depends, HTTPException, Request

import api
from api.context import Context

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def build_api(context: Context) -> APIRouter:
    """The whole API, with one question of rights before every route of data."""
    router = APIRouter()
    for module in iter_modules(api.__path__):
        build = getattr(import_module(f"{api.__name__}.{module.name}"), "build", None)
        if build:
            router.include_router(build(context))
    # Unknown paths of the API never fall through to the pages.
    router.add_api_route("/api/{path:path}", nothing, methods=METHODS, include_in_schema=False)
    return router


def nothing() -> None:
    """There is nothing at this path."""
    raise HTTPException(404)


def data_router(context: Context, tag: str) -> APIRouter:
    """A router under /api/v1 whose routes ask for the seat of the caller."""

    def ask(request: Request) -> None:
        if not context.admit(request):
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})

    return APIRouter(prefix="/api/v1", tags=[tag], dependencies=[Depends(ask)])

"""GET /healthz and /readyz: does this process live, can the city do its work."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.context import Context
from store.store import Store, StoreUnreachable

OK, MISSING = "ok", "missing"
# What an ingest worker says of its door while messages can come in.
OPEN_DOORS = {"open", "listening", "connected", "subscribed", OK}


def build(context: Context) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        """200 while the process lives."""
        return {"status": OK}

    @router.get("/readyz", responses={503: {"description": "A part is missing"}})
    def readyz() -> JSONResponse:
        """200, or 503 with the part that is missing."""
        words = readiness(context.store)
        is_ready = all(word == OK for word in words.values())
        return JSONResponse(words, 200 if is_ready else 503)

    return router


def readiness(store: Store) -> dict[str, str]:
    """One word for each part of the line."""
    try:
        parts = store.parts.parts()
    except StoreUnreachable:
        return {"store": "away", "mqtt": "unknown", "ingest": "unknown", "watch": "unknown"}
    workers = [said for name, said in parts.items() if name.startswith("ingest")]
    watching = any(name.startswith("watch") for name in parts)
    return {
        "store": OK,
        "mqtt": door_word(workers),
        "ingest": OK if workers else MISSING,
        "watch": OK if watching else MISSING,
    }


def door_word(workers: Iterable[Mapping[str, Any]]) -> str:
    """`ok` while one door is open, else what the doors say of themselves."""
    said = [str(worker.get("mqtt", "unknown")) for worker in workers]
    return OK if OPEN_DOORS & set(said) else next(iter(said), MISSING)

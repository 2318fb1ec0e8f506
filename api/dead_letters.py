"""GET /api/v1/dead-letters: what suppliers sent that nobody could read, and why."""

from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.context import Context
from api.finding import data_router
from api.instants import written
from city.health import DeadLetter

Json = dict[str, Any]


def build(context: Context) -> APIRouter:
    router = data_router(context, "dead letters")

    @router.get("/dead-letters")
    def dead_letters(
        feed: str | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
    ) -> Json:
        """The newest first; `payload` is the first 2 KiB, `payload_base64` the same bytes."""
        letters = context.store.dead.newest(feed or None, limit)
        return {"items": [item(letter) for letter in letters], "next": None}

    return router


def item(letter: DeadLetter) -> Json:
    """One rejected message."""
    return {
        "feed": letter.feed,
        "topic": letter.topic,
        "received_at": written(letter.received_ms),
        "reason": letter.reason,
        "sentence": letter.sentence,
        "size": letter.size,
        "payload": letter.payload.decode(errors="replace"),
        "payload_base64": b64encode(letter.payload).decode(),
    }

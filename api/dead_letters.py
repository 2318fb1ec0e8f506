"""GET /api/v1/dead-letters: what suppliers sent that nobody could read, and why."""

from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.context import Context
from api.finding import data_router
from api.instants import written
from api.seating import needs
from city.health import DeadLetter
from city.roles import Actor, Right, Seat
from city.sight import sees_message

MOST_LETTERS = 10_000
Json = dict[str, Any]


def build(context: Context) -> APIRouter:
    router = data_router(context, "dead letters")

    @router.get("/dead-letters")
    def dead_letters(
        actor: Annotated[Actor, Depends(needs(Right.VIEW_LETTERS))],
        feed: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Json:
        """The newest first; `payload` is the first 2 KiB, `payload_base64` the same bytes."""
        letters = seen_by(actor.seat, context, feed or None, limit)
        return {"items": [item(letter) for letter in letters], "next": None}

    return router


def seen_by(seat: Seat, context: Context, feed: str | None, limit: int) -> list[DeadLetter]:
    """The newest that a seat may read."""
    sees_all = not (seat.areas or seat.own_department_only)
    letters = context.store.dead.newest(feed, limit if sees_all else MOST_LETTERS)
    departments = {name: card.department for name, card in context.cards.items()}
    return [one for one in letters if sees_message(seat, one.topic, departments.get(one.feed, ""))][
        :limit
    ]


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

"""GET /api/v1/feeds: every supplier, and how it is doing."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends

from api.context import Context
from api.finding import data_router
from api.instants import now_ms, written
from api.seating import needs
from city.feeds import FeedCard
from city.roles import Right
from store.health import FeedCounts

UNKNOWN_PERIOD_S = 60.0
Json = dict[str, Any]


def build(context: Context) -> APIRouter:
    router = data_router(context, "feeds")

    @router.get("/feeds", dependencies=[Depends(needs(Right.VIEW_FEEDS))])
    def feeds() -> Json:
        """Each feed with period, last heard, state, rate, rejected, delay, quality."""
        heard = context.store.health.read()
        return {"items": listed(context.cards, heard, now_ms()), "next": None}

    return router


def listed(
    cards: Mapping[str, FeedCard], heard: Mapping[str, FeedCounts], at_ms: int
) -> list[Json]:
    """The catalogue in its order, then what was heard beyond it."""
    names = [*cards, *(name for name in sorted(heard) if name not in cards)]
    return [item(name, cards.get(name), heard.get(name, FeedCounts()), at_ms) for name in names]


def item(name: str, card: FeedCard | None, counts: FeedCounts, at_ms: int) -> Json:
    """One feed; one that was never heard is lost."""
    card = card or FeedCard(name, name, name, "", UNKNOWN_PERIOD_S)
    return {
        "name": name,
        "zh": card.zh,
        "en": card.en,
        "department": card.department,
        "standard": card.standard,
        "topic_filter": card.topic_filter,
        "period_s": card.period_s,
        "heard_at": written(counts.heard_ms),
        "state": counts.state(card.period_s, at_ms),
        "rate": round(counts.rate, 2),
        "accepted": counts.accepted,
        "rejected": counts.rejected_total,
        "rejected_by_reason": dict(counts.rejected),
        "delay_p50_ms": rounded(counts.delay_p50_ms),
        "delay_p95_ms": rounded(counts.delay_p95_ms),
        "quality": quality(counts),
    }


def quality(counts: FeedCounts) -> Json:
    """What to think of the messages that came; `good` is the share without a doubt."""
    heard = counts.accepted + counts.rejected_total
    doubted = counts.uncertain + counts.late + counts.rejected_total
    return {
        "good": round(max(0, heard - doubted) / heard, 4) if heard else None,
        "uncertain": counts.uncertain,
        "late": counts.late,
        "duplicate": counts.duplicate,
    }


def rounded(figure: float | None) -> float | None:
    """To a tenth of a millisecond."""
    return None if figure is None else round(figure, 1)

"""GET /api/v1/webhooks: systems outside that are told of cases, and how that goes."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.context import Context
from api.finding import data_router
from api.instants import written
from api.seating import needs
from city.roles import Actor, Right
from city.webhooks import Undelivered, Webhook
from store.outboxes import OutboxStore

Json = dict[str, Any]
Administering = Annotated[Actor, Depends(needs(Right.CONFIGURE))]


def build(context: Context) -> APIRouter:
    router = data_router(context, "webhooks")

    @router.get("/webhooks")
    def webhooks(_actor: Administering) -> Json:
        """By name: scope, how many messages were sent, wait, were given up; the last trouble."""
        store = context.store
        found = [item(webhook, store.outboxes) for webhook in store.webhooks.all()]
        return {"items": found, "next": None}

    @router.get("/webhooks/{name}/dead")
    def dead(
        name: str, _actor: Administering, limit: Annotated[int, Query(ge=1, le=1000)] = 100
    ) -> Json:
        """Messages that were given up, the newest first."""
        webhook = context.store.webhooks.named(name)
        lost = context.store.outboxes.undelivered(webhook.id)[-limit:]
        return {"items": [letter(one) for one in reversed(lost)], "next": None}

    return router


def item(webhook: Webhook, outboxes: OutboxStore) -> Json:
    """One webhook; its secret is told to nobody."""
    standing = outboxes.standing(webhook.id)
    return {
        "name": webhook.name,
        "url": webhook.url,
        "events": list(webhook.events),
        "areas": list(webhook.areas),
        "department": webhook.department,
        "made_at": written(webhook.made_ms),
        "by": webhook.by,
        "sent": standing.sent,
        "waiting": outboxes.waiting(webhook.id),
        "dead": len(outboxes.undelivered(webhook.id)),
        "delivered_at": written(standing.delivered_ms),
        "tried_at": written(standing.tried_ms),
        "trouble": standing.trouble,
    }


def letter(lost: Undelivered) -> Json:
    """One message that was given up."""
    return {
        "id": lost.id,
        "case": lost.case_id,
        "version": lost.version,
        "given_up_at": written(lost.at_ms),
        "tries": lost.tries,
        "trouble": lost.trouble,
    }

"""What an operator is told when a callback cannot answer; the one place that catches everything."""

import logging
from typing import Any

from dash import set_props

from callbacks.asking import page_asked, words_asked
from city.refusal import Refusal, Unauthenticated
from layouts import ids, parts
from store.store import StoreUnreachable

log = logging.getLogger("callbacks")


def on_error(trouble: Exception) -> None:
    """A sentence for the operator, the whole story for the log."""
    if isinstance(trouble, Refusal):
        set_props(ids.NOTICE, {"children": refused(trouble)})
        return
    away = isinstance(trouble, StoreUnreachable)
    if away:
        log.warning("store away: %s", trouble)
    else:
        log.error("callback failed", exc_info=trouble)
    text = words_asked()("trouble.store" if away else "trouble.failed")
    set_props(ids.NOTICE, {"children": parts.notice("lost", text)})


def refused(refusal: Refusal) -> Any:
    """A sentence he can act on; who is logged out finds the way in beside it."""
    words = words_asked()
    if isinstance(refusal, Unauthenticated):
        return parts.way_in(page_asked(), words)
    return parts.notice("late", refusal.said(words.lang))

"""What an operator is told when a callback cannot answer; the one place that catches everything."""

import logging

from dash import set_props

from callbacks.asking import words_asked
from layouts import ids, parts
from store.store import StoreUnreachable

log = logging.getLogger("callbacks")


def on_error(trouble: Exception) -> None:
    """A sentence for the operator, the whole story for the log."""
    away = isinstance(trouble, StoreUnreachable)
    if away:
        log.warning("store away: %s", trouble)
    else:
        log.error("callback failed", exc_info=trouble)
    text = words_asked()("trouble.store" if away else "trouble.failed")
    set_props(ids.NOTICE, {"children": parts.notice("lost", text)})

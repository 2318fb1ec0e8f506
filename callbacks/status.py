"""The worst feed in the status bar."""

from typing import Any

from dash import Input, Output

from callbacks.asking import words_asked
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.roles import Right
from layouts import ids, parts
from layouts.shell import worst_item
from layouts.words import Words
from store.health import FeedCounts

ORDER = ("lost", "stale", "late")


@wiring.on(
    Output(ids.WORST_FEED, "children"), Input(ids.pulse("feeds"), "data"), right=Right.VIEW_FEEDS
)
def show_worst(desk: Desk, _version: int) -> list[Any]:
    """Which feed has been silent longest, in its own periods."""
    words = words_asked()
    worst = worst_feed(desk, desk.store.health.read())
    return worst_item(worst_text(desk, worst, words), words)


def worst_feed(desk: Desk, heard: dict[str, FeedCounts]) -> tuple[float, str, str]:
    """Age in periods, name and state of the worst; of nothing, three empty words."""
    now_ms, found = desk.now_ms(), []
    for name, counts in heard.items():
        card = desk.cards.get(name)
        if counts.heard_ms and card:
            age = (now_ms - counts.heard_ms) / 1000 / card.period_s
            found.append((age, name, str(counts.state(card.period_s, now_ms))))
    return max(found, default=(0.0, "", ""))


def worst_text(desk: Desk, worst: tuple[float, str, str], words: Words) -> str:
    """Its name and state; that all is well where none is late."""
    _, name, state = worst
    if state not in ORDER:
        return words("status.none_worst")
    card = desk.cards[name]
    return f"{words.pick(card.zh, card.en)} {parts.state_word(state, words)}"

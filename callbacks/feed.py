"""The panel of one feed lives: opened by its name, closed by its button or Escape."""

from dataclasses import replace
from typing import Any

from dash import ALL, Input, Output, State

from callbacks.asking import pressed, seat_asked, words_asked
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.feeds import FeedCard
from city.health import DeadLetter
from city.roles import Right
from city.sight import sees_message
from layouts import ids
from layouts.panels.feed import FeedFacts, Letter, opened
from layouts.words import Words
from store.health import FeedCounts
from store.properties import moment

LETTERS = 10
MOST_LETTERS = 1000
CLOSED, OPEN = "feed-panel float is-empty", "feed-panel float"


@wiring.on(
    Output(ids.FEED_OPEN, "data"),
    Input(ids.feed_name(ALL), "n_clicks"),
    Input(ids.close(ALL), "n_clicks"),
    State(ids.FEED_OPEN, "data"),
    prevent_initial_call=True,
    right=Right.VIEW_FEEDS,
)
def choose_feed(
    _desk: Desk, _names: list[int], _close: list[int], now_open: str | None
) -> str | None:
    """The feed whose name was pressed; pressed again, or closed: none."""
    name = pressed()
    if name is None or name == "inspector":
        return now_open
    return None if name in ("feed", now_open) else name


@wiring.on(
    Output(ids.FEED_PANEL, "children"),
    Output(ids.FEED_PANEL, "className"),
    Input(ids.FEED_OPEN, "data"),
    Input(ids.pulse("feeds"), "data"),
    Input(ids.pulse("dead"), "data"),
    prevent_initial_call=True,
    right=Right.VIEW_FEEDS,
)
def show_feed(desk: Desk, name: str | None, _feeds: int, _dead: int) -> tuple[list[Any], str]:
    """What is known of the open feed."""
    if not name:
        return [], CLOSED
    words = words_asked()
    return opened(feed_facts(desk, name, words), desk.now(), words), OPEN


def feed_facts(desk: Desk, name: str, words: Words) -> FeedFacts:
    """A feed in plain values."""
    card = desk.cards.get(name) or FeedCard(name, name, name, "", 60)
    counts = desk.store.health.read().get(name)
    facts = FeedFacts(
        name=name,
        label=words.pick(card.zh, card.en),
        department=desk.department(card.department, words),
        state="never",
        period_s=card.period_s,
        topic=card.topic_filter,
        standard=card.standard,
    )
    return facts if counts is None else with_counts(desk, facts, counts)


def with_counts(desk: Desk, facts: FeedFacts, counts: FeedCounts) -> FeedFacts:
    """Adds what was counted."""
    letters = letters_of(desk, facts.name) if counts.rejected else []
    return replace(
        facts,
        state=str(counts.state(facts.period_s, desk.now_ms())) if counts.heard_ms else "never",
        heard_at=moment(counts.heard_ms) if counts.heard_ms else None,
        rate=counts.rate,
        delay_p50_ms=counts.delay_p50_ms,
        delay_p95_ms=counts.delay_p95_ms,
        accepted=counts.accepted,
        duplicate=counts.duplicate,
        late=counts.late,
        uncertain=counts.uncertain,
        rejected=counts.rejected_total,
        rejected_by=counts.rejected.most_common(),
        letters=[shown(letter) for letter in letters],
    )


def letters_of(desk: Desk, feed: str) -> list[DeadLetter]:
    """The newest rejected messages of a feed that this seat may read."""
    seat, card = seat_asked(desk), desk.cards.get(feed)
    if not seat.may(Right.VIEW_LETTERS):
        return []
    letters = desk.store.dead.newest(feed, MOST_LETTERS)
    department = card.department if card else ""
    return [one for one in letters if sees_message(seat, one.topic, department)][:LETTERS]


def shown(letter: DeadLetter) -> Letter:
    """A dead letter as text."""
    return Letter(
        reason=letter.reason,
        sentence=letter.sentence,
        topic=letter.topic,
        payload=letter.payload.decode(errors="replace"),
        size=letter.size,
        received_at=moment(letter.received_ms),
    )

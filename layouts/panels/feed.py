"""One feed's data quality: agreed and kept, counted and rejected, with the last dead letters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dash import html

from layouts import ids, parts
from layouts.figures import NONE, delay, instant, number, span
from layouts.words import Words


@dataclass(frozen=True, slots=True)
class Letter:
    """A rejected message as it is shown."""

    reason: str
    sentence: str
    topic: str
    payload: str
    size: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What is known of a feed."""

    name: str
    label: str
    department: str
    state: str
    period_s: float
    topic: str = ""
    standard: str = ""
    heard_at: datetime | None = None
    rate: float = 0.0
    delay_p50_ms: float | None = None
    delay_p95_ms: float | None = None
    accepted: int = 0
    duplicate: int = 0
    late: int = 0
    uncertain: int = 0
    rejected: int = 0
    rejected_by: Sequence[tuple[str, int]] = field(default=())
    letters: Sequence[Letter] = field(default=())


def panel(words: Words) -> html.Section:
    """Empty until a feed is opened."""
    return html.Section(
        id=ids.FEED_PANEL,
        className="feed-panel float is-empty",
        **{"data-region": "feed", "aria-label": words("feed.title")},
    )


def opened(feed: FeedFacts, now: datetime, words: Words) -> list[Any]:
    """The panel of one feed."""
    return [
        html.Div(
            [
                html.Div(
                    [
                        html.H2(feed.label, className="inspector-title"),
                        html.P(f"{words('feed.title')} · {feed.name}", className="meta clip"),
                    ],
                    className="inspector-name",
                ),
                parts.close_button(ids.close("feed"), words("feed.close")),
            ],
            className="inspector-head",
        ),
        parts.facts(rows(feed, now, words)),
        html.H3(words("feed.dead"), className="section-label"),
        dead_letters(feed.letters, now, words),
        parts.json_links(
            [
                (words("feed.all_dead"), f"/api/v1/dead-letters?feed={feed.name}"),
                (words("feed.as_json"), "/api/v1/feeds"),
            ]
        ),
    ]


def rows(feed: FeedFacts, now: datetime, words: Words) -> list[tuple[str, Any]]:
    """What was agreed, then what is kept."""
    heard = instant(feed.heard_at, now) if feed.heard_at else words("feed.never")
    lateness = f"{delay(feed.delay_p50_ms)} / {delay(feed.delay_p95_ms)}"
    counts = ("accepted", "duplicate", "late", "uncertain")
    told: list[tuple[str, Any]] = [
        (words("feed.state"), parts.state_word(feed.state, words)),
        (words("feed.department"), feed.department or NONE),
        (words("feed.period"), span(feed.period_s)),
        (words("feed.heard"), heard),
        (words("feed.rate"), number(round(feed.rate, 1), words("feed.rate_unit"))),
        (words("feed.delay"), lateness),
    ]
    told += [(words(f"feed.{name}"), f"{getattr(feed, name):,}") for name in counts]
    told.append((words("feed.rejected"), rejected(feed, words)))
    told.append((words("feed.topic"), html.Code(feed.topic or NONE)))
    return told + ([(words("feed.standard"), feed.standard)] if feed.standard else [])


def rejected(feed: FeedFacts, words: Words) -> str:
    """How many, and why."""
    why = [f"{words.get(f'reason.{word}', word)} {count:,}" for word, count in feed.rejected_by]
    return " · ".join([f"{feed.rejected:,}", *why])


def dead_letters(letters: Sequence[Letter], now: datetime, words: Words) -> Any:
    """The newest, each with what it said."""
    if not letters:
        return parts.empty(words("feed.no_dead"))
    return html.Ul([letter_row(letter, now, words) for letter in letters], className="dead-letters")


def letter_row(letter: Letter, now: datetime, words: Words) -> html.Li:
    """Reason, time and size; the sentence, the topic and the payload open below."""
    head = [
        html.Span(words.get(f"reason.{letter.reason}", letter.reason), className="strong"),
        html.Span(instant(letter.received_at, now), className="num meta"),
        html.Span(words("feed.bytes", n=f"{letter.size:,}"), className="num meta"),
    ]
    body = [
        html.P(letter.sentence, className="meta", lang="en"),
        html.P(html.Code(letter.topic), className="meta"),
        html.Pre(letter.payload),
    ]
    return html.Li(html.Details([html.Summary(head), *body]), className="dead-letter")

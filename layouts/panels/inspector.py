"""The inspector: one thing with its value, limits, age, both times and where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dash import dcc, html

from layouts import charts, ids, parts
from layouts.figures import delay, instant, number, position, span
from layouts.panels import alarm_card
from layouts.parts import ROMAN
from layouts.words import Words

STOPPED = ("stale", "lost", "offline")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingFacts:
    """What is known of a thing, in plain values."""

    thing: str
    title: str
    kind: str
    department: str
    level: int = 0
    state: str = "fresh"
    quantity: str = ""
    value: float | None = None
    unit: str = ""
    limits: Sequence[float] = ()  # blue to red
    is_verified: bool = False
    observed_at: datetime | None = None
    received_at: datetime | None = None
    period_s: float = 60.0
    area: str = ""
    cell: str = ""
    place: tuple[float, float] | None = None
    datum: str = "wgs84"
    sent_place: tuple[float, float] | None = None
    status: str | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    online: bool | None = None
    uncertain: Sequence[str] = ()
    values: Sequence[tuple[str, str]] = field(default=())  # name, figure with unit
    source: str = ""


def panel(words: Words) -> html.Section:
    """Empty until a thing or an alarm is chosen: the thing above, its alarm below."""
    return html.Section(
        [html.Div(id=ids.INSPECTOR, className="inspector-body is-empty"), alarm_card.panel()],
        className="inspector float",
        **{"data-region": "inspector", "data-over-map": "", "aria-label": words("inspector.label")},
    )


def opened(facts: ThingFacts, figure: Any, now: datetime, words: Words) -> list[Any]:
    """Everything about a thing."""
    path = f"/api/v1/things/{facts.thing}"
    return [
        head(facts, words),
        html.Div(latest(facts, now, words), id=ids.INSPECTOR_NOW),
        chart(facts, figure, words),
        html.Div(details(facts, now, words), id=ids.INSPECTOR_FACTS),
        parts.json_links(
            [(words("inspector.json"), path), (words("inspector.history"), f"{path}/history")]
        ),
    ]


def missing(thing: str, words: Words) -> list[Any]:
    """A link may name what is not there."""
    close = parts.close_button(ids.close("inspector"), words("inspector.close"))
    text = words("inspector.missing", thing=thing)
    return [
        html.Div([html.Span(className="spacer"), close], className="inspector-head"),
        parts.empty(text, words("inspector.missing_hint")),
    ]


def head(facts: ThingFacts, words: Words) -> html.Div:
    """Mark, name, what it is and whose."""
    number_ = facts.thing.split("/", 2)[2]
    about = " · ".join(part for part in (f"{facts.kind} {number_}", facts.department) if part)
    name = [html.H2(facts.title, className="inspector-title"), html.P(about, className="meta clip")]
    return html.Div(
        [
            html.Span(parts.mark(facts.level, words), id=ids.INSPECTOR_MARK),
            html.Div(name, className="inspector-name"),
            parts.close_button(ids.close("inspector"), words("inspector.close")),
        ],
        className="inspector-head",
    )


def latest(facts: ThingFacts, now: datetime, words: Words) -> list[Any]:
    """The value and what is wrong with it."""
    return [reading(facts, now, words), *notices(facts, now, words)]


def reading(facts: ThingFacts, now: datetime, words: Words) -> html.Div:
    """The value in large, its level and limit, its age against the agreed period."""
    struck = "is-lost" if facts.state in ("lost", "offline") else ""
    value = [number(facts.value), html.Small(facts.unit)]
    level = f"inspector.{'level' if facts.level else 'normal'}"
    said = words(level, level=ROMAN[facts.level])
    observed_ms = int(facts.observed_at.timestamp() * 1000) if facts.observed_at else None
    now_ms = int(now.timestamp() * 1000)
    agreed = words("inspector.period", period=span(facts.period_s))
    return html.Div(
        [
            html.Span(value, className=f"reading-value num {struck}"),
            html.Div(
                [
                    html.Div(" · ".join(filter(None, (facts.quantity, said)))),
                    html.Div(limit_text(facts, words), className="meta"),
                ],
                className="reading-facts",
            ),
            html.Div(
                [
                    html.Div(parts.age(observed_ms, facts.period_s, now_ms)),
                    html.Div(agreed, className="meta"),
                ],
                className="reading-age",
            ),
        ],
        className="reading",
    )


def limit_text(facts: ThingFacts, words: Words) -> str:
    """How far beyond the limit it reached, or how far from the first one."""
    if not facts.limits or facts.value is None:
        return words("inspector.no_limits" if facts.quantity else "inspector.no_value")
    level = facts.level or 4
    limit = facts.limits[4 - level]
    falling = facts.limits[0] > facts.limits[-1]
    key = ("under" if falling else "over") if facts.level else "before"
    margin = abs(facts.value - limit)
    return words(
        f"inspector.{key}",
        level=ROMAN[level],
        limit=number(limit, facts.unit),
        margin=number(round(margin, 3), facts.unit),
    )


def notices(facts: ThingFacts, now: datetime, words: Words) -> list[html.P]:
    """Why the value should not be trusted as it stands."""
    found = []
    if facts.state in STOPPED:
        text = words(f"inspector.{facts.state}", at=instant(facts.observed_at, now))
        found.append(parts.notice(facts.state, text))
    if facts.uncertain:
        why = [words.get(f"uncertain.{reason}", reason) for reason in facts.uncertain]
        text = words("inspector.uncertain", reasons=" · ".join(why))
        found.append(parts.notice("uncertain", text))
    return found


def details(facts: ThingFacts, now: datetime, words: Words) -> html.Dl:
    """Both times, place, datum, status, every value, source."""
    rows: list[tuple[str, Any]] = [
        (words("inspector.observed"), instant(facts.observed_at, now)),
        (words("inspector.received"), received(facts, now, words)),
        (words("feed.state"), parts.state_word(facts.state, words)),
        *place_rows(facts, words),
        *motion_rows(facts, words),
        *facts.values,
        (words("inspector.source"), html.Code(facts.source)),
    ]
    return parts.facts((name, what) for name, what in rows if what)


def received(facts: ThingFacts, now: datetime, words: Words) -> str:
    """Our time, and how long it took; a sender's clock may be ahead."""
    if not (facts.received_at and facts.observed_at):
        return instant(facts.received_at, now)
    late_ms = (facts.received_at - facts.observed_at).total_seconds() * 1000
    at = instant(facts.received_at, now)
    if late_ms < -1000:
        return f"{at} · {words('inspector.delay_ahead', span=span(-late_ms / 1000))}"
    return f"{at} · {words('inspector.delay')} {delay(max(0, late_ms))}"


def place_rows(facts: ThingFacts, words: Words) -> list[tuple[str, Any]]:
    """Where it is, and in which datum it was sent."""
    where = position(*facts.place) if facts.place else words("inspector.no_position")
    datum = words.get(f"datum.{facts.datum}", facts.datum)
    if facts.sent_place:
        datum = words("inspector.datum_from", datum=datum, pos=position(*facts.sent_place))
    return [
        (words("inspector.area"), " · ".join(filter(None, (facts.area, facts.cell)))),
        (words("inspector.position"), where),
        (words("inspector.datum"), datum if facts.place else ""),
    ]


def motion_rows(facts: ThingFacts, words: Words) -> list[tuple[str, Any]]:
    """Only what it says of itself."""
    status = words.get(f"status_word.{facts.status}", facts.status or "")
    online = {True: words("inspector.yes"), False: words("inspector.no")}.get(facts.online, "")
    speed = None if facts.speed_mps is None else round(facts.speed_mps * 3.6)
    heading = "" if facts.heading_deg is None else f"{facts.heading_deg:.0f}°"
    return [
        (words("inspector.status"), status),
        (words("inspector.speed"), "" if speed is None else number(speed, "km/h")),
        (words("inspector.heading"), heading),
        (words("inspector.online"), online),
    ]


def chart(facts: ThingFacts, figure: Any, words: Words) -> html.Div:
    """Recent readings; the list of them is one link away."""
    if figure is None:
        return html.Div(words("inspector.chart_empty"), className="meta sparkline-empty")
    graph = dcc.Graph(id=ids.CHART, figure=figure, config=charts.CONFIG, responsive=True)
    attributes: dict[str, Any] = {"aria-label": words("inspector.chart", name=facts.title)}
    return html.Div(graph, className="sparkline", role="img", **attributes)

"""The open alarm inside the inspector: what it says, what was done with it, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from layouts import ids, parts
from layouts.parts import keycap
from layouts.words import Words

PRIMARY = "acknowledge"
MOST_CHILDREN, MOST_LINES = 12, 6


@dataclass(frozen=True, slots=True)
class ActView:
    """A button: the act, its key, what it is called."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """What was done, when, by whom."""

    at: str
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmFacts:
    """What is known of an alarm, in plain values."""

    id: str
    level: int
    title: str
    place: str
    has_thing: bool  # the inspector above tells of its thing
    rows: Sequence[tuple[str, str]]  # rule, basis, since, peak …
    notices: Sequence[tuple[str, str]] = ()  # kind and sentence
    children: Sequence[str] = ()
    log: Sequence[LogLine] = ()
    case_id: str = ""
    acts: Sequence[ActView] = ()
    why_none: str = ""  # who may, where this seat may do nothing


def panel() -> html.Div:
    """Empty until an alarm is chosen."""
    return html.Div(
        [
            html.Div(id=ids.ALARM_CARD, className="alarm-card is-empty"),
            html.Div(id=ids.ALARM_SHEET, className="alarm-sheet is-empty"),
            dcc.Store(id=ids.SHEET),
            dcc.Store(id=ids.DEED),
        ],
        className="alarm-part",
    )


def opened(facts: AlarmFacts, words: Words) -> list[Any]:
    """Everything about an alarm."""
    return [
        *([] if facts.has_thing else [head(facts, words)]),
        html.Div(title_line(facts, words), className="alarm-card-head"),
        *(parts.notice(kind, text) for kind, text in facts.notices),
        parts.facts(list(facts.rows)),
        *children(facts, words),
        *log(facts, words),
        acts(facts, words),
    ]


def head(facts: AlarmFacts, words: Words) -> html.Div:
    """Where no thing stands above it, it has a head of its own."""
    name = [
        html.H2(facts.title, className="inspector-title"),
        html.P(facts.place, className="meta"),
    ]
    return html.Div(
        [
            parts.mark(facts.level, words),
            html.Div(name, className="inspector-name"),
            parts.close_button(ids.close("inspector"), words("inspector.close")),
        ],
        className="inspector-head",
    )


def title_line(facts: AlarmFacts, words: Words) -> list[Any]:
    """Level and title, and the case it has become."""
    case = html.A(
        words("alarms.case", id=facts.case_id),
        href=f"/cases/{facts.case_id}",
        className="tag is-accent",
    )
    title = html.Strong(facts.title, className="clip value")
    shown = [parts.mark(facts.level, words), title] if facts.has_thing else []
    return [*shown, html.Span(className="spacer"), *([case] if facts.case_id else [])]


def children(facts: AlarmFacts, words: Words) -> list[Any]:
    """What lies under it, counted and listed."""
    if not facts.children:
        return []
    shown = [html.Li(text, className="clip") for text in facts.children[:MOST_CHILDREN]]
    more = len(facts.children) - MOST_CHILDREN
    rest = [html.Li(words("alarms.children_more", n=more))] if more > 0 else []
    summary = html.Summary(words("alarms.children", n=len(facts.children)))
    return [html.Details([summary, html.Ul([*shown, *rest])], className="alarm-more")]


def log(facts: AlarmFacts, words: Words) -> list[Any]:
    """The newest lines; all of them behind one press."""
    if not facts.log:
        return []
    lines = [
        html.Li([html.Span(one.at, className="num meta"), html.Span(one.name), one.text])
        for one in facts.log
    ]
    summary = html.Summary(words("alarms.log", n=len(lines)))
    return [html.Details([summary, html.Ol(lines)], className="alarm-more alarm-log")]


def acts(facts: AlarmFacts, words: Words) -> html.Div:
    """Only what may be done now, each with its key."""
    if not facts.acts:
        return html.P(facts.why_none, className="notice is-late", role="note")
    return html.Div([button(one, words) for one in facts.acts], className="alarm-acts")


def button(act: ActView, words: Words) -> html.Button:
    """One act."""
    is_first = " is-primary" if act.name == PRIMARY else ""
    return html.Button(
        [words(f"act.{act.name}"), keycap(act.key)],
        type="button",
        className=f"button{is_first}",
        **{"data-key": act.key, "data-deed": act.name},
    )

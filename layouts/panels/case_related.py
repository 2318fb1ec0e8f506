"""What tells of the same happening: reports and alarms that joined, others that may, with why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import html

from city.merging import Match
from layouts.case_naming import Naming, short_number
from layouts.deadlines import moment
from layouts.figures import NONE, instant
from layouts.panels.case_facts import block


@dataclass(frozen=True, slots=True)
class Joined:
    """A report or alarm of the event: `score` and `reasons` say why, none where a person did it."""

    id: str
    title: str
    kind: str
    at_ms: int
    is_alarm: bool = False
    score: float | None = None
    reasons: Sequence[str] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """Another event that may be the same happening."""

    event_id: str
    title: str
    case_id: str
    at_ms: int
    match: Match


@dataclass(frozen=True, slots=True)
class Related:
    """Everything of one happening."""

    event_id: str = ""
    joined: Sequence[Joined] = ()
    alike: Sequence[Alike] = ()
    children: Sequence[tuple[str, str]] = ()  # number, title
    may_merge: bool = False


def panel(one: Related, naming: Naming, at: datetime) -> Any:
    """Rows by their score; nothing where a case stands alone."""
    words = naming.words
    rows = [joined_row(row, one, naming, at) for row in one.joined[1:]]
    rows += [child_row(*child, words) for child in one.children]
    rows += [alike_row(row, one, naming, at) for row in one.alike]
    if not rows:
        return None
    body = html.Ul(rows, className="related")
    return block(words("case.related"), words("case.related_hint"), body, name="case-related")


def score_of(score: float | None) -> html.Span:
    """Two decimals; — where a person decided."""
    text = NONE if score is None else f"{score:.2f}"
    return html.Span(text, className="num meta related-score")


def row(score: float | None, title: Any, more: Sequence[str], tools: Any, why: str) -> html.Li:
    """Score, what it says, what can be done."""
    text = html.Div(
        [
            html.Div(title, className="clip value"),
            html.Div(" · ".join(filter(None, more)), className="clip meta", title=why),
        ],
        className="related-text",
    )
    return html.Li([score_of(score), text, html.Div(tools, className="related-tools")])


def joined_row(one: Joined, related: Related, naming: Naming, at: datetime) -> html.Li:
    """It belongs to the happening; who may, takes it out again."""
    words = naming.words
    said = [one.kind, instant(moment(one.at_ms), at), *one.reasons[:2], one.by]
    tools: list[Any] = [html.Span(words("case.joined"), className="tag")]
    if related.may_merge:
        tools.append(tool("×", words("case.split"), "split", related.event_id, one.id))
    return row(one.score, one.title, said, tools, " · ".join(one.reasons))


def child_row(case_id: str, title: str, words: Any) -> html.Li:
    """A case that was merged into this one."""
    link = html.A(title, href=f"/cases/{case_id}")
    said = [short_number(case_id), words("case.child")]
    return row(None, link, said, html.Span(words("case.joined"), className="tag"), "")


def alike_row(one: Alike, related: Related, naming: Naming, at: datetime) -> html.Li:
    """It may be the same; a person says so."""
    words = naming.words
    reasons = [words.pick(*pair) for pair in one.match.reasons]
    title = html.A(one.title, href=f"/cases/{one.case_id}") if one.case_id else one.title
    said = [short_number(one.case_id), instant(moment(one.at_ms), at), *reasons[:2]]
    tools: list[Any] = [html.Span(words("case.suggested"), className="tag")]
    if related.may_merge:
        label = words("case.merge")
        tools = [tool(label, label, "merge", related.event_id, one.event_id)]
    return row(one.match.score, title, said, tools, " · ".join(reasons))


def tool(text: str, label: str, deed: str, event_id: str, other: str) -> html.Button:
    """Asks for a reason, then does it."""
    return html.Button(
        text,
        type="button",
        title=label,
        className="button is-small" if len(text) > 1 else "icon-button",
        **{"data-relate": deed, "data-event": event_id, "data-other": other, "aria-label": label},
    )

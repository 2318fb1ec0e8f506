"""The log of a case: it only grows; what the house did itself says so, with its rule."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import html

from city.case_table import Move
from city.cases import Entry
from city.order_table import STATE_NAMES, OrderState
from layouts import case_ids, parts
from layouts.case_naming import Naming
from layouts.deadlines import moment
from layouts.figures import instant
from layouts.panels.case_facts import block
from layouts.words import Words

SHOWN = 8


def log(entries: Sequence[Entry], naming: Naming, at: datetime) -> html.Section:
    """The newest first; the rest opens by H."""
    words = naming.words
    newest = list(reversed(entries))
    lines = [line(one, naming, at) for one in newest[:SHOWN]]
    body: list[Any] = [html.Ol(lines, className="log")]
    if rest := newest[SHOWN:]:
        more = html.Ol([line(one, naming, at) for one in rest], className="log")
        label = html.Summary([words("case.log_all"), parts.keycap("H")], **{"data-key": "H"})
        body.append(html.Details([label, more], className="log-rest"))
    return block(words("case.log"), words("case.log_count", n=len(entries)), *body)


def line(entry: Entry, naming: Naming, at: datetime) -> html.Li:
    """When, who, what, why."""
    words = naming.words
    automatic = html.Span([words("case.automatic"), f" {entry.rule}" if entry.rule else ""],
                          className="tag")  # fmt: skip
    who = [automatic] if entry.is_automatic else [html.B(entry.name), " "]
    said = [*who, " " if entry.is_automatic else "", told(entry, naming)]
    return html.Li(
        [html.Span(instant(moment(entry.at_ms), at), className="num meta"), html.Span(said)],
        title=naming.post(entry.role),
    )


def told(entry: Entry, naming: Naming) -> str:
    """The move with what it brought; a comment is said as it was written."""
    if entry.move is Move.COMMENT:
        return entry.reason
    parts_of = [naming.move(entry.move), *brought(entry, naming), entry.reason]
    return naming.words.pick("，", ", ").join(filter(None, parts_of))


def brought(entry: Entry, naming: Naming) -> list[str]:
    """The facts of a move that people read."""
    facts, words = entry.facts, naming.words
    found = []
    if facts.get("lead"):
        found.append(f"{words('case.lead_task')} {naming.department(str(facts['lead']))}")
    if facts.get("co"):
        units = "、".join(naming.department(str(one)) for one in facts["co"])
        found.append(f"{words('case.co_task')} {units}")
    if entry.move is Move.ORDER:
        zh, en = STATE_NAMES[OrderState(facts["stands"])]
        found.append(f"{facts['unit']} {words.pick(zh, en)}")
    if facts.get("plan"):
        found.append(naming.plan(str(facts["plan"])))
    names = ("condition", "limit", "assignee", "into", "child", "warning")
    return found + [str(facts[name]) for name in names if facts.get(name)]


def comment_form(case_id: str, words: Words) -> html.Form:
    """A line for everybody who works on it."""
    field = html.Textarea(
        name="reason", rows=1, placeholder=words("case.comment"), required=True, maxLength=4000,
        className="case-text-field", id="case-comment", **{"aria-label": words("case.comment")},
    )  # fmt: skip
    send = html.Button([words("case.comment_send"), parts.keycap("Ctrl ↵")], type="submit",
                       className="button is-small")  # fmt: skip
    row = html.Div([html.Span(id=case_ids.COMMENT_SAID, className="meta", role="status"), send],
                   className="form-foot")  # fmt: skip
    focus = html.Button(
        parts.keycap("C"),
        type="button",
        className="comment-key",
        tabIndex=-1,
        **{"data-key": "C", "data-focus": "case-comment", "aria-label": words("case.comment_send")},
    )
    return html.Form(
        [html.Div([field, focus], className="comment-field"), row],
        className="case-comment",
        **{"data-move": "comment", "data-cases": case_id},
    )

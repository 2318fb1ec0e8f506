"""The trail's rows, the line below them, one record in full, and what a verification found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import html

from layouts import audit_ids, parts
from layouts.figures import CHINA, NONE, instant
from layouts.words import Words

DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A record in words."""

    number: int
    at: datetime
    account: str
    name: str
    post: str
    action: str  # its word
    code: str  # as machines have it
    subject: str
    is_refused: bool
    why: str  # the reason that was given, or why it was refused
    address: str
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One thing before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Full:
    """A record with everything that stands in it."""

    row: Row
    changes: Sequence[Change]
    facts: Sequence[tuple[str, str]]
    before: str
    digest: str
    is_whole: bool  # its digest fits what it says


@dataclass(frozen=True, slots=True)
class Found:
    """What a verification found."""

    at: datetime
    count: int
    number: int
    digest: str
    after: int
    broken: int | None


@dataclass(frozen=True, slots=True)
class Foot:
    """Where the list stands."""

    count: int
    older: int | None  # the cursor of what is older
    is_first: bool
    export: str


def rows(found: Sequence[Row], older: int | None, now: datetime, words: Words) -> list[Any]:
    """The list; where nothing fits it says what to do next."""
    if found:
        return [row(one, now, words) for one in found]
    hint = words("audit.look_on", n=older) if older else words("audit.none_hint")
    said = parts.empty(words("audit.none"), hint)
    return [html.Tr(html.Td(said, colSpan=7), className="audit-none")]


def row(one: Row, now: datetime, words: Words) -> html.Tr:
    """One record; its button covers the row."""
    if not one.is_readable:
        return unreadable(one, words)
    opens = html.Button(one.action, id=audit_ids.row(one.number), type="button")
    who = [html.Span(one.name, className="value"), html.Span(one.account, className="meta")]
    cells = (
        ("number", html.Span(f"{one.number:,}")),
        ("at", html.Span(instant(one.at, now), title=moment(one.at))),
        ("who", html.Div([*who, html.Span(one.post, className="meta")], className="audit-who")),
        ("action", [opens, html.Code(one.code)]),
        ("subject", html.Span(one.subject or NONE, className="clip", title=one.subject)),
        ("outcome", outcome(one, words)),
        ("address", one.address or NONE),
    )
    return html.Tr(
        [html.Td(what, className=f"is-{name}") for name, what in cells],
        className="audit-row is-refused" if one.is_refused else "audit-row",
        **{"data-number": str(one.number)},
    )


def unreadable(one: Row, words: Words) -> html.Tr:
    """A record of which nothing is left that can be read."""
    opens = html.Button(words("audit.unreadable"), id=audit_ids.row(one.number), type="button")
    cells = [html.Td(f"{one.number:,}", className="is-number"), html.Td(opens, colSpan=6)]
    return html.Tr(cells, className="audit-row is-broken", **{"data-number": str(one.number)})


def outcome(one: Row, words: Words) -> html.Div:
    """How it ended, as shape and word, with its reason."""
    kind = "refused" if one.is_refused else "done"
    tag = html.Span(words(f"audit_mark.{kind}"), className=f"audit-outcome is-{kind}")
    why = [html.Span(one.why, className="meta clip", title=one.why)] if one.why else []
    return html.Div([tag, *why], className="audit-ended")


def foot(at: Foot, words: Words) -> list[Any]:
    """Paging and export."""
    newer = {"disabled": at.is_first, "data-key": "ArrowLeft"}
    older = {"disabled": at.older is None, "data-key": "ArrowRight"}
    return [
        html.Span(words("audit.count", n=at.count)),
        html.Span(className="spacer"),
        html.A([words("audit.export"), parts.keycap("X")], href=at.export, download="audit.jsonl",
               title=words("audit.export_hint"), className="button is-small",
               **{"data-key": "X"}),
        turn("newest", words("audit.newest"), {"disabled": at.is_first}),
        turn("newer", [parts.keycap("←"), words("audit.newer")], newer),
        turn(at.older or 0, [words("audit.older"), parts.keycap("→")], older),
    ]  # fmt: skip


def turn(name: Any, label: Any, attributes: dict[str, Any]) -> html.Button:
    """To another page."""
    target = audit_ids.turn(name)
    return html.Button(label, id=target, type="button", className="button is-small", **attributes)


def fresh(count: int, words: Words) -> Any:
    """What has come meanwhile; the list moves only when this is pressed."""
    if count < 1:
        return None
    attributes = {"data-key": "R"}
    label = [words("audit.fresh", n=f"{count:,}"), parts.keycap("R")]
    return html.Button(label, id=audit_ids.turn("fresh"), type="button",
                       className="chip is-on", **attributes)  # fmt: skip


def verdict(found: Found, words: Words) -> html.P:
    """What a verification found, to be noted elsewhere."""
    at = moment(found.at)[11:]
    if found.broken is not None:
        said = words("audit.broken", n=f"{found.broken:,}", good=f"{found.count:,}", at=at)
        return html.P(said, className="audit-found is-broken", role="alert")
    said = words("audit.whole", n=f"{found.count:,}", at=at)
    dropped = [html.Span(words("audit.after", n=f"{found.after:,}"))] if found.after else []
    code = html.Code(f"#{found.number} {found.digest[:DIGEST_SHOWN]}…", title=found.digest)
    return html.P([html.B(said), *dropped, code], className="audit-found")


def opened(full: Full, words: Words) -> list[Any]:
    """A record in full."""
    one = full.row
    small = words("audit.number", n=f"{one.number:,}")
    close = parts.close_button(audit_ids.row(0), words("audit.close"))
    return [
        parts.panel_head(one.action or words("audit.unreadable"), small, close),
        html.Div([*told(full, words), *seals(full, words)], className="panel-body"),
    ]


def told(full: Full, words: Words) -> list[Any]:
    """Who, what, on what, when, from where, how it ended; then before and after."""
    one = full.row
    if not one.is_readable:
        return [parts.notice("lost", words("audit.unreadable_hint"))]
    who = f"{one.name} · {one.account}"
    names = ("at", "who", "post", "action", "subject", "address")
    said = (moment(one.at), who, one.post, f"{one.action} · {one.code}", one.subject, one.address)
    pairs = zip(names, said, strict=True)
    known: list[tuple[str, Any]] = [(words(f"audit_fact.{k}"), v or NONE) for k, v in pairs]
    known.append((words("audit_fact.outcome"), outcome(one, words)))
    more = [html.H3(words("audit.detail"), className="section-label"), parts.facts(full.facts)]
    return [parts.facts(known), *changes(full.changes, words), *(more if full.facts else [])]


def changes(found: Sequence[Change], words: Words) -> list[Any]:
    """What it was, what it is now; what differs is marked."""
    if not found:
        return []
    head = [html.Th(words(f"audit.{name}"), scope="col") for name in ("what", "before", "after_it")]
    table = html.Table(
        [html.Thead(html.Tr(head)), html.Tbody([change(one) for one in found])],
        className="table audit-changes",
    )
    return [html.H3(words("audit.changes"), className="section-label"), table]


def change(one: Change) -> html.Tr:
    """One line of it."""
    is_changed = one.before != one.after
    old = "struck" if is_changed and one.before else ""
    cells = [html.Td(one.name), html.Td(one.before or NONE, className=old),
             html.Td(one.after or NONE)]  # fmt: skip
    return html.Tr(cells, className="is-changed" if is_changed else "")


def seals(full: Full, words: Words) -> list[Any]:
    """The record's place in the chain, and whether it says what it said when it was written."""
    kind, text = ("whole", "audit.seal_fits") if full.is_whole else ("broken", "audit.seal_broken")
    return [
        html.H3(words("audit.chain"), className="section-label"),
        parts.facts([
            (words("audit.previous"), html.Code(full.before or NONE)),
            (words("audit.digest"), html.Code(full.digest or NONE)),
        ]),
        html.P(words(text), className=f"audit-seal is-{kind}"),
    ]  # fmt: skip


def moment(at: datetime) -> str:
    """To the second, in the city's time."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")

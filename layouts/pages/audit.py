"""审计 Audit: the trail, one record of it, and whether the chain holds. Nothing here changes it."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from layouts import audit_ids, parts
from layouts.shell import City, shell
from layouts.words import Words

FIELDS = ("account", "action", "subject", "text", "from", "to")
OUTCOMES = ("", "done", "refused")
PERIODS = ("", "day", "week", "month")
COLUMNS = ("number", "at", "who", "action", "subject", "outcome", "address")
EVERYTHING = {"outcome": "", "period": ""}


def page(city: City, actions: Sequence[tuple[str, str]], words: Words) -> html.Div:
    """The whole page; `actions` are offered while one is typed."""
    main = html.Main(
        [trail(actions, words), record(words), *stores()], id=audit_ids.MAIN, className="main audit"
    )
    return shell(city, words("audit.title"), words("audit.small"), main, words)


def stores() -> list[dcc.Store]:
    """What the browser remembers of this page."""
    return [
        dcc.Store(id=audit_ids.CHOICE, data=EVERYTHING),
        dcc.Store(id=audit_ids.STACK, data=[]),
        dcc.Store(id=audit_ids.SHOWN),
        dcc.Store(id=audit_ids.OPEN),
    ]


def trail(actions: Sequence[tuple[str, str]], words: Words) -> html.Section:
    """The list with what is looked for."""
    known = html.Datalist(
        [html.Option(value=code, label=said) for code, said in actions], id="audit-actions"
    )
    head = [html.Th(words(f"audit_column.{name}"), scope="col", className=f"is-{name}")
            for name in COLUMNS]  # fmt: skip
    table = html.Table(
        [html.Thead(html.Tr(head)), html.Tbody(id=audit_ids.ROWS)], className="table audit-table"
    )
    label: dict[str, Any] = {"data-region": "audit", "aria-label": words("audit.trail")}
    return html.Section(
        [
            heading(words),
            filters(words),
            known,
            html.Div(table, className="panel-body", tabIndex=-1),
            html.Div(id=audit_ids.FOOT, className="panel-foot audit-foot"),
        ],
        className="panel audit-trail",
        **label,
    )


def heading(words: Words) -> html.Div:
    """Whether the chain holds, and what has come since the list was read."""
    verify: dict[str, Any] = {"data-key": "V", "title": words("audit.verify_hint")}
    return html.Div(
        [
            html.H2(words("audit.trail"), className="panel-title"),
            html.Div(id=audit_ids.FRESH),
            html.Span(className="spacer"),
            html.Div(id=audit_ids.VERDICT, className="audit-verdict", role="status"),
            html.Button(
                [parts.icon("audit"), words("audit.verify"), parts.keycap("V")],
                id=audit_ids.VERIFY,
                type="button",
                className="button is-small",
                **verify,
            ),
        ],
        className="panel-head audit-head",
    )


def filters(words: Words) -> html.Div:
    """Who, what, on what, which words, how it ended, when."""
    return html.Div(
        [
            *(field(name, words) for name in FIELDS[:4]),
            html.Div(choices("outcome", OUTCOMES, "", words), id="audit-outcome"),
            html.Div(choices("period", PERIODS, "", words), id="audit-period"),
            *(field(name, words) for name in FIELDS[4:]),
        ],
        className="audit-filters",
        role="search",
        **{"aria-label": words("audit.filters")},
    )


def field(name: str, words: Words) -> html.Label:
    """One word that is looked for."""
    offered = {"list": "audit-actions"} if name == "action" else {}
    box = dcc.Input(
        id=audit_ids.field(name),
        type="text",
        debounce=0.4,
        value="",
        placeholder=words(f"audit_field.{name}_hint"),
        autoComplete="off",
        maxLength=200,
        **offered,
    )
    said = html.Span(words(f"audit_field.{name}"), className="meta")
    return html.Label([said, box], className=f"field audit-field is-{name}")


def choices(kind: str, names: Sequence[str], chosen: str, words: Words) -> html.Div:
    """One of a few."""
    return html.Div(
        [choice(kind, name, name == chosen, words) for name in names],
        className="segmented",
        role="group",
        **{"aria-label": words(f"audit.{kind}")},
    )


def choice(kind: str, name: str, is_on: bool, words: Words) -> html.Button:
    """One of them."""
    return html.Button(
        words(f"audit_{kind}.{name or 'all'}"),
        id=audit_ids.choice(f"{kind}:{name}"),
        type="button",
        className="is-on" if is_on else "",
        **{"aria-pressed": str(is_on).lower()},
    )


def record(words: Words) -> html.Section:
    """Empty until a record is opened."""
    label: dict[str, Any] = {"data-region": "record", "aria-label": words("audit.record")}
    return html.Section(id=audit_ids.RECORD, className="panel audit-record", **label)

"""The open case: its parts in their boxes, each drawn anew only when it changed."""

from typing import Any

from dash import dcc, html

from layouts import case_ids, parts
from layouts.words import Words


def panel(words: Words) -> html.Section:
    """The docked region; empty until a case is chosen."""
    return html.Section(
        parts.empty(words("case.choose"), words("case.choose_hint")),
        id=case_ids.PANEL,
        className="panel case-detail is-empty",
        tabIndex=-1,
        **{"data-region": "case", "aria-label": words("case.panel")},
    )


def missing(case_id: str, words: Words) -> list[Any]:
    """No such case, or not for this seat."""
    back = html.Button([words("case.close"), parts.keycap("Esc")], type="button",
                       className="button", **{"data-key": "Escape", "data-case": ""})  # fmt: skip
    return [html.Div([parts.empty(words("case.missing", id=case_id)), back],
                     className="case-none")]  # fmt: skip


def frame(comment: Any, words: Words) -> list[Any]:
    """All boxes in their places; what has to wait shows its shape."""
    left = [
        html.Div(parts.loading(words("cases.loading"), 5), id=case_ids.FACTS),
        html.Div(id=case_ids.CHART_BOX),
        html.Div(id=case_ids.WORK),
    ]
    right = [
        html.Div(parts.loading(words("cases.loading"), 3), id=case_ids.SIDE),
        html.Div(id=case_ids.FORM),
        html.Div(id=case_ids.RELATED),
        html.Div(id=case_ids.LOG),
        comment,
    ]
    return [
        tools(words),
        html.Div(parts.loading(words("cases.loading"), 4), id=case_ids.TOP),
        html.Div(
            [
                html.Div(left, className="case-column is-wide"),
                html.Div(right, className="case-column is-narrow"),
            ],
            className="case-body",
        ),
        foot(words),
    ]


def new_frame(form: Any) -> list[Any]:
    """The form of a new case in the same place."""
    return [html.Div(form, id=case_ids.FORM, className="case-body is-single")]


def tools(words: Words) -> html.Div:
    """What can be done with the panel itself."""
    copy = html.Button(words("case.link"), type="button", className="button is-quiet is-small",
                       **{"data-copy": "1"})  # fmt: skip
    return html.Div(
        [
            html.Span(id=case_ids.HERE, role="status"),
            html.Span(className="spacer"),
            copy,
            html.Button(
                [parts.icon("close"), parts.keycap("Esc")],
                type="button",
                className="button is-quiet is-small",
                title=words("case.close"),
                **{"data-key": "Escape", "data-case": "", "aria-label": words("case.close")},
            ),
        ],
        className="case-tools",
    )


def foot(words: Words) -> html.Div:
    """The keys of the panel."""
    hints = [("Esc", "case.foot_back"), ("[", ""), ("]", "case.foot_step"),
             ("P", "case.foot_photos"), ("H", "case.foot_log")]  # fmt: skip
    said: list[Any] = []
    for key, word in hints:
        said.append(parts.keycap(key))
        if word:
            said.append(html.Span(words(word)))
    edition = html.Span(words("case.rules", edition="2026"))
    return html.Div(
        [html.Span(said, className="hints", **{"aria-hidden": "true"}),
         html.Span(className="spacer"), edition],
        className="panel-foot",
    )  # fmt: skip


def stores() -> list[Any]:
    """What the page of cases remembers."""
    return [dcc.Store(id=name) for name in case_ids.STORES]

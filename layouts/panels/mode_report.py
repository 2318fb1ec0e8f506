"""The report of an emergency on its page, as it is read and printed."""

from typing import Any

from dash import html

from city.mode_report import EpisodeReport
from layouts import mode_sections, parts
from layouts.case_naming import Naming
from layouts.mode_sections import Row, Section
from layouts.words import Words


def sheet(report: EpisodeReport, naming: Naming) -> html.Article:
    """All of it, with the ways to take it along."""
    words, name = naming.words, report.episode.id
    base = f"/api/v1/mode/episodes/{name}/report"
    links = [("HTML", f"{base}.html?lang={words.lang}"), ("JSON", base)]
    take = [html.A(text, href=href, className="button is-small", download="")
            for text, href in links]  # fmt: skip
    heading = html.H2(mode_sections.title(report, words))
    mark = parts.mark(report.episode.level, words)
    head = html.Div([mark, heading, html.Span(className="spacer"), printer(words), *take],
                    className="mode-head")  # fmt: skip
    shown = [section(one, words) for one in mode_sections.sections(report, naming)]
    return html.Article([head, parts.facts(mode_sections.facts(report, words)), *shown],
                        className="mode-sheet", **{"aria-label": words("mode.report")})  # fmt: skip


def section(one: Section, words: Words) -> html.Section:
    """A table under its title; that it is empty is said too."""
    title = html.H3(one.title)
    if not one.rows:
        return html.Section([title, html.P(words("mode.none"), className="meta")])
    head = [html.Thead(html.Tr([html.Th(name) for name in one.head]))] if one.head else []
    body = html.Tbody([html.Tr(cells(row)) for row in one.rows])
    return html.Section([title, html.Table([*head, body], className=f"table is-{one.name}")])


def cells(row: Row) -> list[html.Td]:
    """One row."""
    return [html.Td(text) for text in row]


def printer(words: Words) -> html.Button:
    """Onto paper."""
    attributes: dict[str, Any] = {"data-print": "", "data-key": "P"}
    label = [parts.icon("print"), words("handover.print"), parts.keycap("P")]
    return html.Button(label, type="button", className="button is-small", **attributes)


def waits(words: Words) -> html.Div:
    """It is being made."""
    return parts.empty(words("mode.report_waits"))

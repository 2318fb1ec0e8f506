"""The report of an emergency as one HTML file of its own, to be kept and printed."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from api.context import Context
from api.problems import documented, lang_of
from api.seating import needs
from city.mode_report import EpisodeReport
from city.profile import Profile
from city.roles import Actor, Right
from layouts import mode_sections
from layouts.case_naming import Naming
from layouts.mode_sections import Section
from layouts.words import words
from store.store import Store

Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{max-width:60em;margin:2em auto;padding:0 1em;color:#111;background:#fff;
font:14px/1.6 "Noto Sans SC","Microsoft YaHei",sans-serif}}h1{{font-size:22px}}
h2{{margin:1.6em 0 .4em;font-size:16px}}table{{width:100%;border-collapse:collapse}}
th,td{{padding:4px 8px;border-bottom:1px solid #bbb;text-align:left;vertical-align:top}}
dl{{display:grid;grid-template-columns:8em 1fr}}dd{{margin:0}}</style></head>
<body><h1>{title}</h1><dl>{facts}</dl>{sections}</body></html>"""


def build(context: Context) -> APIRouter:
    """One route."""
    router = APIRouter(prefix="/api/v1", tags=["mode"], responses=documented())
    routes = SheetRoutes(context.store, context.profile)
    router.add_api_route("/mode/episodes/{episode}/report.html", routes.sheet,
                         response_class=HTMLResponse)  # fmt: skip
    return router


class SheetRoutes:
    """The routes."""

    def __init__(self, store: Store, profile: Profile) -> None:
        self._store = store
        self._profile = profile

    def sheet(
        self, request: Request, _actor: Looking, episode: str,
        lang: Annotated[str, Query(description="zh or en")] = "",
    ) -> HTMLResponse:  # fmt: skip
        """The report, without anything from elsewhere."""
        report = self._store.mode_reports.get(episode)
        naming = Naming(self._profile, words(lang or lang_of(request)))
        named = f'attachment; filename="{episode}.html"'
        return HTMLResponse(page(report, naming), headers={"Content-Disposition": named})


def page(report: EpisodeReport, naming: Naming) -> str:
    """One file."""
    said = naming.words
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(what)}</dd>"
                    for name, what in mode_sections.facts(report, said))  # fmt: skip
    tables = "".join(table(one) for one in mode_sections.sections(report, naming) if one.rows)
    lang = "en" if said.lang == "en" else "zh-CN"
    return PAGE.format(lang=lang, title=escape(mode_sections.title(report, said)), facts=facts,
                       sections=tables)  # fmt: skip


def table(one: Section) -> str:
    """A table under its title."""
    head = "".join(f"<th>{escape(name)}</th>" for name in one.head)
    rows = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>"
                   for row in one.rows)  # fmt: skip
    top = f"<thead><tr>{head}</tr></thead>" if head else ""
    return f"<h2>{escape(one.title)}</h2><table>{top}<tbody>{rows}</tbody></table>"

"""事件 Cases: every case, where it stands, and the next step of the one that is open."""

from typing import Any

from dash import html

from layouts import parts
from layouts.panels import case_detail, case_list
from layouts.shell import City, shell
from layouts.words import Words

PATH = "/cases"


def page(city: City, words: Words) -> html.Div:
    """The whole page."""
    main = html.Main(
        [case_list.panel(words), case_detail.panel(words), *case_detail.stores()],
        id="main",
        className="main cases",
    )
    return shell(city, words("cases.title"), words("cases.small"), main, words)


def forbidden(city: City, who: str, words: Words) -> html.Div:
    """Who may not see cases is told who may."""
    said: Any = parts.empty(words("cases.forbidden", who=who), words("cases.forbidden_hint"))
    main = html.Main(said, id="main", className="main is-forbidden")
    return shell(city, words("cases.title"), words("cases.small"), main, words)

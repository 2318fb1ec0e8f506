"""事件 Cases: every case, where it stands, and the next step of the one that is open."""

from dash import html

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

"""平急 Mode: the switch between normal and emergency, command groups, emergencies before."""

from dataclasses import dataclass

from dash import html

from layouts import mode_ids, parts
from layouts.panels import groups, mode
from layouts.panels.mode_parts import Choices
from layouts.shell import City, shell
from layouts.words import Words

PATH = "/mode"


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen on the page."""

    posts: Choices
    people: Choices
    cases: Choices
    may_switch: bool
    may_form: bool


def page(city: City, offered: Offered, words: Words) -> html.Div:
    """The whole page; where an address names an emergency, its report stands for the switch."""
    people = offered.people if offered.may_switch else ()
    main = html.Main(
        [
            html.Div(
                [html.Div(id=mode_ids.REPORT), mode.switch(offered.posts, people, words)],
                className="mode-column",
            ),
            groups.panel(offered.people, offered.cases, offered.may_form, words),
            html.Aside(
                [
                    parts.panel_head(words("mode.past"), ""),
                    html.Div(id=mode_ids.PAST, className="panel-body"),
                ],
                className="panel mode-past",
                **{"data-region": "past", "aria-label": words("mode.past")},
            ),
        ],
        id="main",
        className="main mode",
    )
    return shell(city, words("mode.title"), words("mode.small"), main, words)

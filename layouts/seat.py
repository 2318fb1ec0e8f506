"""The seat at the shell: who sits here, the menu of his seat, the word that it is over."""

from dataclasses import dataclass
from typing import Any

from dash import html

from city.roles import Right
from layouts.words import Words


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits here: name, posts in words, and the words of `city.roles.Right` he has."""

    name: str = ""
    post: str = ""
    rights: frozenset[str] = frozenset()

    @property
    def sees_things(self) -> bool:
        """Whether search and districts are his."""
        return Right.VIEW_MAP in self.rights

    @property
    def sees_alarms(self) -> bool:
        """Whether counts of alarms are his."""
        return Right.VIEW_ALARMS in self.rights

    @property
    def hears(self) -> bool:
        """Whether anything sounds for him."""
        return self.sees_alarms or Right.VIEW_CASES in self.rights


EVERYBODY = Sitting(rights=frozenset(map(str, Right)))


def seat_menu(sitting: Sitting, words: Words) -> html.Details:
    """Who sits here, his account, and the way out (assets/seat.js)."""
    label: dict[str, Any] = {"aria-label": words("seat.menu")}
    out: dict[str, Any] = {"data-action": "logout"}
    return html.Details(
        [
            html.Summary([html.B(sitting.name), html.Span(sitting.post)], **label),
            html.Div(
                [
                    html.A(words("seat.account"), href="/account"),
                    html.Button(words("seat.logout"), type="button", **out),
                ],
                className="float",
            ),
        ],
        className="seat-menu",
    )


def seat_over(words: Words) -> html.P:
    """Shown by the browser when the session has ended; the screen stays as it was."""
    link = html.A(words("seat.way_in"), href="/login", className="button is-small")
    said = [words("seat.logged_out"), " ", link]
    return html.P(said, className="notice is-lost seat-over", role="alert", hidden=True)

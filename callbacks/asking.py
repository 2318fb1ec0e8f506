"""Who asks: the seat and the language of the page that a callback answers."""

from urllib.parse import quote, urlsplit

from dash import ctx
from dash.backends._fastapi import get_current_request

from callbacks.desk import Desk
from city.roles import Actor, Seat
from city.sight import Sight, sight_of
from layouts.words import Words, words


def words_asked() -> Words:
    """The texts in the language of this browser's cookie."""
    return words(ctx.cookies.get("city_lang"))


def page_asked() -> str:
    """The page that a callback answers, as the way back to it after a login."""
    here = urlsplit(get_current_request().headers.get("referer", ""))
    return quote(f"{here.path}?{here.query}" if here.query else here.path or "/")


def opened_asked() -> str:
    """What the address of the page names below it: `/handover/3` → `3`."""
    path = urlsplit(get_current_request().headers.get("referer", "")).path
    return [*path.split("/"), "", "", ""][2]


def pressed() -> str | None:
    """The name of the control that was pressed; None where one only appeared."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return None
    found = ctx.triggered_id
    return str(found["name"]) if found else None


def actor_asked(desk: Desk) -> Actor:
    """Who does something now, and from where; raises Unauthenticated."""
    return desk.actor_of(get_current_request())


def seat_asked(desk: Desk) -> Seat:
    """The seat that asks; raises Unauthenticated."""
    return actor_asked(desk).seat


def sight_asked(desk: Desk) -> Sight:
    """What the seat that asks may look at."""
    return sight_of(seat_asked(desk))


def has_request() -> bool:
    """Whether a browser asks; Dash also asks itself, at the start."""
    try:
        get_current_request()
    except RuntimeError:
        return False
    return True

"""The scope lives: the whole city, or one district of it."""

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, no_update

from callbacks.asking import pressed, words_asked
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.roles import Right
from layouts import ids
from layouts.shell import scopes

# The scope of the address when the page opens, and back into it when it changes.
wiring.in_browser(
    ClientsideFunction("city_page", "keepScope"),
    Output(ids.SCOPES, "title"),
    Input(ids.SCOPE, "data"),
)


@wiring.on(
    Output(ids.SCOPE, "data", allow_duplicate=True),
    Input(ids.scope_choice(ALL), "n_clicks"),
    prevent_initial_call=True,
    right=Right.VIEW_MAP,
)
def choose_scope(_desk: Desk, _clicks: list[int]) -> Any:
    """The district that was pressed."""
    name = pressed()
    return no_update if name is None else name


@wiring.on(
    Output(ids.SCOPES, "children"),
    Output(ids.MAP, "bounds"),
    Input(ids.SCOPE, "data"),
    prevent_initial_call=True,
    right=Right.VIEW_MAP,
)
def show_scope(desk: Desk, area: str | None) -> tuple[Any, Any]:
    """Marks the choice, and lets the map see all of it."""
    bounds = desk.area_bounds.get(area or "", desk.profile.bounds)
    return scopes(desk.profile.areas, area or "", words_asked()), list(bounds)

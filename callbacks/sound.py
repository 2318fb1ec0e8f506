"""Sound lives: what this seat is to hear, and its silence for some minutes."""

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, no_update

from callbacks.asking import actor_asked, pressed, seat_asked, words_asked
from callbacks.calls import Versions, calls
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.sounds import ringing
from layouts import ids
from layouts.panels.sound import shown

wiring.in_browser(
    ClientsideFunction("city_sound", "hear"),
    Output(ids.SOUND_STATE, "title"),
    Input(ids.RING, "data"),
)


@wiring.on(
    Output(ids.RING, "data"),
    Input(ids.pulse("alarms"), "data"),
    Input(ids.pulse("cases"), "data"),
    Input(ids.pulse("feeds"), "data"),
    Input(ids.pulse("mode"), "data"),
)
def ring(desk: Desk, *versions: int) -> dict[str, Any]:
    """One sound at most, and what is told once."""
    words, seat, at_ms = words_asked(), seat_asked(desk), desk.now_ms()
    until_ms = desk.store.sounds.muted_until(seat.account)
    found = calls(desk, seat, Versions(*versions), words)
    return shown(ringing(found, until_ms, at_ms), words)


@wiring.on(
    Output(ids.SOUND_STATE, "children"),
    Input(ids.mute(ALL), "n_clicks"),
    prevent_initial_call=True,
)
def mute(desk: Desk, _clicks: list[int]) -> Any:
    """Silence for some minutes, or its end; on record."""
    minutes = pressed()
    if minutes is None:
        return no_update
    if minutes == "0":
        desk.store.sounds.unmute(actor_asked(desk))
        return ""
    return str(desk.store.sounds.mute(int(minutes), actor_asked(desk)))

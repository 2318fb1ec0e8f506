"""Lists of the page of dispatch: Dash components whose React side is assets/dispatch-*.js.

The server says what is in them, every text said; the browser keeps what is ticked and ticking.
"""

from layouts.own import OwnComponent


class WaitingQueue(OwnComponent):
    """Cases without a unit, and orders under way (assets/dispatch-queue.js)."""

    _namespace = "city_dispatch"
    _type = "WaitingQueue"
    _prop_names = ("id", "data")  # `layouts.panels.dispatch_queue.shown`


class PickPanel(OwnComponent):
    """Whom to send, to which task, and the button that does it (assets/dispatch-pick.js)."""

    _namespace = "city_dispatch"
    _type = "PickPanel"
    _prop_names = ("id", "data")  # `layouts.panels.dispatch_pick.shown`


class UnitBoard(OwnComponent):
    """Units in columns by status (assets/dispatch-board.js)."""

    _namespace = "city_dispatch"
    _type = "UnitBoard"
    _prop_names = ("id", "data")  # `layouts.panels.dispatch_board.shown`

"""What the browser does itself on the page of dispatch (assets/dispatch*.js)."""

from dash import ClientsideFunction, Input, Output

from callbacks.wiring import wiring
from layouts import dispatch_ids, ids


def in_browser(name: str, box: str, source: str) -> None:
    """A function that is told of a change; it writes to no property of Dash."""
    wiring.in_browser(
        ClientsideFunction("city_dispatch", name), Output(box, "title"), Input(source, "data")
    )


in_browser("begin", dispatch_ids.QUEUE, ids.pulse("cases"))
in_browser("hearWays", dispatch_ids.HEAD, dispatch_ids.WAYS)
in_browser("hearClosed", dispatch_ids.CARD, dispatch_ids.CLOSED)
in_browser("hearSent", dispatch_ids.PICK, dispatch_ids.SENT)
in_browser("hearDone", dispatch_ids.BOARD, dispatch_ids.DONE)

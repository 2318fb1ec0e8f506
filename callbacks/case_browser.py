"""What the browser does itself on the page of cases (assets/cases.js, assets/case-forms.js)."""

from dash import ClientsideFunction, Input, Output

from callbacks.wiring import wiring
from layouts import case_ids, ids


def in_browser(room: str, name: str, box: str, source: str) -> None:
    """A function that is told of a change; it writes to no property of Dash."""
    wiring.in_browser(ClientsideFunction(room, name), Output(box, "title"), Input(source, "data"))


in_browser("city_cases", "hearPulse", case_ids.VIEWS, ids.pulse("cases"))
in_browser("city_cases", "hearScope", case_ids.NONE, ids.SCOPE)
in_browser("city_cases", "takeNews", case_ids.CHIPS, case_ids.NEWS)
in_browser("city_case_forms", "settle", case_ids.BULK, case_ids.DONE)
in_browser("city_case_forms", "learnVersion", case_ids.PANEL, case_ids.SHOWN)
in_browser("city_case_forms", "showClear", case_ids.COUNT, case_ids.UNMASKED)

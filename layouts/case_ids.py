"""The names of what the page of cases speaks to; see `layouts.ids`."""

from typing import Any

GRID = "case-grid"
OPEN = "case-open"  # Store: number of the open case, `new`, or ""
QUERY = "case-query"  # Store: view, text and filters, as the address has them
WATCHED = "case-watched"  # Store: rows on the screen with their versions, asked for anew
NEWS = "case-news"  # Store: rows that differ from those
AS_OF = "case-as-of"  # Store: when the order of the list was made, ms
VIEWS = "case-views"
CHIPS = "case-chips"
COUNT = "case-count"
NONE = "case-none"  # why the list is empty
FRESH = "case-fresh"  # how many came since the order was made
BULK = "case-bulk"

PANEL = "case-panel"
TOP = "case-top"  # head and steps
FACTS = "case-facts"
WORK = "case-work"  # evidence and tasks
SIDE = "case-side"
FORM = "case-form"  # the form in place; untouched by updates while somebody writes
FORM_SAID = "case-form-said"
CHART = "case-chart"
CHART_BOX = "case-chart-box"
RELATED = "case-related"
RELATE = "case-relate"  # Store: events to be put together or parted
RELATE_DONE = "case-relate-done"  # Store: when that was done
LOG = "case-log"
COMMENT_SAID = "case-comment-said"
HERE = "case-here"  # who else looks
HEARD = "case-heard"  # Store: when the server heard that we are here
UNMASK = "case-unmask"  # Store: what is to be shown in clear, with the reason
UNMASKED = "case-unmasked"  # Store: what is shown in clear, for some seconds
TICKED = "case-ticked"  # Store: numbers of the ticked rows
SHOWN = "case-shown"  # Store: number and version of what is drawn

ASKED = "case-asked"  # Store: the move whose form is asked for
ORDER = "case-order"  # Store: what a form has sent
BEAT = "case-beat"  # Store: what this browser looks at, told every few seconds
DONE = "case-done"  # Store: what was carried out, for the browser to go on from
KEEP_VIEW = "case-keep-view"  # Store: a view to be kept or dropped


STORES = (
    OPEN, QUERY, WATCHED, NEWS, AS_OF, SHOWN, HEARD, ASKED, ORDER, BEAT, DONE, KEEP_VIEW, UNMASK,
    UNMASKED, TICKED, RELATE, RELATE_DONE,
)  # fmt: skip


def move_button(move: Any) -> dict[str, Any]:
    """The button of a move."""
    return {"type": "case-move", "name": move}

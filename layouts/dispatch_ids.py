"""The names of what the page of dispatch speaks to; see `layouts.ids`."""

QUEUE = "dispatch-queue"  # cases that wait, or orders under way
VIEW = "dispatch-view"  # Store: {tab, sort}, set by the browser
OPEN = "dispatch-open"  # Store: {case, what_if, at}: what is computed for
SHOWN = "dispatch-shown"  # Store: versions of what is drawn of it
PICK = "dispatch-pick"  # ranked units, tasks, orders, and the button that sends
AROUND = "dispatch-around"  # Store: the same, once its candidates are seen: for rings and routes
WAYS = "dispatch-ways"  # Store: rings and routes of what is open
BOARD = "dispatch-board"  # units by status
BOARD_VIEW = "dispatch-board-view"  # Store: departments that are shown, none for all
CLOSED = "dispatch-closed"  # Store: roads that are closed
HEAD = "dispatch-head"

SEND = "dispatch-send"  # Store: what is to be sent, with a key of its own
SENT = "dispatch-sent"  # Store: what became of it
DEED = "dispatch-deed"  # Store: what is done to an order, a task, a unit, a road
DONE = "dispatch-done"  # Store: what became of that
UNIT = "dispatch-unit"  # Store: the unit whose card is open
CARD = "dispatch-card"
DRAWN = "dispatch-drawn"  # Store: what was drawn on the map
INSIDE = "dispatch-inside"  # what lies within it

STORES = (VIEW, OPEN, SHOWN, AROUND, WAYS, BOARD_VIEW, CLOSED, SEND, SENT, DEED, DONE, UNIT, DRAWN)

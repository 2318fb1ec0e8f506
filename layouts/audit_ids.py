"""The names of what callbacks of the trail's page speak to."""

from typing import Any

ROWS = "audit-rows"
FOOT = "audit-foot"
MAIN = "main"
RECORD = "audit-record"
VERIFY = "audit-verify"
VERDICT = "audit-verdict"
FRESH = "audit-fresh"
CHOICE = "audit-choice"  # Store: {outcome, period}
STACK = "audit-stack"  # Store: the cursors of the pages that were turned
SHOWN = "audit-shown"  # Store: number of the newest record when the list was read
OPEN = "audit-open"  # Store: number of the open record, or None


def field(name: Any) -> dict[str, Any]:
    """A word that is looked for."""
    return {"type": "audit-field", "name": name}


def choice(name: Any) -> dict[str, Any]:
    """One of a few: `outcome:refused`, `period:day`."""
    return {"type": "audit-choice", "name": name}


def turn(name: Any) -> dict[str, Any]:
    """`newest`, `newer`, or the cursor of what is older."""
    return {"type": "audit-turn", "name": name}


def row(number: Any) -> dict[str, Any]:
    """Opens a record; 0 closes it."""
    return {"type": "audit-row", "name": number}

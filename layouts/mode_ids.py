"""The names of the switch of modes and of the command groups, once."""

from typing import Any

PILL = "mode-pill"
LINE = "mode-line"
SHORT = "mode-short"  # what opens below the pill

NOW = "mode-now"
ENTER = "mode-enter"  # the form of normal days
CHANGE = "mode-change"  # the form of an emergency
WAITS = "mode-waits"  # what waits for the second person
PROPOSAL = "mode-proposal"
CLOCK = "mode-clock"
DUTY = "mode-duty"  # the form of the duty list
PAST = "mode-past"
REPORT = "mode-report"
SAID = "mode-said"

GROUPS = "groups-list"
GROUP_OPEN = "group-open"  # Store: number of the group that is open
GROUP = "group-detail"
GROUP_FORM = "group-form"
GROUP_DEEDS = "group-deeds"
GROUP_SAID = "group-said"


def field(name: Any) -> dict[str, Any]:
    """A field of the switch."""
    return {"type": "mode-field", "name": name}


def deed(name: Any) -> dict[str, Any]:
    """A button of the switch."""
    return {"type": "mode-deed", "name": name}


def sent(name: Any) -> dict[str, Any]:
    """Marks a report as sent."""
    return {"type": "mode-sent", "name": name}


def off(name: Any) -> dict[str, Any]:
    """Takes somebody off duty: `post|account`."""
    return {"type": "mode-off", "name": name}


def group(name: Any) -> dict[str, Any]:
    """A group in the list."""
    return {"type": "group-row", "name": name}


def group_field(name: Any) -> dict[str, Any]:
    """A field of a group."""
    return {"type": "group-field", "name": name}


def group_deed(name: Any) -> dict[str, Any]:
    """What is done with a group: `form`, `note`, `prolong`, `end`, `remove|account`."""
    return {"type": "group-deed", "name": name}

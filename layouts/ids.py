"""The names of what callbacks speak to, once.

Elements that tick in the browser carry `data-at` (ms) and `data-period` (s); see docs/live.md.
"""

from typing import Any

MAP = "map"
SCOPE = "scope"  # Store: area code, "" for the whole city
FEED_OPEN = "feed-open"  # Store: name of the feed whose panel is open, or None
READING = "live-reading"  # Store: newest reading of the followed thing, set by the socket
THINGS_DUE = "things-due"  # Store: version of the list that may be shown now

SEARCH = "search"
FOUND = "search-results"
COMMAND = "command"  # Store: what the command bar asks the server to do
LEVEL_COUNTS = "level-counts"
SCOPES = "scopes"

LAYERS = "layers-body"
LAYER_FILTER = "layer-filter"
FEED_PANEL = "feed-panel"
ONLY_ABNORMAL = "only-abnormal"
ABNORMAL_CHIP = "abnormal-chip"

INSPECTOR = "inspector"
INSPECTOR_MARK = "inspector-mark"
INSPECTOR_NOW = "inspector-now"
INSPECTOR_FACTS = "inspector-facts"
CHART = "inspector-chart"

THINGS = "things-body"
THINGS_COUNT = "things-count"
THINGS_FOOT = "things-foot"

QUEUE = "queue"  # the list of alarms; its `chosen` is the alarm that is open
QUEUE_VIEW = "queue-view"  # Store: {tab, levels}, set by the browser
ALARM_CARD = "alarm-card"
ALARM_SHEET = "alarm-sheet"
BULK = "queue-bulk"  # Store: level whose alarms are all to be acknowledged, set by the browser
RING = "ring"  # Store: what this seat is to hear now
SOUND_STATE = "sound-state"
DEED = "deed-asked"  # Store: [action, alarm, ms] that was pressed, set by assets/sheet.js
SHEET = "sheet-open"  # Store: [action, alarm] of the sheet that is open, or None

HANDOVER_SHEET = "handover-sheet"
HANDOVER_PAST = "handover-past"
HANDOVER_FORM = "handover-form"
HANDOVER_ORDERS = "handover-orders"
HANDOVER_DESK = "handover-desk"
HANDOVER_ACCOUNT = "handover-account"
HANDOVER_PASSWORD = "handover-password"  # the id of a field

WORST_FEED = "worst-feed"
NOTICE = "notice"
THEME = "theme"  # Store: dark or light, set by the browser

PULSES = ("things", "feeds", "dead", "cases", "alarms", "events", "audit", "handover", "mode",
          "groups", "units", "fleet", "plans", "orders", "closures")  # fmt: skip


def pulse(name: str) -> str:
    """The Store that holds the version of a subject."""
    return f"pulse-{name}"


def layer_box(layer: Any) -> dict[str, Any]:
    """The checkbox of a layer."""
    return {"type": "layer-box", "name": layer}


def feed_name(feed: Any) -> dict[str, Any]:
    """The name of a feed, which opens its panel."""
    return {"type": "feed-name", "name": feed}


def scope_choice(area: Any) -> dict[str, Any]:
    """A district in the top bar."""
    return {"type": "scope-choice", "name": area}


def close(panel: Any) -> dict[str, Any]:
    """The button that closes a panel."""
    return {"type": "close", "name": panel}


def mute(minutes: Any) -> dict[str, Any]:
    """Silence for some minutes; 0 ends it."""
    return {"type": "mute", "name": minutes}


def sheet_field(name: Any) -> dict[str, Any]:
    """A field of the open sheet."""
    return {"type": "sheet-field", "name": name}


def sheet_button(name: Any) -> dict[str, Any]:
    """Confirms the open sheet, or leaves it."""
    return {"type": "sheet-button", "name": name}


def handover(name: Any) -> dict[str, Any]:
    """A step of a handover."""
    return {"type": "handover", "name": name}

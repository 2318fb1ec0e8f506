"""What time brings about with alarms: the ladder of escalation, and what comes back by itself."""

from collections.abc import Mapping

from store import alarms
from store.books import Page
from watch.deadlines import Fired, Listed


def escalate(page: Page, fired: Fired) -> None:
    """Nobody has acknowledged it: the next step of the ladder."""
    alarms.escalate(page, fired.row.id, fired.now_ms)


def come_back(page: Page, fired: Fired) -> None:
    """The time of a shelf or of works is over: the row is seen again."""
    alarms.come_back(page, fired.row.id)


ALARM_EFFECTS: Mapping[str, Listed] = {
    "alarm escalate": Listed(escalate, is_recorded=False),
    "alarm unshelve": Listed(come_back, is_recorded=False),
    "alarm return": Listed(come_back, is_recorded=False),
}

"""What time does: a proposal lapses, a report is late, a command group is over."""

from collections.abc import Mapping
from functools import partial

from store import groups
from store.books import Page
from store.mode import LAPSE, LATE, MODE
from store.store import Store
from watch.deadlines import Fired, Listed


def mode_effects(store: Store) -> Mapping[str, Listed]:
    """As `watch.effects` lists them."""
    return {
        f"{MODE} {LAPSE}": Listed(partial(lapse, store)),
        f"{MODE} {LATE}": Listed(partial(late, store)),
        f"{groups.GROUP} {groups.EXPIRE}": Listed(expire),
    }


def lapse(store: Store, page: Page, fired: Fired) -> None:
    """Nobody confirmed a proposal in time."""
    store.mode.lapse(page, fired.now_ms)


def late(store: Store, page: Page, fired: Fired) -> None:
    """A report of an emergency did not go out in time."""
    store.mode.note_late(page, fired.row.id, fired.now_ms)


def expire(page: Page, fired: Fired) -> None:
    """The time of a command group is over."""
    groups.expire(page, fired.row.id, fired.now_ms)

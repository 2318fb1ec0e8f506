"""What time alone does to a case: it warns, it is overdue, it goes on when a suspension ends."""

from collections.abc import Mapping
from functools import partial

from city.case_reminders import REMINDERS
from city.deadlines import from_ms
from city.roles import SYSTEM, Actor
from store.books import Page
from store.case_table import CASE
from store.store import Store
from watch.deadlines import Fired, Listed


def case_effects(store: Store) -> Mapping[str, Listed]:
    """One per reminder, as `watch.effects` lists them."""
    return {f"{CASE} {what}": Listed(partial(remind, store)) for what in REMINDERS}


def remind(store: Store, page: Page, fired: Fired) -> None:
    """The move that the row stands for, made by the system; silent where it is moot."""
    actor = Actor(SYSTEM, "", from_ms(fired.now_ms))
    store.cases.remind_in(page, fired.row.id, fired.row.what, actor)

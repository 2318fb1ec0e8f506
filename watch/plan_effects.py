"""What time brings about with plans: a task whose unit is not there, or that is not done."""

from collections.abc import Mapping
from functools import partial

from store.books import Page
from store.plan_pages import PLAN
from store.store import Store
from watch.deadlines import Fired, Listed

LIMITS = ("arrive", "handle")


def plan_effects(store: Store) -> Mapping[str, Listed]:
    """One for each limit that a task can have, as `watch.effects` lists them."""
    return {f"{PLAN} {limit}": Listed(partial(fall_due, store)) for limit in LIMITS}


def fall_due(store: Store, page: Page, fired: Fired) -> None:
    """The limit of a task has passed; silent where it is moot."""
    row = fired.row
    store.plans.late_in(page, row.id, row.what, row.part, fired.now_ms)

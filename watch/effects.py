"""What is done when a deadline comes, by `subject what`; see `watch.deadlines`."""

from collections.abc import Mapping

from city.profile import Profile
from store.store import Store
from watch.alarm_effects import ALARM_EFFECTS
from watch.cases import case_effects
from watch.closures import CLOSURE_EFFECTS
from watch.deadlines import Listed
from watch.mode import mode_effects
from watch.order_effects import order_effects
from watch.plan_effects import plan_effects


def all_effects(store: Store, profile: Profile) -> Mapping[str, Listed]:
    """Every effect, listed here and nowhere else."""
    rooms = (case_effects, mode_effects, order_effects, plan_effects)
    of_rooms = {key: one for room in rooms for key, one in room(store).items()}
    return {**ALARM_EFFECTS, **CLOSURE_EFFECTS, **of_rooms}

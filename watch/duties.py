"""The duties of the clockwork, in the order in which they are done."""

import time
from functools import partial

from city.profile import Profile
from store import keys
from store.store import Store
from watch.clockwork import Duty

SETTLE_EVERY_S, FORGET_EVERY_S = 30.0, 60.0


def all_duties(store: Store, profile: Profile) -> list[Duty]:
    """Settle every shard's log, then forget what need not be kept."""
    shards = range(keys.SHARDS)
    return [
        *(Duty(f"settle-{one}", SETTLE_EVERY_S, partial(settle, store, one)) for one in shards),
        Duty("forget", FORGET_EVERY_S, partial(forget, store, profile)),
    ]


def settle(store: Store, shard: int) -> bool:
    """Moves a part of the log into history; whether there is more."""
    return not store.history.settle(shard).is_all


def forget(store: Store, profile: Profile) -> bool:
    """Drops history beyond the profile's hours and megabytes."""
    now_ms = int(time.time() * 1000)
    store.history.forget(now_ms, profile.retention_hours, profile.retention_mb)
    return False

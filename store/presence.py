"""How present a thing is: what it says of itself, and how long ago it last spoke."""

import numpy as np
import numpy.typing as npt

from city.things import LATE_AFTER, LOST_AFTER, STALE_AFTER
from store.order import NEVER
from store.payload import OFFLINE, ONLINE

# The place of a word is its code in frames.
STATES = ("fresh", "late", "stale", "lost", "offline", "online")
LOST_CODE, OFFLINE_CODE, ONLINE_CODE = 3, 4, 5
AFTER = np.array((LATE_AFTER, STALE_AFTER, LOST_AFTER))


def freshness_codes(
    *,
    data_ms: np.ndarray,
    state_ms: np.ndarray,
    meta_ms: np.ndarray,
    online: np.ndarray,
    period_s: np.ndarray,
    now_ms: int,
) -> npt.NDArray[np.uint8]:
    """The first that holds: offline, lost, stale, late, online, fresh.

    A thing that has not measured yet is waited for from its registration or state on. Word of
    being offline holds until something is observed after it.
    """
    since = np.where(data_ms != NEVER, data_ms, np.maximum(state_ms, meta_ms))
    age_s = (now_ms - np.maximum(since, 0)) / 1000
    codes = (age_s[:, None] > AFTER * period_s[:, None]).sum(axis=1)
    codes[(codes == 0) & (online == ONLINE)] = ONLINE_CODE
    codes[(online == OFFLINE) & (state_ms >= data_ms)] = OFFLINE_CODE
    return np.asarray(codes, np.uint8)

"""Which of several facts about one thing is the newest, whatever order they are told in."""

import numpy as np
import numpy.typing as npt

from city.quality import Quality

Rows = npt.NDArray[np.int64]

NEVER = -(2**63)


def rank(records: np.ndarray) -> np.ndarray:
    """What decides among facts of one thing and channel, most significant column first.

    The world's time, then the sender's sequence, then our time. Under NO_SEQUENCE the sequence
    counts as 0 and what arrived later wins; the payload's CRC settles what is left.
    """
    numbered = (records["quality"] & Quality.NO_SEQUENCE) == 0
    return np.stack(
        [
            records["observed_ms"],
            np.where(numbered, records["seq"], 0),
            records["received_ms"],
            records["seq"],
        ]
    )


def is_newer(ours: np.ndarray, theirs: np.ndarray) -> npt.NDArray[np.bool_]:
    """Column by column: whether `ours` outranks `theirs`, lexicographically."""
    newer = np.zeros(ours.shape[1], bool)
    tied = np.ones(ours.shape[1], bool)
    for our, their in zip(ours, theirs, strict=True):
        newer |= tied & (our > their)
        tied &= our == their
    return newer


def last_of_each(groups: np.ndarray, ranks: np.ndarray) -> Rows:
    """One row per group, the one that outranks the others; of equals the last."""
    order = np.lexsort((*ranks[::-1], groups))
    ends = np.ones(len(order), bool)
    ends[:-1] = groups[order][1:] != groups[order][:-1]
    last: Rows = order[ends]
    return last

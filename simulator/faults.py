"""What goes wrong with real suppliers, at a low rate: who has which fault is decided once."""

from collections.abc import Mapping
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Kinds = npt.NDArray[np.uint8]


class Fault(IntEnum):
    """What is wrong with a thing."""

    NONE = 0
    SILENCE = 1  # says nothing for minutes on end
    FROZEN = 2  # repeats one value
    SPIKES = 3  # now and then a value ten times too high
    CLOCK_AHEAD = 4
    DUPLICATES = 5  # sends everything twice
    WRONG_DATUM = 6  # sends GCJ-02 and calls it WGS-84


SHARES: Mapping[Fault, float] = {
    Fault.SILENCE: 0.010,
    Fault.FROZEN: 0.005,
    Fault.SPIKES: 0.005,
    Fault.CLOCK_AHEAD: 0.003,
    Fault.DUPLICATES: 0.005,
    Fault.WRONG_DATUM: 0.005,
}
SILENT_OF_S, SILENT_FOR_S = 1500.0, 420.0
AHEAD_MS = 7 * 60 * 1000
SPIKE_SHARE, SPIKE_TIMES = 0.05, 10.0


def deal(number: int, chance: np.random.Generator) -> Kinds:
    """Who has what."""
    edges = np.cumsum(list(SHARES.values()))
    drawn = np.searchsorted(edges, chance.random(number), side="right")
    codes = np.array([*SHARES, Fault.NONE], np.uint8)
    dealt: Kinds = codes[drawn]
    return dealt


def is_silent(faults: Kinds, phase: npt.NDArray[np.float64], run_s: float) -> npt.NDArray[np.bool_]:
    """Whose silence it is just now."""
    at = (run_s + phase * SILENT_OF_S) % SILENT_OF_S
    silent: npt.NDArray[np.bool_] = (faults == Fault.SILENCE) & (at < SILENT_FOR_S)
    return silent

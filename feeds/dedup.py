"""What was seen before: a publisher sends again what it has no acknowledgement for."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from city.records import Batch

# Identity of a fact: thing, channel, time, sequence; all bits of each.
IDENTITY = np.dtype([("thing", "<i8"), ("observed_ms", "<i8"), ("seq", "<i8"), ("channel", "<i8")])
GENERATION = 250_000  # facts; twice as many are remembered at most


class Recent:
    """The facts of the last while, whether they came marked as repeated or not."""

    def __init__(self, generation: int = GENERATION) -> None:
        self._generation = generation
        self._young: set[bytes] = set()
        self._old: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def filter(self, batch: Batch) -> npt.NDArray[np.bool_]:
        """True for the rows that are new; they are known from now on."""
        keys = _keys(batch)
        fresh = set(keys)
        if len(fresh) < len(keys) or self._knows_any(fresh):
            mask = np.fromiter(self._new_ones(keys), bool, len(keys))
        else:
            mask = np.ones(len(keys), bool)
        self._remember(fresh)
        return mask

    def warm(self, batch: Batch) -> None:
        """Remembers what the store has."""
        self._remember(set(_keys(batch)))

    def _knows_any(self, keys: set[bytes]) -> bool:
        return not (self._young.isdisjoint(keys) and self._old.isdisjoint(keys))

    def _new_ones(self, keys: Iterable[bytes]) -> Iterable[bool]:
        met: set[bytes] = set()
        for key in keys:
            yield not (key in met or key in self._young or key in self._old)
            met.add(key)

    def _remember(self, keys: set[bytes]) -> None:
        self._young |= keys
        if len(self._young) >= self._generation:
            self._old, self._young = self._young, set()


def _keys(batch: Batch) -> list[bytes]:
    """The identity of each row as bytes; things by the salted hash of their names."""
    identities = np.empty(len(batch), IDENTITY)
    names = np.fromiter(map(hash, batch.things), np.int64, len(batch.things))
    identities["thing"] = names[batch.records["thing"]]
    for name in ("observed_ms", "seq", "channel"):
        identities[name] = batch.records[name]
    keys: list[bytes] = identities.view(f"V{IDENTITY.itemsize}").tolist()
    return keys

"""Units of a test's own: vehicles that say where they are and what they are busy with."""

from typing import Any

from store.store import Store
from tests.publisher import Publisher, written

HERE = (110.3357, 20.0021)
DEPARTMENTS = {
    "patrol": "zhzf", "pumptruck": "sw", "ambulance": "ems", "fire": "xf", "police": "ga",
    "sanitation": "hw", "repair": "sz",
}  # fmt: skip
KM = 1 / 104.6  # degrees of longitude in Haikou


class Fleet:
    """Says what vehicles say."""

    def __init__(self, store: Store) -> None:
        self.publisher = Publisher(store, shard=1)
        self._seq = 0

    def unit(
        self, kind: str, number: int, east_km: float = 1.0, *, status: str | None = "available",
        age_s: float = 0.0, **more: Any,
    ) -> str:  # fmt: skip
        """A report of a vehicle so far east of the place; its id."""
        thing = f"{DEPARTMENTS[kind]}/{kind}/{kind[0].upper()}-{number:03d}"
        self._seq += 1
        pos = [HERE[0] + east_km * KM, HERE[1]]
        said: dict[str, Any] = {"ts": written(age_s), "seq": self._seq, "pos": pos, "speed_mps": 0}
        said |= {"status": status} if status else {}
        self.publisher.send((f"cb/v1/460107/{thing}/data", said | more))
        return thing

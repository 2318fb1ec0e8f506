"""What the table of the newest holds, counted by kind and sorted for lists."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from city.sight import EVERYTHING, Sight
from store.newest import NewestTable
from store.order import NEVER

# The order of trouble: offline, lost, stale, late, then what is well (codes of store.presence).
RANK = np.array([9, 3, 2, 1, 0, 9], np.int64)
SILENT = (3, 4)
NO_LEVEL = 9


@dataclass(frozen=True, slots=True)
class KindCount:
    """One kind: how many there are, how many speak, when the last one did."""

    total: int
    online: int
    heard_ms: int
    department: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a list is to show."""

    sight: Sight = EVERYTHING
    hidden: frozenset[str] = frozenset()
    area: str = ""
    only_abnormal: bool = False


class Census:
    """The kinds of all things as codes; a thing never changes its kind."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._codes: dict[str, int] = {}
        self._of_thing = np.zeros(0, np.int64)

    def codes(self, table: NewestTable) -> npt.NDArray[np.int64]:
        """The kind of each thing, as an index into `names`."""
        known = len(self._of_thing)
        if len(table) != known:
            new = [self._code(thing.split("/", 2)[1]) for thing in table.ids[known:]]
            self._of_thing = np.concatenate([self._of_thing, np.array(new, np.int64)])
        return self._of_thing[: len(table)]

    def kinds(self, table: NewestTable, sight: Sight, now_ms: int) -> dict[str, KindCount]:
        """Every kind of which a thing is seen."""
        return dict(self._kinds(table, table.seen(sight), now_ms))

    def chosen(self, table: NewestTable, choice: Choice) -> npt.NDArray[np.int64]:
        """The things of a choice, in the order of the table."""
        hidden = [self._codes[kind] for kind in choice.hidden if kind in self._codes]
        keep = ~np.isin(self.codes(table), hidden) & table.seen(choice.sight)
        if choice.area:
            keep &= table.records["area"] == int(choice.area)
        if choice.only_abnormal:
            keep &= table.level > 0
        return np.flatnonzero(keep)

    def _code(self, kind: str) -> int:
        if kind not in self._codes:
            self._codes[kind] = len(self._names)
            self._names.append(kind)
        return self._codes[kind]

    def _kinds(
        self, table: NewestTable, seen: npt.NDArray[np.bool_], now_ms: int
    ) -> Iterator[tuple[str, KindCount]]:
        codes, received = self.codes(table), table.records["received_ms"]
        speaks = ~np.isin(table.freshness(now_ms), SILENT)
        for code, name in enumerate(self._names):
            mine = (codes == code) & seen
            if not mine.any():
                continue
            heard = int(received[mine].max())
            first = table.ids[int(np.argmax(mine))]
            department = first.split("/", 1)[0]
            heard_ms = heard if heard != NEVER else 0
            yield (
                name,
                KindCount(int(mine.sum()), int(speaks[mine].sum()), heard_ms, department),
            )


def worst_first(
    table: NewestTable, chosen: npt.NDArray[np.int64], now_ms: int
) -> npt.NDArray[np.int64]:
    """By level, then by trouble; abnormal ones the newest first, others in an order that stays."""
    level = table.level[chosen].astype(np.int64)
    level[level == 0] = NO_LEVEL
    states = RANK[table.freshness(now_ms)[chosen]]
    newest = np.where(level < NO_LEVEL, -table.records["observed_ms"][chosen], chosen)
    return chosen[np.lexsort((newest, states, level))]

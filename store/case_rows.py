"""Cases in columns: what lists are filtered and ordered by, one row per case."""

from collections.abc import Iterable
from re import compile as pattern

import numpy as np
import numpy.typing as npt

from city.case_requests import KINDS
from city.case_table import CaseState
from city.cases import Case

Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
STATE_CODES = {state: code for code, state in enumerate(CaseState)}
REQUEST_BITS = {kind: 1 << place for place, kind in enumerate(KINDS)}
NUMBERED = pattern(r"(\d{8})-(\d+)$")
NEVER = np.iinfo(np.int64).max
COLUMNS = ("state", "severity", "number", "opened", "updated", "due", "area", "lead", "source",
           "type", "author", "requests")  # fmt: skip


def number_of(case_id: str) -> int:
    """A number that grows as cases are opened, within a city."""
    found = NUMBERED.search(case_id)
    return int(found[1]) * 1_000_000 + int(found[2]) if found else 0


class Names:
    """Words as small numbers."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}

    def code(self, word: str) -> int:
        """The number of a word, a new one where it is new."""
        return self.codes.setdefault(word, len(self.codes))

    def of(self, words: Iterable[str]) -> list[int]:
        """The numbers of words that are known."""
        return [self.codes[word] for word in words if word in self.codes]

    def beginning(self, starts: Iterable[str]) -> list[int]:
        """The numbers of words that begin with one of these."""
        beginnings = tuple(starts)
        return [code for word, code in self.codes.items() if word.startswith(beginnings)]


class CaseRows:
    """All rows; a row keeps its place for good."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.names = Names()
        self.helped_by: dict[str, set[int]] = {}  # co-unit → rows
        self.handled_by: dict[str, set[int]] = {}  # account → rows
        self._kept: list[tuple[tuple[str, ...], tuple[str, ...]]] = []  # co, handlers
        self._columns = {name: np.zeros(1024, np.int64) for name in COLUMNS}

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> Codes:
        """One column, a value per row."""
        return self._columns[name][: len(self.ids)]

    def put(self, case: Case) -> None:
        """A new case, or what became of a known one."""
        place = self.places.get(case.id)
        if place is None:
            place = self._add(case.id)
        for name, value in self._values(case).items():
            self._columns[name][place] = value
        self.texts[place] = f"{case.id} {case.title} {case.description}".lower()
        self._file(place, case)

    def rows_of(self, places: Iterable[int]) -> Mask:
        """Those rows, as a mask."""
        mask = np.zeros(len(self), np.bool_)
        mask[list(places)] = True
        return mask

    def is_one(self, name: str, codes: Iterable[int]) -> Mask:
        """Rows whose column has one of some values."""
        return np.isin(self.column(name), list(codes))

    def _add(self, case_id: str) -> int:
        place = len(self.ids)
        if place == len(self._columns["state"]):
            self._columns = {name: np.concatenate([column, np.zeros_like(column)])
                             for name, column in self._columns.items()}  # fmt: skip
        self.places[case_id] = place
        self.ids.append(case_id)
        self.texts.append("")
        self._kept.append(((), ()))
        return place

    def _values(self, case: Case) -> dict[str, int]:
        code = self.names.code
        return {
            "state": STATE_CODES[case.state],
            "severity": case.severity,
            "number": number_of(case.id),
            "opened": case.opened_ms,
            "updated": case.updated_ms,
            "due": running_until(case),
            "area": code(case.area),
            "lead": code(case.lead),
            "source": code(case.source),
            "type": code(case.type),
            "author": code(case.author),
            "requests": sum(REQUEST_BITS[one.kind] for one in case.requests if one.is_waiting),
        }

    def _file(self, place: int, case: Case) -> None:
        """Who else has to do with it; mostly nobody."""
        former_co, former_handlers = self._kept[place]
        for one in former_co:
            self.helped_by[one].discard(place)
        for one in former_handlers:
            self.handled_by[one].discard(place)
        for one in case.co:
            self.helped_by.setdefault(one, set()).add(place)
        for one in case.handlers:
            self.handled_by.setdefault(one, set()).add(place)
        self._kept[place] = case.co, case.handlers


def running_until(case: Case) -> int:
    """When the clock that runs now ends; NEVER where none does."""
    timer = case.timer
    return timer.clock.due_ms if timer and timer.clock.is_running else int(NEVER)

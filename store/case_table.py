"""The list of cases, held in memory by each web process and kept current from the changes."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from city.case_table import CaseState
from city.case_views import (
    ALL,
    ALL_OPEN,
    ENDED_VIEW,
    MINE,
    OVERDUE,
    STEPS,
    CaseQuery,
    SortKey,
    decided_by,
    duty_states,
    states_of,
)
from city.cases import Case, Source
from city.roles import SYSTEM, Role, Seat
from store import keys
from store.case_rows import REQUEST_BITS, STATE_CODES, CaseRows, Codes, Mask, number_of
from store.client import Client
from store.reach import reaching

CASE = "case"  # the subject of what changes of a case
AT_ONCE = 5000


class Cases(Protocol):
    """Where the cases themselves are."""

    def all(self) -> Iterator[Case]: ...
    def some(self, case_ids: Sequence[str]) -> list[Case]: ...


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a list: the cases as they stand now, how many there are, and how many a view."""

    rows: Sequence[Case]
    total: int
    counts: Mapping[str, int]


class CaseTable:
    """Loads every case once, then follows what changes; one per process, shared by threads."""

    def __init__(self, client: Client, cases: Cases) -> None:
        self._redis = client
        self._cases = cases
        self._lock = threading.Lock()
        self._rows = CaseRows()
        self._seen: str | None = None  # id of the last change that is in the rows

    def __len__(self) -> int:
        return len(self._rows)

    def refresh(self) -> None:
        """Takes in what has changed since; what was written before the call is in it after."""
        with self._lock, reaching():
            if self._seen is None or self._has_lost_track():
                self._load()
            while self._follow():
                pass

    def page(self, query: CaseQuery) -> CasePage:
        """The cases that are asked for."""
        self.refresh()
        with self._lock:
            ids, total, counts = self._find(query)
        return CasePage(self._cases.some(ids), total, counts)

    def counts(self, seat: Seat, at_ms: int) -> Mapping[str, int]:
        """How many cases each view has for a seat."""
        self.refresh()
        with self._lock:
            return self._find(CaseQuery(seat, at_ms, limit=0))[2]

    def _load(self) -> None:
        newest = self._redis.xrevrange(keys.CHANGES, count=1)
        self._rows = CaseRows()
        for case in self._cases.all():
            self._rows.put(case)
        self._seen = newest[0][0].decode() if newest else "0-0"

    def _has_lost_track(self) -> bool:
        """Whether changes were dropped from the stream before we read them."""
        oldest = self._redis.xrange(keys.CHANGES, count=1)
        seen = tuple(map(int, (self._seen or "0-0").split("-")))
        return bool(oldest) and seen > (0, 0) and seen < place_of(oldest[0][0])

    def _follow(self) -> bool:
        found = self._redis.xrange(keys.CHANGES, f"({self._seen}", count=AT_ONCE)
        changed = {fields[b"n"].decode() for _, fields in found if fields[b"s"] == CASE.encode()}
        for case in self._cases.some(sorted(changed)):
            self._rows.put(case)
        if found:
            self._seen = found[-1][0].decode()
        return len(found) == AT_ONCE

    def _find(self, query: CaseQuery) -> tuple[list[str], int, Mapping[str, int]]:
        rows = self._rows
        passing = seen_by(rows, query.seat) & filtered(rows, query)
        chosen = passing & in_view(rows, query)
        found = np.flatnonzero(chosen)
        if query.limit:
            found_page = ordered(rows, found, query)[query.offset : query.offset + query.limit]
            ids = [rows.ids[place] for place in found_page.tolist()]
        else:
            ids = []
        return ids, len(found), counted(rows, passing, query)


def place_of(entry_id: bytes) -> tuple[int, ...]:
    """The id of a stream entry, to be compared."""
    return tuple(map(int, entry_id.decode().split("-")))


def seen_by(rows: CaseRows, seat: Seat) -> Mask:
    """The rows that `city.case_scope.sees`."""
    if seat == SYSTEM:
        return np.ones(len(rows), np.bool_)
    own = rows.is_one("author", rows.names.of([seat.account]))
    seen: Mask = rows.column("state") != STATE_CODES[CaseState.DRAFT]
    if seat.areas:
        seen &= rows.is_one("area", [*rows.names.beginning(seat.areas), *rows.names.of([""])])
    if seat.own_department_only:
        seen &= of_its_own(rows, seat)
    return own | seen | of_its_groups(rows, seat)


def of_its_groups(rows: CaseRows, seat: Seat) -> Mask:
    """The rows of the cases on which its command groups work."""
    lent = {case_id for loan in seat.loans for case_id in loan.cases}
    found = rows.rows_of(rows.places[one] for one in lent if one in rows.places)
    no_draft: Mask = rows.column("state") != STATE_CODES[CaseState.DRAFT]
    return found & no_draft


def of_its_own(rows: CaseRows, seat: Seat) -> Mask:
    """The rows that `city.case_scope.is_its_own`."""
    mine: Mask = rows.rows_of(rows.handled_by.get(seat.account, ()))
    if seat.department:
        mine |= rows.is_one("lead", rows.names.of([seat.department]))
        mine |= rows.rows_of(rows.helped_by.get(seat.department, ()))
    if Role.AGENT in seat.roles:
        mine |= rows.is_one("source", rows.names.of([Source.HOTLINE]))
    return mine


def filtered(rows: CaseRows, query: CaseQuery) -> Mask:
    """The rows that pass every filter but the view and the states."""
    names = rows.names
    passing = np.ones(len(rows), np.bool_)
    if query.severities:
        passing &= rows.is_one("severity", query.severities)
    if query.areas:
        passing &= rows.is_one("area", names.beginning(query.areas))
    if query.sources:
        passing &= rows.is_one("source", names.of(query.sources))
    if query.types:
        passing &= rows.is_one("type", names.beginning(query.types))
    if query.departments:
        helping = (rows.helped_by.get(one, set()) for one in query.departments)
        passing &= rows.is_one("lead", names.of(query.departments)) | rows.rows_of(
            set().union(*helping)
        )
    return passing & in_time(rows, query) & with_text(rows, query.text, passing)


def in_time(rows: CaseRows, query: CaseQuery) -> Mask:
    """The rows that were opened between two instants, and are overdue or not."""
    opened = rows.column("opened")
    passing = np.ones(len(rows), np.bool_)
    if query.before:
        passing &= rows.column("number") < number_of(query.before)
    if query.opened_from_ms is not None:
        passing &= opened >= query.opened_from_ms
    if query.opened_until_ms is not None:
        passing &= opened <= query.opened_until_ms
    if query.overdue is not None:
        passing &= (rows.column("due") <= query.at_ms) == query.overdue
    return passing


def with_text(rows: CaseRows, text: str, passing: Mask) -> Mask:
    """The rows that have every word of a text; only those that pass already are read."""
    words = text.lower().split()
    if not words:
        return passing
    texts, found = rows.texts, np.flatnonzero(passing).tolist()
    for word in words:
        found = [place for place in found if word in texts[place]]
    return rows.rows_of(found)


def in_view(rows: CaseRows, query: CaseQuery) -> Mask:
    """The rows of a view, and of the states that are asked for."""
    states = query.states or states_of(query.view)
    chosen = in_states(rows, states)
    if query.view == MINE:
        chosen &= waiting_for(rows, query.seat)
    if query.view == OVERDUE:
        chosen &= rows.column("due") <= query.at_ms
    return chosen


def in_states(rows: CaseRows, states: frozenset[CaseState]) -> Mask:
    """The rows in one of some states."""
    wanted = np.zeros(len(STATE_CODES), np.bool_)
    wanted[[STATE_CODES[state] for state in states]] = True
    found: Mask = wanted[rows.column("state")]
    return found


def waiting_for(rows: CaseRows, seat: Seat) -> Mask:
    """The rows in which the seat has the next step, or a request to decide."""
    bits = sum(REQUEST_BITS[kind] for kind in decided_by(seat))
    asked: Mask = (rows.column("requests") & bits) != 0
    return in_states(rows, duty_states(seat)) | asked


def ordered(rows: CaseRows, found: Codes, query: CaseQuery) -> Codes:
    """The places in the order that is asked for; equal ones newest first."""
    number = -rows.column("number")[found]
    due = rows.column("due")[found]
    columns: Mapping[SortKey, Sequence[Codes]] = {
        SortKey.URGENCY: (
            number,
            due,
            (due > query.at_ms).astype(np.int64),
            rows.column("severity")[found],
        ),
        SortKey.DUE: (number, due),
        SortKey.NEWEST: (number,),
        SortKey.OLDEST: (-number,),
        SortKey.UPDATED: (number, -rows.column("updated")[found]),
    }
    return found[np.lexsort(columns[query.sort])]


def counted(rows: CaseRows, passing: Mask, query: CaseQuery) -> Mapping[str, int]:
    """How many pass in each view; those of STEPS add up to `open`."""
    states = np.bincount(rows.column("state")[passing], minlength=len(STATE_CODES))

    def many(wanted: frozenset[CaseState]) -> int:
        return int(sum(states[STATE_CODES[state]] for state in wanted))

    is_open = passing & in_states(rows, states_of(ALL_OPEN))
    return {
        ALL_OPEN: many(states_of(ALL_OPEN)),
        MINE: int(np.count_nonzero(is_open & waiting_for(rows, query.seat))),
        OVERDUE: int(np.count_nonzero(is_open & (rows.column("due") <= query.at_ms))),
        **{name: many(wanted) for name, (_, _, wanted) in STEPS.items()},
        ENDED_VIEW: many(states_of(ENDED_VIEW)),
        ALL: int(np.count_nonzero(passing)),
    }

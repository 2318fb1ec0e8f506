"""Cases: their logs, and the fold of each beside it; every command is one transaction.

A command writes the entry, the fold, what is due and its audit record, or nothing. Rebuilding a
case from its log gives the same digest; `doubtful` finds those where it does not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Protocol

from city.audit import Draft
from city.case_bounds import CityFacts
from city.case_fold import apply, begun, digest, fold
from city.case_meanwhile import remarkable, said_together, told
from city.case_moves import noted, opening, propose, role_for, standing
from city.case_reminders import REMINDERS
from city.case_scope import sees
from city.case_table import RULES, Move
from city.case_times import due_rows
from city.cases import Case, Entry, Order
from city.refusal import Conflict, Forbidden
from city.roles import SYSTEM, Actor
from store import keys
from store.books import Page, spelled
from store.case_packing import case_of, encode, entries_of, known, packed
from store.case_table import CASE, CaseTable
from store.client import Client
from store.ledger import Ledger
from store.mode import facts_in
from store.reach import reaching

AT_ONCE = 1000
# What stands in the record of a move; texts that people wrote do not.
ON_RECORD = frozenset({
    "source", "external_id", "type", "severity", "area", "condition", "limit", "lead", "co",
    "co_optional", "assignee", "collector", "until", "request", "satisfaction", "class", "level",
    "into", "child", "about", "stage", "multiple",
})  # fmt: skip


class Companion(Protocol):
    """Who goes along with cases, within the same transaction: their events."""

    def event_of(self, page: Page, entry: Entry, actor: Actor) -> Mapping[str, str]:
        """The fact of a new case that names its event."""
        ...

    def opened(self, page: Page, case: Case, actor: Actor) -> None:
        """A case was opened."""
        ...

    def moved(self, page: Page, before: Case, after: Case, actor: Actor) -> None:
        """A case went from one state to another."""
        ...

    def merged(self, page: Page, case: Case, entry: Entry, actor: Actor) -> None:
        """It was merged into another."""
        ...

    def parted(self, page: Page, case: Case, entry: Entry, actor: Actor) -> None:
        """That was undone."""
        ...


class Attendant(Protocol):
    """Who looks at each move of a case, within the same transaction."""

    def after(self, page: Page, case: Case, entry: Entry, actor: Actor) -> Iterable[Order]:
        """What the log of the case says besides, because of that entry."""
        ...


class CaseStore:
    """The room of cases. `city` is asked each time, since doors tell the store of it."""

    def __init__(
        self,
        client: Client,
        ledger: Ledger,
        city: Callable[[], CityFacts],
        companion: Companion,
        attendant: Attendant,
    ) -> None:
        self._redis = client
        self._ledger = ledger
        self._city = city
        self._companion = companion
        self._attendant = attendant

    def get(self, case_id: str) -> Case:
        """A case as it stands; NotFound where there is none."""
        with reaching():
            packed = self._redis.hget(keys.CASES, case_id)
        return known(packed, case_id)

    def some(self, case_ids: Sequence[str]) -> list[Case]:
        """Those of some cases that exist."""
        if not case_ids:
            return []
        with reaching():
            found = self._redis.hmget(keys.CASES, case_ids)
        return [case_of(packed) for packed in found if packed]

    def all(self) -> Iterator[Case]:
        """Every case, in no order; what changes meanwhile may come as it was or as it is."""
        with reaching():
            for _, packed in self._redis.hscan_iter(keys.CASES, count=AT_ONCE):
                yield case_of(packed)

    def log(self, case_id: str) -> list[Entry]:
        """Its entries, oldest first."""
        with reaching():
            return entries_of(self._redis.lrange(keys.case_log(case_id), 0, -1))

    def create(self, order: Order, actor: Actor) -> tuple[Case, bool]:
        """Opens a case; the same source and external id again give the same case, and False."""
        draft = draft_of(order, actor, CASE)
        return self._ledger.write(lambda page: self.create_in(page, order, actor), draft)

    def create_in(self, page: Page, order: Order, actor: Actor) -> tuple[Case, bool]:
        """The same within another command's transaction."""
        city = facts_in(page, self._city())
        entry = opening(order, actor, city)  # whoever may not is not told what exists
        known_as = identity(entry)
        if known_id := page.get(keys.EXTERNAL, known_as) if known_as else None:
            page.is_silent = True
            return known(page.get(keys.CASES, known_id.decode()), known_id.decode()), False
        case_id = self._next_number(page, actor)
        if known_as:
            page.put(keys.EXTERNAL, known_as, case_id.encode())
        event = self._companion.event_of(page, entry, actor)
        entry = replace(entry, facts={"id": case_id, **entry.facts, **event})
        case = begun(entry)
        self._keep(page, None, case, entry)
        self._companion.opened(page, case, actor)
        return self._attended(page, case, entry, actor), True

    def move(self, case_id: str, order: Order, actor: Actor) -> Case:
        """Makes a move, or raises its Refusal; durable when it returns."""
        draft = draft_of(order, actor, f"{CASE}/{case_id}")
        return self._ledger.write(
            lambda page: self.move_in(page, case_id, order, actor),
            draft,
            [(keys.CASES, case_id)],
        )

    def move_in(self, page: Page, case_id: str, order: Order, actor: Actor) -> Case:
        """The same within another command's transaction."""
        case = known(page.get(keys.CASES, case_id), case_id)
        self._must_be_current(page, case, order, actor)
        entry = propose(case, order, actor, facts_in(page, self._city()), parent_in(page, order))
        after = apply(case, entry)
        self._keep(page, case, after, entry)
        self._companion.moved(page, case, after, actor)
        self._tell_parent(page, case, entry, actor)
        return self._attended(page, after, entry, actor)

    def note_in(
        self, page: Page, case_id: str, order: Order, actor: Actor, department: str = ""
    ) -> Case:
        """A line in the log that follows from something else (`city.case_moves.noted`)."""
        case = known(page.get(keys.CASES, case_id), case_id)
        entry = noted(case, order, actor, department)
        after = apply(case, entry)
        self._keep_beside(page, case, after, entry)
        return after

    def remind_in(self, page: Page, case_id: str, what: str, actor: Actor) -> None:
        """Makes the move that time asks for; silent where the case has gone on meanwhile."""
        kept = page.get(keys.CASES, case_id)
        order = REMINDERS[what](case_of(kept), actor.at_ms, self._city()) if kept else None
        if order is None:
            page.is_silent = True
            return
        self.move_in(page, case_id, order, actor)

    @cached_property
    def table(self) -> CaseTable:
        """The list of cases in memory; loaded when it is first asked for."""
        return CaseTable(self._redis, self)

    def doubtful(self) -> Iterator[str]:
        """Cases whose log does not give what is kept of them."""
        for case in self.all():
            entries = self.log(case.id)[: case.version]
            is_whole = len(entries) == case.version
            if not is_whole or digest(fold(entries)) != digest(case):
                yield case.id

    def _must_be_current(self, page: Page, case: Case, order: Order, actor: Actor) -> None:
        """Raises Conflict with what happened meanwhile where the seat saw an older version."""
        if not sees(actor.seat, case):
            raise Forbidden("other_scope")
        if order.version is None or order.version == case.version:
            return
        lines = page.lines(keys.case_log(case.id))[max(order.version, 0) :]
        since = remarkable(entries_of(lines))
        if not since and order.version < case.version:
            return
        refusal = Conflict("outdated", seen=order.version, version=case.version,
                           meanwhile=said_together(since))  # fmt: skip
        refusal.more = {**standing(case, actor, self._city()), "meanwhile": told(since)}
        raise refusal

    def _attended(self, page: Page, case: Case, entry: Entry, actor: Actor) -> Case:
        for order in self._attendant.after(page, case, entry, actor):
            case = self.note_in(page, case.id, order, actor)
        return case

    def _tell_parent(self, page: Page, case: Case, entry: Entry, actor: Actor) -> None:
        """A case that others are merged into has that in its own log."""
        if entry.move is Move.MERGE:
            self._note(page, entry.facts["into"], Move.ABSORB, case.id, actor)
            self._companion.merged(page, case, entry, actor)
        if entry.move is Move.UNMERGE:
            self._note(page, case.merged_into, Move.RELEASE, case.id, actor)
            self._companion.parted(page, case, entry, actor)

    def _note(self, page: Page, parent_id: str, move: Move, child_id: str, actor: Actor) -> None:
        parent = known(page.get(keys.CASES, parent_id), parent_id)
        order = Order(move, {"child": child_id})
        proposed = propose(parent, order, replace(actor, seat=SYSTEM), self._city())
        entry = replace(proposed, rule=RULES[move].number)
        self._keep_beside(page, parent, apply(parent, entry), entry)

    def _next_number(self, page: Page, actor: Actor) -> str:
        city = self._city()
        day = city.day_of(actor.at)
        count = int(page.get(keys.CASE_NUMBERS, day) or 0) + 1
        page.put(keys.CASE_NUMBERS, day, b"%d" % count)
        return f"{city.letters}{day}-{count:05d}"

    def _keep(self, page: Page, before: Case | None, case: Case, entry: Entry) -> None:
        page.subject = f"{CASE}/{case.id}"
        page.detail |= {
            "before": str(before.state) if before else None,
            "after": str(case.state),
            "version": case.version,
            "facts": recorded(entry),
        }
        self._keep_beside(page, before, case, entry)

    def _keep_beside(self, page: Page, before: Case | None, case: Case, entry: Entry) -> None:
        page.append(keys.case_log(case.id), encode(entry))
        page.put(keys.CASES, case.id, packed(case))
        page.changed(CASE, case.id, case.version)
        city = self._city()
        rows, former = due_rows(case, city), due_rows(before, city) if before else {}
        for what in former.keys() - rows.keys():
            page.undue(spelled(CASE, case.id, what))
        for what, at_ms in rows.items():
            if former.get(what) != at_ms:
                page.due(spelled(CASE, case.id, what), at_ms)


def draft_of(order: Order, actor: Actor, subject: str) -> Draft:
    """What goes on record of a command; the post is the one it was made in."""
    draft = actor.draft(f"{CASE}.{order.move}", subject)
    reason = order.fields.get("reason")
    return replace(
        draft,
        role=role_for(RULES[order.move], actor.seat) or draft.role,
        reason=reason if isinstance(reason, str) else "",
    )


def recorded(entry: Entry) -> dict[str, Any]:
    """What was decided, for the trail: who it went to, until when; nothing that people wrote."""
    return {name: value for name, value in entry.facts.items() if name in ON_RECORD}


def identity(opening: Entry) -> str:
    """By what the same report is known again; empty where its sender gave it no number."""
    external_id = opening.facts.get("external_id")
    return f"{opening.facts['source']}|{external_id}" if external_id else ""


def parent_in(page: Page, order: Order) -> Case | None:
    """The case that another is to be merged into."""
    into = order.fields.get("into") if order.move is Move.MERGE else None
    found = page.get(keys.CASES, into) if isinstance(into, str) else None
    return case_of(found) if found else None

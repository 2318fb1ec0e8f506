"""Fires what has come due, each row exactly once.

A deadline is a row of the sorted set of due things: the member `subject|id|what` (or `…|what:part`
where one thing has several of a kind, `case|HK1|warn:check`) with the time in ms. A command sets it
with `page.due(member, at_ms)` in the transaction that makes it necessary and takes it back with
`page.undue(member)`; nothing else writes the set.

What is then done is an *effect*, a function of a page and the row:

    def warn(page: Page, fired: Fired) -> None:
        case = case_of(page, fired.row.id)
        page.put(...)                      # as in any command
        page.due("case|HK1|remind", ...)   # the next deadline, if there is one

It is listed once, in `watch/effects.py`, under `subject what`:

    "case warn": Listed(warn),

The row is removed, the effect is written and its audit record (`case.warn`, by the system) is
chained in one transaction: whoever dies in the middle has done nothing, and of two clockworks that
saw the same row the second finds it gone. A row that was moved to a later time in between is left
alone. An effect that finds nothing to do says so with `page.is_silent = True`; then only the row
goes. One that raises a Refusal is done with as well: the refusal is on record. One that fails is
logged and tried again later, without holding up the others. An effect may run more than once before
it is written, so it changes nothing but its page.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from city.audit import Draft
from city.refusal import Refusal
from city.roles import SYSTEM
from store.books import Page
from store.due import DueRow
from store.store import Store, StoreUnreachable

log = logging.getLogger("watch.deadlines")

MOST_AT_ONCE = 256
WRITERS = 16  # commands of several threads share a flush to disk
AGAIN_AFTER_MS = 60_000


@dataclass(frozen=True, slots=True)
class Fired:
    """A row, when it was to be done, and when it is."""

    row: DueRow
    due_ms: int
    now_ms: int


Effect = Callable[[Page, Fired], None]


@dataclass(frozen=True, slots=True)
class Listed:
    """An effect, and whether it is put on record by the system."""

    effect: Effect
    is_recorded: bool = True


@dataclass(slots=True)
class Deadlines:
    """The duty. `effects` are those of `watch.effects`, by `subject what`."""

    store: Store
    effects: Mapping[str, Listed]
    now_ms: Callable[[], int] = field(default=lambda: int(time.time() * 1000))

    def fire(self) -> bool:
        """Everything that has come due, up to a number; whether there is more."""
        now_ms = self.now_ms()
        members = self.store.due.until(now_ms, MOST_AT_ONCE)
        if members:
            with ThreadPoolExecutor(min(WRITERS, len(members))) as pool:
                list(pool.map(partial(self._fire_in_order, now_ms), by_thing(members)))
        return len(members) == MOST_AT_ONCE

    def _fire_in_order(self, now_ms: int, members: Iterable[str]) -> None:
        for member in members:
            self._fire_one(member, now_ms)

    def _fire_one(self, member: str, now_ms: int) -> None:
        row = DueRow.parse(member)
        listed = self.effects.get(f"{row.subject} {row.what}")
        if listed is None:
            log.error("nobody knows what to do when it is due row=%s", member)
            self._later(member, now_ms)
            return
        draft = draft_of(row, now_ms) if listed.is_recorded else None
        try:
            self.store.ledger.write(partial(carry_out, listed.effect, member, now_ms), draft)
        except Refusal as refusal:
            log.info("refused when due row=%s reason=%s", member, refusal.reason)
            self.store.ledger.write(partial(carry_out, nothing, member, now_ms))
        except StoreUnreachable:
            raise
        except Exception:  # one faulty effect must not hold up all deadlines of the city
            log.exception("failed when due row=%s", member)
            self._later(member, now_ms)

    def _later(self, member: str, now_ms: int) -> None:
        def postpone(page: Page) -> None:
            if is_due(page, member, now_ms):
                page.due(member, now_ms + AGAIN_AFTER_MS)

        self.store.ledger.write(postpone)


def carry_out(effect: Effect, member: str, now_ms: int, page: Page) -> None:
    """One row, inside its transaction."""
    due_ms = page.due_at(member)
    if due_ms is None or due_ms > now_ms:  # done by another, taken back or moved meanwhile
        page.is_silent = True
        return
    page.undue(member)  # first, so that an effect may set the same row again
    effect(page, Fired(DueRow.parse(member), due_ms, now_ms))


def nothing(page: Page, fired: Fired) -> None:
    """The effect of a row that was refused."""


def is_due(page: Page, member: str, now_ms: int) -> bool:
    """Whether a row waits and its time has come."""
    due_ms = page.due_at(member)
    return due_ms is not None and due_ms <= now_ms


def by_thing(members: Iterable[str]) -> list[list[str]]:
    """The members of one thing together, in the order of their times."""

    def thing(member: str) -> tuple[str, str]:
        row = DueRow.parse(member)
        return row.subject, row.id

    return [list(group) for _, group in groupby(sorted(members, key=thing), key=thing)]


def draft_of(row: DueRow, now_ms: int) -> Draft:
    """What the trail says of it."""
    action, subject = f"{row.subject}.{row.what}", f"{row.subject}/{row.id}"
    detail = {"part": row.part} if row.part else {}
    return Draft(SYSTEM.account, SYSTEM.name, "", action, subject, now_ms, detail=detail)

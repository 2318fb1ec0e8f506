"""The chain of the trail as it lies in the store: whether it holds, and what was dropped of it.

`keys.CHAIN` says where it ends and, once records were dropped after their time, where it begins:
the number and digest of the last dropped one. The record `audit.forget` that drops them stands in
the chain itself, so a beginning that was set by anybody else is found.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import msgspec

from city.audit import GENESIS, LEAST_RETENTION_DAYS, Draft, Record, first_broken
from city.refusal import Malformed, say
from city.roles import SYSTEM
from store import keys
from store.books import Page
from store.client import Client, Entry
from store.ledger import DIGEST, NUMBER, Ledger, encode, indexed
from store.reach import reaching

log = logging.getLogger("store")

say({
    "kept_too_short": ("审计日志至少保存 {least} 天,不能是 {days} 天",
                       "The trail is kept for {least} days at least, {days} are too few"),
})  # fmt: skip
DROPPED_NUMBER, DROPPED_DIGEST = "dropped_number", "dropped_digest"
FORGET = "audit.forget"
PAGE = 2_000
DAY_MS = 86_400_000
_record = msgspec.json.Decoder(Record).decode
UNREADABLE = Record(0, Draft("", "", "", "", "", 0), "", "")  # follows nothing


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the chain: a record's number and digest."""

    number: int
    digest: str


ORIGIN = Mark(0, GENESIS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out: whether the chain holds from `start` (the last dropped record) to `head`."""

    start: Mark
    head: Mark
    broken: int | None = None  # the first record that is not as it was written

    @property
    def count(self) -> int:
        """How many records hold."""
        last = self.head.number if self.broken is None else self.broken - 1
        return max(0, last - self.start.number)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some records of the chain, and where it began and ended at that moment."""

    start: Mark
    head: Mark
    entries: Sequence[Entry]


class AuditChain:
    """Verifies the chain, and drops what is older than it has to be kept."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._redis = client
        self._ledger = ledger

    def verify(self) -> Verdict:
        """Recomputes every digest, page by page, while others may go on writing."""
        at, told = ORIGIN, ORIGIN
        while True:
            stretch = self.stretch(at.number + 1)
            if stretch.start.number > at.number:  # dropped after its time, perhaps just now
                at = stretch.start
                continue
            records = list(map(record_of, stretch.entries))
            broken = first_broken(records, at.number, at.digest)
            if broken is not None:
                return Verdict(stretch.start, stretch.head, broken)
            for record in records:
                at = Mark(record.number, record.digest)
                told = forgotten(record) or told
            if len(records) < PAGE:
                return judged(stretch, at, told)

    def stretch(self, number: int) -> Stretch:
        """Up to PAGE records from a number on."""
        names = [NUMBER, DIGEST, DROPPED_NUMBER, DROPPED_DIGEST]
        with reaching(), self._redis.pipeline(transaction=True) as pipe:
            pipe.hmget(keys.CHAIN, names)
            pipe.xrange(keys.AUDIT, f"{number}-0", count=PAGE)
            (head, digest, dropped, before), entries = pipe.execute()
        return Stretch(mark_of(dropped, before), mark_of(head, digest), entries)

    def forget(self, now_ms: int, days: int) -> bool:
        """Drops records older than so many days; whether there may be more of them.

        A stretch that is broken is kept, since dropping it would hide what was done to it.
        """
        if days < LEAST_RETENTION_DAYS:
            raise Malformed("kept_too_short", days=days, least=LEAST_RETENTION_DAYS)
        start = self.stretch(1).start
        self._trim(start)
        old = self._older(start, now_ms - days * DAY_MS)
        if not old:
            return False
        if first_broken(old, start.number, start.digest) is not None:
            log.error("the trail is broken, nothing of it is dropped from=%d", start.number + 1)
            return False
        last = Mark(old[-1].number, old[-1].digest)
        self._begin_behind(start, last, now_ms)
        self._trim(last)
        log.info("audit forgotten through=%d records=%d", last.number, len(old))
        return len(old) == PAGE

    def _older(self, start: Mark, cutoff_ms: int) -> list[Record]:
        records = map(record_of, self.stretch(start.number + 1).entries)
        return list(takewhile(lambda one: one.draft.at_ms < cutoff_ms, records))

    def _begin_behind(self, start: Mark, last: Mark, now_ms: int) -> None:
        def act(page: Page) -> None:
            now = page.get(keys.CHAIN, DROPPED_NUMBER)
            if int(now or 0) != start.number:
                page.is_silent = True  # somebody else did it
                return
            page.put(keys.CHAIN, DROPPED_NUMBER, str(last.number).encode())
            page.put(keys.CHAIN, DROPPED_DIGEST, last.digest.encode())

        detail = {"through": last.number, "digest": last.digest}
        draft = Draft(SYSTEM.account, SYSTEM.name, "", FORGET, "audit", now_ms, detail=detail)
        self._ledger.write(act, draft)

    def _trim(self, start: Mark) -> None:
        """Removes what lies before the beginning; done again after whoever died in the middle."""
        with reaching():
            entries = self._redis.xrange(keys.AUDIT, "-", count=PAGE)
            old = [one for one in map(record_of, entries) if 0 < one.number <= start.number]
            if not old:
                return
            with self._redis.pipeline(transaction=True) as pipe:
                for one in old:
                    for subject in indexed(one.draft):
                        pipe.lrem(keys.trail_of(subject), 1, str(one.number))
                pipe.xtrim(keys.AUDIT, approximate=False, minid=f"{start.number + 1}-0")
                pipe.execute()


def record_of(entry: Entry) -> Record:
    """A record as it was written; anything else is none and follows nothing."""
    name, fields = entry
    raw = fields.get(b"r", b"")
    try:
        record = _record(raw)
    except msgspec.DecodeError:  # also where a field is missing
        return UNREADABLE
    is_ours = name == f"{record.number}-0".encode() and len(fields) == 1
    return record if is_ours and encode(record) == raw else UNREADABLE


def mark_of(number: bytes | None, digest: bytes | None) -> Mark:
    """A mark as it is kept; the origin where there is none, or none that can be read."""
    said = (number or b"").decode(errors="replace")
    if not (said.isascii() and said.isdigit() and digest):
        return ORIGIN
    return Mark(int(said), digest.decode(errors="replace"))


def forgotten(record: Record) -> Mark | None:
    """Where the chain begins since a record, if that is what it says."""
    if record.draft.action != FORGET:
        return None
    detail = record.draft.detail
    return Mark(int(detail.get("through", 0)), str(detail.get("digest", "")))


def judged(stretch: Stretch, at: Mark, told: Mark) -> Verdict:
    """The verdict behind the last record: does the chain end, and begin, where it is said to?"""
    broken = broken_end(at, stretch.head)
    if broken is None and stretch.start != told:
        broken = stretch.start.number + 1
    return Verdict(stretch.start, stretch.head, broken)


def broken_end(last: Mark, head: Mark) -> int | None:
    """The first record that is missing or one too many at the end; None where it fits."""
    if last == head:
        return None
    if last.number == head.number:
        return last.number
    return min(last.number, head.number) + 1

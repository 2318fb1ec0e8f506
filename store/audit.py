"""The trail is read here, the newest first; it is written by the ledger, and nobody deletes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from city.audit import Record
from city.audit_search import AuditQuery
from city.refusal import NotFound
from city.roles import Actor
from store import keys
from store.audit_chain import PAGE, AuditChain, Mark, Verdict, mark_of, record_of
from store.books import Page
from store.client import Client, Entry
from store.ledger import DIGEST, NUMBER, Ledger
from store.reach import reaching

WHAT = ("审计记录", "audit record")
MOST_LOOKED = 20_000  # records that one page of a search may look through
# A record takes its number when it is written and its time when it was ordered.
SLACK_MS = 600_000
NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Records, the newest first; `next` is where to look on, None where nothing is left."""

    records: Sequence[Record]
    next: int | None = None


class AuditStore:
    """One per process."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._redis = client
        self._ledger = ledger

    @cached_property
    def chain(self) -> AuditChain:
        """Whether it holds, and how long it is kept."""
        return AuditChain(self._redis, self._ledger)

    def page(self, query: AuditQuery, before: int = 0, limit: int = 100) -> AuditPage:
        """Up to `limit` records below number `before` (0: all); a rare search takes several."""
        found: list[Record] = []
        entries = self._backwards(before or self._below(query.to_ms))
        for looked, record in enumerate(map(shown, entries), start=1):
            if is_before(record, query.from_ms):
                break
            if query.takes(record.draft):
                found.append(record)
            if len(found) == limit or looked == MOST_LOOKED:
                return AuditPage(found, record.number if self._has_below(record.number) else None)
        return AuditPage(found)

    def head(self) -> Mark:
        """The newest record's number and digest."""
        with reaching():
            number, digest = self._redis.hmget(keys.CHAIN, [NUMBER, DIGEST])
        return mark_of(number, digest)

    def get(self, number: int) -> Record:
        """One record; raises NotFound."""
        with reaching():
            found = self._redis.xrange(keys.AUDIT, f"{number}-0", count=1)
        if not found or number_of(found[0]) != number:
            raise NotFound("not_found", name=number, what=WHAT)
        return shown(found[0])

    def of(self, subject: str, limit: int = 200) -> list[Record]:
        """The newest records of one case, the newest first."""
        with reaching(), self._redis.pipeline(transaction=False) as pipe:
            numbers = self._redis.lrange(keys.trail_of(subject), -limit, -1)
            for number in numbers:
                pipe.xrange(keys.AUDIT, f"{int(number)}-0", count=1)
            found = [entries[0] for entries in pipe.execute() if entries]
        return list(map(shown, reversed(found)))

    def verify(self, actor: Actor) -> Verdict:
        """Recomputes the chain; that somebody did, and what came out, is on record behind it."""
        verdict = self.chain.verify()
        detail = {"through": verdict.head.number, "broken": verdict.broken}
        self._note(actor, "audit.verify", **detail)
        return verdict

    def export(self, query: AuditQuery, actor: Actor) -> Iterator[bytes]:
        """The records as they stand, a line each, the oldest first; that it was done is on record.

        The line of the export itself is the last that is looked at.
        """
        self._note(actor, "audit.export", query=query.told())
        return self._lines(query, self.head().number)

    def _lines(self, query: AuditQuery, head: int) -> Iterator[bytes]:
        number = 0
        while number < head:
            entries = self.chain.stretch(number + 1).entries
            for entry in entries:
                number = number_of(entry)
                if number <= head and query.takes(record_of(entry).draft):
                    yield entry[1].get(b"r", b"") + b"\n"
            if len(entries) < PAGE:
                return

    def _note(self, actor: Actor, action: str, **detail: object) -> None:
        def act(_page: Page) -> None:
            """Nothing else is written."""

        self._ledger.write(act, actor.draft(action, "audit", **detail))

    def _backwards(self, below: int | None) -> Iterator[Entry]:
        end = "+" if below is None else f"({below}-0"
        while True:
            with reaching():
                entries = self._redis.xrevrange(keys.AUDIT, end, count=PAGE)
            yield from entries
            if len(entries) < PAGE:
                return
            end = f"({entries[-1][0].decode()}"

    def _has_below(self, number: int) -> bool:
        with reaching():
            return bool(self._redis.xrevrange(keys.AUDIT, f"({number}-0", count=1))

    def _below(self, to_ms: int | None) -> int | None:
        """The number behind which all are later than a time, found by halving; None: the end."""
        if to_ms is None:
            return None
        marks = self.chain.stretch(1)
        low, high = marks.start.number, marks.head.number + 1
        while high - low > 1:
            middle = (low + high) // 2
            if self._at_ms(middle) > to_ms + SLACK_MS:
                high = middle
            else:
                low = middle
        return high + NEIGHBOURS

    def _at_ms(self, number: int) -> int:
        """About when a record was ordered: one clock that was wrong does not lead astray."""
        with reaching():
            found = self._redis.xrange(
                keys.AUDIT, f"{max(1, number - NEIGHBOURS // 2)}-0", count=NEIGHBOURS
            )
        times = sorted(record_of(entry).draft.at_ms for entry in found)
        return times[len(times) // 2] if times else 0


def number_of(entry: Entry) -> int:
    """The number under which an entry stands."""
    return int(entry[0].partition(b"-")[0])


def shown(entry: Entry) -> Record:
    """A record; one that cannot be read any more is empty, under its number."""
    record = record_of(entry)
    return record if record.number else replace(record, number=number_of(entry))


def is_before(record: Record, from_ms: int | None) -> bool:
    """Whether nothing below a record can be as late as that; an empty one says nothing."""
    return from_ms is not None and 0 < record.draft.at_ms < from_ms - SLACK_MS

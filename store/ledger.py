"""The ledger: every command is written here, with its audit record, in one transaction.

Commands of several threads are written as one group, so that one flush to disk serves many. The
head of the audit chain is watched: whatever any process writes moves it, so a group that was
worked out beside an older state is worked out again. A command that is refused writes nothing
but the record of its refusal.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
import redis

from city import audit
from city.audit import Draft
from city.refusal import Refusal
from store import keys
from store.books import Books, Page, Place
from store.client import Client, Pipe
from store.reach import StoreUnreachable, is_lost, reaching

T = TypeVar("T")
Act = Callable[[Page], T]

MOST_TOGETHER = 64
MOST_TRIES = 50
KEEP_CHANGES = 100_000
KEEP_ENTRIES = 200_000  # of what goes out to the field, about
NUMBER, DIGEST = "number", "digest"
INDEXED = ("case/", "group/", "mode/")  # subjects whose records are found at once
encode = msgspec.json.Encoder().encode


@dataclass(slots=True, eq=False)
class Waiting:
    """A command on its way, and what became of it."""

    act: Act[Any]
    draft: Draft | None
    reads: Sequence[Place] = ()
    is_done: bool = False
    answer: Any = None
    trouble: BaseException | None = None
    leads: bool = False  # it writes for those behind it
    woken: threading.Event = field(default_factory=threading.Event)  # it is done, or leads now


class Ledger:
    """One per process; its threads share it."""

    def __init__(self, client: Client) -> None:
        self._redis = client
        self._waiting: deque[Waiting] = deque()
        self._turn = threading.Lock()
        self._is_writing = False

    def write(self, act: Act[T], draft: Draft | None = None, reads: Sequence[Place] = ()) -> T:
        """Carries a command out; returns when it is safe.

        `draft` says who does what, from where; it becomes exactly one record of the trail, done or
        refused. Without one (what machines note) there is none. `act` may be called more than
        once, so it must change nothing but its page. `reads` are fields that it is known to look
        at: those of a whole group are read at once. Raises its Refusal, or StoreUnreachable.
        """
        mine = Waiting(act, draft, reads)
        try:
            if not self._leads(mine):
                mine.woken.wait()
            while not mine.is_done:
                self._write_together(self._group())
        finally:
            self._leave(mine)
        if mine.trouble:
            raise mine.trouble
        answer: T = mine.answer
        return answer

    def _leads(self, mine: Waiting) -> bool:
        """Queues up; whether this thread writes next, since nobody does."""
        with self._turn:
            self._waiting.append(mine)
            leads, self._is_writing = not self._is_writing, True
            mine.leads = leads
            return leads

    def _group(self) -> Sequence[Waiting]:
        """Those that are written next."""
        with self._turn:
            count = min(len(self._waiting), MOST_TOGETHER)
            return [self._waiting.popleft() for _ in range(count)]

    def _leave(self, mine: Waiting) -> None:
        """Whoever led wakes the first of those that wait, and nobody else."""
        with self._turn:
            if not mine.is_done and mine in self._waiting:  # interrupted
                self._waiting.remove(mine)
            if not mine.leads:
                return
            self._is_writing = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].woken.set()

    def _write_together(self, group: Sequence[Waiting]) -> None:
        failed: StoreUnreachable | None = StoreUnreachable("the command was not written")
        try:
            with reaching():
                self._commit(group)
            failed = None
        except StoreUnreachable as trouble:
            failed = trouble
        finally:
            self._end_turn(group, failed)

    def _end_turn(self, group: Sequence[Waiting], failed: StoreUnreachable | None) -> None:
        for one in group:
            one.trouble = failed or one.trouble
            one.is_done = True
            one.woken.set()

    def _commit(self, group: Sequence[Waiting]) -> None:
        for _ in range(MOST_TRIES):
            with self._redis.pipeline(transaction=True) as pipe:
                pipe.watch(keys.CHAIN)
                books = Books(pipe)
                books.read(place for one in group for place in one.reads)
                for one in group:
                    carry_out(one, books)
                if books.is_empty:
                    return
                number, before = pipe.hmget(keys.CHAIN, [NUMBER, DIGEST])
                pipe.multi()
                put_down(pipe, books, int(number or 0), (before or b"").decode())
                try:
                    pipe.execute()
                except redis.WatchError as error:
                    if is_lost(error):
                        raise
                    continue
                return
        raise StoreUnreachable("too many others write at the same time")


def carry_out(one: Waiting, books: Books) -> None:
    """One command; what it wrote before it was refused or failed is struck out."""
    one.answer, one.trouble = None, None
    page = Page(books)
    try:
        one.answer = one.act(page)
    except Refusal as refusal:
        one.trouble = refusal
        books.keep_refusal(page, one.draft, refusal)
    except (redis.RedisError, OSError):
        raise
    except Exception as trouble:  # noqa: BLE001 a faulty command must not stop those beside it
        one.trouble = trouble
    else:
        books.keep(page, one.draft)


def put_down(pipe: Pipe, books: Books, number: int, before: str) -> None:
    """All that the books hold, with the trail's next records."""
    books.send(pipe)
    before = before or audit.GENESIS
    for record in audit.chained(books.drafts, number, before):
        pipe.xadd(keys.AUDIT, {"r": encode(record)}, id=f"{record.number}-0")
        number, before = record.number, record.digest
        for subject in indexed(record.draft):
            pipe.rpush(keys.trail_of(subject), b"%d" % number)
    for stream, fields in books.entries:
        pipe.xadd(stream, fields, maxlen=KEEP_ENTRIES)
    for subject, name, version in books.changes:
        pipe.xadd(keys.CHANGES, {"s": subject, "n": name, "v": version}, maxlen=KEEP_CHANGES)
    # Written with every group: it is what the others watch.
    pipe.hset(keys.CHAIN, mapping={NUMBER: number, DIGEST: before})


def indexed(draft: Draft) -> set[str]:
    """The subjects under which a record is found: its own, and the group it was done for."""
    own = {draft.subject} if draft.subject.startswith(INDEXED) else set()
    group = draft.detail.get("group")
    return own | {f"group/{group}"} if group else own

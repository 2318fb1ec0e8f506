"""Batches on their way to the store: several in flight, each kept until it is answered.

The pipe speaks RESP on a socket of the caller's event loop, so one thread serves publishers and
store alike. A batch whose answer was lost is sent again, unless the store says that it has it.
"""

import logging
import select
import socket
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import hiredis
from redis.connection import Connection
from redis.exceptions import RedisError

from store.endpoint import Endpoint, socket_of

log = logging.getLogger("pipe")

READS, WRITES = select.EPOLLIN, select.EPOLLOUT
CHUNK = 1 << 16
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 2.0
ANSWER_WITHIN_S = 15.0
LATER = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
# Refusals that pass: the server starts, is full, cannot save, is not (or no longer) the master.
PASSING = (
    "LOADING", "READONLY", "OOM", "MISCONF", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS",
    "MOVED", "ASK", "BUSY", "EXECABORT",
)  # fmt: skip


class StoreRefused(Exception):
    """An answer that no waiting mends; the text is the store's own."""


class Loop(Protocol):
    """What the pipe needs of an event loop."""

    def add(self, fd: int, handler: Callable[[int], None], interest: int) -> None:
        """Calls `handler` with the events of `fd`."""

    def change(self, fd: int, interest: int) -> None:
        """Other events from now on."""

    def remove(self, fd: int) -> None:
        """No more events."""


@dataclass(slots=True)
class Sent:
    """A batch without an answer."""

    number: int
    data: bytes
    replies: int
    done: Callable[[], None]
    left: int = 0


class Pipe:
    """The way to one shard; `turn` has to be called now and then."""

    def __init__(self, endpoint: Endpoint, applied_key: str, loop: Loop) -> None:
        self._endpoint = endpoint
        self._applied_key = applied_key
        self._loop = loop
        self._connection: Connection | None = None
        self._socket: socket.socket | None = None
        self._reader = hiredis.Reader()
        self._waiting: deque[Sent] = deque()
        self._out: deque[memoryview] = deque()
        self._interest = READS
        self._pause_s = FIRST_PAUSE_S
        self._retry_at = 0.0
        self._answered_at = 0.0
        self._moved = False
        self._lost = self._was_up = False
        self.trouble = ""  # why there is no connection, in the words of redis-py or the store

    @property
    def in_flight(self) -> int:
        """Batches that the store has not answered yet."""
        return len(self._waiting)

    @property
    def is_up(self) -> bool:
        """Whether there is a connection to the store."""
        return self._connection is not None

    def send(self, number: int, data: bytes, replies: int, done: Callable[[], None]) -> None:
        """Sends a batch; `done` is called once when the store has it."""
        sent = Sent(number, data, replies, done, replies)
        self._waiting.append(sent)
        if self._connection is not None:
            self._out.append(memoryview(data))
            self._guarded(self._flush)

    def turn(self, now: float) -> None:
        """Connects when it is time to, and gives up on a server that has stopped answering."""
        if self._connection is None:
            if now >= self._retry_at:
                self._connect(now)
        elif self._moved or not self._waiting:
            self._answered_at, self._moved = now, False
        elif now - self._answered_at > ANSWER_WITHIN_S:
            self._lose(f"no answer within {ANSWER_WITHIN_S:.0f} s")

    def retry_after_s(self, now: float) -> float | None:
        """How long until `turn` has to be called, None while connected."""
        return None if self._connection else max(0.0, self._retry_at - now)

    def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            self._loop.remove(self._fileno())
            self._connection.disconnect()  # type: ignore[no-untyped-call]
        self._connection = None

    def _connect(self, now: float) -> None:
        self._retry_at = now + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        try:
            connection = self._endpoint.connect()
            applied = self._applied(connection)
        except (ConnectionError, RedisError, OSError) as error:
            self._say_lost(str(error))
            return
        self._connection, self._socket = connection, socket_of(connection)
        self._answered_at, self._was_up = now, True
        self._socket.setblocking(False)
        self._reader, self._interest = hiredis.Reader(), READS
        self._loop.add(self._fileno(), self._ready, READS)
        self._resume(applied)

    def _applied(self, connection: Connection) -> int:
        """The number of our last batch that the store has."""
        connection.send_command("GET", self._applied_key)  # type: ignore[no-untyped-call]
        return int(connection.read_response() or 0)

    def _resume(self, applied: int) -> None:
        """Counts what the store has as answered and sends the rest again, in its order."""
        if self._lost:
            log.warning("store is back resent=%d", len(self._waiting))
            self._lost = False
        while self._waiting and self._waiting[0].number <= applied:
            self._waiting.popleft().done()
        for sent in self._waiting:
            sent.left = sent.replies
        self._out = deque(memoryview(sent.data) for sent in self._waiting)
        self._guarded(self._flush)

    def _ready(self, events: int) -> None:
        if events & WRITES:
            self._guarded(self._flush)
        if events & ~WRITES:
            self._guarded(self._receive)

    def _guarded(self, step: Callable[[], None]) -> None:
        """Any trouble of the connection ends it, not us."""
        if self._connection is None:
            return
        try:
            step()
        except (OSError, hiredis.ProtocolError) as error:
            self._lose(str(error) or type(error).__name__)

    def _flush(self) -> None:
        assert self._socket is not None
        while self._out:
            try:
                count = self._socket.send(self._out[0])
            except LATER:
                break
            if count == len(self._out[0]):
                self._out.popleft()
            else:
                self._out[0] = self._out[0][count:]
        self._want(READS | WRITES if self._out else READS)

    def _want(self, interest: int) -> None:
        if interest != self._interest:
            self._interest = interest
            self._loop.change(self._fileno(), interest)

    def _receive(self) -> None:
        assert self._socket is not None
        while True:
            try:
                data = self._socket.recv(CHUNK)
            except LATER:
                break
            if not data:
                raise ConnectionResetError("the server hung up")
            self._reader.feed(data)
        while self._connection and (reply := self._reader.gets()) is not False:
            self._take(reply)

    def _take(self, reply: object) -> None:
        """One reply of the oldest batch; its last is the array that EXEC answers."""
        sent = self._waiting[0]
        sent.left -= 1
        errors = [reply] if sent.left or not isinstance(reply, list) else reply
        for error in errors:
            if isinstance(error, hiredis.ReplyError):
                _judge(str(error))
        if sent.left:
            return
        if reply is None:
            raise ConnectionResetError("the transaction was not executed")
        self._waiting.popleft()
        self._pause_s = FIRST_PAUSE_S
        self._moved = True
        sent.done()

    def _lose(self, why: str) -> None:
        self._say_lost(why)
        self.close()
        self._out.clear()

    def _say_lost(self, why: str) -> None:
        self.trouble = why
        if self._was_up and not self._lost:
            log.warning("store lost, waiting batches=%d why=%s", len(self._waiting), why)
            self._lost = True

    def _fileno(self) -> int:
        assert self._socket is not None
        return self._socket.fileno()


def _judge(error: str) -> None:
    """A refusal that passes ends the connection, to be tried again; any other ends the process."""
    if error.startswith(PASSING):
        raise ConnectionResetError(error)
    raise StoreRefused(error)
